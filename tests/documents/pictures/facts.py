"""A week to draw: nine learners, every shape."""

from __future__ import annotations

from typing import Any

LEVELS = {
    "follow_up": {"fr": "À suivre", "en": "To follow up"},
    "today": {"fr": "Aujourd'hui", "en": "Today"},
    "now": {"fr": "Tout de suite", "en": "Right now"},
}


def row(name: str, place: str, departure: str, back: str, case: str = "", *marks: tuple[str, str]) -> dict[str, Any]:
    return {
        "name": name, "place": place, "departure": departure, "back": back, "case": case,
        "marks": [list(mark) for mark in marks],
    }  # fmt: skip


A, M = "answered", "missed"
WEEK: dict[str, Any] = {
    "title": "Lycée Valmer",
    "first": "2027-03-01",
    "weeks": 9,
    "today": "2027-03-22",
    "others": 0,
    "levels": LEVELS,
    "rows": [
        row("Inès R.", "Bergen", "2027-03-06", "2027-04-03", "now", ("2027-03-06", A), ("2027-03-10", A), ("2027-03-14", M)),
        row("Lina H.", "Leipzig", "2027-03-06", "2027-03-27", "today", ("2027-03-06", A), ("2027-03-14", A), ("2027-03-21", M)),
        row("Maximilienne-Aurore B.", "Donostia-San Sebastián", "2027-03-08", "2027-04-24", "follow_up", ("2027-03-08", A), ("2027-03-14", A)),
        row("Noémie A.", "Bergen", "2027-03-06", "2027-03-27", "", ("2027-03-06", A), ("2027-03-14", A), ("2027-03-21", A)),
        row("Yanis T.", "Sevilla", "2027-03-06", "2027-03-27", "", ("2027-03-06", A), ("2027-03-14", A), ("2027-03-21", A)),
        row("Jules M.", "Leipzig", "2027-02-20", "2027-03-20", "", ("2027-03-07", A), ("2027-03-14", A), ("2027-03-20", A)),
        row("Aïssatou D.", "Cork", "2027-03-27", "2027-04-24"),
        row("Tom <b>&\"O'N.", "Málaga", "2027-04-03", "2027-05-01"),
        row("Chloé P.", "Málaga", "2027-04-03", "2027-05-29"),
    ],
}  # fmt: skip
