"""A school's programme as the difference from Compagnon's own, and its texts in languages of their own files.

Pure: tables in, tables out. `extends = "compagnon"` takes over everything that the school does not write; tables meet
by their keys, lists of tables by their `id`. A language file (`programme.de.toml`) says texts only, each under the id
it belongs to. What Compagnon's own texts say in further languages stands in `locales/`, found by their English.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from babel.localedata import exists

from bot.domain.programme.problem import Path, Problem, place
from bot.domain.spelling import nearest
from bot.i18n import _, say

Table = dict[str, Any]
TABLES = (dict, list)
"""What holds more than one value. Nine in ten are words and numbers: whoever goes through all of them asks this first."""
EXTENDS, WITHOUT, ORDER, OURS = "extends", "without", "order", "compagnon"


class Inheritance:
    """What a school wrote, laid over what is shipped; `problems` are what could not be laid anywhere."""

    def __init__(self, written: Mapping[str, Any], shipped: Mapping[str, Any]) -> None:
        self.problems: list[Problem] = []
        self._language = _spoken(written) or _spoken(shipped)
        own = {key: value for key, value in written.items() if key != EXTENDS}
        extends = written.get(EXTENDS)
        if EXTENDS in written and extends != OURS:
            says = say(_('"{given}" is not known here: write {names}'), given=extends, names={"choice": [OURS]})
            self.problems.append(Problem("", EXTENDS, says))
        self.table: Table = self._merged(_copied(dict(shipped)), own, ()) if extends == OURS else _copied(own)
        self._put_in_order(self.table, ())

    def _merged(self, ours: Table, theirs: Mapping[str, Any], path: Path) -> Table:
        for key, value in theirs.items():
            if key == WITHOUT and isinstance(value, list):
                self._leave_out(ours, value, path)
                continue
            ours[key] = self._over(ours.get(key), value, (*path, key))
        return ours

    def _over(self, ours: Any, theirs: Any, path: Path) -> Any:
        if is_words(ours) and isinstance(theirs, str):
            return {**ours, self._language: theirs}
        if isinstance(ours, dict) and isinstance(theirs, dict):
            return self._merged(ours, theirs, path)
        if _have_ids(ours) and _have_ids(theirs):
            return self._by_id(ours, theirs, path)
        return _copied(theirs)

    def _by_id(self, ours: list[Table], theirs: list[Table], path: Path) -> list[Table]:
        """The shipped order, with what is the school's own at the end."""
        at = {each["id"]: number for number, each in enumerate(ours)}
        for each in theirs:
            if each["id"] in at:
                ours[at[each["id"]]] = self._merged(ours[at[each["id"]]], each, (*path, at[each["id"]]))
            else:
                ours.append(_copied(each))
        return ours

    def _leave_out(self, ours: Table, names: Sequence[Any], path: Path) -> None:
        """Items, messages and questions that a school does without."""
        self._known(ours, names, (*path, WITHOUT))
        for key, value in ours.items():
            if _have_ids(value):
                ours[key] = [each for each in value if each["id"] not in names]

    def _put_in_order(self, table: Table | list[Any], path: Path) -> None:
        """Rows that a school names come first, in its order; the rest after them, in theirs."""
        if isinstance(table, dict) and isinstance(table.get(ORDER), list) and any(map(_have_ids, table.values())):
            names = table.pop(ORDER)
            self._known(table, names, (*path, ORDER))
            for key, value in table.items():
                if _have_ids(value):
                    table[key] = sorted(value, key=partial(_place_in, names))
        for step, value in table.items() if isinstance(table, dict) else enumerate(table):
            if isinstance(value, TABLES):
                self._put_in_order(value, (*path, step))

    def _known(self, table: Table, names: Sequence[Any], path: Path) -> None:
        """Whatever is named has to be there."""
        known = {each["id"] for value in table.values() if _have_ids(value) for each in value}
        for name in names:
            if name not in known:
                where, field = place(path, {})
                says = say(_('nothing here is called "{name}"'), hint=nearest(str(name), known), name=name)
                self.problems.append(Problem(where, field, says))


def _copied(value: Any) -> Any:
    """Tables and lists of one's own, all the way down: what is laid is changed, what it was laid from is not."""
    if isinstance(value, dict):
        return {key: _copied(inner) if isinstance(inner, TABLES) else inner for key, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list) else value


def _place_in(names: Sequence[Any], row: Mapping[str, Any]) -> int:
    return names.index(row["id"]) if row["id"] in names else len(names)


def _spoken(table: Mapping[str, Any]) -> str:
    about = table.get("programme")
    return str(about.get("language", "")) if isinstance(about, dict) else ""


def is_words(value: object) -> bool:
    """Whether a table is one text in several languages. `{ id = "…" }` alone is no Indonesian."""
    if not isinstance(value, dict) or not value or (len(value) == 1 and "id" in value):
        return False
    return all(map(_is_language, value)) and all(isinstance(words, str) for words in value.values())


@lru_cache(maxsize=1024)
def _is_language(key: object) -> bool:
    return exists(str(key).replace("-", "_"))


def _have_ids(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) and "id" in each for each in value)


def half_changed(written: Mapping[str, Any], shipped: Mapping[str, Any]) -> Iterator[Problem]:
    """Texts that a school changed in some of its languages, while the others still say what Compagnon says."""
    laid = Inheritance(written, shipped).table if written.get(EXTENDS) == OURS else {}
    ours = dict(words_in(_by_names(shipped)))
    promised = laid.get("programme", {}).get("languages", ())
    for path, words in words_in(_by_names(laid)):
        same = [each for each in promised if each in words and words[each] == ours.get(path, {}).get(each)]
        if path in ours and words != ours[path] and same:
            where, field = place(path, {})
            says = _("in {languages} it still says what Compagnon says: does that fit what you changed?")
            yield Problem(where, field, say(says, languages={"list": same}))


def lay_texts(table: Table, texts: Mapping[str, Any], language: str) -> Iterator[Problem]:
    """Add the texts of a language file to a programme's tables. Yields what belongs nowhere."""
    yield from _lay(table, texts, language, _spoken(table), ())


def _lay(table: Any, texts: Mapping[str, Any], language: str, spoken: str, path: Path) -> Iterator[Problem]:
    for key, value in texts.items():
        step, inner = _find(table, key)
        where, field = place((*path, key), {})
        if step is None:
            says = say(_('nothing here is called "{name}"'), hint=nearest(key, _names(table)), name=key)
            yield Problem(where, field, says)
        elif isinstance(value, dict) and not is_words(inner) and isinstance(inner, dict | list):
            yield from _lay(inner, value, language, spoken, (*path, key))
        elif isinstance(value, str) and (isinstance(inner, str) or is_words(inner)):
            table[step] = {**({spoken: inner} if isinstance(inner, str) else inner), language: value}
        else:
            yield Problem(where, field, say(_("this is no text: a file of one language holds texts only")))


def _find(table: Any, key: str) -> tuple[Any, Any]:
    """Where a name leads: the key of a table, or the place of an id in a list."""
    if isinstance(table, dict) and key in table:
        return key, table[key]
    if isinstance(table, list):
        return next(((at, each) for at, each in enumerate(table) if each.get("id") == key), (None, None))
    return None, None


def _names(table: Any) -> set[str]:
    return set(table) if isinstance(table, dict) else {str(each.get("id", "")) for each in table}


def promise(table: Table, language: str) -> None:
    """A programme speaks every language that it has a file of."""
    about = table.get("programme")
    if isinstance(about, dict) and isinstance(about.get("languages"), list) and language not in about["languages"]:
        about["languages"] = [*about["languages"], language]


def words_in(table: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], dict[str, str]]]:
    """Every text of a programme's tables that stands in several languages, and where."""
    if is_words(table):
        yield path, table
    elif isinstance(table, TABLES):
        for step, value in table.items() if isinstance(table, dict) else enumerate(table):
            if isinstance(value, TABLES):
                yield from words_in(value, (*path, step))


def _by_names(table: Any) -> Any:
    """The same tables with lists of tables by their ids, so that a path means the same in two programmes."""
    if isinstance(table, dict):
        return {key: _by_names(value) for key, value in table.items()}
    return {str(each["id"]): _by_names(each) for each in table} if _have_ids(table) else table


def fill(table: Table, known: Callable[[str], Mapping[str, str]]) -> None:
    """Add what Compagnon's own texts say in its other languages, promised or not; `known(english)` is each by its language."""
    for _path, words in words_in(table):
        for language, said in known(words.get("en", "")).items():
            words.setdefault(language, said)
