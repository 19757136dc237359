"""Telephone numbers: read as the country of the school or the learner writes them, kept as E.164."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, ValidationResult

from bot.domain.person import clean_name
from bot.domain.roster.cells import CellError, text_of
from bot.domain.roster.grid import Cell
from bot.i18n import _, say

FRANCE = ("FR", "RE", "YT", "GP", "MQ", "GF")
"""One way to dial and several country codes."""
_OVERSEAS = {
    "262": ("262", "269", "692", "693"),
    "590": ("590", "690", "691"),
    "594": ("594", "694"),
    "596": ("596", "696", "697"),
}
"""Country code -> how its numbers begin after the 0: nobody in Europe has such a number. Those that begin with 639 are
of Mayotte only where they are in use there."""


def read_phone(cell: Cell, region: str = "FR") -> str:
    """A telephone number as E.164. Without `+` it is read as one of the region.

    Spreadsheets drop the first zero and the `+`: `612345678` and `33612345678` are understood too.

    Raises:
        CellError: no number of that length exists there.
    """
    written = clean_name(text_of(cell), 40)
    bare = re.sub(r"\.0$", "", written.replace("(0)", ""))
    if not re.search(r"[^\W\d_]", bare):
        if found := _overseas(bare, region) or _number(bare, region):
            return found
        if not bare.startswith(("+", "0")) and (found := _number(f"+{bare}", region, sure=True)):
            return found
    raise CellError(say(_('"{written}" is no telephone number: write it like +33 6 12 34 56 78'), written=written))


def shown_phone(number: str) -> str:
    """E.164 in the groups of its country: `+33 6 12 34 56 78`, `+262 692 11 22 33`."""
    parsed = _parsed(number, None)
    return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL) if parsed else number


def _overseas(written: str, region: str) -> str | None:
    """A number of a French department overseas, dialled as one dials within France, or wrongly with +33."""
    bare = re.sub(r"[\s.\-/]", "", written)
    national = re.fullmatch(r"(?:0033|\+33|0)?([1-9]\d{8})", bare)
    if region not in FRANCE or national is None:
        return None
    code = next((code for code, begins in _OVERSEAS.items() if national[1].startswith(begins)), None)
    if code:
        return f"+{code}{national[1]}"
    for part in (region, *FRANCE):
        parsed = _parsed(f"0{national[1]}", part)
        if parsed and phonenumbers.is_valid_number_for_region(parsed, part):
            return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    return None


def _number(written: str, region: str, sure: bool = False) -> str | None:
    """E.164. Where the `+` is our guess (`sure`), a foreign number must be one that can be in use:
    a slip in a French number must not become somebody in Australia."""
    number = _parsed(written, region)
    if number is None or phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return None
    guessed = sure and number.country_code != phonenumbers.country_code_for_region(region)
    if (guessed or number.italian_leading_zero) and not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _parsed(written: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
