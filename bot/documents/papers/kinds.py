"""Which papers there are, about whom, and who may take one out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.documents.papers.class_sheet import class_sheet
from bot.documents.papers.europass import europass
from bot.documents.papers.grids import grids
from bot.documents.papers.learner import agreement, attestation, staff
from bot.documents.papers.paper import Paper, Pen
from bot.domain.balance import counts
from bot.domain.rights import Act
from bot.domain.stay import Kind
from bot.domain.working_language import working_language
from bot.i18n import LANGUAGES, Text, _, best_language
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.stays import StayRow

Make = Callable[[Tx, Person, StayRow, Pen], Paper | list[Paper]]


@dataclass(frozen=True)
class PaperKind:
    """One kind of paper. `signed` by somebody at the host's, it is in their language; `both`: and in the school's above it."""

    title: Text
    about: Text
    act: Act
    make: Make | None = None
    """None for what is made of a whole class."""
    kinds: frozenset[Kind] = frozenset(Kind)
    signed: bool = False
    both: bool = False
    over: bool = False
    """Only of a stay that is over."""
    apart: bool = False
    """It is made on a page of its own."""

    def suits(self, row: StayRow, tx: Tx) -> bool:
        stay = row.facts()
        return row.kind in self.kinds and (not self.over or counts(stay, stay.day_at(tx.now)))

    def languages(self, tx: Tx, row: StayRow, wanted: str, reader: str) -> tuple[str, ...]:
        """The languages of one paper: the one that was asked for, else that of whoever signs or reads it."""
        first = wanted if wanted in LANGUAGES else signers(tx, row) if self.signed else best_language(reader)
        home = best_language(tx.programme.programme.language)
        return (home, first) if self.both and first != home else (first,)


def signers(tx: Tx, row: StayRow) -> str:
    """The language of the tutor, else that of the place, else English."""
    spoken = row.tutor_language or row.working_language
    return best_language(
        spoken or working_language(row.country, row.city, tx.programme.programme.language), default="en"
    )


def papers_of(tx: Tx, adult: Person, kind: str, rows: Sequence[StayRow], wanted: str = "") -> list[Paper]:
    """The papers of one kind about these stays; whom it does not suit has none."""
    made = KINDS[kind]
    fitting = [row for row in rows if made.suits(row, tx)]
    if made.make is None:
        languages = (wanted if wanted in LANGUAGES else best_language(adult.language),)
        classes = groupby(fitting, key=lambda row: (row.school_id, row.class_name))
        return [class_sheet(tx, adult, list(theirs), Pen(languages)) for _class, theirs in classes]
    found = (made.make(tx, adult, row, Pen(made.languages(tx, row, wanted, adult.language))) for row in fitting)
    return [paper for each in found for paper in (each if isinstance(each, list) else [each])]


KINDS: dict[str, PaperKind] = {
    "attestation": PaperKind(
        _("Certificate of attendance"),
        _("For the host to sign on the last day, in their language."),
        Act.SEE_LEARNERS,
        attestation,
        signed=True,
    ),
    "grid": PaperKind(
        _("Evaluation grid"),
        _("For the tutor at the host, in your language and in theirs; with what they said on their page."),
        Act.SEE_LEARNERS,
        grids,
        frozenset({Kind.OUTGOING}),
        signed=True,
        both=True,
    ),
    "europass": PaperKind(
        _("Europass Mobility: the host's part"),
        _("What was learned, for the tutor to complete and to sign, in your language and in theirs."),
        Act.READ_ANSWERS,
        europass,
        frozenset({Kind.OUTGOING, Kind.INCOMING}),
        signed=True,
        both=True,
    ),
    "agreement": PaperKind(
        _("Grant agreement: its annexes"),
        _("What must have been seen before the departure, ticked as it stands today."),
        Act.SEE_LEARNERS,
        agreement,
    ),
    "class": PaperKind(
        _("Class sheet"),
        _("Names, phone numbers, hosts and tutors of a class on one page, for the bag of whoever is on call."),
        Act.SEE_CASES,
        kinds=frozenset({Kind.OUTGOING, Kind.INCOMING}),
    ),
    "staff": PaperKind(
        _("Certificate of staff mobility"),
        _("For an adult who has been away: for the file of the career interview."),
        Act.SEE_LEARNERS,
        staff,
        frozenset({Kind.STAFF}),
        over=True,
    ),
    "review": PaperKind(
        _("Review of the last twelve months"),
        _("Figures without names, and what was decided; on its own page, beside the figures."),
        Act.SEE_FIGURES,
        apart=True,
    ),
}
"""By the name that an address and a template carry."""
