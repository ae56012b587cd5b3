"""Files that phones and the bot have sent, and the content objects that carry them."""

import struct
from dataclasses import dataclass, field
from typing import Any

from bot.playground.checks import Upload
from bot.playground.errors import bad_request

MOST_DOWNLOAD_BYTES = 20 * 1024 * 1024
MOST_PHOTO_BYTES = 10 * 1024 * 1024
MOST_SIDES = 10_000  # width and height together
MOST_RATIO = 20
_FOLDERS = {"voice": "voice", "photo": "photos", "document": "documents"}
_ENDINGS = {"voice": "oga", "photo": "jpg", "document": "bin", "video": "mp4", "sticker": "webp"}
_PREFIXES = {"voice": "AwACAgIAAxkBAAI", "photo": "AgACAgIAAxkBAAI", "document": "BQACAgIAAxkBAAI"}
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file; `about` holds what Telegram tells of it besides its ids and size."""

    file_id: str
    unique_id: str
    kind: str
    path: str
    content: bytes
    about: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The object that messages carry (`Voice`, `Document`, one `PhotoSize`)."""
        ids = {"file_id": self.file_id, "file_unique_id": self.unique_id}
        return {**self.about, **ids, "file_size": len(self.content)}

    def as_content(self) -> dict[str, Any]:
        """The part of a message that carries it."""
        return {self.kind: [self.as_json()] if self.kind == "photo" else self.as_json()}


class Files:
    """Every file of the loopback, by file_id and by path."""

    def __init__(self) -> None:
        self.by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def store(self, kind: str, content: bytes, *, ending: str = "", about: dict[str, Any] | None = None) -> StoredFile:
        """Keep a file of some kind ("voice", "photo", "document" …)."""
        number = len(self.by_id) + 1
        ending = ending or _ENDINGS.get(kind, "bin")
        path = f"{_FOLDERS.get(kind, kind + 's')}/file_{number}.{ending}"
        file_id = f"{_PREFIXES.get(kind, 'CgACAgIAAxkBAAI')}{number:06d}loopback{number * 7919:012d}"
        stored = StoredFile(file_id, f"AgAD{number:08d}", kind, path, content, about or {})
        self.put(stored)
        return stored

    def put(self, stored: StoredFile) -> None:
        """Keep a file that already has its ids."""
        self.by_id[stored.file_id] = stored
        self._by_path[stored.path] = stored

    def at(self, path: str) -> StoredFile | None:
        """The file that is downloaded from this path."""
        return self._by_path.get(path)

    def known(self, file_id: str) -> StoredFile:
        """The file with this id. Refuses an unknown one."""
        stored = self.by_id.get(file_id)
        if stored is None:
            raise bad_request("invalid file_id")
        return stored

    def sent(self, kind: str, source: Upload | str, about: dict[str, Any]) -> StoredFile:
        """What the bot sends: a new upload, or a file that Telegram has already."""
        if isinstance(source, Upload):
            return self._uploaded(kind, source, about)
        if source.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")
        stored = self.by_id.get(source)
        if stored is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if stored.kind != kind:
            raise bad_request(f"type of file mismatch: {stored.kind} can't be sent as {kind}")
        return stored

    def _uploaded(self, kind: str, upload: Upload, about: dict[str, Any]) -> StoredFile:
        if not upload.content:
            raise bad_request("file must be non-empty")
        about = {name: value for name, value in about.items() if value is not None}
        if kind == "photo":
            width, height = _size(upload.content)
            if width + height > MOST_SIDES or max(width, height) > MOST_RATIO * min(width, height):
                raise bad_request("PHOTO_INVALID_DIMENSIONS")
            if len(upload.content) > MOST_PHOTO_BYTES:
                raise bad_request("PHOTO_TOO_BIG")
            about = {"width": width, "height": height}
        elif kind == "document":
            about = {"file_name": upload.name, "mime_type": upload.mime, **about}
        elif kind == "voice":
            about = {"duration": 0, "mime_type": "audio/ogg", **about}
        ending = upload.name.rpartition(".")[2] if "." in upload.name else ""
        return self.store(kind, upload.content, ending=ending, about=about)


def _size(image: bytes) -> tuple[int, int]:
    """Width and height of a PNG; of a JPEG only that it is one. Refuses everything else."""
    if image.startswith(_PNG) and len(image) > 24:
        width, height = struct.unpack(">II", image[16:24])
        return int(width), int(height)
    if image.startswith(_JPEG):
        return 1280, 720
    raise bad_request("IMAGE_PROCESS_FAILED")
