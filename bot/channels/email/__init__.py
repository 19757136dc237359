"""E-mail, outbound only: the second path of alerts. A level and a link, no content."""

from bot.channels.email.bounce import Bounce, read_bounce
from bot.channels.email.channel import EmailChannel
from bot.channels.email.line import Account, account_of, open_line
from bot.channels.email.outcomes import Stage, cause_of, outcome_of

__all__ = [
    "Account",
    "Bounce",
    "EmailChannel",
    "Stage",
    "account_of",
    "cause_of",
    "open_line",
    "outcome_of",
    "read_bounce",
]
