"""Which updates this program can read: the fields that it uses, of the types that it relies on.

python-telegram-bot builds objects from whatever it gets; what is strange would only be noticed deep inside a handler.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, Field, StrictInt, StrictStr, TypeAdapter

NUMBERS = 2**62  # an update has one below
Number = Annotated[StrictInt, Field(gt=-(2**52), lt=2**52)]


class _Chat(BaseModel):
    id: Number
    type: StrictStr


class _User(BaseModel):
    id: Number
    first_name: StrictStr
    language_code: StrictStr | None = None


class _Standing(BaseModel):
    message_id: Number
    chat: _Chat


class _Voice(BaseModel):
    file_id: StrictStr


class _Message(_Standing):
    sender: Annotated[_User | None, Field(alias="from")] = None
    text: StrictStr | None = None
    voice: _Voice | None = None
    reply_to_message: _Standing | None = None


class _Press(BaseModel):
    id: StrictStr
    sender: Annotated[_User, Field(alias="from")]
    message: _Standing | None = None
    data: StrictStr | None = None


class _MemberChange(BaseModel):
    chat: _Chat


class _Sound(BaseModel):
    update_id: Annotated[StrictInt, Field(ge=0, lt=NUMBERS)]
    message: _Message | None = None
    edited_message: _Message | None = None
    channel_post: _Message | None = None
    callback_query: _Press | None = None
    my_chat_member: _MemberChange | None = None


def check_sound(raw: Mapping[str, Any]) -> None:
    """Raise ValueError if an update's fields are not what Telegram describes."""
    _SOUND.validate_python(raw)


_SOUND = TypeAdapter(_Sound)
