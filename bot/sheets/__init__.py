"""Invitations to cut out: A4 sheets of cards with QR codes, for a screen or for paper. Sends nothing."""

from bot.sheets.file import SheetError, placed
from bot.sheets.html import html
from bot.sheets.pdf import need_typst, pdf
from bot.sheets.roll import make, roll
from bot.sheets.sheet import Card, Sheet, Until, Way
from bot.sheets.ways import Doors, fresh, ways

__all__ = [
    "Card",
    "Doors",
    "Sheet",
    "SheetError",
    "Until",
    "Way",
    "fresh",
    "html",
    "make",
    "need_typst",
    "pdf",
    "placed",
    "roll",
    "ways",
]
