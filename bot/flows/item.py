"""One item of the checklist: have you got it?"""

from __future__ import annotations

from bot.domain.programme import Item
from bot.engine.checklist import default_replies, item_steps
from bot.engine.flow import Flow


def build(item: Item) -> Flow:
    return Flow("item", item_steps(item, item.text or item.title, default_replies(item)))
