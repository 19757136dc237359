"""What came in, as it came."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.telegram_server.files import Upload
from tests.telegram_server.refusals import Json, bad_request

ATTACH = "attach://"


@dataclass
class Request:
    """One request. `status` is what it was answered, 0 if the connection broke or it still waits."""

    method: str
    parameters: Json
    at: float
    status: int = 0

    @property
    def chat(self) -> int | None:
        chat = self.parameters.get("chat_id")
        return chat if isinstance(chat, int) else None


async def parameters_of(request: web.Request) -> Json:
    """The parameters from the address and the body, files in their place. Form fields stay strings."""
    parameters: Json = dict(request.query)
    if request.content_type == "application/json":
        parameters |= _from_json(await request.read())
    elif request.method == "POST":
        parameters |= {name: _part(value) for name, value in (await request.post()).items()}
    return _attached(parameters) if request.content_type == "multipart/form-data" else parameters


def _from_json(body: bytes) -> Json:
    try:
        parameters = json.loads(body or b"{}")
    except ValueError:
        parameters = None
    if not isinstance(parameters, dict):
        raise bad_request("Bad Request: can't parse request body as JSON object")
    return parameters


def _part(value: Any) -> Any:
    if not isinstance(value, web.FileField):
        return value
    with value.file as file:
        return Upload(value.filename, value.content_type, file.read())


def _attached(parameters: Json) -> Json:
    """Puts a part where "attach://name" asks for it."""
    asked = {
        name: value.removeprefix(ATTACH)
        for name, value in parameters.items()
        if isinstance(value, str) and value.startswith(ATTACH)
    }
    placed = {name: parameters.get(part) for name, part in asked.items()}
    return {name: value for name, value in parameters.items() if name not in asked.values()} | placed
