"""One file in a form, read in memory and no further than it may be long."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from bot.web.common.guard import FIELDS, LARGEST

MOST = 2 * 1024 * 1024
"""Bytes of a file that are read, where no other number is given."""
DRAINED = 16 * 1024 * 1024
"""So much of a larger one is thrown away before the answer: a browser that is cut off shows no answer at all."""


@dataclass(frozen=True)
class Upload:
    """The fields of a form, and the file that came with it; no content where none was chosen."""

    fields: dict[str, str]
    name: str = ""
    content: bytes = b""


async def read_upload(request: Request, most: int = MOST) -> Upload:
    """The form and its file.

    Raises:
        HTTPException: 413 when it is too large; 400 when it is no such form.
    """
    parser = MultiPartParser(
        request.headers, _bounded(request, most), max_files=1, max_fields=FIELDS, max_part_size=LARGEST
    )
    parser.spool_max_size = most + LARGEST  # personal data: never onto a disk on its way
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, ClientDisconnect):
        raise HTTPException(400) from None
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    file = next((value for value in form.values() if isinstance(value, UploadFile)), None)
    if file is None:
        return Upload(fields)
    content = await file.read()
    await form.close()
    if len(content) > most:
        raise HTTPException(413)
    return Upload(fields, file.filename or "", content)


async def _bounded(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= most + LARGEST:
            yield chunk
        elif size > most + DRAINED:
            break
    if size > most + LARGEST:
        raise HTTPException(413)
