"""What a sheet says, before it has a form."""

from __future__ import annotations

import re
from typing import Any

import pytest
import segno

from bot.documents.invitations.sheet import qr, values
from tests.documents.invitations.cards import CODE, TELEGRAM, WEB, card, sheet, whole_class


def only(found: dict[str, Any]) -> Any:
    return found["pages"][0][0]


def test_card_says_what_to_do_and_until_when() -> None:
    said = only(values(sheet(card("Inès Muñoz-Château", language="en"))))
    assert (said["name"], said["class_name"], said["steps"], said["foot"]) == (
        "Inès Muñoz-Château",
        "2MELEC",
        [
            "Scan one of the two codes: Telegram or web, as you like.",
            "Press “Start” in Telegram, or “Open my conversation” on the web page.",
            "Your school confirms that it is you, then we begin.",
        ],
        "Works once, until Wednesday 25 Nov 10:00. It is for you alone.",
    )


def test_card_with_one_way_speaks_of_one_code() -> None:
    said = only(values(sheet(card("Awa Cissokho", WEB, language="en", trusted=True))))
    assert said["steps"] == [
        "Scan the code with your phone: nothing to install.",
        "Press “Open my conversation”.",
        "That is all: we begin at once.",
    ]


def test_card_names_each_way_and_its_link() -> None:
    said = only(values(sheet(card("Awa Cissokho", language="en"))))
    assert [(way["label"], way["alt"], way["link"], way["shown"]) for way in said["ways"]] == [
        ("Telegram", "QR code: Telegram", TELEGRAM.link, ["t.me/compagnon_test_bot", f"?start={CODE}"]),
        ("Web page", "QR code: Web page", WEB.link, ["compagnon.example.org/j/", CODE]),
    ]


def test_teacher_reads_why_some_have_the_web_page_only() -> None:
    first = (
        "For the teacher: please hand each card to its learner in person, and shred those that are left over. "
        "Each card works once, until Wednesday 25 Nov 10:00."
    )
    assert values(whole_class())["intro"] == first
    mixed = sheet(card("Inès Muñoz-Château"), card("Awa Cissokho", WEB))
    assert values(mixed)["intro"] == f"{first} Learners under 16 have a card for the web page only."


def test_page_holds_six() -> None:
    assert [len(page) for page in values(whole_class())["pages"]] == [6, 1]


def test_language_without_a_catalog_is_said_to_be_english() -> None:
    assert only(values(sheet(card("Ștefan Đoković", language="ro"))))["language"] == "en"


@pytest.mark.parametrize("link", [TELEGRAM.link, WEB.link])
def test_qr_code_holds_the_link_with_its_quiet_zone(link: str) -> None:
    """Drawn back into modules and compared: the picture is the code, four light modules around it."""
    picture = qr(link)
    size = int(re.findall(r'viewBox="0 0 (\d+) \1"', picture)[0])
    dark: set[tuple[int, int]] = set()
    x, y = 0.0, 0.0
    path = re.findall(r'stroke="#000"[^>]*d="([^"]+)"|d="([^"]+)"[^>]*stroke="#000"', picture)[0]
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", path[0] or path[1]):
        first, *rest = (float(number) for number in re.findall(r"-?[\d.]+", numbers))
        if command == "h":
            dark |= {(int(y), int(x) + step) for step in range(int(first))}
            x += first
        else:
            x, y = (first, rest[0]) if command == "M" else (x + first, y + rest[0])
    matrix = segno.make_qr(link, error="m").matrix
    wanted = {(row + 4, column + 4) for row, line in enumerate(matrix) for column, bit in enumerate(line) if bit}
    assert (size, dark) == (len(matrix) + 8, wanted)
