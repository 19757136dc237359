"""The roster and the team: what schools write in tables and files, read into frozen values and checked."""

from bot.domain.roster.grid import Cell
from bot.domain.roster.row import Guardian, KnownSchool, Roster, RosterRow, RowProblem, Tutor
from bot.domain.roster.rows import read_roster
from bot.domain.roster.table import Table
from bot.domain.roster.team import Consortium, Member, School, Team
from bot.domain.roster.team_checks import weak_spots
from bot.domain.roster.team_file import TeamError, load_team

__all__ = [
    "Cell",
    "Consortium",
    "Guardian",
    "KnownSchool",
    "Member",
    "Roster",
    "RosterRow",
    "RowProblem",
    "School",
    "Table",
    "Team",
    "TeamError",
    "Tutor",
    "load_team",
    "read_roster",
    "weak_spots",
]
