"""Every table in one place, for migrations."""

from bot.store.badges import BadgeRow
from bot.store.base import Base
from bot.store.cases import CaseEvent, CaseRow
from bot.store.consents import ConsentRow, Tie
from bot.store.contacts import StayContact
from bot.store.deadlines import Deadline
from bot.store.erasures import Erasure
from bot.store.imports import ImportedStay, RosterImport, TeamWord
from bot.store.links import CalendarFeed, LoginLink, Pass, Visit
from bot.store.messages import InboxRow, OutboxRow
from bot.store.outages import DeafSpell
from bot.store.pairings import PairRow
from bot.store.people import Address, Guardian, Invitation, LeaveTaken, OnCallSlot, Person, RoleHeld, School
from bot.store.portfolio import PortfolioRow
from bot.store.programmes import ProgrammeVersion
from bot.store.proofs import ProofRow
from bot.store.push import PushSubscription
from bot.store.records import AuditRow, SettingRow
from bot.store.sessions import SessionRow
from bot.store.stays import ChangeRow, ContactElsewhere, GreenLightRow, ItemState, Mark, StayRow
from bot.store.testimonies import Testimony

__all__ = [
    "Address",
    "AuditRow",
    "BadgeRow",
    "Base",
    "CalendarFeed",
    "CaseEvent",
    "CaseRow",
    "ChangeRow",
    "ConsentRow",
    "ContactElsewhere",
    "Deadline",
    "DeafSpell",
    "Erasure",
    "GreenLightRow",
    "Guardian",
    "ImportedStay",
    "InboxRow",
    "Invitation",
    "ItemState",
    "LeaveTaken",
    "LoginLink",
    "Mark",
    "OnCallSlot",
    "OutboxRow",
    "PairRow",
    "Pass",
    "Person",
    "PortfolioRow",
    "ProgrammeVersion",
    "ProofRow",
    "PushSubscription",
    "RoleHeld",
    "RosterImport",
    "School",
    "SessionRow",
    "SettingRow",
    "StayContact",
    "StayRow",
    "TeamWord",
    "Testimony",
    "Tie",
    "Visit",
]
