"""`python -m bot setup --web`: the first steps on pages, until Compagnon itself takes their place."""

from __future__ import annotations

import argparse
from pathlib import Path

import uvicorn

from bot import logs
from bot.commands import run as running
from bot.commands.first_steps import bring_in, tried, way_in, write_file
from bot.commands.opening import opened
from bot.commands.terminal import tell
from bot.doctor.finding import SIGNS, Level
from bot.doctor.rounds import rounds
from bot.domain.roster.team_file import load_team
from bot.i18n import _, render, sentence_of, told
from bot.setup.pages import Setup
from bot.setup.questions import Question

TEAM = Path("consortium.toml")


class OnDisk:
    """The steps as they are done in the folder of an installation."""

    @property
    def language(self) -> str:
        return load_team(TEAM.read_text("utf-8")).consortium.language if TEAM.exists() else ""

    def there(self, file: str) -> bool:
        return Path(file).exists()

    def write(self, file: str, answers: dict[str, str]) -> None:
        write_file(file, answers)

    def tried(self, question: Question, answers: dict[str, str]) -> list[tuple[str, bool]]:
        return tried(question, answers)

    def findings(self) -> list[tuple[str, str, str]]:
        """What `doctor` finds once the team is brought in."""
        language = self.language
        try:
            bring_in(None, TEAM)
        except Exception as problem:
            if not type(problem).__module__.startswith("bot."):
                raise
            return [(SIGNS[Level.BROKEN], told(sentence_of(problem), language), "")]
        return [
            (
                SIGNS[each.level],
                f"{render(each.about, language)}: {told(each.what, language)}",
                told(each.cure, language),
            )
            for each in rounds(None)
        ]

    def way_in(self) -> str:
        with opened(argparse.Namespace(config=None)) as here:
            return way_in(here, load_team(TEAM.read_text("utf-8")).people[0].ref)


def on_pages(args: argparse.Namespace) -> int:
    """Serve the pages; once the last is sent, run Compagnon."""
    logs.configure()
    ended: list[bool] = []
    server: list[uvicorn.Server] = []

    def finished() -> None:
        ended.append(True)
        server[0].should_exit = True

    site = Setup(OnDisk(), finished)
    config = uvicorn.Config(site.application(), host=args.host, port=args.port, log_config=None, access_log=False, lifespan="off")  # fmt: skip
    server.append(uvicorn.Server(config))
    where = f"http://{'127.0.0.1' if args.host == '0.0.0.0' else args.host}:{args.port}"  # noqa: S104 - compared, not bound
    tell(_("Open this link in a browser; it works once: {link}"), link=f"{where}/setup/{site.code}")
    if args.host == "127.0.0.1":
        tell(_("From another computer first, there: ssh -L {port}:127.0.0.1:{port} user@server"), port=args.port)
    server[0].run()
    return running.run(argparse.Namespace(config=None, all=None)) if ended else 0
