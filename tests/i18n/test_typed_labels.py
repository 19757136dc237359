"""A learner may type the label of a button, in any language: it means that button and no other."""

from __future__ import annotations

from collections.abc import Iterator

from bot import flows
from bot.domain.programme import Programme
from bot.domain.stay import Kind
from bot.engine.flow import Flow
from bot.engine.step import Choose, Number, Write
from bot.engine.understand import Option, pick
from bot.i18n import LANGUAGES, render


def _flows(programme: Programme) -> Iterator[Flow]:
    for kind in Kind:
        journey = programme.journey(kind)
        named = [
            *((item.flow, item.id) for item in journey.items),
            *(("message", each.id) for each in journey.messages),
        ]
        for flow, name in [*named, *((flow, "") for flow in flows.NAMES)]:
            built = flows.build(flow, journey, kind.value, name)
            if built:
                yield built


def test_a_typed_label_means_its_own_button(programme: Programme) -> None:
    mistaken = []
    for flow in _flows(programme):
        for step in flow.steps:
            if isinstance(step, Choose | Write | Number):
                options = [Option(choice.id, choice.label, choice.keywords) for choice in step.choices]
                typed = [(each.id, render(each.label, language)) for each in step.choices for language in LANGUAGES]
                mistaken += [
                    (flow.id, step.id, *each) for each in typed if pick(options, each[1], by_place=False) != each[0]
                ]
    assert mistaken == []
