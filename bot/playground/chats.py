"""People, chats and messages: the state of the loopback, and a feed of what changes in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.playground.accounts import Chat, User
from bot.playground.handsets import Handset, Toast
from bot.playground.markup import is_inline
from bot.playground.messages import Content, Message, Version

FIRST_PERSON_ID = 7_000_000_001  # beyond 32 bits, as new accounts of Telegram are
FIRST_GROUP_ID = -1_002_000_000_001


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed, in order of `number`.

    `kind` is "message", "edit", "delete", "clear", "toast", "typing", "read", "reaction", "keyboard", "block",
    "menu" or "chat"; `chat_id` is 0 where no single chat is concerned.
    """

    number: int
    kind: str
    chat_id: int
    message_id: int | None = None


Listener = Callable[[Change], None]


class Chats:
    """Everything that is in the chats. `keep` bounds the messages of each chat, for benchmarks."""

    def __init__(self, bot: User, *, now: Callable[[], datetime], keep: int | None = None) -> None:
        self.bot = bot
        self.now = now
        self.keep = keep
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.messages: dict[int, dict[int, Message]] = {}
        self.handsets: dict[int, Handset] = {}
        self.number = 0
        self.last_message_id = 0
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with every change, at once; the function given back ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def announce(self, kind: str, chat_id: int, message_id: int | None = None) -> None:
        """Count a change and tell the listeners."""
        self.number += 1
        if self._listeners:
            change = Change(self.number, kind, chat_id, message_id)
            for listener in tuple(self._listeners):
                listener(change)

    def add_person(self, first_name: str, **details: Any) -> User:
        """A new account, its phone, and its private chat with the bot, not yet started."""
        taken = [user_id for user_id in self.users if user_id >= FIRST_PERSON_ID and user_id != self.bot.id]
        user = User(max(taken, default=FIRST_PERSON_ID - 1) + 1, first_name, **details)
        self.users[user.id] = user
        self.handsets[user.id] = Handset()
        self._add_chat(Chat(user.id, "private", members={user.id}, is_started=False))
        return user

    def add_group(self, title: str, *, kind: str = "supergroup", username: str | None = None) -> Chat:
        """A new group or channel, without the bot in it."""
        number = FIRST_GROUP_ID - sum(not chat.is_private for chat in self.chats.values())
        return self._add_chat(Chat(number, kind, title=title, username=username, bot_status="left"))

    def message(self, chat_id: int, message_id: int) -> Message | None:
        """A message that has not been deleted for everybody."""
        found = self.messages.get(chat_id, {}).get(message_id)
        return None if found is None or found.deleted else found

    def in_order(self, chat_id: int) -> list[Message]:
        """All messages of a chat, oldest first, deleted ones too."""
        return list(self.messages.get(chat_id, {}).values())

    def post(
        self,
        chat: Chat,
        sender_id: int,
        content: Content,
        *,
        markup: dict[str, Any] | None = None,
        reply_to: int | None = None,
        silent: bool = False,
    ) -> Message:
        """A new message in a chat; the phone of a private chat rings if it is the bot's."""
        at = self.now()
        date = int(at.timestamp())
        message = Message(
            self._next_id(chat), chat.id, sender_id, date, content, markup or None, reply_to, silent=silent
        )
        self._place(message)
        message.versions.append(Version(self.number + 1, at, content, message.markup))
        if chat.is_private and sender_id == self.bot.id:
            self._ring(message)
        self.announce("message", chat.id, message.id)
        return message

    def revise(self, message: Message, content: Content, markup: dict[str, Any] | None) -> None:
        """Replace what a message holds; its notification, if still there, shows the new text."""
        at = self.now()
        message.content = content
        message.markup = markup or None
        message.edit_date = int(at.timestamp())
        message.versions.append(Version(self.number + 1, at, content, message.markup))
        if (handset := self.handsets.get(message.chat_id)) and not message.hidden:
            handset.refresh(message.id, message.now.notice)
        self.announce("edit", message.chat_id, message.id)

    def delete(self, message: Message) -> None:
        """Take a message away from everybody."""
        message.deleted = True
        if handset := self.handsets.get(message.chat_id):
            handset.withdraw(message.id)
        self.announce("delete", message.chat_id, message.id)

    def clear(self, chat_id: int) -> None:
        """A person clears their own view of the chat; the bot can still edit what it sent."""
        for message in self.messages.get(chat_id, {}).values():
            message.hidden = True
            self.handsets[chat_id].withdraw(message.id)
        self.announce("clear", chat_id)

    def toast(self, user_id: int, text: str, *, is_alert: bool) -> None:
        """Show a tapped button's answer."""
        self.handsets[user_id].toasts.append(Toast(text, is_alert, self.number + 1, self.now()))
        self.announce("toast", user_id)

    def act(self, chat: Chat, action: str) -> None:
        """Show what the bot is doing ("typing") for a few seconds."""
        if handset := self.handsets.get(chat.id):
            handset.actions.append(action)
            handset.typing_since = self.now()
        self.announce("typing", chat.id)

    def read(self, chat_id: int) -> None:
        """The person looks at their chat."""
        handset = self.handsets[chat_id]
        last = next(reversed(self.messages[chat_id]), 0)
        if handset.lock_screen or handset.read_up_to < last:
            handset.unlock(last)
            self.announce("read", chat_id)

    def unread(self, chat_id: int) -> list[Message]:
        """The bot's messages that the person has not looked at."""
        seen = self.handsets[chat_id].read_up_to
        return [
            each
            for each in self.messages[chat_id].values()
            if each.id > seen and each.is_visible and each.sender_id == self.bot.id
        ]

    def chat_json(self, chat: Chat) -> dict[str, Any]:
        """The `Chat` object that updates and answers carry."""
        if chat.is_private:
            user = self.users[chat.id]
            names = {"first_name": user.first_name, "last_name": user.last_name, "username": user.username}
            return {"id": chat.id, **{name: value for name, value in names.items() if value}, "type": "private"}
        known = {"title": chat.title, "username": chat.username}
        return {"id": chat.id, **{name: value for name, value in known.items() if value}, "type": chat.kind}

    def as_json(self, message: Message, *, with_reply: bool = True) -> dict[str, Any]:
        """The `Message` object of the Bot API, as it is now."""
        chat = self.chats[message.chat_id]
        body: dict[str, Any] = {"message_id": message.id}
        if chat.kind == "channel":
            body["sender_chat"] = self.chat_json(chat)
        else:
            body["from"] = self.users[message.sender_id].as_json()
        body["chat"] = self.chat_json(chat)
        body["date"] = message.date
        if message.edit_date is not None:
            body["edit_date"] = message.edit_date
        if with_reply and message.reply_to and (original := self.message(message.chat_id, message.reply_to)):
            body["reply_to_message"] = self.as_json(original, with_reply=False)
        body.update(message.content)
        if is_inline(message.markup):
            body["reply_markup"] = message.markup
        return body

    def _add_chat(self, chat: Chat) -> Chat:
        self.chats[chat.id] = chat
        self.messages[chat.id] = {}
        self.announce("chat", chat.id)
        return chat

    def _next_id(self, chat: Chat) -> int:
        if chat.kind in ("supergroup", "channel"):
            chat.last_message_id += 1
            return chat.last_message_id
        self.last_message_id += 1  # private chats share one count, the bot's own
        return self.last_message_id

    def _place(self, message: Message) -> None:
        messages = self.messages[message.chat_id]
        messages[message.id] = message
        if self.keep is not None and len(messages) > self.keep:
            del messages[next(iter(messages))]

    def _ring(self, message: Message) -> None:
        handset = self.handsets[message.chat_id]
        handset.typing_since = None
        markup = message.markup or {}
        if "keyboard" in markup:
            handset.keyboard = markup
        elif "remove_keyboard" in markup:
            handset.keyboard = None
        elif "force_reply" in markup:
            handset.answers_to = message.id
        handset.notify(message.id, message.now.notice, message.now.number, silent=message.silent)
        if self.keep is not None and len(handset.notices) > self.keep:
            del handset.notices[0]
