"""Several consortia in one installation: real processes, each with a bot and a database of its own, and nothing between them."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, closing
from pathlib import Path

import pytest

from bot import logs
from bot.__main__ import main
from bot.config.consortia import Consortium, all_crossings, consortia
from bot.domain.person import Role
from bot.domain.stay import Kind, Track
from bot.runtime.consortia import Consortia, Process
from bot.store.db import Tx
from bot.store.people import Person, RoleHeld, School
from bot.store.stays import StayRow
from tests.conftest import ROOT
from tests.faults.forked import Forked
from tests.faults.real_bot import know, prepare
from tests.telegram_server import TelegramServer, User
from tests.waiting import wait_for

CONFIG = """[telegram]
token = "{token}"
api_url = "{url}"
"""


class Town:
    """One consortium: its folder, its Telegram, a learner abroad and the coordinator of their school."""

    def __init__(self, folder: Path, server: TelegramServer) -> None:
        self.folder, self.server = folder, server
        folder.mkdir(parents=True)
        (db := prepare(folder, CONFIG.format(token=server.token, url=server.url))).run(abroad, *self._users())
        db.close()
        shutil.copy(ROOT / "programme.example.toml", folder / "programme.toml")
        settings = (folder / "config.toml").read_text("utf-8")
        (folder / "config.toml").write_text(
            settings.replace(f"{ROOT}/programme.example.toml", "programme.toml"), "utf-8"
        )

    def _users(self) -> list[str]:
        self.lina, self.nadia = (self.server.user(name, language="en") for name in ("Lina", "Nadia"))
        for user in (self.lina, self.nadia):
            user.starts()
        self.server.updates.forget_all()
        return [str(user.id) for user in (self.lina, self.nadia)]

    def people(self) -> list[str]:
        """Whom its database knows."""
        with closing(sqlite3.connect(f"file:{self.folder}/data/compagnon.db?mode=ro", uri=True)) as database:
            return [ref for (ref,) in database.execute("SELECT ref FROM people ORDER BY ref")]

    async def polled(self) -> None:
        asked = len(self.server.sent("getUpdates"))
        await self.server.until(lambda: len(self.server.sent("getUpdates")) > asked, 120)

    async def cries(self) -> None:
        """A cry for help is answered at once, and told to the coordinator."""
        answered, told = len(said_to(self.lina, "112")), len(said_to(self.nadia, "SOS"))
        self.lina.says("SOS")
        await self.server.until(lambda: len(said_to(self.lina, "112")) > answered, 120)
        await self.server.until(lambda: len(said_to(self.nadia, "SOS")) > told, 120)


def said_to(user: User, word: str) -> list[str]:
    """What the bot has said to somebody with a word in it."""
    return [message.text for message in user.chat.messages if message.from_bot and word in message.text]


def abroad(tx: Tx, learner: str, coordinator: str) -> None:
    school = School(ref="valmer", name="Lycée Valmer")
    tx.rows.add(school)
    tx.rows.flush()
    lina, nadia = know(tx, "Lina", "telegram", learner), know(tx, "Nadia", "telegram", coordinator)
    for person in (lina, nadia):
        tx.rows.get_one(Person, person).school_id = school.id
    tx.rows.add(RoleHeld(person_id=nadia, role=Role.COORDINATOR))
    today = tx.now.date()
    dates = {"departure": today, "start": today, "end": today, "back": today}
    where = {"country": "DE", "city": "Leipzig", "zone": "Europe/Berlin", "home_zone": "Europe/Paris"}
    tx.rows.add(StayRow(person_id=lina, school_id=school.id, kind=Kind.OUTGOING, track=Track.VET, enrolled_at=tx.now, wake_at=None, **where, **dates))  # fmt: skip


@pytest.fixture
def beginnings() -> list[str]:
    """Which were begun, in order."""
    return []


@pytest.fixture
def begin(beginnings: list[str]) -> Callable[[Consortium], Awaitable[Process]]:
    """Forked: it is there at once."""
    living: dict[str, Forked] = {}

    async def begun(one: Consortium) -> Process:
        beginnings.append(one.name)
        living[one.name] = Forked(main, ["run", "--config", str(one.written)], log=one.written.parent / "run.log")
        return living[one.name]

    begun.living = living  # type: ignore[attr-defined]
    return begun


async def test_a_flood_at_one_and_its_death_keep_nobody_waiting_at_the_other(
    tmp_path: Path, begin: Callable[[Consortium], Awaitable[Process]], beginnings: list[str]
) -> None:
    async with AsyncExitStack() as stack:
        brest, lyon = [
            Town(tmp_path / name, await stack.enter_async_context(TelegramServer(f"{bot}:TEST-token")))
            for bot, name in ((1, "brest"), (2, "lyon"))
        ]  # fmt: skip
        said: list[str] = []
        stop = asyncio.Event()
        running = asyncio.ensure_future(Consortia(tmp_path, said.append, begin, pause=0.05).run(stop))
        try:
            await asyncio.gather(brest.polled(), lyon.polled())
            for _ in range(300):
                brest.lina.says("hello")  # without a number: 112 would be a cry before the cry
            await lyon.cries()
            begin.living["brest"].send_signal(signal.SIGKILL)  # type: ignore[attr-defined]
            await wait_for(lambda: len(beginnings) == 3)
            await brest.polled()
            await brest.cries()
        finally:
            stop.set()
            await running
        violations = brest.server.violations + lyon.server.violations

    assert (beginnings, said, violations) == (["brest", "lyon", "brest"], [], [])
    assert [town.people() for town in (brest, lyon)] == [["lina", "nadia"]] * 2


def written(folder: Path, name: str, **settings: str) -> None:
    """The configuration of one, with these lines before its tables and a port of its own."""
    (folder / name).mkdir(parents=True)
    port = settings.pop("port", str(18000 + len(list(folder.iterdir()))))
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items() if "." not in key]
    tables = {key.partition(".")[0] for key in settings if "." in key} | {"web"}
    for table in sorted(tables):
        lines += [f"[{table}]", *([f"port = {port}"] if table == "web" else [])]
        lines += [f"{key.partition('.')[2]} = {json.dumps(value)}" for key, value in settings.items() if key.startswith(f"{table}.")]  # fmt: skip
    (folder / name / "config.toml").write_text("\n".join(lines) + "\n", "utf-8")


SHARED: list[tuple[dict[str, str], str]] = [
    ({"port": "18080"}, "port"),
    ({"telegram.token": "1:a"}, "bot on Telegram"),
    ({"matrix.homeserver": "https://a.example", "matrix.user_id": "@bot:a.example"}, "account on Matrix"),
    ({"database_url": "postgresql://us:word@host/compagnon"}, "database"),
    ({"data_dir": "../data"}, "folder of data"),
    ({"programme": "../programme.toml"}, "programme"),
    ({"web.secret": "hush"}, "key of cookies and links"),
    ({"keys.file": "../keys"}, "key of what is encrypted"),
    ({"backup.folder": "/backups"}, "folder of backups"),
    ({"watchdog.ping_url": "https://a.example/ping"}, "dead man's switch"),
]


@pytest.mark.parametrize(("both", "what"), SHARED, ids=[what for _both, what in SHARED])
def test_what_two_have_in_common_is_named_and_no_third_is_meant(
    tmp_path: Path, both: dict[str, str], what: str
) -> None:
    written(tmp_path, "brest", **both)
    written(tmp_path, "lyon", **both)
    written(tmp_path, "metz")
    found = [str(each) for each in all_crossings(consortia(tmp_path))]
    assert f"brest and lyon have the same {what}: each needs its own" in found
    assert not [each for each in found if "metz" in each]


async def test_whoever_has_something_in_common_is_not_started_until_that_is_mended_and_the_others_are(
    tmp_path: Path,
) -> None:
    written(tmp_path, "brest", **{"telegram.token": "1:a"})
    written(tmp_path, "lyon", **{"telegram.token": "1:a"})
    written(tmp_path, "metz")
    written(tmp_path, "nice", nonsense="1")
    begun: list[str] = []

    class Lives:
        def send_signal(self, _signal: int, /) -> None:
            over.set()

        async def wait(self) -> int:
            await over.wait()
            return 0

    async def begin(one: Consortium) -> Process:
        begun.append(one.name)
        if begun.count("metz") == 1:
            raise OSError("no more processes")
        return Lives()

    said: list[str] = []
    stop, over = asyncio.Event(), asyncio.Event()
    running = asyncio.ensure_future(Consortia(tmp_path, said.append, begin, pause=0.01).run(stop))
    await wait_for(lambda: len(said) >= 3)
    await wait_for(lambda: begun == ["metz", "metz"])
    assert {str(each) for each in said} >= {
        "brest and lyon have the same bot on Telegram: each needs its own",
        "lyon and brest have the same bot on Telegram: each needs its own",
    }
    assert any("nice" in str(each) and "no such setting" in str(each) for each in said)
    (tmp_path / "lyon" / "config.toml").write_text("[web]\nport = 18099\n", "utf-8")
    await wait_for(lambda: sorted(begun) == ["brest", "lyon", "metz", "metz"])
    stop.set()
    await running


def test_the_doctor_looks_at_all_and_at_the_walls_between_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, "brest", port="18080")
    written(tmp_path, "lyon", port="18080")
    assert main(["doctor", "--all", str(tmp_path), "--json", "--language", "en"]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert found[0] == {
        "level": "broken",
        "about": "walls",
        "what": "brest and lyon have the same port: each needs its own",
        "cure": "give each its own: none of them is started before that",
    }
    assert {finding["of"] for finding in found[1:]} == {"brest", "lyon"}
    (tmp_path / "lyon" / "config.toml").write_text("[web]\nport = 18081\n", "utf-8")
    main(["doctor", "--all", str(tmp_path), "--language", "en"])
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "✔ walls         nothing is shared between brest, lyon"
    assert any(line.startswith("✔ brest: python") for line in told)


def test_a_folder_without_any_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--all", str(tmp_path), "--language", "en"]) == 1
    assert capsys.readouterr().err == (
        f"{tmp_path}: there is no consortium in it; each has a folder of its own there, with its config.toml\n"
    )


def test_a_line_of_the_log_says_whose_it_is_where_there_are_several(monkeypatch: pytest.MonkeyPatch) -> None:
    assert logs.whose(None, "", {"event": "tidied"}) == {"event": "tidied"}
    monkeypatch.setenv("COMPAGNON_NAME", "brest")
    assert logs.whose(None, "", {"event": "tidied"}) == {"event": "tidied", "consortium": "brest"}
    assert logs.only_allowed(None, "", {"consortium": "brest", "name": "Lina"}) == {"consortium": "brest"}
