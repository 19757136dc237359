"""What a review counts: wide kinds, each learner once, and nothing of few."""

from __future__ import annotations

from bot.domain.figures import Band
from bot.domain.review import Sort, sort_of, tally


def test_a_cry_is_a_cry_whatever_it_began_with_and_the_rest_is_told_by_its_topic() -> None:
    topics = ("sos", "missed", "silent_paused", "tutor_absent", "tutor.tasks", "overdue", "morale", "question")
    assert [sort_of(topic, grave=topic == "sos") for topic in topics] == [
        Sort.GRAVE, Sort.SILENCE, Sort.SILENCE, Sort.HOST, Sort.HOST, Sort.PAPERS, Sort.ANSWER, Sort.ANSWER,
    ]  # fmt: skip
    assert sort_of("missed", grave=True) is Sort.GRAVE


def test_each_learner_counts_once_and_what_would_give_few_away_is_hidden_too() -> None:
    found = [("well", learner) for learner in range(12)] * 2 + [("so so", learner) for learner in range(6)]
    assert tally(found, ("well", "so so", "bad")) == (Band("well", 12), Band("so so", 6), Band("bad", 0))
    assert tally([*found, ("bad", 1)], ("well", "so so", "bad")) == (
        Band("well", 12),
        Band("so so", None),
        Band("bad", None),
    )
