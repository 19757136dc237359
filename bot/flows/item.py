"""One item of the checklist: have you got it? And the participant report, an item with words of its own.

A mail of the Commission that never came is an adult's task, not the learner's: it is not sent while the mobility is
still a draft in the Beneficiary Module (Commission, "Manage participant reports").
"""

from __future__ import annotations

from bot.domain.programme import Item, Means, Report
from bot.engine.checklist import default_replies, item_steps
from bot.engine.flow import Flow
from bot.i18n import _

REPORT = _(
    "The European Commission has sent you a mail (look in your spam too): your mobility report, 15 minutes. "
    "Where do you stand?"
)
REPORT_REPLIES = {
    Means.DONE: _("Thank you {name}, I have noted that it is sent."),
    Means.DOING: _("All right. A quarter of an hour on a quiet evening is enough. I'll ask you again later."),
    Means.HANDED: _("Thank you. {coordinator} will find out why it did not come. I ask again in some days."),
}


def build(item: Item) -> Flow:
    return Flow("item", item_steps(item, item.text or item.title, default_replies(item)))


def build_report(report: Report) -> Flow:
    return Flow("report", item_steps(report, report.text or REPORT, default_replies(report) | REPORT_REPLIES))
