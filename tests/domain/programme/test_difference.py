"""Two programmes are told apart line by line."""

from __future__ import annotations

from bot.domain.programme.difference import difference
from bot.domain.programme.load import load
from tests.example import EXAMPLE, example

SHIPPED = example()
MINE = """
extends = "compagnon"
[hours]
holidays = "BE"
[outgoing]
without = ["airbnb_x"]
[[outgoing.before]]
id = "ehic"
due = "J-80"
[[outgoing.before]]
id = "keys"
due = "J-1"
text = "Rends tes clés."
title = "Clés rendues"
"""


def test_changed_new_and_gone() -> None:
    gone = SHIPPED.outgoing.before[-1]
    title = gone.title if isinstance(gone.title, str) else next(iter(gone.title.values()))
    mine = load(MINE.replace("airbnb_x", gone.id), "mine.toml", shipped=EXAMPLE)
    ehic = SHIPPED.outgoing.item("ehic")
    assert ehic is not None
    assert difference(SHIPPED, SHIPPED) == []
    assert difference(SHIPPED, mine) == [
        'hours.holidays: "FR" is now "BE"',
        f'outgoing.before "ehic".due: "{ehic.due}" is now "J-80"',
        'outgoing.before "keys": new: "Clés rendues"',
        f'outgoing.before "{gone.id}": no longer there: "{title}"',
    ]
