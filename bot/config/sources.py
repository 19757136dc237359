"""Where settings come from, and how they are refused: one line each, that names the place and the remedy.

`COMPAGNON_WEB__PORT=8081` wins over the file `web__port` in the secrets folder, which wins over `port` in
`[web]` of the configuration file. Relative paths start at the folder of that file, or here without one.
No line ever shows a value: it may be a secret.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.config.tables import PREFIX, Config, keys
from bot.domain.encoding import EncodingError, text_from
from bot.domain.toml_faults import toml_fault
from bot.i18n import Sentence, _, file_fault, joined, say, sentence_of

ELSEWHERE = {"config", "secrets_dir", "name"}
"""Variables that say where settings are, or whose log lines they are, and are none themselves."""


_SHOULD: Mapping[str, str] = {
    "model_type": _("should be a table"),
    "int_": _("should be a whole number"),
    "float_": _("should be a number"),
    "bool_": _("should be true or false"),
    "string_": _("should be a text between quotation marks"),
    "path_": _("should be the path of a file, between quotation marks"),
    "timezone_": _("should be an instant with its zone: 2026-11-02T09:00:00Z"),
    "datetime_": _("should be an instant with its zone: 2026-11-02T09:00:00Z"),
}
"""How the library begins the names of its complaints, and how the value should be."""


class ConfigError(Exception):
    """The settings cannot be used; each of `problems` is a line for whoever runs Compagnon."""

    def __init__(self, *problems: str) -> None:
        super().__init__(joined(problems, "\n"))
        self.problems = problems


def written_at(named: Path | None = None) -> Path | None:
    """The file to read: the one that was named, which must be there, or `config.toml` if it is here.

    Raises:
        ConfigError: it was named and is not there.
    """
    variable = os.environ.get(PREFIX + "CONFIG")
    path = named or (Path(variable) if variable else None)
    if path and not path.is_file():
        raise ConfigError(
            say(_("{path}: there is no such file; copy config.example.toml there, or name another"), path=path)
        )
    usual = Path("config.toml")
    return path or (usual if usual.is_file() else None)


def read(named: Path | None = None) -> Config:
    """The settings of this process; `named` is the file given by `--config`.

    Raises:
        ConfigError: a named file is missing, a key is unknown, or a value is not what is expected.
    """
    path = written_at(named)
    folder = path.absolute().parent if path else Path.cwd()
    written = _parse(path) if path else {}
    secrets = _secrets(folder, written)
    strangers = [*_strange_variables(), *_strange_secrets(secrets), *_strange_keys(written, path)]
    if strangers:
        raise ConfigError(*strangers)
    try:
        return _placed(Config(**_with(secrets, written)), folder)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
    raise ConfigError(*(_problem(detail, path, secrets) for detail in details))


def _parse(path: Path) -> dict[str, Any]:
    try:
        written = tomllib.loads(text := _text(path))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(joined([str(path), *toml_fault(error, text)], ": ")) from None
    return {"imports" if name == "import" else name: value for name, value in written.items()}


def _text(path: Path) -> str:
    try:
        return text_from(path.read_bytes())
    except OSError as error:
        raise ConfigError(
            say(
                _("{path}: it cannot be read: {reason}; is it Compagnon's own account's?"),
                path=path,
                reason=file_fault(error),
            )
        ) from None
    except EncodingError:
        raise ConfigError(say(_("{path}: it is no text; save it as UTF-8"), path=path)) from None


def _secrets(folder: Path, written: dict[str, Any]) -> dict[str, str]:
    """Our files in the folder of secrets; others may lie beside them."""
    named = os.environ.get(PREFIX + "SECRETS_DIR")
    usual = Path(os.environ.get(PREFIX + "DATA_DIR") or str(written.get("data_dir", "data"))) / "secrets"
    place = folder / (named or usual)
    if not place.is_dir():
        if named:
            raise ConfigError(
                say(
                    _("{prefix}SECRETS_DIR: {place} is no folder; make it, or remove the variable"),
                    prefix=PREFIX,
                    place=place,
                )
            )
        return {}
    ours = tuple({name.split("_")[0] + "_" for name in keys()})
    files = [path for path in sorted(place.iterdir()) if path.name.startswith(ours) or path.name in keys()]
    return {path.name: _text(path).strip() for path in files if path.is_file()}


def _with(secrets: dict[str, str], written: dict[str, Any]) -> dict[str, Any]:
    for name, secret in secrets.items():
        table, _, key = name.rpartition("__")
        target = written.setdefault(table, {}) if table else written
        if isinstance(target, dict):
            target[key] = secret
    return written


def _strange_variables() -> Iterator[str]:
    for variable in sorted(os.environ):
        name = variable.upper().removeprefix(PREFIX).lower()
        if variable.upper().startswith(PREFIX) and name not in {*keys(), *ELSEWHERE}:
            yield _stranger(variable, name, lambda near: PREFIX + near.upper())


def _strange_secrets(secrets: dict[str, str]) -> Iterator[str]:
    for name in secrets:
        if name not in keys():
            yield _stranger(f"secrets/{name}", name, str)


def _strange_keys(written: dict[str, Any], path: Path | None) -> Iterator[str]:
    tables = {name.split("__")[0] for name in keys() if "__" in name}
    for name, value in written.items():
        inner = [f"{name}__{key}" for key in value] if isinstance(value, dict) else [name]
        for key in inner:
            if key not in keys() and key not in tables:
                yield _stranger(f"{path}: {key.replace('__', '.')}", key, lambda near: near.replace("__", "."))


def _stranger(place: str, name: str, spell: Callable[[str], str]) -> Sentence:
    near = difflib.get_close_matches(name, keys(), 1)
    if near:
        return say(_("{place}: no such setting; did you mean {name}?"), place=place, name=spell(near[0]))
    return say(_("{place}: no such setting; config.example.toml lists them all"), place=place)


def _problem(detail: ErrorDetails, path: Path | None, secrets: dict[str, str]) -> Sentence:
    """What pydantic found, said of the place the value came from."""
    loc = [str(part) for part in detail["loc"]]
    name = "__".join(loc)
    place = f"{path}: {'.'.join(loc)}"
    if PREFIX + name.upper() in {variable.upper() for variable in os.environ}:
        place = PREFIX + name.upper()
    elif name in secrets:
        place = f"secrets/{name}"
    return joined([place, _says(detail)], ": ")


def _says(detail: ErrorDetails) -> Sentence:
    """How a value should be. It is never shown: it may be a secret."""
    limits, kind = detail.get("ctx", {}), detail["type"]
    if isinstance(limits.get("error"), ValueError):
        return say(sentence_of(limits["error"]))
    if kind == "literal_error":
        return say(_("should be {choices}"), choices={"choice": re.findall(r"'[^']*'", limits["expected"])})
    if kind in {"greater_than", "greater_than_equal", "less_than", "less_than_equal"}:
        low = kind.startswith("greater")
        text = _("should be more than {limit}") if low else _("should be less than {limit}")
        if kind.endswith("equal"):
            text = _("should be {limit} or more") if low else _("should be {limit} or less")
        return say(text, limit=next(iter(limits.values())))
    words = next((words for begins, words in _SHOULD.items() if kind.startswith(begins)), None)
    return say(words or _("is not what is expected here: compare it with config.example.toml"))


def _placed(config: Config, folder: Path) -> Config:
    """The same with its paths made absolute."""
    data_dir = folder / config.data_dir.expanduser()
    return config.model_copy(
        update={
            "data_dir": data_dir,
            "programme": folder / config.programme.expanduser(),
            "consortium": folder / config.consortium.expanduser(),
            "database_url": SecretStr(database_at(config.database_url.get_secret_value(), folder, data_dir)),
            "keys": config.keys.model_copy(
                update={"file": folder / config.keys.file.expanduser() if config.keys.file else None}
            ),
        }
    )


def database_at(written: str, folder: Path, data_dir: Path) -> str:
    """The whole address of a database, as it was written in a file of this folder; SQLite in `data_dir` where nothing was.

    Raises:
        ConfigError: it is no address.
    """
    if not written:
        return f"sqlite:///{data_dir / 'compagnon.db'}"
    try:
        url = make_url(written)
    except ArgumentError:
        raise ConfigError(say(_("database_url: this is no address of a database; write sqlite:///file.db or postgresql://user:password@host/name"))) from None  # fmt: skip
    if url.get_backend_name() == "sqlite" and url.database:
        url = url.set(database=str(folder / url.database))
    return url.render_as_string(hide_password=False)
