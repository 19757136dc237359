"""`python -m bot diagram FLOW`: a conversation as a Mermaid diagram."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot import flows
from bot.commands.opening import CommandError, read_programme
from bot.domain.programme import Programme
from bot.engine.diagram import mermaid
from bot.engine.flow import Flow

EXAMPLE = Path(__file__).resolve().parent.parent.parent / "programme.example.toml"


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser(
        "diagram",
        help="print a conversation as a Mermaid diagram",
        description=f"Print a conversation as a Mermaid diagram. Conversations: {', '.join(flows.NAMES)}.",
    )
    parser.add_argument("flow", choices=flows.NAMES, metavar="FLOW", help="one of those named above")
    parser.add_argument("--item", help="the id of the item or message (default: the programme's first)")
    parser.add_argument("--kind", default="outgoing", choices=("outgoing", "incoming", "staff"), help="kind of stay")
    parser.add_argument("--programme", type=Path, default=EXAMPLE, metavar="FILE", help="default: the example")
    parser.add_argument("--language", default="en", choices=("en", "fr", "es"), help="of the texts (default: en)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    print(mermaid(_flow(read_programme(args.programme), args), args.language), end="")
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
        known = f" It knows: {', '.join(names)}." if any(names) else ""
        raise CommandError(f'The programme has no {args.flow} "{name}" for {args.kind} stays.{known}')
    return flow
