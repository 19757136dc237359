"""Nobody is missed for a file's sake: whether a stay will be spoken to at all, and whether anybody answers for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.programme import Programme
from bot.domain.programme.journey import Journey
from bot.domain.roster.fields import Field
from bot.domain.roster.line import Line
from bot.domain.roster.row import KnownSchool, RosterRow
from bot.domain.stay import Stay, conditions
from bot.i18n import _, say


@dataclass(frozen=True)
class Reach:
    """The programme and the schools that rows are held against."""

    programme: Programme
    schools: Sequence[KnownSchool]

    def check(self, line: Line, row: RosterRow | None) -> None:
        """Refuse a row that would hear nothing; say of one that nobody of its school would hear."""
        if row is None:
            return
        if self.programme.journey(row.kind) == Journey():
            text = _('the programme has no part for stays of kind "{kind}": nobody would ask after this learner')
            line.wrong(Field.KIND, say(text, kind=row.kind))
        elif not self._is_planned(row):
            text = _("the programme plans no contact at all for this stay: nobody would ask after this learner")
            line.odd(Field.DEPARTURE, say(text))
        school = next((each for each in self.schools if each.ref == row.school), None)
        if school and school.adults == 0:
            text = _('nobody of "{school}" can take a case: name a coordinator in the team, then import it again')
            line.odd(Field.SCHOOL, say(text, school=school.name))

    def _is_planned(self, row: RosterRow) -> bool:
        journey = self.programme.journey(row.kind)
        if journey.arrival or journey.safe_return or journey.check_in or journey.attendance:
            return True
        held = conditions(self.programme, _stay_of(row))
        asked = (item for item in journey.items if item.asks_learner and item.remind)
        return any(each.applies(held) for each in (*asked, *journey.messages))


def _stay_of(row: RosterRow) -> Stay:
    return Stay(
        id=0,
        ref=row.reference,
        kind=row.kind,
        track=row.track,
        country=row.country,
        city=row.city,
        zone=row.zone,
        home_zone=row.home_zone,
        departure=row.departure,
        start=row.start,
        end=row.end,
        back=row.back,
        birth=row.birth,
        home_country=row.home_country,
        working_language=row.working_language,
        school=row.school,
        tags=row.tags,
    )
