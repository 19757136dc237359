"""A poll beside a message with choices, encrypted like it; and what a vote of a person's means.

MSC3381. Today's apps speak it under its unstable name, which is sent; both names are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.channels.matrix.layout import presentable, under
from bot.domain.messages import Outgoing

TEXT = "org.matrix.msc1767.text"
START = "org.matrix.msc3381.poll.start"
UNSTABLE_VOTE, VOTE = "org.matrix.msc3381.poll.response", "m.poll.response"
VOTES = frozenset({UNSTABLE_VOTE, VOTE})
MOST = 20
"""Choices of a poll (MSC3381)."""
LONGEST = 340
"""Characters of a question that Element takes."""


def is_poll(message: Outgoing) -> bool:
    """Whether its choices fit into one."""
    return 2 <= len(message.buttons) <= MOST


def poll(message: Outgoing) -> dict[str, Any]:
    """What its event says. An answer's id is the token of its button, which means nothing to anybody else."""
    asked = presentable(message.text.strip().rpartition("\n")[2][:LONGEST]) or "↑"
    answers = [{"id": button.token, TEXT: presentable(button.label)} for button in message.buttons]
    said: dict[str, Any] = {
        TEXT: "\n".join([asked, *(answer[TEXT] for answer in answers)]),
        START: {
            "kind": "org.matrix.msc3381.poll.disclosed",
            "max_selections": 1,
            "question": {TEXT: asked, "body": asked, "msgtype": "m.text"},
            "answers": answers,
        },
    }
    return said | ({"m.relates_to": under(message.thread)} if message.thread else {})


def voted(content: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The answers that a vote names, none where it takes an earlier one back; None where it is malformed."""
    within = content.get(UNSTABLE_VOTE)
    named = within.get("answers") if isinstance(within, dict) else content.get("m.selections")
    if not isinstance(named, list) or not all(isinstance(answer, str) for answer in named):
        return None
    return tuple(named)
