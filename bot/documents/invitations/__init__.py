"""Invitations to cut out: A4 sheets of cards with QR codes, for a screen or for paper. Sends nothing."""

from bot.documents.invitations.printed import SheetError, html, need_typst, pdf, placed
from bot.documents.invitations.roll import DOORS, Doors, make, open_doors, roll, ways, ways_of
from bot.documents.invitations.sheet import Card, Sheet, Until, Way

__all__ = [
    "DOORS",
    "Card",
    "Doors",
    "Sheet",
    "SheetError",
    "Until",
    "Way",
    "html",
    "make",
    "need_typst",
    "open_doors",
    "pdf",
    "placed",
    "roll",
    "ways",
    "ways_of",
]
