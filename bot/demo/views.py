"""What the page of the demo shows, read from the stage at one instant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.demo.families import kin_of
from bot.demo.news import coming, latest
from bot.demo.pages import filled, hour, long_day, version
from bot.demo.playback import Leap, Pace
from bot.demo.protagonists import Couple
from bot.demo.stage import Part, Voice
from bot.demo.timeline import read_class
from bot.domain.person import Role, age_on
from bot.handlers.case.alert import ROLES
from bot.i18n import Text, _, render
from bot.store.db import Tx
from bot.store.people import Person, RoleHeld
from bot.store.stays import StayRow
from bot.web.common.class_picture import Window

OPENING = _("Autumn and winter fly by, everybody answers alone. Press anything to stop here.")
FLYING = _("Time flies; nothing is skipped.")
PLAYING = _("A day passes every four seconds.")
ASKED = _("Time stands still: somebody waits for you. Answer in the chat, or press play to stay silent.")
STILL = _("Time stands still until you move it.")


@dataclass(frozen=True)
class Seen:
    """Somebody whose chat is shown."""

    ref: str
    name: str
    first_name: str
    about: Text
    school: str = ""


@dataclass(frozen=True)
class Clock:
    """What the clock shows and which of its buttons lead somewhere."""

    day: str
    there: str
    there_name: str
    school: str
    now: float
    state: str
    moving: bool
    playing: bool
    asked: bool
    opened: bool
    ahead: list[str]


def read_clock(tx: Tx, pace: Pace, couple: Couple, language: str) -> Clock:
    """The clock as it stands."""
    row = tx.rows.get_one(StayRow, couple.stay)
    stay = row.facts()
    there = tx.now.astimezone(stay.zone_at(tx.now))
    abroad = row.departure <= there.date() <= row.back
    ahead = [Leap.DEPARTURE] if there.date() < row.departure else [Leap.RETURN] if there.date() < row.back else []
    return Clock(
        day=long_day(there.date(), language),
        there=hour(there, language),
        there_name=row.city if abroad else render(_("At home"), language),
        school=hour(tx.now.astimezone(ZoneInfo(row.school.zone)), language),
        now=pace.window.place(tx.now),
        state=render(_state(pace), language),
        moving=pace.goal is not None or not pace.opened,
        playing=pace.playing,
        asked=pace.asked,
        opened=pace.opened,
        ahead=[each.value for each in ahead],
    )


def _state(pace: Pace) -> Text:
    if not pace.opened:
        return OPENING
    if pace.goal is not None:
        return FLYING
    if pace.playing:
        return PLAYING
    return ASKED if pace.asked else STILL


def read_pieces(tx: Tx, window: Window, couple: Couple, language: str) -> dict[str, tuple[str, str]]:
    """The pieces that change: id -> (version, HTML)."""
    row = tx.rows.get_one(StayRow, couple.stay)
    local: Mapping[str, Any] = {"local": lambda at: at.astimezone(row.facts().zone_at(at)), "row": row}
    shown = read_class(tx, window)
    texts = {
        "news": filled("news.html", language, {"lines": latest(tx, couple), **local}),
        "coming": filled("coming.html", language, {"lines": coming(tx, couple), **local}),
        "counts": filled("counts.html", language, {"shown": shown}),
    }
    for each in shown.rows:
        texts[f"row-{each.ref}"] = filled("row.html", language, {"row": each, "picked": couple.learner})
    return {name: (version(text), text) for name, text in texts.items()}


def read_page(tx: Tx, pace: Pace, couple: Couple, looked: str, language: str) -> dict[str, Any]:
    """Everything that the whole page needs."""
    row = tx.rows.get_one(StayRow, couple.stay)
    adults = _adults(tx, row)
    return {
        "clock": asdict(read_clock(tx, pace, couple, language)),
        "pieces": read_pieces(tx, pace.window, couple, language),
        "learner": _learner(row),
        "stay": row,
        "age": age_on(row.person.birth, tx.now.date())
        if row.person.birth and not pace.stage.world.script.own
        else None,
        "adult": next(each for each in adults if each.ref == couple.adult),
        "looked": next((each for each in adults if each.ref == looked), adults[0]),
        "adults": adults,
        "kin": kin_of(tx, couple.stay),
        "learners": _learners(tx),
        "year": pace.window,
        "own": pace.stage.world.script.own,
        "leaps": list(Leap),
        "voices": list(Voice),
        "parts": list(Part),
    }


def _learner(row: StayRow) -> Seen:
    return Seen(row.person.ref, row.person.full_name, row.person.first_name, row.city)


def _learners(tx: Tx) -> dict[str, list[tuple[str, str, str, date]]]:
    """Everybody of the class, by school."""
    found: dict[str, list[tuple[str, str, str, date]]] = {}
    stays = select(StayRow).where(StayRow.cancelled.is_(False)).order_by(StayRow.school_id, StayRow.departure)
    for row in tx.rows.scalars(stays):
        shown = (row.person.ref, row.person.full_name, row.city, row.departure)
        found.setdefault(row.school.name, []).append(shown)
    return found


def _adults(tx: Tx, row: StayRow) -> list[Seen]:
    """Who may be alerted about a stay, in the order of the ladder."""
    wanted = select(Person, RoleHeld.role).join(RoleHeld).where(RoleHeld.role.in_(ROLES))
    here = wanted.where((Person.school_id == row.school_id) | (RoleHeld.role == Role.CONSORTIUM))
    order = list(ROLES)
    found: dict[int, Seen] = {}
    for person, role in sorted(tx.rows.execute(here), key=lambda pair: (order.index(pair[1]), pair[0].id)):
        school = person.school.name if person.school else ""
        found.setdefault(person.id, Seen(person.ref, person.full_name, person.first_name, ROLES[role], school))
    return list(found.values())
