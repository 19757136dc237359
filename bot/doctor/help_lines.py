"""Help lines: whether a learner in need finds a number for the country they go to, and how old it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.doctor.finding import Finding, broken, fine, look
from bot.domain.programme import Programme
from bot.domain.programme.help import SERVICES, HelpLine
from bot.domain.stay import Kind
from bot.handlers.desk.links import unanswered
from bot.i18n import Sentence, _, joined, say
from bot.store.stays import StayRow

ABOUT = _("help lines")
HOW = say(_("write it as [[help.lines]] in the programme, with its source and today's date"))


def numbers(rows: Session, programme: Programme, today: date) -> Iterator[Finding]:
    """The host countries of the stays under way and to come; guests in France call no French consulate."""
    wanted = select(StayRow.country).where(StayRow.cancelled.is_(False), StayRow.back >= today)
    hosts = sorted(set(rows.scalars(wanted.where(StayRow.kind.in_((Kind.OUTGOING, Kind.STAFF))))))
    lines = {country: programme.help.of(country) for country in hosts}
    blind = [
        one for one in hosts if one not in programme.emergency and not {"emergency", *SERVICES} & lines[one].keys()
    ]
    if blind:
        text = _("no emergency number is known for {countries}: 112 is shown there")
        yield broken(
            ABOUT,
            say(text, countries=_list(blind)),
            say(_("write it under [emergency] in the programme, from diplomatie.gouv.fr")),
        )
    lacking = [one for one in hosts if "consulate" not in lines[one]]
    if lacking:
        yield look(
            ABOUT,
            say(_("no emergency number of the French consulate for {countries}"), countries=_list(lacking)),
            joined([HOW, say(_("see ambafrance.org"))], ": "),
        )
    dead = unanswered(rows).intersection(link.address for link in programme.links.pages)
    if dead:
        text = _("at {names} nothing answered when the links were asked")
        yield look(
            _("links"), say(text, names=_list(sorted(dead))), say(_("mend the address in the programme, or remove it"))
        )
    old = {line for country in hosts for line in lines[country].values() if line.stale(today)}
    for line in sorted(old, key=lambda one: (one.checked, one.number)):
        yield look(ABOUT, _aged(line), joined([say(_("look there")), HOW], "; "))
    if hosts and not (blind or lacking or old):
        yield fine(ABOUT, say(_("complete and of this year for {countries}"), countries=_list(hosts)))


def _aged(line: HelpLine) -> Sentence:
    return say(
        _("{what} {number} was last compared with its source on {checked} ({source})"),
        what=line.what,
        number=line.number,
        checked=line.checked,
        source=line.source,
    )


def _list(countries: list[str]) -> str:
    return ", ".join(countries)
