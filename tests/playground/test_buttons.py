import pytest

from bot.playground.server import LoopbackTelegram
from tests.phones import Phone
from tests.playground.conftest import Watch
from tests.playground.raw import Raw, keyboard

TOO_OLD = "400 Bad Request: query is too old and response timeout expired or query ID is invalid"


async def test_a_tap_is_answered_once(raw: Raw, ann: Phone) -> None:
    await raw.ok("sendMessage", chat_id=ann.id, text="x", reply_markup=keyboard("Share", "Keep"))
    query = await ann.tap("Share")
    (update,) = await raw.ok("getUpdates")
    asked = update["callback_query"]
    assert (asked["data"], asked["message"]["text"], asked["from"]["id"]) == ("Share", "x", ann.id)
    await raw.ok("answerCallbackQuery", callback_query_id=asked["id"], text="Done")
    assert await raw.refusal("answerCallbackQuery", callback_query_id=asked["id"]) == TOO_OLD
    assert await raw.refusal("answerCallbackQuery", callback_query_id="1") == TOO_OLD
    assert ann.toasts == ["Done"]
    assert ann.alerts == []
    assert query is not None
    assert query.is_answered


async def test_a_tap_is_not_answered_after_a_while(raw: Raw, ann: Phone, watch: Watch) -> None:
    await raw.ok("sendMessage", chat_id=ann.id, text="x", reply_markup=keyboard("Share"))
    query = await ann.tap("Share")
    assert query is not None
    watch.move(minutes=5)
    assert await raw.refusal("answerCallbackQuery", callback_query_id=query.id) == TOO_OLD
    assert ann.toasts == []


async def test_answers_have_their_limits(raw: Raw, ann: Phone, telegram: LoopbackTelegram) -> None:
    await raw.ok("sendMessage", chat_id=ann.id, text="x", reply_markup=keyboard("Share"))
    query = await ann.tap("Share")
    assert query is not None
    too_long = await raw.refusal("answerCallbackQuery", callback_query_id=query.id, text="x" * 201)
    assert too_long == "400 Bad Request: MESSAGE_TOO_LONG"
    assert "URL_INVALID" in await raw.refusal("answerCallbackQuery", callback_query_id=query.id, url="https://a.org")
    await raw.ok("answerCallbackQuery", callback_query_id=query.id, text="x" * 200, show_alert=True)
    assert [alert.text for alert in ann.alerts] == ["x" * 200]


async def test_a_forged_or_old_button_can_be_pressed(raw: Raw, ann: Phone) -> None:
    sent = await raw.ok("sendMessage", chat_id=ann.id, text="x", reply_markup=keyboard("Share"))
    message = ann.last
    await raw.ok("deleteMessage", chat_id=ann.id, message_id=sent["message_id"])
    await ann.press("anything at all", on=message)
    (update,) = await raw.ok("getUpdates")
    assert update["callback_query"]["data"] == "anything at all"
    assert update["callback_query"]["message"]["date"] == 0


async def test_a_missing_button_says_what_is_there(raw: Raw, ann: Phone) -> None:
    await raw.ok("sendMessage", chat_id=ann.id, text="Choose", reply_markup=keyboard("Share", "Keep"))
    with pytest.raises(
        AssertionError, match=r"Ann sees no \[share\] in the chat; labels: \['Share', 'Keep'\].*'Choose'"
    ):
        await ann.tap("share")


async def test_the_newest_button_of_a_name_is_tapped(raw: Raw, ann: Phone) -> None:
    for words in ("first", "second"):
        await raw.ok("sendMessage", chat_id=ann.id, text=words, reply_markup=keyboard("Open"))
    await ann.tap("Open")
    await ann.tap("Open", on=ann.from_bot[0])
    updates = await raw.ok("getUpdates")
    assert [update["callback_query"]["message"]["text"] for update in updates] == ["second", "first"]


async def test_some_buttons_act_on_the_phone_alone(raw: Raw, ann: Phone, telegram: LoopbackTelegram) -> None:
    share = "https://t.me/share/url?url=x"
    row = [{"text": "Copy", "copy_text": {"text": "secret"}}, {"text": "Share", "url": share}]
    await raw.ok("sendMessage", chat_id=ann.id, text="x", reply_markup={"inline_keyboard": [row]})
    assert await ann.tap("Copy") is None
    assert await ann.tap("Share") is None
    assert (ann.clipboard, ann.opened, ann.link("Share")) == ("secret", [share], share)
    assert telegram.pending == 0


async def test_a_deep_link_starts_the_bot(raw: Raw, telegram: LoopbackTelegram) -> None:
    cleo = Phone(telegram.person("Cleo"))
    await cleo.open("https://t.me/side_by_side_bot?start=abc_DEF-1")
    (update,) = await raw.ok("getUpdates")
    assert update["message"]["text"] == "/start abc_DEF-1"
    assert update["message"]["entities"] == [{"offset": 0, "length": 6, "type": "bot_command"}]


async def test_reply_keyboards_and_forced_replies(raw: Raw, ann: Phone) -> None:
    await raw.ok("sendMessage", chat_id=ann.id, text="x", reply_markup={"keyboard": [["Yes", {"text": "No"}]]})
    assert ann.labels == ["Yes", "No"]
    await ann.tap("No")
    asked = await raw.ok("sendMessage", chat_id=ann.id, text="Which?", reply_markup={"force_reply": True})
    await ann.say("This")
    await ann.say("That")
    no, this, that = (update["message"] for update in await raw.ok("getUpdates"))
    assert no["text"] == "No"
    assert this["reply_to_message"]["message_id"] == asked["message_id"]
    assert "reply_to_message" not in that
    await raw.ok("sendMessage", chat_id=ann.id, text="x", reply_markup={"remove_keyboard": True})
    assert ann.labels == []
