"""Compagnon: a chat companion for learners on a mobility abroad, before, during and after."""

import gc

__version__ = "0.1.0"
gc.set_threshold(10_000, 20, 20)  # a start makes much and throws little away: to look for that was a seventh of it
