"""What the desk says of an adult, beside the team's file: it stands as long as the file says what it said then.

The file says something new: the file counts again. So whoever lost a role at the desk does not get it back because an
unchanged file is brought in once more, and whoever was added there is not dismissed by it.
"""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.person import Role
from bot.store.db import Tx
from bot.store.imports import TeamWord
from bot.store.people import Person

PLAIN = ("first_name", "last_name", "email", "phone")
HOME = 0
Post = tuple[Role, int | None]
"""A role, and the school it is held at; None at home."""


def say_word(tx: Tx, person: Person, about: str, was: str, now: str, by: Person) -> None:
    """Something is otherwise from now on. What the file said is what stood before the desk's first word about it."""
    known = _words(tx, person).get(about)
    if known is None:
        tx.rows.add(TeamWord(person_id=person.id, about=about, filed=was, said=now, by_id=by.id, at=tx.now))
    elif known.filed == now:
        tx.rows.delete(known)
    else:
        known.said, known.by_id, known.at = now, by.id, tx.now
    tx.rows.flush()


def role_word(role: Role, school: int | None) -> str:
    return f"role {role.value} {school or HOME}"


def plain_after(tx: Tx, person: Person, about: str, filed: str | None) -> str | None:
    """A name, a mailbox or a phone as it counts, where the file says so now."""
    known = _words(tx, person).get(about)
    if known is None:
        return filed
    if known.filed == (filed or ""):
        return known.said or None
    tx.rows.delete(known)
    return filed


def roles_after(tx: Tx, person: Person, filed: set[Post]) -> set[Post]:
    """The roles as they count, where the file gives these now."""
    found = set(filed)
    for about, word in _words(tx, person).items():
        if not about.startswith("role "):
            continue
        _word, name, place = about.split()
        post: Post = (Role(name), int(place) or None)
        if bool(word.filed) is not (post in filed):
            tx.rows.delete(word)
        elif word.said:
            found.add(post)
        else:
            found.discard(post)
    return found


def _words(tx: Tx, person: Person) -> dict[str, TeamWord]:
    if person.id is None:
        return {}
    return {word.about: word for word in tx.rows.scalars(select(TeamWord).where(TeamWord.person_id == person.id))}
