"""What people do on their phones, and the updates that Telegram makes of it."""

import re
from urllib.parse import parse_qs, urlsplit

from bot.playground import attachments
from bot.playground.accounts import Chat, User
from bot.playground.entities import Entity, cleaned, split_long, trimmed, with_found
from bot.playground.handsets import Handset
from bot.playground.messages import Content, Message
from bot.playground.queries import Query
from bot.playground.state import State
from bot.playground.telling import is_heard, moved, reacted, tapped

_START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_LINK_HOSTS = frozenset({"t.me", "telegram.me"})


class NotPossible(Exception):
    """The app would not let a person do this."""


class Account:
    """One person and their phone. Every act is done at once; the bot learns of it through getUpdates."""

    def __init__(self, state: State, user: User) -> None:
        self._state = state
        self.user = user

    @property
    def id(self) -> int:
        """The account's number, which is also that of the private chat."""
        return self.user.id

    @property
    def name(self) -> str:
        """The first name."""
        return self.user.first_name

    @property
    def chat(self) -> Chat:
        """The private chat with the bot."""
        return self._state.chats.chats[self.id]

    @property
    def handset(self) -> Handset:
        """Lock screen, toasts, unread marks and the like."""
        return self._state.chats.handsets[self.id]

    @property
    def messages(self) -> list[Message]:
        """Everything that was ever in the private chat, oldest first, deleted and cleared ones too."""
        return self._state.chats.in_order(self.id)

    @property
    def unread(self) -> list[Message]:
        """The bot's messages that the person has not looked at."""
        return self._state.chats.unread(self.id)

    @property
    def menu(self) -> list[dict[str, str]]:
        """The command menu as this person's app shows it."""
        return self._state.profile.menu(self.id, (self.user.language or "")[:2])

    def start(self, parameter: str = "") -> Message:
        """Press START, unblocking the bot if need be; a deep link brings a parameter."""
        if parameter and not _START_PARAMETER.match(parameter):
            raise NotPossible(f"Telegram drops the start parameter {parameter!r}")
        if self.chat.bot_status == "kicked":
            self.unblock()
        self.chat.is_started = True
        return self._write(self.chat, f"/start {parameter}".strip())

    def open(self, link: str) -> Message | None:
        """Follow a link; one to the bot starts it, any other opens a browser."""
        parts = urlsplit(link if "://" in link else f"https://{link}")
        bot = (self._state.bot.username or "").lower()
        if parts.hostname not in _LINK_HOSTS or parts.path.strip("/").lower() != bot:
            self.handset.opened.append(link)
            return None
        return self.start(parse_qs(parts.query).get("start", [""])[0])

    def write(
        self,
        text: str,
        *,
        to: Chat | None = None,
        reply_to: Message | None = None,
        entities: list[Entity] | None = None,
    ) -> list[Message]:
        """Send a text; one that is too long goes in pieces, as the app sends it."""
        chat = self._open_chat(to)
        reply = reply_to or self._asked_reply(chat)
        pieces = [text] if entities else split_long(cleaned(text))
        if not pieces:
            raise NotPossible("there is nothing to send")
        return [self._write(chat, piece, reply=reply, entities=entities) for piece in pieces]

    def edit(self, message: Message, text: str) -> None:
        """Change an own message."""
        if message.sender_id != self.id:
            raise NotPossible("only own messages can be edited")
        content = self._words(text, None, caption="text" not in message.content)
        kept = {name: value for name, value in message.content.items() if name not in ("text", "entities")}
        self._state.chats.revise(message, {**kept, **content}, message.markup)
        self._tell("edited_channel_post" if self._chat_of(message).kind == "channel" else "edited_message", message)

    def speak(
        self, seconds: int = 3, *, recording: bytes = attachments.SAMPLE_VOICE, reply_to: Message | None = None
    ) -> Message:
        """Send a voice note."""
        return self.send(attachments.voice(self._state.files, seconds, recording), reply_to=reply_to)

    def send(
        self, what: str | Content, *, to: Chat | None = None, reply_to: Message | None = None, caption: str = ""
    ) -> Message:
        """Send a "sticker", "photo", "video", "poll" … (see `attachments.KINDS`), or any content given in full."""
        chat = self._open_chat(to)
        content = attachments.KINDS[what](self._state.files) if isinstance(what, str) else what
        if caption:
            content = {**content, **self._words(caption, None, caption=True)}
        return self._send(chat, content, reply_to)

    def press(self, message: Message, data: str) -> Query:
        """Tap a button with this callback data, whether the message shows one or not."""
        state = self._state
        state.chats.read(self.id)
        query = state.queries.add(self.id, message.chat_id, message.id, data, state.now())
        state.updates.add("callback_query", tapped(state, self.user, message, query))
        return query

    def react(self, message: Message, *emoji: str) -> None:
        """Put reactions on a message, or take them away; bots hear of it only if they asked for it."""
        old = message.reactions.get(self.id, [])
        message.reactions[self.id] = [{"type": "emoji", "emoji": each} for each in emoji]
        self._state.chats.announce("reaction", message.chat_id, message.id)
        self._state.updates.add("message_reaction", reacted(self._state, self.user, message, old))

    def delete(self, message: Message) -> None:
        """Delete a message of the private chat, also one of the bot's, on both sides; the bot is not told."""
        self._state.chats.delete(message)

    def read(self) -> None:
        """Look at the chat."""
        self._state.chats.read(self.id)

    def block(self) -> None:
        """Stop and block the bot."""
        self._set_bot_status(self.chat, "kicked")
        self._state.chats.announce("block", self.id)

    def unblock(self) -> None:
        """Let the bot write again."""
        self._set_bot_status(self.chat, "member")
        self._state.chats.announce("block", self.id)

    def clear_history(self) -> None:
        """Delete all messages from one's own side; the bot is not told."""
        self._state.chats.clear(self.id)

    def delete_chat(self) -> None:
        """Delete the chat and stop the bot."""
        self.clear_history()
        self.block()

    def deactivate(self) -> None:
        """Delete the account."""
        self.user.is_deactivated = True

    def add_bot(self, chat: Chat, *, status: str = "member") -> None:
        """Bring the bot into a group, or make it an administrator of a channel."""
        chat.members.add(self.id)
        self._set_bot_status(chat, "administrator" if chat.kind == "channel" else status)
        if chat.kind != "channel":
            member = self._state.bot.as_json()
            self._send(chat, {"new_chat_participant": member, "new_chat_member": member, "new_chat_members": [member]})

    def remove_bot(self, chat: Chat) -> None:
        """Throw the bot out of a group or channel."""
        self._set_bot_status(chat, "left" if chat.kind == "channel" else "kicked")

    def post(self, channel: Chat, text: str) -> Message:
        """Write in a channel."""
        return self._send(channel, self._words(text, None))

    def _write(
        self, chat: Chat, text: str, *, reply: Message | None = None, entities: list[Entity] | None = None
    ) -> Message:
        return self._send(chat, self._words(text, entities), reply)

    def _words(self, text: str, entities: list[Entity] | None, *, caption: bool = False) -> Content:
        plain, marks = trimmed(text if entities else cleaned(text), entities or [])
        marks = with_found(plain, marks)
        names = ("caption", "caption_entities") if caption else ("text", "entities")
        return {names[0]: plain, names[1]: marks} if marks else {names[0]: plain}

    def _send(self, chat: Chat, content: Content, reply: Message | None = None) -> Message:
        if chat.is_private:
            self._state.chats.read(self.id)
        message = self._state.chats.post(chat, self.id, content, reply_to=reply.id if reply else None)
        self._tell("channel_post" if chat.kind == "channel" else "message", message)
        return message

    def _tell(self, kind: str, message: Message) -> None:
        if is_heard(self._state, message):
            self._state.updates.add(kind, self._state.chats.as_json(message))

    def _open_chat(self, to: Chat | None) -> Chat:
        chat = to or self.chat
        if chat.is_private and chat.bot_status == "kicked":
            raise NotPossible(f"{self.name} has blocked the bot and cannot write to it")
        if chat.is_private and not chat.is_started:
            raise NotPossible(f"{self.name} has not pressed START")
        return chat

    def _asked_reply(self, chat: Chat) -> Message | None:
        """The message that asked for a reply with ForceReply; the app fills it in once."""
        if not chat.is_private or self.handset.answers_to is None:
            return None
        asked, self.handset.answers_to = self.handset.answers_to, None
        return self._state.chats.message(chat.id, asked)

    def _chat_of(self, message: Message) -> Chat:
        return self._state.chats.chats[message.chat_id]

    def _set_bot_status(self, chat: Chat, status: str) -> None:
        old, chat.bot_status = chat.bot_status, status
        self._state.updates.add("my_chat_member", moved(self._state, chat, self.user, old, status))
