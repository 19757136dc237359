"""Compagnon: a chat companion for learners on a mobility abroad, before, during and after."""

__version__ = "0.1.0"
