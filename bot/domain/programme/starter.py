"""The short file a school begins with: it extends Compagnon's own programme and shows, switched off, what it may change."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from bot.domain.programme.inherit import words_in
from bot.domain.programme.model import Programme
from bot.i18n import _, render, unfilled

WIDTH = 100


class Audience(StrEnum):
    """Whom a school sends or receives; each reads one journey."""

    VET = "vet"
    APPRENTICES = "apprentices"
    HED = "hed"
    INCOMING = "incoming"
    STAFF = "staff"

    @property
    def journey(self) -> str:
        return self.value if self in (Audience.INCOMING, Audience.STAFF) else "outgoing"

    @property
    def track(self) -> str:
        """The condition that holds for them."""
        return "vet" if self in (Audience.APPRENTICES, Audience.INCOMING) else self.value

    @property
    def tag(self) -> str:
        """The tag that all of them bear; empty where there is none."""
        return "apprentice" if self is Audience.APPRENTICES else ""


HEAD = _(
    "Your programme. What you do not write here is Compagnon's own, and is kept up to date with it. To change a line, "
    "remove the # in front of it and of the lines above it that name its table and its id. Then: python3 run.py "
    "programme check {file}"
)
TITLES: Mapping[str, str] = {
    "before": _("Before departure"),
    "during": _("While abroad"),
    "after": _("After the return"),
    "messages": _("Words that ask for nothing"),
}
KINDS: Mapping[str, str] = {
    "outgoing": _("Outgoing learners"),
    "incoming": _("Incoming learners"),
    "staff": _("Staff"),
}
CLOSED = _("Country of the public holidays; and the days on which the school is closed, both ends included.")
LADDER = _("Who is told first, and who after them; see the complete example: python3 run.py programme init")
TAGS = _("Conditions of your own: a learner bears the tag in the roster, an item names it under `when`.")
LEFT_OUT = _("What your school does without, by id.")


def starter(programme: Programme, audiences: Sequence[Audience], language: str, file: str) -> str:
    """The text of the file, in the school's language."""
    lines = [*_comment(render(HEAD, language, {"file": file})), "", 'extends = "compagnon"', ""]
    lines += [
        "[programme]",
        f'id = "{"_".join(audiences)}"',
        f"title = {_quoted(unfilled(programme.programme.title, language, {}))}",
    ]
    lines += [f'version = "{programme.programme.version}"', f'language = "{language}"']
    others = (language, "en")
    lines += [f"languages = [{', '.join(_quoted(each) for each in dict.fromkeys(others))}]", ""]
    lines += [*_comment(render(CLOSED, language)), "[hours]", f"#holidays = {_quoted(programme.hours.holidays)}"]
    lines += ['#closures = [{ start = 2026-12-19, end = 2027-01-03, name = "…" }]', ""]
    lines += [*_comment(render(LADDER, language)), "#[levels.today]"]
    lines += ['#rungs = [{ to = ["coordinator", "teacher"], wait = "4 h" }, { to = ["deputy"], wait = "4 h" }]', ""]
    lines += [*_comment(render(TAGS, language)), "#[tags]", '#host_family = "…"', ""]
    lines += [*_comment(render(LEFT_OUT, language)), ""]
    for journey in dict.fromkeys(each.journey for each in audiences):
        these = [each for each in audiences if each.journey == journey]
        tags = set(programme.tags) - {each.tag for each in these}
        lines += _journey(programme, journey, {each.track for each in these}, tags, language)
    return "\n".join(lines).rstrip("\n") + "\n"


def _journey(programme: Programme, name: str, tracks: set[str], tags: set[str], language: str) -> Iterator[str]:
    journey = programme.journey(name)
    yield f"# ══ {render(KINDS[name], language)} ".ljust(WIDTH, "═")
    yield f"#[{name}]"
    yield "#without = []"
    if journey.check_in is not None:
        yield f"#[{name}.check_in]"
        yield f"#weekday = {_quoted(journey.check_in.weekday)}"
        yield f'#at = "{journey.check_in.at:%H:%M}"'
        yield f"#opening = {_quoted(unfilled(journey.check_in.opening, language, {}))}"
        yield ""
    for part, title in TITLES.items():
        entries = [each for each in getattr(journey, part) if _concerns(each, tracks, tags)]
        if entries:
            yield f"# ── {render(title, language)} ".ljust(WIDTH, "─")
        for each in entries:
            yield from _entry(f"{name}.{part}", each, language)


def _concerns(entry: Any, tracks: set[str], tags: set[str]) -> bool:
    """Whether it can apply to one of these tracks, and hangs on none of those tags that only some of them bear."""
    others = {"vet", "hed", "staff"} - tracks
    named = set(entry.when) & {"vet", "hed", "staff"}
    for_some = set(entry.when) & tags or (entry.any_of and set(entry.any_of) <= tags)
    return not (named & others and not named & tracks) and not tracks <= set(entry.unless) and not for_some


def _entry(table: str, entry: Any, language: str) -> Iterator[str]:
    yield f"#[[{table}]]"
    yield f'#id = "{entry.id}"'
    for key in ("due", "at"):
        if key in entry.model_fields_set:
            yield f'#{key} = "{_moment(getattr(entry, key))}"'
            break
    key = "text" if getattr(entry, "text", None) else "title"
    yield f"#{key} = {_quoted(unfilled(getattr(entry, key), language, {}))}"


def _moment(value: Any) -> str:
    return f"{value:%H:%M}" if hasattr(value, "minute") else str(value)


def _comment(words: str) -> list[str]:
    return textwrap.wrap(words, WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def _quoted(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def texts_file(table: Mapping[str, Any], language: str, known: Callable[[str, str], str]) -> str:
    """The texts of a programme in one language, each switched off, as a file beside it takes them. `known(english,
    language)` is what Compagnon says where the table does not.
    """
    found: dict[str, list[str]] = {}
    for path, words in words_in(table):
        *tables, field = _named(table, path)
        said = words.get(language) or known(words.get("en", ""), language)
        found.setdefault(".".join(tables), []).append(f"#{field} = {_quoted(said)}")
    return "\n\n".join("\n".join((f"#[{header}]", *lines)) for header, lines in found.items()) + "\n"


def _named(table: Any, path: Sequence[str | int]) -> list[str]:
    """A path with the ids of what stands in lists."""
    steps: list[str] = []
    for step in path:
        table = table[step]
        steps.append(str(table["id"]) if isinstance(step, int) and isinstance(table, dict) else str(step))
    return steps
