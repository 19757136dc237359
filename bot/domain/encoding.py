"""The text of a file, whoever saved it: one reader for the programme, the team and the roster; and the traces that
wrong readings leave in words."""

from __future__ import annotations

import re

_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
_OTHERS = ("mac_roman", "cp850")
_UTF_16 = ("utf-16", "utf-16-le", "utf-16-be")
"""What Excel for Mac and DOS programs write: as cp1252 their accents become other signs."""
_TWICE = re.compile("[ÃÂâÅÄ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
_TRACES = re.compile(
    rf"{_TWICE.pattern}"
    "|[\u0080-\u009f\ufffd]"
    "|(?<=[a-zà-ÿ])[ŽŠŒŸ](?![A-ZÀ-Þ])"
    "|(?<=[A-Za-z])[\u201a\u02c6‰‡†ƒ„…\u02dc™](?=[A-Za-z])"
    "|(?<=[A-Za-z])[‚ˆ‰Š‡…Ž](?=[a-z]|$)"
    "|(?<=[a-zà-ÿ])\\?(?=[a-zà-ÿ])"
)
_ACCENTED = re.compile(r".?[^\x00-\x7f]+.?")
_USUAL = "éèêëàâçîïôöùûüñáíóúäãõåøœæßÉÈÊÀÇÎÔÖÜÑÁÅØ"
_MISPLACED = re.compile(
    r"(?<=[A-Za-z])[^\x00-\x7f\w’'°](?=[A-Za-z])|(?<=[a-z])[À-ÖØ-Þ](?![A-ZÀ-Þ])|(?<=[A-Z])[à-öø-ÿ](?=[A-Z])"
)
"""Signs and capitals where words of Western Europe have none."""
_ODD_TRACES = re.compile(r"(?<=[A-Za-zÀ-ÿ])\?|\?(?=[A-Za-zÀ-ÿ])")


class EncodingError(ValueError):
    """The bytes are no text in any way that people save one."""


def text_from(content: bytes) -> str:
    """UTF-8 or UTF-16 with or without its mark, else what Windows writes in Western Europe, else what Macs write.

    Raises:
        EncodingError: it is none of these.
    """
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return _decoded(content, encoding)
    if b"\x00" in content[:200]:
        return _decoded(content, "utf-16-le" if content[1:2] == b"\x00" else "utf-16-be")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _western(content)


def is_guess(content: bytes) -> bool:
    """Whether the letters of a readable file were made out by their likeness alone: neither Unicode nor Windows wrote it."""
    text = text_from(content)
    return not any(_reads_as(content, encoding, text) for encoding in ("utf-8", "utf-8-sig", "cp1252", *_UTF_16))


def _reads_as(content: bytes, encoding: str, text: str) -> bool:
    try:
        return content.decode(encoding).lstrip("\ufeff") == text.lstrip("\ufeff")
    except UnicodeDecodeError:
        return False


def has_traces(written: str) -> bool:
    """Whether letters of a name were lost or mixed up by a wrong reading: `ZoŽ BrŽhaut`, `ZoÃ©`, `Zo?`, `Zo�`."""
    return bool(_TRACES.search(written) or _ODD_TRACES.search(written))


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise EncodingError from None


def _western(content: bytes) -> str:
    """Of the ways to read it, that which gives most letters where words have letters; Windows' where nothing tells."""
    readings = []
    for encoding in ("cp1252", *_OTHERS):
        try:
            readings.append(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    if len(readings) == len(_OTHERS):
        readings = [text for text in readings if all(re.search("[A-Za-z]", each) for each in _ACCENTED.findall(text))]
    if not readings:
        raise EncodingError
    return max(readings, key=_likeness)


def _likeness(text: str) -> int:
    usual = sum(text.count(letter) for letter in _USUAL)
    return usual - 3 * len(_TRACES.findall(text)) - 3 * len(_MISPLACED.findall(text))
