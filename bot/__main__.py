"""`python -m bot WORD …`: every command, and the one place where errors become sentences."""

from __future__ import annotations

import argparse
import importlib
import sys

from bot.commands.language import installation_language
from bot.commands.terminal import offer_language, speaking, translate, warn
from bot.i18n import _, sentence_of
from bot.logs import configure

COMMANDS = {
    "setup": "bot.commands.setup",
    "demo": "bot.commands.demo",
    "run": "bot.commands.run",
    "programme": "bot.commands.programme",
    "import": "bot.commands.import_",
    "invite": "bot.commands.invite",
    "doctor": "bot.commands.doctor",
    "backup": "bot.commands.backup",
    "restore": "bot.commands.restore",
    "move": "bot.commands.move",
    "matrix": "bot.commands.matrix",
    "bounce": "bot.commands.bounce",
    "preview": "bot.commands.preview",
    "documents": "bot.commands.documents",
    "merge": "bot.commands.merge",
    "export-person": "bot.commands.export_person",
    "erase-person": "bot.commands.erase_person",
    "retention": "bot.commands.retention",
    "keys": "bot.commands.keys",
    "chat": "bot.commands.chat",
    "diagram": "bot.commands.diagram",
    "clock": "bot.commands.clock",
    "catalogs": "bot.commands.catalogs",
    "migrations": "bot.commands.migrations",
    "links": "bot.commands.links",
    "mobilities": "bot.commands.mobilities",
    "places": "bot.commands.places",
}
DESCRIPTION = _("Compagnon accompanies learners on a mobility abroad: before, during and after.")
EPILOGUE = _("""first steps:
  python3 run.py demo                                 watch an invented class
  python3 run.py setup                                set it up by questions; or by hand:
  python3 run.py programme init --language fr         write your programme, then edit it
  python3 run.py import consortium.toml               bring in your team
  python3 run.py import roster.csv                    bring in your learners
  python3 run.py run                                  start; then: python3 run.py invite REF
  python3 run.py doctor                               what is missing or wrong, and what to do

for developers: python3 run.py test, python3 run.py lint
""")


def main(words: list[str]) -> int:
    """Run one command, in the installation's language; its error is one line that says how to mend it."""
    configure()
    with speaking(installation_language(words)):
        return _run(parser_for(words).parse_args(words))


def _run(args: argparse.Namespace) -> int:
    try:
        return int(args.run(args))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0
    except Exception as problem:
        if not type(problem).__module__.startswith("bot."):
            raise
        warn(sentence_of(problem))
        return 1


def parser_for(words: list[str]) -> argparse.ArgumentParser:
    """The parser in the terminal's language; of one command alone where one is named."""
    parser = argparse.ArgumentParser(
        prog="python3 run.py",
        description=DESCRIPTION,
        epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    subparsers = parser.add_subparsers(metavar=_("COMMAND"), required=True)
    named = [word for word in words if word in COMMANDS][:1]
    for name in named or COMMANDS:
        importlib.import_module(COMMANDS[name]).add(subparsers)
    offer_language(parser)
    translate(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
