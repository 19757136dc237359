"""Two words that whoever opened an invitation and whoever confirms them both see: said aloud they are the same, or it is
somebody else. They follow from the claim, so there is nothing to keep; they are words that Europe's languages share.
"""

from __future__ import annotations

import hashlib

WORDS = (
    "alibi", "ananas", "avatar", "bambus", "banana", "banjo", "baobab", "bikini", "bingo", "bolero", "bravo", "canoe",
    "casino", "cobra", "disco", "domino", "gala", "gecko", "gorilla", "hotel", "jaguar", "jazz", "judo", "karate",
    "kiwi", "koala", "kung-fu", "lama", "lava", "lotus", "mango", "marathon", "melon", "metro", "mikado", "motor",
    "ninja", "oasis", "opera", "orchestra", "origami", "panda", "panorama", "papaya", "piano", "pizza", "polka", "puma",
    "radar", "radio", "robot", "rodeo", "safari", "salsa", "samba", "sauna", "solo", "sushi", "tango", "taxi", "tempo",
    "tiramisu", "tsunami", "yoga",
)  # fmt: skip


def check_words(claim: str) -> str:
    """The two words of a claim, whatever names it; never the same word twice."""
    number = int.from_bytes(hashlib.sha256(f"check words\n{claim}".encode()).digest()[:8], "big")
    first, rest = number % len(WORDS), number // len(WORDS)
    second = (first + 1 + rest % (len(WORDS) - 1)) % len(WORDS)
    return f"{WORDS[first]} {WORDS[second]}"
