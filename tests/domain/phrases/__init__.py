"""Sentences as young people write them: cries, and what only sounds like one. A third of them nothing was tuned on."""
