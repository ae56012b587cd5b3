"""What people send besides words, with the fields that Telegram sends."""

from collections.abc import Callable, Mapping

from bot.playground.files import Files
from bot.playground.messages import Content

Maker = Callable[[Files], Content]

SAMPLE_VOICE = b"OggS\x00\x02" + bytes(20) + b"OpusHead" + bytes(200)
_PICTURE = b"\xff\xd8\xff\xe0" + bytes(400) + b"\xff\xd9"


def voice(files: Files, seconds: int, recording: bytes = SAMPLE_VOICE) -> Content:
    """A voice note."""
    return files.store("voice", recording, about={"duration": seconds, "mime_type": "audio/ogg"}).as_content()


def photo(files: Files, picture: bytes = _PICTURE) -> Content:
    """A photo in two sizes."""
    small = files.store("photo", picture, about={"width": 90, "height": 67}).as_json()
    large = files.store("photo", picture, about={"width": 1280, "height": 960}).as_json()
    return {"photo": [small, large]}


def document(files: Files, name: str = "notes.pdf", content: bytes = b"%PDF-1.7 notes") -> Content:
    """A file."""
    return files.store("document", content, about={"file_name": name, "mime_type": "application/pdf"}).as_content()


def sticker(files: Files) -> Content:
    """A sticker of a set."""
    about = {
        "width": 512,
        "height": 512,
        "emoji": "👍",
        "set_name": "HotCherry",
        "is_animated": False,
        "is_video": False,
        "type": "regular",
    }
    return files.store("sticker", b"RIFF0000WEBP", about=about).as_content()


def video(files: Files) -> Content:
    """A short video."""
    about = {"duration": 4, "width": 640, "height": 360, "file_name": "clip.mp4", "mime_type": "video/mp4"}
    return files.store("video", b"\x00\x00\x00\x18ftypmp42", about=about).as_content()


def video_note(files: Files) -> Content:
    """A round video."""
    return files.store("video_note", b"\x00\x00\x00\x18ftypmp42", about={"duration": 5, "length": 384}).as_content()


def audio(files: Files) -> Content:
    """A piece of music."""
    about = {"duration": 180, "title": "Song", "performer": "Somebody", "mime_type": "audio/mpeg"}
    return files.store("audio", b"ID3", about=about).as_content()


def animation(files: Files) -> Content:
    """A GIF; Telegram describes it as a document as well."""
    about = {"duration": 2, "width": 320, "height": 240, "file_name": "a.mp4", "mime_type": "video/mp4"}
    stored = files.store("animation", b"\x00\x00\x00\x18ftypmp42", about=about)
    plain = {name: value for name, value in stored.as_json().items() if name not in ("duration", "width", "height")}
    return {**stored.as_content(), "document": plain}


def poll(files: Files) -> Content:
    """A poll with two options."""
    options = [{"persistent_id": text, "text": text, "voter_count": 0} for text in ("Yes", "No")]
    return {
        "poll": {
            "id": f"{5_000_000_000_000_000_000 + len(files.by_id)}",
            "question": "Tonight?",
            "options": options,
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": True,
            "members_only": False,
        }
    }


def contact(_files: Files) -> Content:
    """Somebody's phone number."""
    return {"contact": {"phone_number": "+15550100", "first_name": "Cleo", "user_id": 7_100_000_001}}


def location(_files: Files) -> Content:
    """A place on the map."""
    return {"location": {"latitude": 52.52, "longitude": 13.405}}


def venue(files: Files) -> Content:
    """A named place; Telegram sends its location as well."""
    place = location(files)
    return {**place, "venue": {**place, "title": "Café", "address": "1 Main Street"}}


def dice(_files: Files) -> Content:
    """A thrown die."""
    return {"dice": {"emoji": "🎲", "value": 4}}


def story(_files: Files) -> Content:
    """A forwarded story."""
    return {"story": {"chat": {"id": 7_100_000_001, "type": "private", "first_name": "Cleo"}, "id": 5}}


KINDS: Mapping[str, Maker] = {
    "photo": photo,
    "document": document,
    "sticker": sticker,
    "video": video,
    "video_note": video_note,
    "audio": audio,
    "animation": animation,
    "poll": poll,
    "contact": contact,
    "location": location,
    "venue": venue,
    "dice": dice,
    "story": story,
}
