"""From Telegram's update to plain values."""

from telegram import Message, Update

from handlers.context import Arrived


def arrived(update: Update) -> Arrived:
    """What came in a private chat: the person's name, what they typed, spoke or pressed."""
    user, query = update.effective_user, update.callback_query
    message = update.message or update.edited_message
    chat = update.effective_chat
    pressed = query.message if query else None
    return Arrived(
        update_id=update.update_id,
        telegram_id=chat.id if chat else 0,
        name=user.first_name if user else "",
        language_code=user.language_code if user else None,
        text=_typed(message),
        voice=message.voice.file_id if message and message.voice else None,
        typed_id=message.message_id if message else None,
        replied_to=message.reply_to_message.message_id if message and message.reply_to_message else None,
        pressed_id=pressed.message_id if pressed else None,
        callback_id=query.id if query else None,
    )


def _typed(message: Message | None) -> str:
    """The text; of a command, what stands behind it."""
    if message is None or message.text is None:
        return ""
    starts_with_command = any(each.type == "bot_command" and each.offset == 0 for each in message.entities)
    return message.text.partition(" ")[2].strip() if starts_with_command else message.text
