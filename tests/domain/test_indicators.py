"""Indicators: recomputed by hand, and silent about few."""

from __future__ import annotations

from bot.domain.figures import Told
from bot.domain.indicators import ALONE, Indicator, Mobility, Unit, exchanges, indicators, partner_named
from bot.domain.programme.model import Targets

TARGETS = Targets(learners=10, grant_holders=70, papers=100, tests=80, helping=5, tutoring=5)


def stays() -> list[Mobility]:
    """Twelve of Valmer, of whom three of one class; six of them nine weeks. One learner went twice. Two of Ombelle."""
    long = [
        Mobility(number, ("Valmer", "1A"), 63, grant=number < 4, over=True, early=number == 0, tested=number < 3,
                 papers={"report": number < 4, "europass": True}, gain=number if number < 3 else None, cohort=40)
        for number in range(6)
    ]  # fmt: skip
    short = [Mobility(number, ("Valmer", "1A"), 19, helps=True, tutored=True, cohort=40) for number in range(5, 10)]
    few = [Mobility(number, ("Valmer", "1B"), 19, cohort=40) for number in range(10, 13)]
    return [*long, *short, *few, *(Mobility(number, ("Ombelle", "2A"), 19) for number in (20, 21))]


def found(name: str) -> Indicator:
    return next(each for each in indicators(TARGETS, stays(), ("report", "europass")) if each.id == name)


def lines(name: str) -> list[tuple[str, str, int | None, float | None]]:
    return [(each.school, each.group, each.learners, each.value) for each in found(name).lines]


def test_each_is_recomputed_by_hand() -> None:
    assert [(each.id, each.unit, each.target) for each in indicators(TARGETS, stays(), ("report",))] == [
        ("leavers", Unit.LEARNERS, None),
        ("long", Unit.LEARNERS, 10),
        ("cohort", Unit.PERCENT, 100),
        ("grant", Unit.PERCENT, 70),
        ("paper.report", Unit.PERCENT, 100),
        ("tested", Unit.PERCENT, 80),
        ("gain", Unit.LEVELS, None),
        ("early", Unit.PERCENT, None),
        ("helping", Unit.LEARNERS, 5),
        ("tutored", Unit.LEARNERS, 5),
    ]

    nobody = [("Ombelle", "", 0, None), ("Ombelle", "2A", 0, None)]
    hidden = [("Ombelle", "", None, None), ("Ombelle", "2A", None, None), ("Valmer", "", None, None)]
    classes = [("Valmer", "1A", None, None), ("Valmer", "1B", None, None)]

    def of_valmer(value: float, learners: int = 6) -> list[tuple[str, str, int | None, float | None]]:
        whole = ("", "", learners, value)
        return [
            whole,
            *nobody,
            ("Valmer", "", learners, value),
            ("Valmer", "1A", learners, value),
            ("Valmer", "1B", 0, None),
        ]

    assert lines("leavers") == [("", "", 15, 15.0), *hidden, *classes], (
        "Ombelle has two, so Valmer is hidden beside the sum"
    )
    assert lines("grant") == [("", "", 15, 25.0), *hidden, *classes], "four of sixteen stays"
    assert lines("long") == of_valmer(6.0)
    assert lines("paper.report") == of_valmer(100 * 4 / 6)
    assert lines("paper.europass") == of_valmer(100.0)
    assert lines("tested") == of_valmer(50.0)
    assert lines("early") == of_valmer(100 / 6)
    assert lines("tutored") == of_valmer(5.0, learners=5)
    assert lines("helping") == of_valmer(5.0, learners=5)
    assert lines("gain") == [("", "", None, None), *nobody, *hidden[2:], *classes[:1], ("Valmer", "1B", None, None)]


def test_the_share_of_a_cohort_gives_no_small_school_away() -> None:
    """Thirteen of forty at Valmer, and fifteen in all, would say that two leave from Ombelle."""
    assert lines("cohort") == [("Valmer", "", None, None)]
    alone = [each for each in stays() if each.place[0] == "Valmer"]
    third = indicators(TARGETS, alone, ())[2]
    assert third.lines == (Told("Valmer", "", 13, 32.5),)


def test_nothing_is_reached_by_nobody() -> None:
    assert [each.lines for each in indicators(TARGETS, (), ("report",))] == [()] * 10


def test_who_was_sent_and_hosted_is_counted_by_partner_and_few_are_hidden() -> None:
    def of(partner: str, first: int, count: int) -> list[Mobility]:
        return [Mobility(number, (partner, ""), 0) for number in range(first, first + count)]

    sent = [*of("saint-luc.example", 0, 6), *of("skole.example", 6, 7), *of(ALONE, 20, 8)]
    hosted = [*of("saint-luc.example", 30, 5), *of("skole.example", 40, 2), *of(ALONE, 50, 9)]
    found = {each.id: [(line.school, line.learners) for line in each.lines] for each in exchanges(sent, hosted)}

    assert found == {
        "sent": [("saint-luc.example", 6), ("skole.example", 7)],
        "hosted": [("saint-luc.example", None), ("skole.example", None)],
    }
    assert exchanges(of(ALONE, 0, 9), [])[0].lines == ()
    assert [partner_named("Berit Aasen", each) for each in ("b@Skole.example", "b@gmail.com", None)] == [
        "skole.example",
        "Berit Aasen",
        "Berit Aasen",
    ]
