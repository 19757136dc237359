"""`python -m bot diagram FLOW`: a conversation as a Mermaid diagram."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot import flows
from bot.commands.opening import CommandError, read_programme
from bot.commands.terminal import Terminal
from bot.domain.programme import Programme
from bot.domain.programme.model import KINDS
from bot.engine.diagram import mermaid
from bot.engine.flow import Flow
from bot.i18n import LANGUAGES, _, say

EXAMPLE = Path(__file__).resolve().parent.parent.parent / "programme.example.toml"


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser(
        "diagram",
        help=_("print a conversation as a Mermaid diagram"),
        description=say(
            _("Print a conversation as a Mermaid diagram. Conversations: {names}."), names=", ".join(flows.NAMES)
        ),
    )
    parser.add_argument("flow", choices=flows.NAMES, metavar=_("FLOW"), help=_("one of those named above"))
    parser.add_argument("--item", help=_("the id of the item or message (default: the programme's first)"))
    parser.add_argument("--kind", default="outgoing", choices=KINDS, help=_("kind of stay"))
    parser.add_argument("--programme", type=Path, default=EXAMPLE, metavar=_("FILE"), help=_("default: the example"))
    parser.add_argument("--language", choices=LANGUAGES, help=_("of the texts, and of the terminal"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    print(mermaid(_flow(read_programme(args.programme), args), Terminal.language), end="")
    return 0


def _flow(programme: Programme, args: argparse.Namespace) -> Flow:
    journey = programme.journey(args.kind)
    names = {
        "item": [item.id for item in journey.items if item.flow == "item" and item.asks_learner],
        "report": [item.id for item in journey.items if item.flow == "report"],
        "language_test": [item.id for item in journey.items if item.flow == "language_test"],
        "message": [message.id for message in journey.messages],
    }.get(args.flow, [""])
    name = args.item or next(iter(names), "")
    flow = flows.build(args.flow, journey, args.kind, name)
    if flow is None:
        text = _('The programme has no {flow} "{name}" for {kind} stays.')
        known = _('The programme has no {flow} "{name}" for {kind} stays. It knows: {names}.')
        raise CommandError(
            known if any(names) else text, flow=args.flow, name=name, kind=args.kind, names=", ".join(names)
        )
    return flow
