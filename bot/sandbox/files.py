"""Files that were sent: kept in memory under ids of the sandbox's own."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass

from bot.sandbox.nouns import Json


@dataclass(frozen=True, slots=True)
class File:
    """A stored file."""

    id: str
    unique_id: str
    name: str
    type: str
    content: bytes

    @property
    def path(self) -> str:
        """The path under which the bot may load it."""
        return f"documents/{self.unique_id}/{self.name}"

    def view(self) -> Json:
        """Show the ids and the size, as every kind of file has them."""
        size = len(self.content)
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": size}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request."""

    name: str
    type: str
    content: bytes


class Files:
    """Store files by their content, and find them by id or path."""

    def __init__(self) -> None:
        self._by_id: dict[str, File] = {}
        self._by_path: dict[str, File] = {}

    def add(self, upload: Upload) -> File:
        """Store a file; the same file again has the same ids."""
        key = upload.name.encode(errors="replace") + b"\0" + upload.content
        unique = "AgAD" + hashlib.sha256(key).hexdigest()[:16]
        # A name is a name: never a way out of its folder.
        name = (
            upload.name.encode(errors="replace")
            .decode()
            .replace("\\", "/")
            .rsplit("/", 1)[-1]
            .strip(".")
            or "file"
        )
        kind = upload.type.encode(errors="replace").decode()
        file = File(f"BQACAgIAAx{unique}", unique, name, kind, upload.content)
        self._by_id[file.id] = file
        self._by_path[file.path] = file
        return file

    def remote(self, address: str) -> File:
        """Store what an address leads to: its name alone, nothing is loaded."""
        name = address.split("?")[0].rsplit("/", 1)[-1] or "file"
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return self.add(Upload(name, kind, address.encode()))

    def find(self, file_id: str) -> File | None:
        """Find a file by its id."""
        return self._by_id.get(file_id)

    def at(self, path: str) -> File | None:
        """Find a file by its path."""
        return self._by_path.get(path)
