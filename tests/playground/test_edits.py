from typing import Any

import pytest

from bot.playground.server import LoopbackTelegram
from tests.phones import Phone
from tests.playground.conftest import Watch
from tests.playground.raw import Raw, keyboard, png

UNCHANGED = (
    "400 Bad Request: message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)


async def sent(raw: Raw, phone: Phone, **more: Any) -> dict[str, Any]:
    answer = await raw.ok("sendMessage", chat_id=phone.id, **{"text": "x", **more})
    return {"chat_id": phone.id, "message_id": answer["message_id"]}


async def test_an_edit_replaces_words_and_buttons(raw: Raw, ann: Phone, watch: Watch) -> None:
    message = await sent(raw, ann, reply_markup=keyboard("Open"))
    watch.move(seconds=5)
    answer = await raw.ok("editMessageText", **message, text="<i>y</i>", parse_mode="HTML")
    assert answer["edit_date"] == answer["date"] + 5
    assert (ann.last.html, ann.last.labels, ann.last.is_edited) == ("<i>y</i>", [], True)
    assert [version.text for version in ann.last.versions] == ["x", "y"]
    assert ann.last.versions[0].number < ann.last.versions[1].number
    assert ann.times_shown("x") == 1


async def test_an_edit_that_changes_nothing_is_refused(raw: Raw, ann: Phone) -> None:
    message = await sent(raw, ann, text="<b>x</b>", parse_mode="HTML", reply_markup=keyboard("Open"))
    same = {**message, "text": "<strong>x</strong>", "parse_mode": "HTML", "reply_markup": keyboard("Open")}
    assert await raw.refusal("editMessageText", **same) == UNCHANGED
    assert await raw.refusal("editMessageReplyMarkup", **message, reply_markup=keyboard("Open")) == UNCHANGED
    await raw.ok("editMessageText", **{**same, "text": "x"})
    await raw.ok("editMessageReplyMarkup", **message)
    assert await raw.refusal("editMessageReplyMarkup", **message) == UNCHANGED
    assert len(ann.last.versions) == 3


async def test_what_is_not_there_cannot_be_edited_or_deleted(raw: Raw, ann: Phone) -> None:
    message = await sent(raw, ann)
    gone = {**message, "message_id": 999}
    assert await raw.refusal("editMessageText", **gone, text="y") == "400 Bad Request: message to edit not found"
    assert await raw.refusal("deleteMessage", **gone) == "400 Bad Request: message to delete not found"
    assert await raw.refusal("editMessageText", chat_id=ann.id, text="y") == (
        "400 Bad Request: message identifier is not specified"
    )
    await raw.ok("deleteMessage", **message)
    assert await raw.refusal("editMessageText", **message, text="y") == "400 Bad Request: message to edit not found"
    assert await raw.refusal("deleteMessage", **message) == "400 Bad Request: message to delete not found"
    assert ann.from_bot == []
    assert ann.times_shown("x") == 1


async def test_only_own_messages_without_a_keyboard_are_edited(raw: Raw, ann: Phone) -> None:
    hers = await ann.say("mine")
    refusal = await raw.refusal("editMessageText", chat_id=ann.id, message_id=hers.id, text="yours")
    assert refusal == "400 Bad Request: message can't be edited"
    asking = await sent(raw, ann, reply_markup={"force_reply": True})
    assert await raw.refusal("editMessageText", **asking, text="y") == "400 Bad Request: message can't be edited"


async def test_too_long_in_an_edit_has_another_name(raw: Raw, ann: Phone) -> None:
    message = await sent(raw, ann)
    assert await raw.refusal("editMessageText", **message, text="x" * 4097) == "400 Bad Request: MESSAGE_TOO_LONG"


async def test_messages_older_than_two_days_stay(raw: Raw, ann: Phone, watch: Watch) -> None:
    old = await sent(raw, ann)
    hers = await ann.say("mine")
    watch.move(hours=47)
    await raw.ok("deleteMessage", chat_id=ann.id, message_id=hers.id)
    young = await sent(raw, ann)
    watch.move(hours=2)
    assert await raw.refusal("deleteMessage", **old) == "400 Bad Request: message can't be deleted for everyone"
    both = [old["message_id"], young["message_id"]]
    assert "can't be deleted" in await raw.refusal("deleteMessages", chat_id=ann.id, message_ids=both)
    await raw.ok("editMessageText", **old, text="No longer shown")
    await raw.ok("deleteMessages", chat_id=ann.id, message_ids=[young["message_id"], 999])
    assert [each.text for each in ann.from_bot] == ["No longer shown"]
    assert "no message identifiers" in await raw.refusal("deleteMessages", chat_id=ann.id, message_ids=[])


async def test_a_text_can_become_a_picture_but_not_a_text_again(raw: Raw, ann: Phone) -> None:
    message = {name: str(value) for name, value in (await sent(raw, ann)).items()}
    media = '{"type": "photo", "media": "attach://page", "caption": "<b>Week</b>", "parse_mode": "HTML"}'
    answer = await raw.upload("editMessageMedia", {**message, "media": media}, page=png())
    assert answer["ok"], answer
    assert (ann.last.media, ann.last.html) == ("photo", "<b>Week</b>")
    assert await raw.refusal("editMessageText", **message, text="y") == (
        "400 Bad Request: there is no text in the message to edit"
    )
    await raw.ok("editMessageCaption", **message, caption="Other")
    await raw.ok("editMessageCaption", **message)
    assert (ann.last.media, ann.last.text) == ("photo", "")
    lost = {**message, "media": '{"type": "photo", "media": "attach://nothing"}'}
    assert "can't find the uploaded file" in await raw.refusal("editMessageMedia", **lost)


async def test_a_voice_note_keeps_its_sound(raw: Raw, ann: Phone) -> None:
    answer = await raw.upload("sendVoice", {"chat_id": str(ann.id)}, voice=b"OggS")
    message = {"chat_id": ann.id, "message_id": answer["result"]["message_id"]}
    assert "there is no text" in await raw.refusal("editMessageText", **message, text="y")
    photo = {"type": "photo", "media": "x"}
    assert await raw.refusal("editMessageMedia", **message, media=photo) == "400 Bad Request: message can't be edited"
    await raw.ok("editMessageCaption", **message, caption="y")
    assert "no caption" in await raw.refusal("editMessageCaption", **await sent(raw, ann), caption="y")


async def test_a_blocked_person_gets_no_edits(raw: Raw, ann: Phone) -> None:
    message = await sent(raw, ann)
    await ann.block()
    assert "403 Forbidden: bot was blocked" in await raw.refusal("editMessageText", **message, text="y")


async def test_protection_stays_through_edits(raw: Raw, ann: Phone) -> None:
    message = await sent(raw, ann, protect_content=True)
    assert (await raw.ok("editMessageText", **message, text="y"))["has_protected_content"]
    assert ann.last.is_protected


async def test_the_bot_reacts_with_one_known_emoji(raw: Raw, ann: Phone, telegram: LoopbackTelegram) -> None:
    hers = await ann.say("mine")
    at = {"chat_id": ann.id, "message_id": hers.id}
    await raw.ok("setMessageReaction", **at, reaction=[{"type": "emoji", "emoji": "❤️"}])
    assert hers.reactions[telegram.state.bot.id] == [{"type": "emoji", "emoji": "❤️"}]
    assert "REACTION_INVALID" in await raw.refusal(
        "setMessageReaction", **at, reaction=[{"type": "emoji", "emoji": "🦷"}]
    )
    two = [{"type": "emoji", "emoji": "👍"}] * 2
    assert "REACTIONS_TOO_MANY" in await raw.refusal("setMessageReaction", **at, reaction=two)
    assert "message to react not found" in await raw.refusal("setMessageReaction", **{**at, "message_id": 999})


async def test_a_person_deletes_what_the_bot_sent(raw: Raw, ann: Phone) -> None:
    message = await sent(raw, ann)
    await ann.delete(ann.find("x"))
    assert await raw.refusal("editMessageText", **message, text="y") == "400 Bad Request: message to edit not found"
    with pytest.raises(AssertionError, match="Ann sees no 'x'; in sight:"):
        ann.find("x")


async def test_a_person_edits_what_they_wrote(raw: Raw, ann: Phone) -> None:
    hers = await ann.say("mine")
    await ann.edit(hers, "/mine")
    _, update = await raw.ok("getUpdates")
    assert update["edited_message"]["text"] == "/mine"
    assert update["edited_message"]["entities"][0]["type"] == "bot_command"
    assert "edit_date" in update["edited_message"]
