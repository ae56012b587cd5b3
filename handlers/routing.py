"""How the tables of this package reach python-telegram-bot's `Application`."""

from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, MessageHandler, TypeHandler, filters

from bot.messages import payload
from bot.practice.refusals import Closed
from handlers import BUTTONS, COMMANDS, messages
from handlers.context import Context
from handlers.door import Door, Handler

App = Application[Any, Any, Any, Any, Any, Any]


def register(application: App, door: Door) -> None:
    """Add every row of the tables, then what answers everything else."""
    private = filters.ChatType.PRIVATE
    fresh = filters.UpdateType.MESSAGE
    for name, handler in COMMANDS.items():
        application.add_handler(CommandHandler(name, door.wrap(handler), filters=private & fresh))
    application.add_handler(PrivatePress(door.wrap_press(_press)))
    for kind, handler in (
        (filters.COMMAND, messages.unknown_command),
        (filters.TEXT | filters.VOICE, messages.words),
        (~filters.StatusUpdate.ALL, messages.other_kind),
    ):
        application.add_handler(MessageHandler(private & fresh & kind, door.wrap(handler)))
    application.add_handler(MessageHandler(private & filters.UpdateType.EDITED_MESSAGE, door.wrap(messages.edited)))
    application.add_handler(TypeHandler(Update, door.other))
    application.add_error_handler(door.failed)


class PrivatePress(CallbackQueryHandler[Any, Any]):
    """A press in a private chat; no button of ours stands anywhere else."""

    def check_update(self, update: object) -> bool | object | None:
        """Whether this is one."""
        private = isinstance(update, Update) and update.effective_chat and update.effective_chat.type == "private"
        return super().check_update(update) if private else None


def _press(data: str) -> Handler:
    """The handler for a button's data."""

    def handle(context: Context) -> None:
        try:
            button = payload.unpack(data, payload.by_tag(list(BUTTONS)))
        except payload.UnknownButton:
            raise Closed from None
        BUTTONS[type(button)](context, button)

    return handle
