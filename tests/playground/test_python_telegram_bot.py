"""The library that the bot is built on, over its own HTTP client, checked by the models of another library."""

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter, TimedOut

from bot.playground import faults
from bot.playground.attachments import KINDS
from bot.playground.server import LoopbackTelegram
from tests.model_check import follows_the_models
from tests.phones import Phone
from tests.playground.raw import png

BUTTONS = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Share", callback_data="share"), InlineKeyboardButton("Link", url="https://t.me/x")],
        [InlineKeyboardButton("Copy", copy_text=CopyTextButton("words"))],
    ]
)


async def test_messages_of_every_kind_pass(bot: Bot, ann: Phone) -> None:
    text = await bot.send_message(
        ann.id,
        "<b>Hi</b> <tg-spoiler>Ann</tg-spoiler>",
        parse_mode="HTML",
        reply_markup=BUTTONS,
        protect_content=True,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    assert [entity.type for entity in text.entities] == [MessageEntity.BOLD, MessageEntity.SPOILER]
    voice = await bot.send_voice(ann.id, b"OggS", duration=3, reply_parameters=ReplyParameters(text.message_id))
    assert voice.voice is not None
    await bot.send_voice(ann.id, voice.voice.file_id)
    photo = await bot.send_photo(ann.id, png(), caption="Week", has_spoiler=True)
    document = await bot.send_document(ann.id, b"{}", filename="export.json", thumbnail=png())
    assert document.document is not None
    assert document.document.file_name == "export.json"
    await bot.send_message(ann.id, "x", reply_markup=ReplyKeyboardMarkup([["Yes"]], resize_keyboard=True))
    await bot.send_message(ann.id, "x", reply_markup=ReplyKeyboardRemove())
    await bot.send_message(ann.id, "x", reply_markup=ForceReply(input_field_placeholder="write"))
    await bot.edit_message_caption(ann.id, photo.message_id, caption="Other")
    await bot.edit_message_media(InputMediaPhoto(png(9, 9), "New"), ann.id, text.message_id, reply_markup=BUTTONS)
    await bot.edit_message_reply_markup(ann.id, text.message_id)
    await bot.set_message_reaction(ann.id, text.message_id, "👍")
    await bot.send_chat_action(ann.id, "typing")
    await bot.delete_messages(ann.id, [voice.message_id, photo.message_id])
    await bot.set_my_commands([BotCommand("help", "x")], BotCommandScopeAllPrivateChats(), "de")
    assert (await bot.get_chat(ann.id)).first_name == "Ann"


async def test_updates_of_every_kind_are_read(bot: Bot, ann: Phone, telegram: LoopbackTelegram) -> None:
    await bot.send_message(ann.id, "x", reply_markup=BUTTONS)
    await ann.tap("Share")
    for kind in KINDS:
        await ann.send(kind)
    await ann.speak()
    await ann.edit(await ann.say("/help"), "help")
    await ann.block()
    await ann.unblock()
    ann.account.add_bot(telegram.group("Family"))
    ann.account.add_bot(telegram.channel("News"))
    updates = await bot.get_updates(allowed_updates=["message", "callback_query"])
    assert len(updates) == 1 + len(KINDS) + 1 + 2 + 2 + 2 + 1
    assert not any(update.message.api_kwargs for update in updates if update.message and update.message.location)
    query = updates[0].callback_query
    assert query is not None
    await query.answer("Done", show_alert=True)
    assert ann.toasts == ["Done"]
    voice = next(update.message.voice for update in updates if update.message and update.message.voice)
    content = await (await voice.get_file()).download_as_bytearray()
    assert len(content) == voice.file_size


async def test_refusals_become_the_librarys_errors(bot: Bot, ann: Phone, telegram: LoopbackTelegram) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(5, "x")
    telegram.faults.add(faults.flood(3), times=1)
    with pytest.raises(RetryAfter, match="Retry in 3 seconds"):
        await bot.send_message(ann.id, "x")
    telegram.faults.add(faults.unanswered(after_effect=True), times=1)
    with pytest.raises(TimedOut):
        await bot.send_message(ann.id, "x", read_timeout=0.1)
    await ann.block()
    with pytest.raises(Forbidden):
        await bot.send_message(ann.id, "x")
    await bot.set_webhook("https://example.org/hook")
    with pytest.raises(Conflict):
        await bot.get_updates()
    with pytest.raises(InvalidToken):
        await Bot("1:wrong", base_url=f"{telegram.url}/bot").get_me()


async def test_the_models_of_another_library_object(bot: Bot, ann: Phone, telegram: LoopbackTelegram) -> None:
    with pytest.raises(BadRequest, match="Unknown parameter"):
        await bot.send_message(ann.id, "x", api_kwargs={"colour": "red"})
    for method, parameters in (
        ("sendMessage", {"chat_id": 5}),
        ("sendMessage", {"chat_id": 5, "text": "x", "colour": "red"}),
        ("sendMessage", {"chat_id": 5, "text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "b": "c"}]]}}),
        ("sendNothing", {}),
    ):
        with pytest.raises(ValueError, match=r"aiogram|SendMessage"):
            follows_the_models(method, parameters)


async def test_what_the_check_says_is_refused_and_remembered(bot: Bot, ann: Phone, telegram: LoopbackTelegram) -> None:
    def object_to_all(method: str, _parameters: object) -> None:
        raise AssertionError(f"not today: {method}")

    telegram.check = object_to_all
    with pytest.raises(BadRequest, match="not today"):
        await bot.send_message(ann.id, "x")
    assert telegram.complaints == ["sendMessage: not today: sendMessage"]
    telegram.complaints.clear()
