"""Labelled lives: what truly happens to learners, played on the real engine, and how well it was noticed."""
