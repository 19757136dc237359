"""Bad nights: the real process dies again and again while everything around it fails, and nothing may be lost.

python -m tests.faults --kills 500 --sends 10000 --channel telegram --seed 1 --write
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.faults.campaign import WORLDS, campaign
from tests.faults.report import table, write


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="tests.faults", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--sends", type=int, default=10_000)
    parser.add_argument("--channel", choices=[*WORLDS], default="telegram")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--kept",
        type=Path,
        default=Path(".faults"),
        help="the folder of what nights found: a campaign that was stopped goes on",
    )
    parser.add_argument("--write", action="store_true", help="write the table into docs/faults.md")
    args = parser.parse_args()
    found = campaign(args.channel, kills=args.kills, sends=args.sends, seed=args.seed, kept=args.kept)
    text = table(args.channel, found, args.seed)
    print(text)
    if args.write:
        write(args.channel, text)
    return int(bool(found.wrong))


if __name__ == "__main__":
    sys.exit(main())
