"""A sheet of invented learners, some with names that are no markup and must not become any."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.documents.invitations import Card, Sheet, Until, Way

CODE = "AbCd-fGhIjKlMnOpQr_tUv"
WEB = Way("web", f"https://compagnon.example.org/j/{CODE}")
TELEGRAM = Way("telegram", f"https://t.me/compagnon_test_bot?start={CODE}")
MADE = datetime(2026, 11, 22, 9, 0, 0, 123456, tzinfo=UTC)
UNTIL = Until(datetime(2026, 11, 25, 9, 0, tzinfo=UTC), "Europe/Paris")
NAMES = (
    "Inès Muñoz-Château",
    "<b>Awa</b> & Cissokho",
    '#panic() *gras* $x$ "Zoë"',
    "Maximiliana-Alexandrina de la Rochefoucauld-Montbéliard",
    "Ștefan Đoković",
    "Louise Vanlerberghe",
    "Théo Chaumont",
)


def card(name: str, *ways: Way, language: str = "fr", trusted: bool = False) -> Card:
    return Card(name, "2MELEC", language, ways or (TELEGRAM, WEB), UNTIL, trusted)


def sheet(*cards: Card, language: str = "en") -> Sheet:
    return Sheet("2MELEC", "Lycée Suzanne-Valmer", language, UNTIL, 16, cards)


def whole_class() -> Sheet:
    """Seven cards: a page and one more."""
    return sheet(*(card(name) for name in NAMES))
