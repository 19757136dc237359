"""What a sheet says: the cards of a class, each in its learner's language, as plain values for a template."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import segno

from bot.i18n import LANGUAGES, Text, _, render

PER_PAGE = 6
BUTTON = _("Open my conversation")
"""What the page of a one-time link says on its button."""


@dataclass(frozen=True)
class Until:
    """The instant (aware) until which a code works, told in somebody's zone."""

    instant: datetime
    zone: str

    def told(self) -> Mapping[str, str]:
        return {"moment": self.instant.isoformat(), "zone": self.zone}


@dataclass(frozen=True)
class Way:
    """One way in: `telegram`, `matrix` or `web`, and the link its QR code holds."""

    channel: str
    link: str
    code: str = ""
    """What is to be sent there, where the link does not bring it along."""


@dataclass(frozen=True)
class Card:
    """One learner's card. `trusted` codes need no confirmation by the coordinator."""

    name: str
    class_name: str
    language: str
    ways: tuple[Way, ...]
    until: Until
    trusted: bool = False


@dataclass(frozen=True)
class Sheet:
    """The cards of a class; `language` is the teacher's."""

    class_name: str
    school: str
    language: str
    until: Until
    telegram_min_age: int
    cards: tuple[Card, ...]


def values(sheet: Sheet) -> dict[str, Any]:
    """The sheet as strings and lists: nothing is left to translate or to escape twice."""
    lang = _spoken(sheet.language)
    cards = [_card(card) for card in sheet.cards]
    title = _("Invitations: {class_name}, {school}")
    return {
        "title": render(title, lang, {"class_name": sheet.class_name, "school": sheet.school}),
        "language": lang,
        "intro": _intro(sheet, lang),
        "pages": [cards[start : start + PER_PAGE] for start in range(0, len(cards), PER_PAGE)],
    }


def _intro(sheet: Sheet, lang: str) -> str:
    """The first line, for whoever hands the cards out."""
    told = [
        _(
            "For the teacher: please hand each card to its learner in person, and shred those that are left over. "
            "Each card works once, until {until}."
        )
    ]
    if len({len(card.ways) for card in sheet.cards}) > 1:
        told.append(_("Learners under {age} have a card for the web page only."))
    given = {"until": sheet.until.told(), "age": sheet.telegram_min_age}
    return " ".join(render(text, lang, given) for text in told)


def _card(card: Card) -> dict[str, Any]:
    lang = _spoken(card.language)
    given = {"button": {"text": BUTTON}, "until": card.until.told()}
    return {
        "name": card.name,
        "class_name": card.class_name,
        "language": lang,
        "ways": [_way(way, lang) for way in card.ways],
        "steps": [render(step, lang, given) for step in _steps(card)],
        "foot": render(_("Works once, until {until}. It is for you alone."), lang, given),
    }


def _steps(card: Card) -> tuple[Text, Text, Text]:
    """Three short lines: scan, press, and what happens then."""
    begun = (
        _("That is all: we begin at once.")
        if card.trusted
        else _("Your school confirms that it is you, then we begin.")
    )
    if len(card.ways) > 1:
        return (
            _("Scan one of the two codes: Telegram or web, as you like."),
            _("Press “Start” in Telegram, or “{button}” on the web page."),
            begun,
        )
    return _("Scan the code with your phone: nothing to install."), _("Press “{button}”."), begun


def _way(way: Way, lang: str) -> dict[str, Any]:
    label = "Telegram" if way.channel == "telegram" else render(_("Web page"), lang)
    return {
        "channel": way.channel,
        "label": label,
        "alt": render(_("QR code: {label}"), lang, {"label": label}),
        "link": way.link,
        "shown": _broken(way.link),
        "svg": qr(way.link),
    }


def _broken(link: str) -> list[str]:
    """A link in two lines to read: where it goes, and what its code is in."""
    shown = link.partition("://")[2]
    at = shown.find("?") if "?" in shown else shown.rfind("/") + 1
    return [shown[:at], shown[at:]]


def qr(link: str) -> str:
    """A QR code as SVG, with the quiet zone that cameras need."""
    drawn = io.BytesIO()
    made = segno.make_qr(link, error="m")
    made.save(drawn, kind="svg", border=4, omitsize=True, dark="#000", light="#fff", xmldecl=False, nl=False)
    return drawn.getvalue().decode("ascii")


def _spoken(language: str) -> str:
    """The language the words will really be in: English stands in for one without a catalog."""
    return language if language in LANGUAGES else "en"
