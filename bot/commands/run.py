"""`python -m bot run`: Compagnon itself, until it is stopped."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Union

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route

from bot.channels.push import PushKey
from bot.commands.opening import Opened, add_config, opened
from bot.commands.run_all import add_all, run_all
from bot.commands.terminal import warn
from bot.config import Config, read
from bot.demo.rehearsals import Rehearsals
from bot.demo.rehearsing import STAGE, Rehearsing
from bot.documents.invitations import DOORS
from bot.domain.channel import NAMES, Channel
from bot.domain.roster.column_map import columns_of
from bot.domain.roster.headers import Columns
from bot.handlers.people.mailboxes import keep_mailboxes
from bot.i18n import _
from bot.runtime.app import App
from bot.runtime.email import EmailWiring, email_channel
from bot.runtime.health import healthz, pinging
from bot.runtime.metrics import metrics
from bot.runtime.programme import ProgrammeFile
from bot.runtime.push import PushHints
from bot.runtime.telegram import TelegramWiring, telegram_channel
from bot.runtime.web_connections import guarded, most_connections
from bot.store.db import Database, Tx, sqlite_file
from bot.store.lock import at_work
from bot.store.records import keep_setting
from bot.web.chat import WebChannel, WebChat
from bot.web.common.guard import Seal
from bot.web.common.templates import Rehearsed
from bot.web.desk import DeskSite, home
from bot.web.desk.page import Desk
from bot.web.visitors import Visitors

if TYPE_CHECKING:
    from bot.channels.matrix import MatrixChannel
    from bot.runtime.matrix import MatrixWiring

Platform = Union[TelegramWiring, "MatrixWiring"]


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser(
        "run",
        help=_("start Compagnon"),
        description=_(
            "Start Compagnon: the schedule, the deliveries, Telegram and the web chat, until Ctrl-C. Whatever was under way when it was last stopped, or fell, goes on."
        ),
    )
    add_config(parser)
    add_all(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    if args.all is not None:
        return run_all(args.all)
    config = read(args.config)
    replicas = sqlite_file(config.database_url.get_secret_value()) is None
    with at_work(config.data_dir, "run", beside_others=replicas), opened(args) as here:
        asyncio.run(serve(here))
    return 0


async def serve(here: Opened) -> None:
    """Everything at once; the first part that ends, ends the process. What is on its way still arrives."""
    config = here.config
    web, telegram, matrix = WebChannel(), telegram_channel(config.telegram), _matrix(config, here.db)
    email = email_channel(config.email, signing_key(config))
    channels: dict[str, Channel] = {each.name: each for each in (web, telegram, matrix, email) if each is not None}
    app = App(here.db, channels, rehearsal=config.rehearsal.enabled)
    app.programme = ProgrammeFile(here.db, config.programme)
    app.watch.ping = pinging(config.watchdog.ping_url) if config.watchdog.ping_url else None
    platforms: list[Platform] = [TelegramWiring(app, telegram, config.telegram)] if telegram else []
    platforms += [_on_matrix(app, matrix)] if matrix else []
    mail = EmailWiring(app, email) if email else None
    await here.db.transact(_keep_doors, config)
    await here.db.transact(keep_mailboxes, on=email is not None)
    hints = PushHints(here.db, PushKey(config.data_dir / "push.pem", config.web.address))
    web.hint, web.beyond, app.other_processes.rung = hints.hint, app.other_processes.ring, web.ring_named
    rehearsals = Rehearsals(config.data_dir / "rehearsals", path=STAGE, base_url=config.web.address)
    rehearsals.tidy()
    server = uvicorn.Server(_web(here, app, web, platforms, hints, rehearsals))
    _say_where(here, channels)
    try:
        beside = [*platforms, hints, rehearsals, *([mail] if mail else [])]
        app.chores.put_away()
        await app.run(server.serve(), _told_to_stop(), *(task for each in beside for task in each.tasks()))
    finally:
        await rehearsals.close()
        for channel in (telegram, matrix, email):
            if channel is not None:
                await channel.close()


def _matrix(config: Config, db: Database) -> MatrixChannel | None:
    """Matrix, where there is an account. Its libraries take 25 MB of memory: they are loaded only then."""
    if not config.matrix.homeserver:
        return None
    from bot.runtime.matrix import matrix_channel

    return matrix_channel(config, db)


def _on_matrix(app: App, channel: MatrixChannel) -> MatrixWiring:
    from bot.runtime.matrix import MatrixWiring

    return MatrixWiring(app, channel)


def _web(
    here: Opened, app: App, web: WebChannel, platforms: list[Platform], hints: PushHints, rehearsals: Rehearsals
) -> uvicorn.Config:
    """What is listened to from outside: our pages, `/healthz`, and Telegram's webhook where one is wanted."""
    config = here.config
    columns = columns_of(config.imports.columns, config.imports.fixed, "[import]")
    called = [route for each in platforms if isinstance(each, TelegramWiring) for route in each.routes()]
    listening = {each.channel.name: each for each in platforms}
    figures = Route("/metrics", metrics(app, config.web.metrics_token))
    routes = [Route("/healthz", healthz(app, listening)), figures, *called]
    return uvicorn.Config(
        site(
            app,
            web,
            config.web.address,
            signing_key(config),
            columns,
            routes,
            hints,
            rehearsals,
            rehearsed=config.rehearsal.enabled,
        ),
        host=config.web.host,
        port=config.web.port,
        log_level="warning",
        lifespan="off",
        access_log=False,
        http=guarded(most_connections()),
        timeout_graceful_shutdown=2,  # an open page would keep us for ever; it comes back by itself
    )


def site(
    app: App,
    web: WebChannel,
    base_url: str,
    secret: str,
    columns: Columns,
    routes: Sequence[BaseRoute] = (),
    hints: PushHints | None = None,
    rehearsals: Rehearsals | None = None,
    *,
    rehearsed: bool = False,
) -> Starlette:
    """Every page there is, behind `routes` that are none."""
    rehearsing = Rehearsing(Desk(app, Seal(secret), base_url, rehearses=True), rehearsals) if rehearsals else None
    more = rehearsing.routes() if rehearsing else ()
    desk = DeskSite(app, base_url=base_url, secret=secret, columns=columns, more=more)
    chat = WebChat(app, web, base_url=base_url, secret=secret, hints=hints)
    return Starlette(
        routes=[
            *routes,
            *Visitors(app, base_url).routes(),
            Route("/desk", home),
            *([rehearsing.stage()] if rehearsing else ()),
            Mount("/desk", desk.application()),
            Mount("/", chat.application()),
        ],
        middleware=[Middleware(Rehearsed)] if rehearsed else [],
    )


async def _told_to_stop() -> None:
    """Until SIGTERM or Ctrl-C. The web server hears them too, and passes them on when it has closed."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for wish in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(wish, stop.set)
    await stop.wait()


def _keep_doors(tx: Tx, config: Config) -> None:
    """What people's browsers call us, and where else we are: a message or a page may have to name it."""
    keep_setting(tx.rows, "web_address", {"url": config.web.address})
    account = config.matrix.user_id if config.matrix.homeserver else None
    keep_setting(tx.rows, DOORS, {"telegram": config.telegram.token is not None, "matrix": account})


def _say_where(here: Opened, channels: Mapping[str, Channel]) -> None:
    """Where we are, on which channels, and which clock that is."""
    on = [NAMES[name] for name in channels if name != "web"]
    alone, also = _("Compagnon is at {address}."), _("Compagnon is at {address}, and on {channels}.")
    warn(also if on else alone, address=here.config.web.address, channels={"list": on})
    if here.config.rehearsal.enabled:
        now = here.db.clock.now().isoformat()
        warn(_("This is a rehearsal: its clock stands at {now} UTC."), now={"stamp": now, "zone": "UTC"})
    warn(_("Ctrl-C stops it."))


def signing_key(config: Config) -> str:
    """The key that signs forms and links: the configuration's, else one made once and kept beside the database."""
    if config.web.secret is not None:
        return config.web.secret.get_secret_value()
    kept = Path(config.data_dir) / "web_secret"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(32), encoding="ascii")
    return kept.read_text(encoding="ascii")
