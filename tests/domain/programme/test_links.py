"""The links library: what a text names is filled in, what is wrong or old is said."""

from __future__ import annotations

from datetime import date

import pytest

from bot.config.programme import SHIPPED
from bot.domain.programme import Programme
from bot.domain.programme.check import load_checked
from bot.domain.programme.check_rules import link_errors, old_links
from bot.domain.programme.links import Link, Links
from bot.domain.programme.load import load
from bot.domain.programme.problem import ProgrammeError
from bot.i18n import render

EXAMPLE = SHIPPED.read_text("utf-8")


def with_page(text: str, **page: str) -> str:
    """A school's programme with one page of its own and one text that is said."""
    row = "".join(f'{key} = "{value}"\n' for key, value in page.items())
    head = 'extends = "compagnon"\n[programme]\nid = "x"\ntitle = "X"\nversion = "1"\n'
    return f'{head}[[outgoing.before]]\nid = "ehic"\nhelp = {{ fr = "{text}", en = "{text}", es = "{text}" }}\n[[links.pages]]\n{row}'


def read(text: str, **page: str) -> Programme:
    return load_checked(with_page(text, **page), "programme.toml", shipped=EXAMPLE)


PAGE = {"id": "intranet", "title": "Intranet", "address": "https://ent.example.org/mobility"}


def test_a_name_in_a_text_becomes_the_address_of_ours_and_of_the_school() -> None:
    programme = read("Demande-la : {link_ehic} ou {link_intranet}", **PAGE)
    item = programme.outgoing.item("ehic")
    assert item is not None
    assert item.help is not None
    assert render(item.help, "fr") == (
        "Demande-la\u00a0: https://www.service-public.fr/particuliers/vosdroits/F34441 ou https://ent.example.org/mobility"
    )
    moved = read("{link_ehic}", id="ehic", title="CEAM", address="https://ameli.example.org")
    assert [link.address for link in moved.links.every() if link.id == "ehic"] == ["https://ameli.example.org"]
    assert len(moved.links.every()) == len(load(EXAMPLE, "x").links.every())


def test_a_name_that_nobody_knows_and_an_address_that_is_none_are_told() -> None:
    with pytest.raises(ProgrammeError) as caught:
        read("{link_nowhere}", **PAGE | {"address": "javascript:alert(1)"})
    lines = " ".join(str(line) for line in caught.value.lines)
    assert "nothing fills {link_nowhere}" in lines
    assert '"javascript:alert(1)" is no address that can be shown' in lines


@pytest.mark.parametrize(
    ("address", "faults"),
    [
        ("https://example.org", 0),
        ("https://example.org/a?b=c#d", 0),
        ("http://example.org", 1),
        ("https://localhost", 1),
        ("https://exam ple.org", 1),
        ("https://example.org/ x", 1),
        ("data:text/html,x", 1),
    ],
)
def test_only_whole_https_addresses_are_shown(programme: Programme, address: str, faults: int) -> None:
    links = Links(pages=(Link(id="one", title="One", address=address),))
    assert len(list(link_errors(programme.model_copy(update={"links": links})))) == faults


def test_pages_that_nobody_has_looked_at_for_a_year_are_named_in_one_line(programme: Programme) -> None:
    days = {"fresh": date(2027, 1, 1), "old": date(2025, 12, 1), "never": None}
    pages = tuple(Link(id=name, title=name, address="https://example.org", checked=day) for name, day in days.items())
    found = list(old_links(programme.model_copy(update={"links": Links(pages=pages)}), date(2027, 1, 2)))
    assert len(found) == 1
    assert "at 1 link nobody has looked for a year: old." in str(found[0].sentence("programme.toml"))
