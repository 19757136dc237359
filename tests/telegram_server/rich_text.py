"""Texts with a parse_mode: what is left to read, and whether the markup is one Telegram takes."""

from __future__ import annotations

from html.parser import HTMLParser

from tests.telegram_server import refusals
from tests.telegram_server.refusals import Json, Violation
from tests.telegram_server.rules import check_length, units
from tests.telegram_server.shapes import text_fields

ENTITIES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}


def rich(parameters: Json, name: str) -> Json:
    """The text (or caption) as a message carries it, trimmed. Of the markups only HTML is read."""
    raw = str(parameters.get(name, ""))
    if not raw:
        return {}
    marked: list[Json] = list(parameters.get("entities" if name == "text" else "caption_entities", []))
    if parameters.get("parse_mode") == "HTML":
        reader = _Reader()
        reader.feed(raw)
        raw, marked = reader.finish()
    text = raw.strip()
    if not text and name == "text":
        raise Violation("text is nothing but markup", refusals.EMPTY_TEXT)
    check_length(name, text)
    fields = text_fields(text, name)
    key = "entities" if name == "text" else "caption_entities"
    if marked:
        fields[key] = marked + fields.get(key, [])
    return fields


class _Reader(HTMLParser):
    """Reads Telegram's few tags and refuses all others."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._text = ""
        self._open: list[tuple[str, int, str | None]] = []
        self._entities: list[Json] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ENTITIES:
            raise _unreadable(f'Unsupported start tag "{tag}"')
        self._open.append((tag, units(self._text), dict(attrs).get("href")))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            raise _unreadable(f'Unexpected end tag "{tag}"')
        _, offset, url = self._open.pop()
        entity = {"type": ENTITIES[tag], "offset": offset, "length": units(self._text) - offset}
        self._entities.append({**entity, "url": url} if url else entity)

    def handle_data(self, data: str) -> None:
        self._text += data

    def finish(self) -> tuple[str, list[Json]]:
        self.close()
        if self._open:
            raise _unreadable(f'Can\'t find end tag "{self._open[-1][0]}"')
        return self._text, [entity for entity in self._entities if entity["length"]]


def _unreadable(why: str) -> Violation:
    return Violation(f"can't parse entities: {why}")
