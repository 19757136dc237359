"""Whether a guardian of today's sheet is one that is known already: a name may be spelt better, or a mailbox change."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rapidfuzz.fuzz import ratio

from bot.domain.roster.row import Guardian
from bot.domain.spelling import folded

TITLES = frozenset(
    {
        "m",
        "mr",
        "mme",
        "mrs",
        "ms",
        "mlle",
        "madame",
        "monsieur",
        "dr",
        "sr",
        "sra",
        "don",
        "dona",
        "frau",
        "herr",
        "et",
    }
)
ALIKE = 80
"""So alike, of a hundred, are two spellings of one word."""
Same = Callable[[Guardian, Guardian], bool]


def same_guardians(known: Sequence[Guardian], named: Sequence[Guardian], family_name: str) -> dict[int, int]:
    """For each guardian of a sheet, by place, which known one it is; who is nowhere in it is a new one.

    The same words are the same person, in whatever order and with whatever accents. Where e-mail or phone stayed, a
    name that is like the other one is the same person too: but a father who has the mother's mailbox is not she.
    """
    family = set(folded(family_name).split())
    rules: tuple[Same, ...] = (
        lambda old, new: _words(old) == _words(new),
        lambda old, new: _reached_alike(old, new) and _called_alike(old, new, family),
    )
    found: dict[int, int] = {}
    for same in rules:
        for place, new in enumerate(named):
            free = [number for number, old in enumerate(known) if number not in found.values() and same(old, new)]
            if place not in found and free:
                found[place] = free[0]
    return found


def _words(guardian: Guardian) -> list[str]:
    return sorted(word for word in folded(guardian.name).split() if word not in TITLES)


def _reached_alike(old: Guardian, new: Guardian) -> bool:
    """Whether an e-mail or a phone is the same."""
    mail = bool(old.email and new.email) and str(old.email).casefold() == str(new.email).casefold()
    return mail or bool(old.phone and old.phone == new.phone)


def _called_alike(old: Guardian, new: Guardian, family: set[str]) -> bool:
    """Whether one name is within the other, or they share a word besides the family's name."""
    shorter, longer = sorted((_words(old), _words(new)), key=len)
    shared = [word for word in shorter if any(_alike(word, other) for other in longer)]
    return bool(shared) and (len(shared) == len(shorter) or bool(set(shared) - family))


def _alike(one: str, other: str) -> bool:
    """The same word, misspelt or cut to its initial."""
    shorter, longer = sorted((one, other), key=len)
    return ratio(one, other) >= ALIKE or (len(shorter) == 1 and longer.startswith(shorter))
