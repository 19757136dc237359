"""What a message with choices says in HTML, and whom it rings."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.matrix.formatted_body import shaped
from bot.channels.matrix.layout import SHAPED, contents
from bot.domain.messages import Button, Outgoing

LEA = "@lea:x"


def asks(text: str, *labels: str, places: tuple[int, ...] = (), **more: Any) -> Outgoing:
    kept = places or tuple(range(len(labels)))
    return Outgoing(7, LEA, text, tuple(Button(f"7.{n}", label) for n, label in zip(kept, labels, strict=True)), **more)


def html(message: Outgoing) -> object:
    (said,) = contents(message)
    return said.get("formatted_body")


def test_choices_stand_in_the_same_event_each_after_its_number() -> None:
    assert contents(asks("Salut\n\nÇa va ?\nDis-moi.", "Ça va", "Bof")) == [
        {
            "msgtype": "m.text",
            "body": "Salut\n\nÇa va ?\nDis-moi.\n\n1. Ça va\n2. Bof",
            "format": "org.matrix.custom.html",
            "formatted_body": "<p>Salut</p><p>Ça va ?<br>Dis-moi.</p><p><strong>1.</strong> Ça va<br><strong>2.</strong> Bof</p>",
            "m.mentions": {},
        }
    ]


def test_numbers_stand_alone_and_what_is_left_of_a_list_keeps_its_own() -> None:
    assert html(asks("Days?", "0", "1", "2")) == (
        "<p>Days?</p><p><strong>0</strong> · <strong>1</strong> · <strong>2</strong></p>"
    )
    assert html(asks("Left", "Passport", "Card", places=(1, 3))) == (
        "<p>Left</p><p><strong>2.</strong> Passport<br><strong>4.</strong> Card</p>"
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('<b> & "it\'s"', '&lt;b&gt; &amp; "it\'s"'),
        ("See https://x.org/a?b=1&c=2.", 'See <a href="https://x.org/a?b=1&amp;c=2">https://x.org/a?b=1&amp;c=2</a>.'),
        ("(http://x.org/ü)", '(<a href="http://x.org/ü">http://x.org/ü</a>)'),
        ('https://x.org/"><script>', '<a href="https://x.org/">https://x.org/</a>"&gt;&lt;script&gt;'),
        ("javascript://x.org", "javascript://x.org"),
        ("https://", "https://"),
    ],
)
def test_words_stay_words_and_addresses_can_be_pressed(text: str, written: str) -> None:
    assert shaped(text, [("1", text)]) == f"<p>{written}</p><p><strong>1.</strong> {written}</p>"


def test_words_alone_are_not_said_twice_nor_is_what_would_not_fit() -> None:
    assert html(asks("Salut")) is None
    assert html(asks("é" * (SHAPED // 2), "Oui")) is not None
    assert html(asks("é" * (SHAPED // 2) + "!", "Oui")) is None


def test_edit_brings_the_choices_that_are_left_in_what_is_shown_from_now_on() -> None:
    (said,) = contents(asks("Fait", "Oui", edit_of="$1"))
    assert said["m.new_content"]["formatted_body"] == "<p>Fait</p><p><strong>1.</strong> Oui</p>"
    assert said.keys() == {"msgtype", "body", "m.new_content", "m.relates_to", "m.mentions"}


def test_only_an_alert_rings_whoever_it_is_for() -> None:
    mentions = [contents(each)[0]["m.mentions"] for each in (asks("Léa", urgent=True), asks("Léa"))]
    assert mentions == [{"user_ids": [LEA]}, {}]


def test_alert_that_is_cut_rings_with_each_part() -> None:
    said = contents(asks("é" * 20_000, "Oui", urgent=True))
    assert {str(each["m.mentions"]) for each in said} == {str({"user_ids": [LEA]})}
    assert [each for each in said if "formatted_body" in each] == []
