"""The numbers that stand for choices."""

from __future__ import annotations

import pytest

from bot.domain.messages import numbers


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        ((), ()),
        (("Yes",), (1,)),
        (("Yes", "No"), (1, 2)),
        (("0", "1", "2"), (0, 1, 2)),
        (("5", "10"), (5, 10)),
        (("0\x1f", "5 "), (0, 5)),
        (("1", "2", "more"), (1, 2, 3)),
        (("1", "1"), (1, 2)),
        (("100", "200"), (1, 2)),
        (("٣", "٤"), (1, 2)),
    ],
)
def test_a_choice_is_named_by_its_place_or_by_the_number_it_is(labels: tuple[str, ...], found: tuple[int, ...]) -> None:
    assert numbers(labels) == found
