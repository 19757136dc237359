"""`invite REF --family` and `invite REF --tutor`: links for those around a learner, to hand over or to send."""

from __future__ import annotations

from bot.commands.opening import CommandError, Opened, person_of
from bot.commands.terminal import warn
from bot.documents.invitations import Doors, Way, ways
from bot.handlers.people.guardians import family_of
from bot.handlers.people.invitations import fresh
from bot.handlers.say.host import tutor_of
from bot.handlers.say.links import Page, link, take_back
from bot.i18n import _
from bot.store.db import Tx
from bot.store.records import keep_setting
from bot.store.stays import StayRow, current_stay


def for_family(here: Opened, ref: str, doors: Doors) -> int:
    """For each guardian of the roster: a code that works once, one link per channel."""
    if not here.programme.family.pings:
        warn(_("The programme tells families nothing ([family] pings): a link leads to nothing yet."))

    def made(tx: Tx) -> list[tuple[str, tuple[Way, ...]]]:
        learner = _stay_of(tx, ref).person
        found = []
        for parent in family_of(tx, learner):
            code = fresh(tx, parent, trusted=True)
            by_email = (Way("email", f"{doors.web}/f/{code}"),) if parent.email else ()
            found.append((parent.full_name, (*by_email, *reversed(ways(doors, code, telegram=True)))))
        return found

    invited = here.db.run(made)
    if not invited:
        raise CommandError(_("The roster names no guardian of {ref}. Add one there, and import it again."), ref=ref)
    for name, links in invited:
        print(name)
        for way in links:
            print(f"  {way.channel} {way.link} {way.code}".rstrip(), flush=True)
    return 0


def for_tutor(here: Opened, ref: str, revoke: bool) -> int:
    """The link of the host tutor's page: good until two weeks after the return."""

    def made(tx: Tx) -> tuple[int, str]:
        stay = _stay_of(tx, ref)
        tutor = tutor_of(tx, stay)
        if tutor is None:
            raise CommandError(_("The roster names no tutor for {ref}. Add one there, and import it again."), ref=ref)
        keep_setting(tx.rows, "web_address", {"url": here.config.web.address})
        ended = take_back(tx, stay, Page.TUTOR) if revoke else 0
        return ended, link(tx, tutor, stay, Page.TUTOR)

    ended, made_link = here.db.run(made)
    if ended:
        warn(_("Earlier links that no longer work: {count}."), count=ended)
    print(made_link)
    return 0


def _stay_of(tx: Tx, ref: str) -> StayRow:
    stay = current_stay(tx.rows, person_of(tx, ref).id)
    if stay is None:
        raise CommandError(_("{ref} has no stay: families and tutors are those of a learner."), ref=ref)
    return stay
