"""Texts in the reader's language: markers for extraction, catalogs compiled once, and `render`.

A `Text` is one of three things: a message id (an English sentence found in `locales/`), a table of the
school's own words per language, or a `Plural`. It stays a `Text` until it is sent: only then the
reader's language is known for sure.
"""

from __future__ import annotations

import io
import os
import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from secrets import token_hex
from typing import Any
from zoneinfo import ZoneInfo

import langcodes
from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LOCALES = Path(__file__).resolve().parent.parent / "locales"
LANGUAGES = ("fr", "en", "es", "de", "it", "pt", "nl", "pl", "uk", "ar")
"""Languages with complete catalogs. English is the source: its message ids are its texts."""


@cache
def own_name(language: str) -> str:
    """What a language calls itself: `Français`, `العربية`."""
    name = Locale.parse(language).get_display_name(language) or language
    return name[:1].upper() + name[1:]


RIGHT_TO_LEFT = frozenset({"ar", "he", "fa", "ur"})
_TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")
"""A short name ends with a full stop, and may end a sentence."""
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
FSI, PDI = "\u2068", "\u2069"
_LEFT_TO_RIGHT = re.compile(r"[A-Za-zÀ-ɏ0-9+/]")
_WITHIN_A_LINE = re.compile(r"(?<=[^\s:;!?]) (?=[!?»]|[:;%](?:\s|$))|(?<=«) ")
"""French: no line begins with a colon or a question mark. Schools type a plain space; our catalog has the right one already."""
_COMMAND = re.compile(r"(?<![\w/:<])/[a-z]+")


@dataclass(frozen=True)
class Plural:
    """A message whose wording follows the number found in the value named `by`."""

    one: str
    many: str
    by: str = "count"


Text = str | Mapping[str, str] | Plural
Values = Mapping[str, Any]


def _(message: str) -> str:
    """Mark a sentence for translation. It is translated when it is rendered, not here."""
    return message


_HINT = _("Did you mean {words}?")


class Sentence(str):
    """A sentence about somebody's file, as it stands in English; it can still be told in another language."""

    text: Text
    values: Values
    hint: str | None

    def told(self, language: str) -> str:
        """The sentence, and the word that was probably meant."""
        if language == "en":
            return str(self)
        words = render(self.text, language, self.values)
        return f"{words}. {render(_HINT, language, {'words': self.hint})}" if self.hint else words


def say(text: Text, hint: str | None = None, **values: Any) -> Sentence:
    """A sentence from its text and its values; `hint` is a word like the one that is not known."""
    if isinstance(text, Sentence):
        return text
    made = Sentence(render(text, "en", values) + (f'; did you mean "{hint}"?' if hint else ""))
    made.text, made.values, made.hint = text, values, hint
    return made


def joined(parts: Iterable[str], by: str = ", ") -> Sentence:
    """Sentences and words side by side; each is told in its own words."""
    return say({"en": "{parts}"}, parts={"joined": list(parts), "by": by})


def told(says: str, language: str) -> str:
    """A sentence in a language, as far as it can be told in others than English."""
    return says.told(language) if isinstance(says, Sentence) else says


def sentence_of(problem: Exception) -> str:
    """What an exception of ours says: its sentence, which can be told in other languages."""
    return next((part for part in problem.args if isinstance(part, Sentence)), str(problem))


def file_fault(error: OSError) -> Sentence:
    """Why a file cannot be read or written: ours to say, the machine says it in a language of its own."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return say(_("there is no such file or folder"))
    if isinstance(error, PermissionError):
        return say(_("this account may not"))
    if isinstance(error, IsADirectoryError):
        return say(_("it is a folder"))
    return say(_("the disk does not let us"))


def _n(one: str, many: str, by: str = "count") -> Plural:
    """Mark a sentence that has a singular and a plural."""
    return Plural(one, many, by)


@cache
def catalog(language: str, domain: str = "compagnon") -> NullTranslations:
    """The compiled catalog of a language; an empty one (English) where there is none. The shipped programme's texts
    are the domain `programme`.
    """
    if not (source := LOCALES / language / "LC_MESSAGES" / f"{domain}.po").exists():
        return NullTranslations()
    compiled, written = source.with_suffix(".mo"), source.stat().st_mtime_ns
    with suppress(OSError, ValueError, struct.error):  # none yet, or one that a full disk cut short
        if compiled.stat().st_mtime_ns == written:
            return GNUTranslations(io.BytesIO(compiled.read_bytes()))
    write_mo(content := io.BytesIO(), read_po(io.BytesIO(source.read_bytes()), locale=language))
    keep_beside(compiled, content.getvalue(), written)  # it takes a quarter of a second a language
    return GNUTranslations(io.BytesIO(content.getvalue()))


def keep_beside(path: Path, content: bytes, instant: int | None = None) -> None:
    """What is made of files that come with us, for the next process: whole or not at all, of that instant (ns), if we may write."""
    fresh = path.with_name(f"{path.name}.{token_hex(4)}")
    with suppress(OSError):
        try:
            fresh.write_bytes(content)
            if instant is not None:
                os.utime(fresh, ns=(instant, instant))
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)


def translation(message: str, language: str, domain: str) -> str:
    """What a catalog says for a message; nothing where it has no translation."""
    found: Mapping[str, str] = getattr(catalog(language, domain), "_catalog", {})
    return found.get(message, "") if message else ""


def best_language(wanted: str | None, offered: Sequence[str] = LANGUAGES, default: str = "fr") -> str:
    """The offered language nearest to a tag such as `pt-BR` or `en_GB`; `default` when none is near."""
    if not wanted:
        return default
    try:
        match = langcodes.closest_match(wanted.replace("_", "-"), list(offered), max_distance=25)[0]
    except ValueError:
        return default
    return default if match == "und" else match


def direction(language: str) -> str:
    """`rtl` or `ltr`, for the `dir` attribute of a page."""
    return "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr"


def placeholders(text: str) -> set[str]:
    """The `{names}` that a text expects."""
    return set(_PLACEHOLDER.findall(text))


def render(text: Text, language: str, values: Values | None = None) -> str:
    """The words a person reads. Placeholders without a value are left out rather than shown."""
    if isinstance(text, Sentence):
        return text.told(language)
    given = values or {}
    words = unfilled(text, language, given)
    if language == "fr" and isinstance(text, Mapping):
        words = _WITHIN_A_LINE.sub("\u00a0", words)
    rtl = direction(language) == "rtl"
    around = isolated if rtl else str
    filled = _PLACEHOLDER.sub(lambda found: around(show(given.get(found[1], ""), language)), words)
    return _TWO_STOPS.sub(".", _COMMAND.sub(isolated, filled) if rtl else filled)


def isolated(value: str | re.Match[str]) -> str:
    """A name, a number or a /command within words that run from right to left: its own direction, and theirs unharmed
    (Unicode TR9, first strong isolate).
    """
    words = value if isinstance(value, str) else value[0]
    return f"{FSI}{words}{PDI}" if _LEFT_TO_RIGHT.search(words) and "\n" not in words and FSI not in words else words


def unfilled(text: Text, language: str, values: Values) -> str:
    """The words of a language as they are written, with their placeholders."""
    if isinstance(text, Plural):
        return catalog(language).ngettext(text.one, text.many, int(values.get(text.by, 0)))
    if isinstance(text, str):
        return catalog(language).gettext(text) if text else ""
    return text.get(language) or text.get("en") or next(iter(text.values()), "")


def show(value: Any, language: str) -> str:
    """One value of a message. Tagged values carry what must wait for the reader's language:

    `{"date": iso}`, `{"day": iso}` (with weekday), `{"time": iso, "zone": name}`,
    `{"moment": iso, "zone": name}`, `{"stamp": iso, "zone": name}` (for tables), `{"number": 1234}`, `{"ago": seconds}`, `{"list": […]}`, `{"choice": […]}`, `{"joined": […], "by": ", "}`, `{"list_lines": […]}`, `{"country": "NO"}`, `{"text": Text, "values": {…}}`.
    """
    if isinstance(value, Sentence):
        return value.told(language)
    if not isinstance(value, Mapping):
        return str(value)
    match next(iter(value), ""):
        case "date":
            return format_date(date.fromisoformat(value["date"]), "long", locale=dated(language))
        case "day":
            return _weekday(datetime.fromisoformat(f"{value['day']}T12:00"), "MMMMd", language)
        case "time":
            return format_time(_local(value["time"], value["zone"]), "short", locale=dated(language))
        case "moment":
            moment = _local(value["moment"], value["zone"])
            return f"{_weekday(moment, 'MMMd', language)} {moment:%H:%M}"
        case "stamp":
            local = _local(value["stamp"], value["zone"])
            return f"{format_date(local.date(), 'EEE', locale=dated(language))} {local:%Y-%m-%d %H:%M}"
        case "number":
            return format_decimal(value["number"], locale=dated(language))
        case "ago":
            gone = -timedelta(seconds=max(value["ago"], 1))
            return format_timedelta(gone, threshold=1, add_direction=True, locale=dated(language))
        case "list":
            return format_list([show(part, language) for part in value["list"]], locale=language)
        case "joined":
            return str(value["by"].join(show(part, language) for part in value["joined"]))
        case "choice":
            return format_list([show(part, language) for part in value["choice"]], "or", locale=language)
        case "list_lines":
            return "\n".join(show(part, language) for part in value["list_lines"])
        case "country":
            return str(Locale.parse(language).territories.get(value["country"], value["country"]))
        case "text":
            return render(from_json(value["text"]), language, value.get("values"))
    return ""


def dated(language: str) -> str:
    """The locale of dates and hours. English and Portuguese are read by Europeans: 6 March, 16:30; 20 de março."""
    return {"en": "en_GB", "pt": "pt_PT"}.get(language, language)


def _weekday(moment: datetime, skeleton: str, language: str) -> str:
    """`samedi 27 mars`, `sábado 27 de marzo`, `Saturday 27 March`."""
    locale = dated(language)
    return f"{format_date(moment.date(), 'EEEE', locale=locale)} {format_skeleton(skeleton, moment, locale=locale)}"


def _local(instant: str, zone: str) -> datetime:
    return datetime.fromisoformat(instant).astimezone(ZoneInfo(zone))


def to_json(text: Text) -> Any:
    """A `Text` as it is kept in the database."""
    if isinstance(text, Plural):
        return {"one": text.one, "many": text.many, "by": text.by}
    return text if isinstance(text, str) else dict(text)


def phrase(text: Text, /, **values: Any) -> dict[str, Any]:
    """A text as a value of another one: a line of a list, a name within a sentence."""
    return {"text": to_json(text), "values": values} if values else {"text": to_json(text)}


def listed(names: Sequence[Any], most: int = 12) -> dict[str, Any]:
    """Names within a sentence, so many of them, and how many more there are."""
    more = len(names) - most
    rest = [phrase(_n("{count} more", "{count} more"), count=more)] if more > 0 else []
    return {"list": [*names[: most if rest else None], *rest]}


def from_json(stored: Any) -> Text:
    """The `Text` that `to_json` kept."""
    if isinstance(stored, Mapping) and "many" in stored:
        return Plural(stored["one"], stored["many"], stored["by"])
    return stored if isinstance(stored, str) else dict(stored)
