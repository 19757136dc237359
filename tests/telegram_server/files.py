"""Files that were sent, by either side, and their bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from tests.telegram_server.numbers import Numbers
from tests.telegram_server.refusals import Json, bad_request

LARGEST_DOWNLOAD = 20 * 1024 * 1024


@dataclass(frozen=True)
class Upload:
    """A file as it came in a multipart request."""

    name: str
    mime_type: str
    content: bytes


@dataclass(frozen=True)
class Stored:
    """A file that can be fetched."""

    file_id: str
    unique_id: str
    path: str
    content: bytes

    @property
    def shape(self) -> Json:
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": len(self.content)}


class Files:
    """All files, by id and by the path they are fetched from."""

    def __init__(self) -> None:
        self._by_id: dict[str, Stored] = {}
        self._by_path: dict[str, Stored] = {}
        self._numbers = Numbers()

    def store(self, content: bytes, folder: str, ending: str) -> Stored:
        number = self._numbers.next()
        unique = hashlib.sha256(content).hexdigest()[:16]
        stored = Stored(f"FILE{number:06d}-{unique}", f"U{unique}", f"{folder}/file_{number}{ending}", content)
        self._by_id[stored.file_id] = stored
        self._by_path[stored.path] = stored
        return stored

    def by_id(self, file_id: str) -> Stored:
        stored = self._by_id.get(file_id)
        if stored is None:
            raise bad_request("Bad Request: wrong file_id or the file is temporarily unavailable")
        return stored

    def by_path(self, path: str) -> Stored | None:
        return self._by_path.get(path)

    def forget(self, file_id: str) -> None:
        """The file is gone from Telegram: getFile and the download fail."""
        stored = self._by_id.pop(file_id)
        del self._by_path[stored.path]
