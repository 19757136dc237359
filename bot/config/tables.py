"""What can be set, and what holds where nothing is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.i18n import _, say

PREFIX = "COMPAGNON_"


def _web_address(written: str) -> str:
    if not written.startswith(("https://", "http://")):
        raise ValueError(say(_("should begin with https:// (or http:// on this machine)")))
    return written.rstrip("/")


WebAddress = Annotated[str, AfterValidator(_web_address)]
_MAILBOX = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+"
_SENDER = re.compile(rf'[^<>@"\x00-\x1f]*<{_MAILBOX}>|{_MAILBOX}')
Port = Annotated[int, Field(ge=1, le=65535)]


class Table(BaseModel):
    """One table of the file. Unknown keys are refused: a misspelt one must not be ignored in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Web(Table):
    """The web chat, the desk and `/healthz`."""

    host: str = "127.0.0.1"
    port: Port = 8080
    base_url: WebAddress | None = None
    """What people's browsers call it, when that is not `http://host:port`: behind a reverse proxy."""
    secret: SecretStr | None = None
    """Signs cookies and links; one is made and kept in `data_dir` where none is given."""
    metrics_token: SecretStr | None = None
    """What Prometheus brings to `/metrics`; without one there is no such page."""

    @property
    def address(self) -> str:
        return self.base_url or f"http://{self.host}:{self.port}"


class Telegram(Table):
    """The bot that @BotFather made; off without a token."""

    token: SecretStr | None = None
    api_url: WebAddress = "https://api.telegram.org"
    mode: Literal["polling", "webhook"] = "polling"
    webhook_url: WebAddress | None = None
    webhook_secret: SecretStr | None = None

    @property
    def bot_id(self) -> str:
        """The number of the bot, which is the public part of its token."""
        return self.token.get_secret_value().partition(":")[0] if self.token else ""

    @model_validator(mode="after")
    def _complete(self) -> Telegram:
        if self.mode == "webhook" and not (self.webhook_url and self.webhook_secret):
            raise ValueError(say(_('with mode = "webhook" needs webhook_url and webhook_secret')))
        return self


class Matrix(Table):
    """The bot's own account, for encrypted rooms; off without a homeserver."""

    homeserver: WebAddress | None = None
    user_id: str | None = None
    password: SecretStr | None = None
    """Only for `matrix setup` and `matrix repair`."""
    device_name: str = "Compagnon"
    store: Path = Path("matrix")
    """Holds the identity, the device and its crypto store; within `data_dir` where it is relative."""
    per_second: Annotated[float, Field(gt=0)] = 0.2
    """Messages a second after a burst of ten: a homeserver's own limit. 0.2 is Synapse's, until its admin lifts it."""
    chips: bool = False
    """Whether the numbers of a question's choices are also put under it as reactions, to be tapped: an event for each."""
    polls: bool = False
    """Whether a poll stands beside a question instead, encrypted; not every app shows polls."""
    pickle_key: SecretStr | None = None
    """Encrypts the crypto store; one is made and kept in `store` where none is given."""

    @model_validator(mode="after")
    def _complete(self) -> Matrix:
        if self.homeserver and not re.fullmatch(r"@[^:\s]+:\S+", self.user_id or ""):
            raise ValueError(say(_("with a homeserver needs user_id, such as @compagnon:example.org")))
        return self


class Email(Table):
    """Outbound only, the second path of alerts; off without a host."""

    host: str | None = None
    port: Port = 587
    user: str | None = None
    password: SecretStr | None = None
    sender: str | None = None
    """As people see it: `Compagnon <compagnon@example.org>`. Mail that comes back goes there too."""
    tls: Literal["starttls", "tls", "none"] = "starttls"

    @model_validator(mode="after")
    def _complete(self) -> Email:
        if self.host and not _SENDER.fullmatch(self.sender or ""):
            raise ValueError(say(_("with a host needs sender, such as Compagnon <compagnon@example.org>")))
        if self.host and bool(self.user) != bool(self.password and self.password.get_secret_value()):
            raise ValueError(say(_("with a host needs user and password together, or neither")))
        return self


class Keys(Table):
    """The keys of what is encrypted: kept apart from the database and from its backups."""

    file: Path | None = None


class Backup(Table):
    """Where backups go, and who can open them."""

    folder: Path = Path("backups")
    """Within `data_dir` where it is relative; better another disk or machine."""
    keep: Annotated[int, Field(ge=1)] = 14
    recipient: str | None = None
    """The public half of the school's key (age); `backup --new-key` makes one. It opens nothing."""


class Rehearsal(Table):
    """A clock that a person moves, for a dry run with invented people."""

    enabled: bool = False
    start: AwareDatetime | None = None


class Watchdog(Table):
    """The dead man's switch outside: pinged only while all is well."""

    ping_url: SecretStr | None = None


class Import(Table):
    """What the school says of the columns of its rosters, wherever they come from: `[import.columns]`."""

    columns: dict[str, str | list[str]] = {}
    """A title in the school's own file -> the column of ours that it is; empty: left out."""
    fixed: dict[str, str] = {}
    """A column of ours that no file has -> what is true of every row."""


class Config(BaseSettings):
    """All settings, checked. Secrets are `SecretStr`: they show as stars wherever they are printed."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True)
    database_url: SecretStr = SecretStr("")
    """SQLite in `data_dir` where none is given. PostgreSQL's may hold a password."""
    programme: Path = Path("programme.toml")
    consortium: Path = Path("consortium.toml")
    data_dir: Path = Path("data")
    language: Literal["fr", "en", "es", "de", "it", "pt", "nl", "pl", "uk", "ar"] | None = None
    """Of the terminal, until consortium.toml is imported; the machine's where neither says anything."""
    web: Web = Web()
    telegram: Telegram = Telegram()
    matrix: Matrix = Matrix()
    email: Email = Email()
    keys: Keys = Keys()
    backup: Backup = Backup()
    rehearsal: Rehearsal = Rehearsal()
    watchdog: Watchdog = Watchdog()
    imports: Import = Import()
    """`[import]` in the file: the word itself is Python's."""

    @property
    def backups(self) -> Path:
        """The folder of backups."""
        return self.data_dir / self.backup.folder.expanduser()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The first one wins; `read` hands over what the files say as arguments."""
        return env_settings, init_settings


def keys() -> list[str]:
    """Every key by its flat name, such as `web__port`."""
    found: list[str] = []
    for name, field in Config.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Table):
            found += [f"{name}__{key}" for key in kind.model_fields]
        else:
            found.append(name)
    return found
