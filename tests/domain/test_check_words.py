"""Check words: the same for the same claim, spread evenly, never one word twice."""

from __future__ import annotations

from collections import Counter

from bot.domain.check_words import WORDS, check_words


def test_each_claim_has_two_words_that_tell_it_from_others() -> None:
    found = [check_words(f"claim {number}") for number in range(4000)]
    assert check_words("claim 7") == found[7]
    assert all(len(set(words.split())) == 2 and set(words.split()) <= set(WORDS) for words in found)
    assert len(set(WORDS)) == len(WORDS) == 64
    assert len(set(found)) > 2400
    assert max(Counter(words.split()[0] for words in found).values()) < 120
