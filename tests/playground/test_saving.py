import json

from bot.playground.server import LoopbackTelegram
from tests.phones import Phone
from tests.playground.conftest import Watch
from tests.playground.raw import Raw, keyboard, png


async def test_a_playground_survives_its_restart(
    raw: Raw, ann: Phone, telegram: LoopbackTelegram, watch: Watch
) -> None:
    await raw.ok("setMyCommands", commands=[{"command": "help", "description": "x"}], language_code="de")
    await raw.ok("sendMessage", chat_id=ann.id, text="<b>x</b>", parse_mode="HTML", reply_markup=keyboard("Open"))
    await raw.upload("sendPhoto", {"chat_id": str(ann.id)}, photo=png())
    await ann.say("hello")
    query = await ann.tap("Open")
    await ann.react(ann.last, "👍")
    await raw.ok("editMessageText", chat_id=ann.id, message_id=ann.from_bot[0].id, text="y")
    await raw.ok("sendMessage", chat_id=ann.id, text="unread")
    saved = telegram.to_json()
    again = LoopbackTelegram(now=watch.now)
    again.restore(saved)
    assert json.loads(again.to_json()) == json.loads(saved)
    (account,) = again.people()
    other = Phone(account)
    assert [each.text for each in other.screen] == [each.text for each in ann.screen]
    assert (other.lock_screen, other.unread, other.everything()) == (["unread"], 1, ann.everything())
    assert again.pending == 2
    assert query is not None
    assert again.state.queries.answer(query.id, watch.now()).data == "Open"
    assert again.person("Ben").id == ann.id + 1
    assert (await other.say("next")).id == ann.last.id + 1
