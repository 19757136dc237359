"""`python3 run.py bench [--quick | --full] [--write] [NAME…]`: a table for people, then a line of JSON for each figure."""

from __future__ import annotations

import argparse
import time

from bench import claims, decisions, desk, disk, matrix, paced, peak, planning, processes, replicas, telegram, watching
from bench.alone import Bench, Found, measured
from bench.figures import table
from bench.page import machine, write
from bench.sizes import Size

BENCHES: dict[str, Bench] = {
    "dispatch": telegram.dispatch,
    "dispatch_on_postgres": telegram.dispatch_on_postgres,
    "inbound": telegram.inbound,
    "decisions": decisions.decisions,
    "peak": peak.peak,
    "cry": watching.cry,
    "drain": paced.drain,
    "reply": paced.reply,
    "backlog": decisions.backlog,
    "audit": watching.audit,
    "look_ahead": planning.look_ahead,
    "import": planning.import_,
    "idle": watching.idle,
    "lateness": planning.lateness,
    "board": desk.board,
    "matrix": matrix.sends,
    "fsync": disk.fsync,
    "claims": claims.claims,
    "replicas": replicas.replicas,
    "demo": processes.demo,
    "memory": processes.memory,
}

NOT_QUICK = frozenset({"dispatch_on_postgres", "fsync", "claims", "replicas", "demo", "memory", "matrix"})
"""Left out of `--quick`, unless they are named: servers and processes of their own take their time to start."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="run.py bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[[], *BENCHES], help=", ".join(BENCHES))
    sizes = parser.add_mutually_exclusive_group()
    sizes.add_argument(
        "--quick",
        action="store_const",
        dest="size",
        const=Size.QUICK,
        help=f"smaller, without {', '.join(sorted(NOT_QUICK))}: 3 minutes at most",
    )
    sizes.add_argument(
        "--full", action="store_const", dest="size", const=Size.FULL, help="as large as the goals: 35 minutes at most"
    )
    parser.add_argument("--write", action="store_true", help="put the table into docs/bench.md")
    args = parser.parse_args()
    size = args.size or Size.USUAL
    print(machine())
    found = _each(args.names or [each for each in BENCHES if size is not Size.QUICK or each not in NOT_QUICK], size)
    lines = [line for each in found for line in each.lines]
    print(table(lines))
    for each in found:
        if each.problem:
            print(f"Not measured: {each.name} ({each.problem})")
    for line in lines:
        print(line.to_json())
    if args.write:
        write(_command(size, args.names), found)


def _each(names: list[str], size: Size) -> list[Found]:
    """One after the other, until the time for all of them is up."""
    end, found = time.perf_counter() + size.value.all, list[Found]()
    for name in names:
        left = end - time.perf_counter()
        print(f"{name} … ", end="", flush=True)
        if left <= 0:
            found.append(Found(name, problem=f"the {size.value.all / 60:.0f} minutes were over"))
        else:
            found.append(measured(name, BENCHES[name], size, min(left, size.value.one)))
        print(found[-1].problem or f"{found[-1].seconds:.0f} s", flush=True)
    return found


def _command(size: Size, names: list[str]) -> str:
    given = {Size.QUICK: ["--quick"], Size.USUAL: [], Size.FULL: ["--full"]}[size]
    return " ".join(["python3 run.py bench", *given, *names])


if __name__ == "__main__":
    main()
