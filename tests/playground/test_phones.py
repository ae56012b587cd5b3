import pytest

from bot.playground.attachments import KINDS
from bot.playground.chats import Change
from bot.playground.people import NotPossible
from bot.playground.server import LoopbackTelegram
from tests.phones import Phone
from tests.playground.conftest import Watch
from tests.playground.raw import Raw, keyboard, png

SPOILER = {"text": "Ben: <tg-spoiler>I was glad</tg-spoiler>", "parse_mode": "HTML"}


async def test_a_lock_screen_covers_spoilers(raw: Raw, ann: Phone) -> None:
    await raw.ok("sendMessage", chat_id=ann.id, **SPOILER)
    assert ann.lock_screen == ["Ben: ▒▒▒▒▒▒▒▒▒▒"]
    assert ann.shows("I was glad")
    assert "I was glad" not in "".join(ann.notifications)


async def test_an_edit_refreshes_a_notification_that_is_still_there(raw: Raw, ann: Phone) -> None:
    await raw.ok("sendMessage", chat_id=ann.id, text="Something is open.")
    message_id = ann.last.id
    await raw.ok("editMessageText", chat_id=ann.id, message_id=message_id, **SPOILER)
    assert ann.lock_screen == ["Ben: ▒▒▒▒▒▒▒▒▒▒"]
    await ann.say("read")
    assert ann.lock_screen == []
    await raw.ok("editMessageText", chat_id=ann.id, message_id=message_id, text="Words in the open")
    assert ann.notifications == ["Something is open.", "Ben: ▒▒▒▒▒▒▒▒▒▒"]
    assert "Words in the open" in ann.everything()


async def test_silent_messages_are_notified_without_a_sound_and_deleted_ones_take_it_back(raw: Raw, ann: Phone) -> None:
    await raw.ok("sendMessage", chat_id=ann.id, text="quiet", disable_notification=True)
    await raw.ok("sendMessage", chat_id=ann.id, text="loud")
    assert ann.lock_screen == ["quiet", "loud"]
    assert [notice.silent for notice in ann.account.handset.notices] == [True, False]
    assert ann.unread == 2
    await raw.ok("deleteMessage", chat_id=ann.id, message_id=ann.last.id)
    assert (ann.lock_screen, ann.notifications, ann.unread) == (["quiet"], ["quiet", "loud"], 1)
    ann.account.read()
    assert ann.unread == 0


async def test_media_have_names_on_the_lock_screen(raw: Raw, ann: Phone) -> None:
    await raw.upload("sendPhoto", {"chat_id": str(ann.id), "caption": "Your week"}, photo=png())
    await raw.upload("sendVoice", {"chat_id": str(ann.id)}, voice=b"OggS")
    assert ann.lock_screen == ["🖼 Photo, Your week", "🎤 Voice message"]


async def test_typing_shows_until_a_message_comes_or_five_seconds_pass(raw: Raw, ann: Phone, watch: Watch) -> None:
    handset = ann.account.handset
    await raw.ok("sendChatAction", chat_id=ann.id, action="typing")
    assert handset.is_typing(watch.now())
    watch.move(seconds=6)
    assert not handset.is_typing(watch.now())
    await raw.ok("sendChatAction", chat_id=ann.id, action="typing")
    await raw.ok("sendMessage", chat_id=ann.id, text="x")
    assert not handset.is_typing(watch.now())


async def test_everything_remembers_all_that_was_ever_shown(raw: Raw, ann: Phone, ben: Phone) -> None:
    await raw.ok("sendMessage", chat_id=ann.id, text="first", reply_markup=keyboard("Open"))
    message_id = ann.last.id
    await raw.ok("editMessageText", chat_id=ann.id, message_id=message_id, text="second")
    await raw.ok("deleteMessage", chat_id=ann.id, message_id=message_id)
    await ann.say("own words")
    assert all(words in ann.everything() for words in ("first", "Open", "second", "own words"))
    assert "own words" not in ann.everything(own=False)
    assert "first" not in ben.everything()
    assert not ann.shows("second")


async def test_long_texts_come_in_pieces(raw: Raw, ann: Phone) -> None:
    await ann.say("word " * 1000)
    updates = await raw.ok("getUpdates")
    assert [len(update["message"]["text"]) for update in updates] == [4094, 904]


@pytest.mark.parametrize("kind", sorted(KINDS))
async def test_people_send_all_sorts_of_things(raw: Raw, ann: Phone, kind: str) -> None:
    await ann.send(kind)
    (update,) = await raw.ok("getUpdates")
    assert kind in update["message"]
    assert "text" not in update["message"]


async def test_a_voice_note_can_be_downloaded(raw: Raw, ann: Phone, telegram: LoopbackTelegram) -> None:
    await ann.speak(seconds=7)
    (update,) = await raw.ok("getUpdates")
    voice = update["message"]["voice"]
    assert voice["duration"] == 7
    found = await raw.ok("getFile", file_id=voice["file_id"])
    async with raw.session.get(f"{telegram.url}/file/bot{telegram.token}/{found['file_path']}") as response:
        assert (response.status, len(await response.read())) == (200, voice["file_size"])
    async with raw.session.get(f"{telegram.url}/file/bot{telegram.token}/voice/nothing.oga") as response:
        assert response.status == 404
    assert await raw.refusal("getFile", file_id="nothing") == "400 Bad Request: invalid file_id"


async def test_apps_do_not_let_people_do_everything(ann: Phone, telegram: LoopbackTelegram) -> None:
    cleo = Phone(telegram.person("Cleo"))
    for attempt in (cleo.say("x"), ann.say(" \n"), ann.start("not valid!"), cleo.edit(await ann.say("x"), "y")):
        with pytest.raises(NotPossible):
            await attempt
    await ann.block()
    with pytest.raises(NotPossible):
        await ann.say("x")


async def test_clearing_the_history_hides_it_from_the_phone_alone(raw: Raw, ann: Phone) -> None:
    sent = await raw.ok("sendMessage", chat_id=ann.id, text="x")
    ann.account.clear_history()
    assert ann.screen == []
    await raw.ok("editMessageText", chat_id=ann.id, message_id=sent["message_id"], text="y")
    assert (ann.screen, ann.lock_screen) == ([], [])
    ann.account.delete_chat()
    assert "bot was blocked" in await raw.refusal("sendMessage", chat_id=ann.id, text="x")


async def test_replies_carry_what_they_answer(raw: Raw, ann: Phone) -> None:
    hers = await ann.say("question")
    sent = await raw.ok(
        "sendMessage", chat_id=ann.id, text="answer", reply_parameters={"message_id": hers.id}, message_effect_id="5"
    )
    assert sent["reply_to_message"]["text"] == "question"
    await ann.say("thanks", reply_to=ann.last)
    (_, update) = await raw.ok("getUpdates")
    assert update["message"]["reply_to_message"]["text"] == "answer"
    assert "reply_to_message" not in update["message"]["reply_to_message"]
    missing = {"message_id": 999, "allow_sending_without_reply": True}
    assert "reply_to_message" not in await raw.ok("sendMessage", chat_id=ann.id, text="x", reply_parameters=missing)


async def test_groups_hear_only_what_concerns_the_bot(raw: Raw, ann: Phone, telegram: LoopbackTelegram) -> None:
    group = telegram.group("Family")
    assert "bot is not a member" in await raw.refusal("sendMessage", chat_id=group.id, text="x")
    ann.account.add_bot(group)
    member, joined = await raw.ok("getUpdates")
    assert member["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert joined["message"]["new_chat_members"][0]["is_bot"]
    telegram.state.updates.clear()
    sent = await raw.ok("sendMessage", chat_id=group.id, text="Please write to me alone.")
    reply = telegram.state.chats.message(group.id, sent["message_id"])
    await ann.say("nothing for the bot", to=group)
    await ann.say("/help", to=group)
    await ann.say("you, @side_by_side_bot", to=group)
    await ann.say("why?", to=group, reply_to=reply)
    heard = [update["message"] for update in await raw.ok("getUpdates")]
    assert [each["text"] for each in heard] == ["/help", "you, @side_by_side_bot", "why?"]
    assert heard[0]["chat"] == {"id": group.id, "title": "Family", "type": "supergroup"}
    telegram.state.updates.clear()
    await raw.ok("leaveChat", chat_id=group.id)
    await ann.say("/help", to=group)
    (left,) = await raw.ok("getUpdates")
    assert left["my_chat_member"]["new_chat_member"]["status"] == "left"
    ann.account.add_bot(group)
    ann.account.remove_bot(group)
    assert "bot was kicked from the supergroup chat" in await raw.refusal("sendMessage", chat_id=group.id, text="x")
    assert "private" in await raw.refusal("leaveChat", chat_id=ann.id)


async def test_channel_posts_have_no_person(raw: Raw, ann: Phone, telegram: LoopbackTelegram) -> None:
    channel = telegram.channel("News", "news_channel")
    ann.account.add_bot(channel)
    ann.account.post(channel, "Today")
    _, post = await raw.ok("getUpdates")
    assert "from" not in post["channel_post"]
    assert post["channel_post"]["sender_chat"]["id"] == channel.id
    await raw.ok("sendMessage", chat_id="@news_channel", text="x")


async def test_a_listener_hears_every_change_in_order(raw: Raw, ann: Phone, telegram: LoopbackTelegram) -> None:
    heard: list[Change] = []
    leave = telegram.state.chats.subscribe(heard.append)
    sent = await raw.ok("sendMessage", chat_id=ann.id, text="x", reply_markup=keyboard("Open"))
    query = await ann.tap("Open")
    assert query is not None
    await raw.ok("answerCallbackQuery", callback_query_id=query.id, text="Done")
    await raw.ok("deleteMessage", chat_id=ann.id, message_id=sent["message_id"])
    leave()
    await ann.say("unheard")
    assert [change.kind for change in heard] == ["message", "read", "toast", "delete"]
    assert [change.number for change in heard] == list(range(heard[0].number, heard[0].number + 4))
    assert ann.account.messages[-2].versions[0].number == heard[0].number


async def test_old_messages_can_be_forgotten_for_benchmarks(watch: Watch) -> None:
    small = LoopbackTelegram(now=watch.now, keep=3, keep_calls=0)
    account = small.person("Ann")
    account.start()
    for number in range(10):
        account.write(str(number))
    assert [message.text for message in account.messages] == ["7", "8", "9"]
