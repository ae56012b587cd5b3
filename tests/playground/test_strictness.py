"""What Telegram refuses, and in which words."""

from typing import Any

import pytest

from bot.playground.server import LoopbackTelegram
from tests.phones import Phone
from tests.playground.raw import Raw, keyboard, png


def button(**fields: Any) -> dict[str, Any]:
    return {"reply_markup": {"inline_keyboard": [[fields]]}}


TOO_LONG = "x" * 4097
COPY = {"copy_text": {"text": "x" * 257}}
SENT = [
    ({"text": ""}, "message text is empty"),
    ({"text": "  \n "}, "text must be non-empty"),
    ({"text": "<b></b>", "parse_mode": "HTML"}, "text must be non-empty"),
    ({"text": TOO_LONG}, "message is too long"),
    ({"text": "😀" * 2049}, "message is too long"),
    (
        {"text": "<b>x", "parse_mode": "HTML"},
        "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    ({"text": "x", "parse_mode": "MarkdownV2"}, "unsupported parse_mode"),
    ({"text": "x", "colour": "red"}, 'unknown parameter "colour"'),
    ({"text": 5}, 'parameter "text" must be a String'),
    ({"text": "x", "disable_notification": "maybe"}, 'parameter "disable_notification" must be a Boolean'),
    ({"text": "x", "message_thread_id": "five"}, 'parameter "message_thread_id" must be an Integer'),
    ({"text": "x", "reply_markup": "{"}, "can't parse reply_markup JSON object"),
    ({"text": "x", "reply_markup": []}, "object expected as reply markup"),
    ({"text": "x", "reply_markup": {"buttons": []}}, "object expected as reply markup"),
    ({"text": "x", "entities": "5"}, 'parameter "entities" must be an Array'),
    ({"text": "x", "entities": [{"type": "bold", "offset": 0}]}, "can't parse entity: can't find field \"length\""),
    ({"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]}, "entity beyond the end of the text"),
    ({"text": "x", "reply_parameters": {"message_id": 77}}, "message to be replied not found"),
    ({"text": "x", "reply_parameters": {"id": 77}}, 'can\'t parse reply parameters: unknown field "id"'),
    ({"text": "x", "link_preview_options": {"off": True}}, 'can\'t parse link preview options: unknown field "off"'),
    ({"text": "\ud83d"}, "strings must be encoded in UTF-8"),
]
BUTTONS = [
    ({"text": "a"}, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
    ({"callback_data": "a"}, "can't parse inline keyboard button: can't find field \"text\""),
    ({"text": "", "callback_data": "a"}, "can't parse inline keyboard button: button text must be non-empty"),
    ({"text": "a", "callback_data": ""}, "BUTTON_DATA_INVALID"),
    ({"text": "a", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
    ({"text": "a", "callback_data": "a", "colour": 1}, 'can\'t parse inline keyboard button: unknown field "colour"'),
    (
        {"text": "a", "callback_data": "a", "style": "pink"},
        'can\'t parse inline keyboard button: invalid value of "style" specified',
    ),
    ({"text": "a", "url": "not a url"}, "inline keyboard button URL 'not a url' is invalid: Wrong HTTP URL"),
    ({"text": "a", "url": "https://["}, "inline keyboard button URL 'https://[' is invalid: Wrong HTTP URL"),
    ({"text": "a", **COPY}, "BUTTON_COPY_TEXT_INVALID"),
    ({"text": "a", "copy_text": {}}, "can't parse copy text button: can't find field \"text\""),
    ({"text": "a", "pay": True}, "BUTTON_TYPE_INVALID"),
]
KEYBOARDS = [
    ({"inline_keyboard": {}}, "can't parse inline keyboard: expected an Array of Arrays"),
    ({"inline_keyboard": [], "x": 1}, 'can\'t parse inline keyboard: unknown field "x"'),
    ({"inline_keyboard": [[{"text": "a", "callback_data": "a"}] * 9]}, "too many buttons in the keyboard"),
    ({"keyboard": []}, "keyboard must be non-empty"),
    ({"keyboard": [[""]]}, "can't parse keyboard button"),
    ({"keyboard": [["a"]], "input_field_placeholder": "x" * 65}, "invalid input_field_placeholder specified"),
    ({"remove_keyboard": False}, '"remove_keyboard" must be True'),
    ({"force_reply": True, "x": 1}, 'can\'t parse force reply: unknown field "x"'),
]


@pytest.mark.parametrize(("parameters", "reason"), SENT)
async def test_a_text_is_sent_as_telegram_wants_it(raw: Raw, ann: Phone, parameters: Any, reason: str) -> None:
    assert await raw.refusal("sendMessage", chat_id=ann.id, **parameters) == f"400 Bad Request: {reason}"
    assert ann.from_bot == []


@pytest.mark.parametrize(("fields", "reason"), BUTTONS)
async def test_a_button_has_one_valid_action(raw: Raw, ann: Phone, fields: Any, reason: str) -> None:
    refusal = await raw.refusal("sendMessage", chat_id=ann.id, text="x", **button(**fields))
    assert refusal == f"400 Bad Request: {reason}"


@pytest.mark.parametrize(("markup", "reason"), KEYBOARDS)
async def test_a_keyboard_is_one_of_four(raw: Raw, ann: Phone, markup: Any, reason: str) -> None:
    assert (
        await raw.refusal("sendMessage", chat_id=ann.id, text="x", reply_markup=markup) == f"400 Bad Request: {reason}"
    )


async def test_a_button_has_only_one_action(raw: Raw, ann: Phone) -> None:
    two = button(text="a", callback_data="a", url="https://a.org")
    assert "exactly one action is allowed" in await raw.refusal("sendMessage", chat_id=ann.id, text="x", **two)


async def test_all_kinds_of_valid_buttons_are_taken(raw: Raw, ann: Phone) -> None:
    row = [
        {"text": "a", "callback_data": "x" * 64, "style": "success"},
        {"text": "b", "url": "https://t.me/share/url?url=x%20y"},
        {"text": "c", "copy_text": {"text": "y" * 256}},
        {"text": "d", "switch_inline_query": ""},
        {"text": "e", "url": "tg://user?id=5"},
    ]
    await raw.ok("sendMessage", chat_id=ann.id, text="x", reply_markup={"inline_keyboard": [row, []]})
    assert ann.last.labels == ["a", "b", "c", "d", "e"]


async def test_exactly_as_long_as_allowed_is_taken(raw: Raw, ann: Phone) -> None:
    await raw.ok("sendMessage", chat_id=ann.id, text=f"<b>{'😀' * 2048}</b>", parse_mode="HTML")
    await raw.ok("sendMessage", chat_id=ann.id, text=f" {'x' * 4096} ")
    assert ann.last.text == "x" * 4096


async def test_chats_are_known_or_not(raw: Raw, telegram: LoopbackTelegram, ann: Phone) -> None:
    stranger = telegram.person("Cleo")
    assert await raw.refusal("sendMessage", text="x") == "400 Bad Request: chat_id is empty"
    assert await raw.refusal("sendMessage", chat_id="", text="x") == "400 Bad Request: chat_id is empty"
    assert await raw.refusal("sendMessage", chat_id=5, text="x") == "400 Bad Request: chat not found"
    assert await raw.refusal("sendMessage", chat_id="@nobody", text="x") == "400 Bad Request: chat not found"
    refusal = await raw.refusal("sendMessage", chat_id=stranger.id, text="x")
    assert refusal == "403 Forbidden: bot can't initiate conversation with a user"
    await ann.block()
    assert await raw.refusal("sendMessage", chat_id=ann.id, text="x") == "403 Forbidden: bot was blocked by the user"
    await ann.unblock()
    await raw.ok("sendMessage", chat_id=str(ann.id), text="x")
    ann.account.deactivate()
    assert await raw.refusal("sendMessage", chat_id=ann.id, text="x") == "403 Forbidden: user is deactivated"


async def test_captions_have_their_own_length(raw: Raw, ann: Phone) -> None:
    fields = {"chat_id": str(ann.id)}
    refused = await raw.upload("sendPhoto", {**fields, "caption": "x" * 1025}, photo=png())
    assert refused["description"] == "Bad Request: message caption is too long"
    sent = await raw.upload(
        "sendPhoto", {**fields, "caption": f"<b>{'x' * 1024}</b>", "parse_mode": "HTML"}, photo=png()
    )
    assert sent["result"]["photo"][0]["width"] == 3
    assert ann.last.html == f"<b>{'x' * 1024}</b>"


async def test_files_are_what_they_should_be(raw: Raw, ann: Phone) -> None:
    fields = {"chat_id": str(ann.id)}
    voice = (await raw.upload("sendVoice", {**fields, "duration": "4"}, voice=b"OggS"))["result"]["voice"]
    assert voice["duration"] == 4
    await raw.ok("sendVoice", chat_id=ann.id, voice=voice["file_id"])
    assert "type of file mismatch" in await raw.refusal("sendPhoto", chat_id=ann.id, photo=voice["file_id"])
    assert "wrong file identifier" in await raw.refusal("sendPhoto", chat_id=ann.id, photo="nothing")
    assert "failed to get HTTP URL" in await raw.refusal("sendPhoto", chat_id=ann.id, photo="https://a.org/a.png")
    assert (await raw.upload("sendPhoto", fields, photo=b"text"))["description"] == "Bad Request: IMAGE_PROCESS_FAILED"
    assert (await raw.upload("sendPhoto", fields, photo=b""))["description"] == "Bad Request: file must be non-empty"
    for picture in (png(9_000, 1_001), png(210, 10)):
        refused = await raw.upload("sendPhoto", fields, photo=picture)
        assert refused["description"] == "Bad Request: PHOTO_INVALID_DIMENSIONS"
    heavy = await raw.upload("sendPhoto", fields, photo=png() + bytes(10 * 1024 * 1024))
    assert heavy["description"] == "Bad Request: PHOTO_TOO_BIG"
    unnamed = await raw.upload("sendPhoto", fields, photo=png(), other=png())
    assert unnamed["description"] == 'Bad Request: unknown parameter "other"'
    assert (await raw.upload("sendPhoto", {**fields, "photo": "attach://mine"}, mine=png()))["ok"]


async def test_unknown_methods_and_tokens(raw: Raw, telegram: LoopbackTelegram) -> None:
    assert await raw.refusal("sendEverything") == "404 Not Found"
    async with raw.session.post(f"{telegram.url}/bot1:wrong/getMe") as response:
        assert (response.status, (await response.json())["description"]) == (401, "Unauthorized")


async def test_parameters_come_in_four_ways(raw: Raw, ann: Phone) -> None:
    async with raw.session.get(raw.address("sendMessage"), params={"chat_id": ann.id, "text": "query é"}) as response:
        assert response.status == 200
    markup = '{"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}'
    assert (await raw.form("sendMessage", chat_id=str(ann.id), text="form &+é", reply_markup=markup))["ok"]
    assert (
        await raw.upload("sendMessage", {"chat_id": str(ann.id), "text": "multipart é", "protect_content": "true"})
    )["ok"]
    await raw.ok("sendMessage", chat_id=ann.id, text="json é", reply_markup=markup)
    assert [each.text for each in ann.from_bot] == ["query é", "form &+é", "multipart é", "json é"]
    assert ann.from_bot[2].is_protected


async def test_broken_bodies_are_refused(raw: Raw) -> None:
    for body, kind in (
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"text=%ff", "application/x-www-form-urlencoded"),
    ):
        async with raw.session.post(raw.address("sendMessage"), data=body, headers={"Content-Type": kind}) as response:
            assert response.status == 400


async def test_a_chat_action_is_one_that_exists(raw: Raw, ann: Phone) -> None:
    await raw.ok("sendChatAction", chat_id=ann.id, action="typing")
    assert 'invalid value of "action"' in await raw.refusal("sendChatAction", chat_id=ann.id, action="dancing")


async def test_some_people_take_no_voice_notes(raw: Raw, ann: Phone) -> None:
    ann.account.user.refuses_voice = True
    answer = await raw.upload("sendVoice", {"chat_id": str(ann.id)}, voice=b"OggS")
    assert answer["description"] == "Bad Request: VOICE_MESSAGES_FORBIDDEN"


async def test_two_ways_of_marking_a_text_are_one_too_many(raw: Raw, ann: Phone) -> None:
    both = {"parse_mode": "HTML", "entities": [{"type": "bold", "offset": 0, "length": 1}]}
    assert "can't use both" in await raw.refusal("sendMessage", chat_id=ann.id, text="x", **both)
    await raw.ok("sendMessage", chat_id=ann.id, text=" xy", entities=[{"type": "bold", "offset": 0, "length": 2}])
    assert ann.last.html == "<b>x</b>y"


async def test_a_keyboard_without_buttons_is_none(raw: Raw, ann: Phone) -> None:
    sent = await raw.ok("sendMessage", chat_id=ann.id, text="x", reply_markup={"inline_keyboard": []})
    assert "reply_markup" not in sent
    sent = await raw.ok("sendMessage", chat_id=ann.id, text="x", reply_markup=keyboard("a"))
    assert sent["reply_markup"] == keyboard("a")
