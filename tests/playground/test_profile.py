from bot.playground.server import LoopbackTelegram
from tests.phones import Phone
from tests.playground.raw import Raw


def command(name: str) -> dict[str, str]:
    return {"command": name, "description": f"about {name}"}


async def test_the_menu_follows_scope_and_language(raw: Raw, ann: Phone, ben: Phone) -> None:
    await raw.ok("setMyCommands", commands=[command("help")])
    await raw.ok("setMyCommands", commands=[command("today")], scope={"type": "all_private_chats"})
    await raw.ok("setMyCommands", commands=[command("heute")], scope={"type": "all_private_chats"}, language_code="de")
    assert (ann.menu, ben.menu) == (["today"], ["heute"])
    await raw.ok("setMyCommands", commands=[command("invite")], scope={"type": "chat", "chat_id": ben.id})
    assert ben.menu == ["invite"]
    assert await raw.ok("getMyCommands", scope={"type": "chat", "chat_id": ben.id}) == [command("invite")]
    await raw.ok("deleteMyCommands", scope={"type": "chat", "chat_id": ben.id})
    assert ben.menu == ["heute"]
    assert await raw.ok("getMyCommands", language_code="fr") == []


async def test_commands_are_checked(raw: Raw) -> None:
    for commands, reason in (
        ([command("Help")], "BOT_COMMAND_INVALID"),
        ([command("x" * 33)], "BOT_COMMAND_INVALID"),
        ([{"command": "help", "description": ""}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "help"}], 'can\'t find field "description"'),
        ([command("help")] * 101, "BOT_COMMANDS_TOO_MUCH"),
    ):
        assert reason in await raw.refusal("setMyCommands", commands=commands)
    assert "language code" in await raw.refusal("setMyCommands", commands=[], language_code="deu")
    assert "can't parse BotCommandScope" in await raw.refusal("setMyCommands", commands=[], scope={"type": "all"})
    assert "chat not found" in await raw.refusal("setMyCommands", commands=[], scope={"type": "chat", "chat_id": 5})


async def test_descriptions_and_names_have_languages(raw: Raw, telegram: LoopbackTelegram) -> None:
    assert await raw.ok("getMyName") == {"name": "Side by Side"}
    await raw.ok("setMyDescription", description="English")
    await raw.ok("setMyDescription", description="Deutsch", language_code="de")
    assert await raw.ok("getMyDescription", language_code="de") == {"description": "Deutsch"}
    assert await raw.ok("getMyDescription", language_code="fr") == {"description": "English"}
    await raw.ok("setMyDescription", language_code="de")
    assert await raw.ok("getMyDescription", language_code="de") == {"description": "English"}
    await raw.ok("setMyShortDescription", short_description="x" * 120)
    assert "too long" in await raw.refusal("setMyShortDescription", short_description="x" * 121)
    await raw.ok("setMyName", name="Other")
    assert await raw.ok("getMyName") == {"name": "Other"}


async def test_the_menu_button_is_for_all_or_for_one(raw: Raw, ann: Phone) -> None:
    assert await raw.ok("getChatMenuButton") == {"type": "commands"}
    await raw.ok("setChatMenuButton", chat_id=ann.id, menu_button={"type": "default"})
    assert await raw.ok("getChatMenuButton", chat_id=ann.id) == {"type": "default"}
    assert "unsupported type" in await raw.refusal("setChatMenuButton", menu_button={"type": "x"})


async def test_who_the_bot_is_and_whom_it_knows(raw: Raw, ben: Phone, telegram: LoopbackTelegram) -> None:
    me = await raw.ok("getMe")
    assert (me["id"], me["is_bot"], me["username"]) == (telegram.state.bot.id, True, "side_by_side_bot")
    known = await raw.ok("getChat", chat_id=ben.id)
    assert (known["username"], known["type"]) == ("ben_b", "private")
    assert await raw.refusal("getChat", chat_id=telegram.person("Cleo").id) == "400 Bad Request: chat not found"
    assert await raw.ok("close")
    assert await raw.ok("logOut")
