"""What a programme writes in short, in words: days of a stay, waits, who, conditions, proofs."""

from __future__ import annotations

from datetime import time

from babel.dates import format_time, format_timedelta, get_day_names

from bot.domain.offset import Anchor, Offset
from bot.domain.programme import Pace, Proof, Wait
from bot.i18n import Plural, Text, _, _n, dated, show
from bot.web.desk.visitor import Visitor

ON: dict[Anchor, Text] = {
    Anchor.DEPARTURE: _("on the day of departure"),
    Anchor.START: _("on the first day of activity"),
    Anchor.MIDDLE: _("in the middle of the stay"),
    Anchor.END: _("on the last day of activity"),
    Anchor.RETURN: _("on the day of the return"),
}
BEFORE: dict[Anchor, Plural] = {
    Anchor.DEPARTURE: _n("{count} day before departure", "{count} days before departure"),
    Anchor.START: _n("{count} day before the first day of activity", "{count} days before the first day of activity"),
    Anchor.MIDDLE: _n("{count} day before the middle of the stay", "{count} days before the middle of the stay"),
    Anchor.END: _n("{count} day before the last day of activity", "{count} days before the last day of activity"),
    Anchor.RETURN: _n("{count} day before the return", "{count} days before the return"),
}
AFTER: dict[Anchor, Plural] = {
    Anchor.DEPARTURE: _n("{count} day after departure", "{count} days after departure"),
    Anchor.START: _n("{count} day after the first day of activity", "{count} days after the first day of activity"),
    Anchor.MIDDLE: _n("{count} day after the middle of the stay", "{count} days after the middle of the stay"),
    Anchor.END: _n("{count} day after the last day of activity", "{count} days after the last day of activity"),
    Anchor.RETURN: _n("{count} day after the return", "{count} days after the return"),
}
AT = _("{day}, at {hour}")
WORKING_DAYS = _n("{count} working day", "{count} working days")
REMINDED = _n("{days} day before", "{days} days before")
SAME_DAY = _("on the day itself")
PACES: dict[Pace, Text] = {
    Pace.WORKING: _("During the team's working hours."),
    Pace.WAKING: _("Every day, during waking hours."),
    Pace.ALWAYS: _("At any hour, night and day."),
}
PROOFS: dict[Proof, Text] = {
    Proof.DECLARED: _("their word"),
    Proof.CHECKED: _("an adult has seen it"),
    Proof.SYSTEM: _("seen in an official system"),
    Proof.FILE: _("a file that an adult has looked at"),
}
WHO: dict[str, Text] = {
    "learner": _("the learner"),
    "family": _("the learner, with the family"),
    "coordinator": _("the coordinator"),
    "deputy": _("the deputy"),
    "teacher": _("the teacher"),
    "finance": _("finance"),
    "administration": _("administration"),
    "head": _("the head of school"),
    "on_call": _("the on-call adult"),
    "consortium": _("the consortium's coordinator"),
    "employer": _("the employer, by e-mail"),
    "partner": _("the partner school's teacher, by e-mail"),
    "host_family": _("the host family, by e-mail"),
}
WEEKS = _n("{count} week of activity at least", "{count} weeks of activity at least")
SCHOOL = _("the school {school}")
HELD: dict[str, Text] = {
    "minor": _("minors"),
    "adult": _("adults"),
    "under_16": _("under 16"),
    "turns_18": _("whoever turns 18 abroad"),
    "ehic": _("countries of the European health card"),
    "no_ehic": _("countries without the European health card"),
    "identity_card": _("countries one enters with an identity card"),
    "passport": _("countries one enters with a passport; guests from outside Europe"),
    "short_stay": _("90 days at most"),
    "long_stay": _("more than 90 days"),
    "own_language": _("hosts who work in the learner's own language"),
    "foreign_language": _("hosts who work in another language"),
    "vet": _("vocational training"),
    "hed": _("higher education"),
    "staff": _("staff"),
    "virtual": _("virtual exchange"),
}


def derived_of(who: Visitor, name: str) -> str:
    """`in_de`, `weeks_4`, `at_valmer` in words; another name as it is."""
    kind, _under, what = name.partition("_")
    if kind == "in":
        return show({"country": what.upper()}, who.language)
    if kind == "weeks" and what.isdigit():
        return who.says(WEEKS, count=int(what))
    return who.says(SCHOOL, school=what) if kind == "at" else name


def day_of(who: Visitor, offset: Offset, at: time | None = None) -> str:
    """60 days before departure; on the day of the return, at 20:00."""
    if offset.days == 0:
        day = who.says(ON[offset.anchor])
    else:
        table = BEFORE if offset.days < 0 else AFTER
        day = who.says(table[offset.anchor], count=abs(offset.days))
    hour = offset.at or at
    return who.says(AT, day=day, hour=hour_of(who, hour)) if hour else day


def hour_of(who: Visitor, hour: time) -> str:
    return format_time(hour, "short", locale=dated(who.language))


def weekday_of(who: Visitor, number: int) -> str:
    """The name of a day of the week; Monday is 0."""
    return str(get_day_names("wide", locale=dated(who.language))[number])


def wait_of(who: Visitor, wait: Wait) -> str:
    """2 working days; 4 hours; 10 minutes."""
    if wait.days:
        return who.says(WORKING_DAYS, count=wait.days)
    return format_timedelta(wait.span, threshold=2, granularity="minute", locale=dated(who.language))


def reminders_of(who: Visitor, days: tuple[int, ...]) -> str:
    """14 and 3 days before, on the day itself."""
    before = [each for each in days if each]
    listed = {"list": [str(each) for each in before]}
    told = [who.says(REMINDED, count=max(before), days=listed)] if before else []
    return ", ".join([*told, who.says(SAME_DAY)] if 0 in days else told)
