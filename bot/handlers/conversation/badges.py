"""The badge of a stay: awarded with a tick, taken back with a reason, and whether its owner lets it go to a platform."""

from __future__ import annotations

from importlib.util import find_spec

from bot.domain.messages import Offer
from bot.handlers.say.own_page import own_page
from bot.handlers.say.post import tell
from bot.i18n import Text, _, phrase
from bot.store.badges import end_badge, known_badge, numbered
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.records import audit
from bot.store.stays import ItemState, StayRow, items_of

AWARDED: Text = _("You have a badge: « {badge} ». /skills has it, to keep and to show.")
NO_LIBRARY = _("Ticked. The learner is promised no badge yet: this installation makes none until the extra `badges` is installed. Then /skills has it.")  # fmt: skip
ENDED: Text = _("The badge « {badge} » does not count any more. {adult} writes: {words}\nWhat you have learned stays yours: /skills. If this is a mistake, write to me: an adult reads it.")  # fmt: skip
BADGE: Text = _("Your badge « {badge} », to keep (for one hour): {link}")
BADGE_ONLY: Text = _("You have the badge « {badge} ».")
SHARE, KEEP = _("My school may put it on a badge platform"), _("No longer on a badge platform")
SHARED: Text = _("Noted. Your school may put your badge on a badge platform, with your name and e-mail. To change that: /skills.")  # fmt: skip
KEPT: Text = _("Noted. Your badge is handed on no more. If it is on a platform already, your school takes it down when you ask.")  # fmt: skip

TOLD = "told of no badges"


def makes_badges(tx: Tx) -> bool:
    """Whether this installation can sign one: nobody is promised what nothing makes."""
    return tx.keys is not None and find_spec("openbadgeslib") is not None


def is_badge(tx: Tx, item: str) -> bool:
    """Whether the tick of an item awards the badge."""
    return tx.programme.badge is not None and tx.programme.badge.item == item


def earned(tx: Tx, stay: StayRow) -> ItemState | None:
    """The tick of an adult that it is earned."""
    badge = tx.programme.badge
    state = items_of(tx.rows, stay.id).get(badge.item) if badge is not None else None
    return state if state is not None and state.state == "done" else None


def has_badge(tx: Tx, stay: StayRow) -> bool:
    """Whether an adult has ticked that it is earned."""
    return earned(tx, stay) is not None


def award(tx: Tx, adult: Person, stay: StayRow) -> None:
    """Its owner is told, once; the adult is, where nothing can make it, once for all that they tick together."""
    if not makes_badges(tx):
        if TOLD not in tx.rows.info:
            tx.rows.info[TOLD] = True
            tell(tx, adult, NO_LIBRARY)
        return
    if tx.programme.badge is not None and known_badge(tx.rows, stay.id) is None:
        numbered(tx.rows, stay.id)
        tell(tx, stay.person, AWARDED, {"badge": phrase(tx.programme.badge.title)})


def withdraw(tx: Tx, adult: Person, stay: StayRow, words: str) -> None:
    """Copies that are out are found not to count, by whoever checks them; the learner reads why."""
    assert tx.programme.badge is not None
    end_badge(tx.rows, numbered(tx.rows, stay.id))
    audit(tx, f"person {adult.id}", "take back badge", f"stay {stay.id}")
    values = {"badge": phrase(tx.programme.badge.title), "adult": adult.full_name, "words": words}
    tell(tx, stay.person, ENDED, values)


def show_badge(tx: Tx, person: Person, stay: StayRow) -> None:
    """The badge in `/skills`, with its page, and who may hand it on."""
    badge = tx.programme.badge
    if badge is None or not has_badge(tx, stay) or not makes_badges(tx):
        return
    link, shared = own_page(tx, person), numbered(tx.rows, stay.id).shared_at is not None
    says = {"do": "command", "word": "skills", "rest": "badge kept" if shared else "badge shared", "keeps": True}
    values = {"badge": phrase(badge.title), "link": f"{link}/badge"}
    tell(tx, person, BADGE if link else BADGE_ONLY, values, Offer(KEEP if shared else SHARE, says))


def share(tx: Tx, person: Person, stay: StayRow, *, yes: bool) -> None:
    """One press, and one to take it back."""
    if not has_badge(tx, stay) or not makes_badges(tx):
        return
    numbered(tx.rows, stay.id).shared_at = tx.now if yes else None
    tell(tx, person, SHARED if yes else KEPT)
