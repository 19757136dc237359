"""What is held about people: every column of every table is of a kind, or technical. One table, from which come the page
that shows it, the copy that somebody asks for, what is erased, and until when each kind is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.purposes import Kind
from bot.i18n import Text, _


@dataclass(frozen=True)
class Held:
    """A table with something personal in it: whose its rows are, and of which kind its columns."""

    owner: str
    """The columns that say whose a row is: of a person, or of a stay or a case that is theirs."""
    kinds: Mapping[Kind, str]
    """What its owner gets a copy of."""
    others: str = ""
    """What is about somebody else, or in an adult's words: in nobody's copy, erased with its row."""
    technical: str = "id"

    @property
    def columns(self) -> frozenset[str]:
        """Every column that is named here."""
        return frozenset(" ".join((*self.kinds.values(), self.others, self.technical)).split())


_WHEN = "wake_at version"
HELD: Mapping[str, Held] = {
    "people": Held(
        "id",
        {
            Kind.IDENTITY: "ref first_name last_name birth language school_id",
            Kind.CONTACT: "email phone",
            Kind.MESSAGES: "last_sign_at",
        },
        technical="id ref_key letters wake_at",
    ),
    "addresses": Held(
        "person_id",
        {Kind.CONTACT: "channel native state created_at used_at account"},
        technical="id person_id identity",
    ),
    "invitations": Held("person_id", {Kind.CONTACT: "expires_at used_at trusted"}, technical="id person_id code_hash"),
    "login_links": Held(
        "person_id", {Kind.CONTACT: "expires_at used_at"}, technical="id person_id address_id code_hash browser_hash"
    ),
    "visits": Held(
        "person_id", {Kind.CONTACT: "began_at seen_at browser"}, technical="id person_id address_id token_hash"
    ),
    "calendar_feeds": Held("person_id", {Kind.CONTACT: "made_at seen_at"}, technical="id person_id code_hash"),
    "passes": Held(
        "person_id stay_id", {Kind.CONTACT: "purpose expires_at"}, technical="id person_id stay_id code_hash"
    ),
    "guardians": Held(
        "person_id", {Kind.FAMILY: "position name language"}, others="email phone", technical="id person_id"
    ),
    "family_ties": Held("parent_id learner_id", {}, others="parent_id learner_id"),
    "consents": Held(
        "learner_id person_id",
        {Kind.FAMILY: "purpose giver given text_version language channel at"},
        others="learner_id person_id",
    ),
    "stays": Held(
        "person_id",
        {
            Kind.STAY: "school_id kind track class_name country city zone home_zone home_country working_language departure start "
            "end back nights_out nights_back host tags enrolled_at ended ended_at unlisted_at kept_at paused_from paused_until"
        },
        others="tutor_name tutor_email tutor_language tutor_phone teacher teacher_phone",
        technical=f"id person_id {_WHEN}",
    ),
    "stay_contacts": Held("stay_id", {Kind.STAY: "role"}, others="name email phone language", technical="id stay_id"),
    "changes": Held("stay_id", {Kind.STAY: "at kind day before"}, others="person_id", technical="id stay_id"),
    "contact_elsewhere": Held("stay_id", {Kind.STAY: "at until"}, others="person_id how", technical="id stay_id"),
    "imported_stays": Held("stay_id", {Kind.STAY: "made before after"}, technical="id import_id stay_id"),
    "testimonies": Held(
        "person_id",
        {Kind.FAMILY: "words scope until given_at guardians_at"},
        others="guardians_by_id",
        technical="id person_id stay_id",
    ),
    "pairs": Held(
        "helper_id newcomer_id",
        {Kind.STAY: "kind asked_at together_at ended_at ended"},
        others="helper_id newcomer_id asked_by_id helper_at helper_way newcomer_at newcomer_way mixed",
        technical="id helper_stay_id stay_id",
    ),
    "item_states": Held("stay_id", {Kind.PAPERS: "item state value at"}, others="by_id", technical="id stay_id"),
    "badges": Held("stay_id", {Kind.PAPERS: "shared_at"}, technical="id stay_id"),
    "green_lights": Held(
        "stay_id", {Kind.PAPERS: "departure verdict at"}, others="reason person_id", technical="id stay_id"
    ),
    "proofs": Held(
        "person_id stay_id",
        {Kind.PAPERS: "item state problem mime size received_at ends_at"},
        others="content",
        technical="id stay_id person_id session_id inbox_id step channel native album attempts due_at",
    ),
    "sessions": Held(
        "person_id stay_id",
        {Kind.ANSWERS: "flow occurrence answers state answered_at postponed"},
        technical=f"id person_id stay_id touchpoint facts asked urgency expires_at {_WHEN}",
    ),
    "portfolio": Held("stay_id", {Kind.PORTFOLIO: "kind about words at shared_at"}, technical="id stay_id"),
    "marks": Held("stay_id", {Kind.ANSWERS: "touchpoint occurrence outcome at"}, technical="id stay_id"),
    "push_subscriptions": Held(
        "person_id", {Kind.CONTACT: "endpoint created_at"}, technical="id person_id native p256dh auth"
    ),
    "inbox": Held(
        "person_id",
        {Kind.MESSAGES: "channel received_at written_at shown outcome"},
        technical="id native raw urgent behind state person_id problem message session_id step said",
    ),
    "outbox": Held(
        "person_id",
        {Kind.MESSAGES: "created_at sent_at state rendered"},
        technical="id person_id stay_id session_id case_id step lane message due_at lease_until fence attempts address_id "
        "bound chosen problem native edit_of said waits_for",
    ),
    "cases": Held(
        "stay_id",
        {Kind.CASES: "topic level opened_at closed_at"},
        others="alerted owner_id reason",
        technical=f"id stay_id session_id rung round touched_at asked_at grave {_WHEN}",
    ),
    "case_events": Held("case_id", {Kind.CASES: "at kind"}, others="person_id detail", technical="id case_id"),
    "left_out": Held(
        "person_id", {Kind.CASES: "by_learner at lifted_at"}, others="adult_id lifted_by_id", technical="id person_id"
    ),
    "roles": Held("person_id", {Kind.TEAM: "role school_id"}, technical="id person_id"),
    "leaves": Held("person_id", {Kind.TEAM: "first last announced"}, technical="id person_id"),
    "on_call_slots": Held("person_id", {Kind.TEAM: "since until"}, technical="id person_id"),
    "team_words": Held("person_id", {Kind.TEAM: "about filed said at"}, others="by_id", technical="id person_id"),
    "roster_imports": Held(
        "person_id", {Kind.TEAM: "at undone_at"}, others="name undone_by_id", technical="id person_id"
    ),
    "erasures": Held(
        "person_id",
        {Kind.TRAIL: "asked_at stage by"},
        others="decided_by_id",
        technical="id number person_id school_id why due_at done_at counts",
    ),
    "audit": Held("actor target", {Kind.TRAIL: "at action"}, others="actor target detail"),
}
"""Whose rows they are: `audit` names people in words (`person 12`), which are found in another way."""
TECHNICAL: Mapping[str, str] = {
    "schools": "id ref name city zone phone on_call_phone",
    "settings": "name value",
    "deadlines": "id school_id sort title day yearly project source owner_id state settled_at settled_by_id said_on follows_id",
    "deaf_spells": "id channel since until",
    "programme_versions": "id at text beside digest by_id agreed_id on_disk",
}
"""Tables about nobody: schools, their dates, the programme, the installation."""
FREE_TEXT: Mapping[str, str] = {
    "outbox": "message rendered",
    "inbox": "shown",
    "sessions": "answers facts",
    "cases": "reason",
    "case_events": "detail",
    "green_lights": "reason",
    "contact_elsewhere": "how",
    "item_states": "value",
    "pairs": "helper_way newcomer_way",
    "testimonies": "words",
    "stays": "teacher teacher_phone tutor_name tutor_email tutor_phone host",
    "changes": "before",
    "team_words": "filed said",
    "roster_imports": "name",
    "imported_stays": "before after",
    "deadlines": "title source",
    "audit": "detail",
}
"""Where words stand in which anybody may be named, in a row that belongs to somebody else."""
IN_CLEAR: Mapping[str, str] = {
    "stays": "teacher teacher_phone tutor_name tutor_email tutor_phone host",
    "changes": "before",
    "team_words": "filed said",
    "roster_imports": "name",
    "deadlines": "title source",
    "audit": "detail",
}
"""What of this a copied database says all the same. Names, references, addresses and hosts: imports find people by them, tutors
are known by their mail, figures are by host, and an alarm is to name somebody whatever became of a key. The dates of a change,
and what the trail says, are ids and states; the team and the dates of the consortium are no learner's. Everything else in `FREE_TEXT`
is sealed (`store/sealed.py`), and so are guardians, contacts of a stay and the diary."""
TRAIL_OF_READING: Mapping[str, Text] = {
    "look": _("looked at a page or a file"),
    "read": _("read a situation"),
    "read answers": _("read answers"),
    "read words": _("read words"),
    "export": _("took a copy"),
}
"""What of the audit log is somebody reading."""


@dataclass
class Copied:
    """What one person's rows are, by kind and table: what a copy of their data holds."""

    rows: dict[Kind, dict[str, list[dict[str, object]]]] = field(default_factory=dict)

    def count(self, kind: Kind) -> int:
        """So many entries of a kind."""
        return sum(len(rows) for rows in self.rows.get(kind, {}).values())
