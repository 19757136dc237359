"""`python -m bot run`: Compagnon itself, until it is stopped."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvicorn
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from bot.app import App
from bot.channels.web import WebChannel, WebChat
from bot.commands.opening import Opened, add_config, opened
from bot.config import Config
from bot.store.db import Tx


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser(
        "run",
        help="start Compagnon",
        description="Start Compagnon: the schedule, the deliveries and the web chat, until Ctrl-C. "
        "Whatever was under way when it was last stopped, or fell, goes on.",
    )
    add_config(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    with opened(args) as here:
        asyncio.run(serve(here))
    return 0


async def serve(here: Opened) -> None:
    """Everything at once; the first part that ends, ends the process."""
    config = here.config
    channel = WebChannel()
    app = App(here.db, {channel.name: channel}, rehearsal=config.rehearsal.enabled)
    chat = WebChat(app, channel, base_url=config.web.address, secret=signing_key(config))
    site = Starlette(routes=[Route("/healthz", _healthz(app)), Mount("/", chat.application())])
    options = uvicorn.Config(
        site,
        host=config.web.host,
        port=config.web.port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=2,  # an open page would keep us for ever; it comes back by itself
    )
    print(f"Compagnon is at {config.web.address}{_rehearsing(here)}. Ctrl-C stops it.", file=sys.stderr, flush=True)
    await app.run(uvicorn.Server(options).serve())


def _rehearsing(here: Opened) -> str:
    return f", rehearsing at {here.db.clock.now():%Y-%m-%d %H:%M} UTC" if here.config.rehearsal.enabled else ""


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


def _healthz(app: App) -> Callable[[Request], Awaitable[PlainTextResponse]]:
    async def answer(_request: Request) -> PlainTextResponse:
        await app.db.transact(_alive)
        return PlainTextResponse("ok\n")

    return answer


def _alive(tx: Tx) -> None:
    tx.rows.execute(text("SELECT 1"))
