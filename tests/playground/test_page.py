"""What the playground's page answers over HTTP, with a bot that only echoes."""

import json
import re
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession

from bot.playground.page import WEB, Page
from bot.playground.stage import Stage
from tests.phones import settle_quietly

ECHO = (sys.executable, str(Path(__file__).with_name("echo.py")))


@dataclass
class Visitor:
    """Somebody's browser at the page."""

    stage: Stage
    page: Page
    session: ClientSession

    @property
    def ann(self) -> int:
        return self.stage.seats.pairs[0].people[0]

    @property
    def ben(self) -> int:
        return self.stage.seats.pairs[0].people[1]

    async def get(self, path: str, **headers: str) -> ClientResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.session.get(self.page.address + path, headers=named)

    async def act(self, what: str, refused: bool = False, **fields: Any) -> str:
        response = await self.session.post(f"{self.page.address}acts", json={"do": what, **fields})
        answer = await response.json()
        assert answer["ok"] is not refused, answer
        return str(answer.get("error", ""))

    async def settle(self) -> None:
        await settle_quietly(self.stage.telegram, quiet=0.05)

    def texts(self, person: int) -> list[str]:
        return [message["text"] for message in self.stage.seats.messages(person)]


async def open_visitor(folder: Path) -> Visitor:
    stage = Stage(folder, random=Random(1), command=ECHO)
    await stage.open()
    page = Page(stage)
    await page.open(0)
    return Visitor(stage, page, ClientSession())


async def close(visitor: Visitor) -> None:
    await visitor.session.close()
    await visitor.page.close()
    await visitor.stage.close()


@pytest.fixture
async def visitor(tmp_path: Path) -> AsyncIterator[Visitor]:
    visitor = await open_visitor(tmp_path / "playground")
    yield visitor
    await close(visitor)


async def events(visitor: Visitor, count: int) -> AsyncIterator[dict[str, Any]]:
    async with visitor.session.get(f"{visitor.page.address}events") as response:
        assert response.content_type == "text/event-stream"
        async for line in response.content:
            if line.startswith(b"data: "):
                yield json.loads(line[6:])
                count -= 1
            if not count:
                return


async def test_the_page_comes_with_everything_it_needs(visitor: Visitor) -> None:
    page = await (await visitor.get("")).text()
    assert "<h1>Side by Side</h1>" in page
    assert "Playground" in page
    for name in ("main.js", "phone.js", "look.css", "icon.svg"):
        assert (await visitor.get(name)).status == 200


@pytest.mark.parametrize("path", ["../page.py", "%2e%2e/page.py", "samples/voice.ogg", "nothing.js", "..%2frun.py"])
async def test_nothing_but_the_page_is_served(visitor: Visitor, path: str) -> None:
    assert (await visitor.get(path)).status == 404


async def test_the_page_may_load_nothing_from_elsewhere(visitor: Visitor) -> None:
    response = await visitor.get("")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy
    assert "*" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert (await visitor.get("nothing")).headers["Content-Security-Policy"] == policy


def test_the_page_names_no_address_of_anybody() -> None:
    for file in WEB.glob("*.*"):
        addresses = set(re.findall(r"https?://[\w.]+", file.read_text(encoding="utf-8")))
        assert addresses <= {"http://www.w3.org"}, file.name


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1.evil.example:{port}", "localhost:1"])
async def test_other_host_names_are_refused(visitor: Visitor, host: str) -> None:
    response = await visitor.get("", Host=host.format(port=visitor.page.port))
    assert response.status == 403
    assert "Ann" not in await response.text()


async def test_the_name_localhost_is_welcome(visitor: Visitor) -> None:
    assert (await visitor.get("", Host=f"localhost:{visitor.page.port}")).status == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1:{port}"])
async def test_other_origins_are_refused(visitor: Visitor, origin: str) -> None:
    headers = {"Origin": origin.format(port=visitor.page.port)}
    response = await visitor.session.post(f"{visitor.page.address}acts", json={"do": "start-over"}, headers=headers)
    assert response.status == 403
    assert (await visitor.get("events", **headers)).status == 403


async def test_a_form_of_a_stranger_can_do_nothing(visitor: Visitor) -> None:
    body = json.dumps({"do": "start", "phone": visitor.ann})
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        response = await visitor.session.post(f"{visitor.page.address}acts", data=body, headers={"Content-Type": kind})
        assert response.status == 403
    assert (await visitor.get("events", Sec_Fetch_Site="cross-site")).status == 403
    assert (await visitor.get("", Sec_Fetch_Site="cross-site")).status == 200
    assert visitor.texts(visitor.ann) == []


async def test_only_this_computer_can_connect(visitor: Visitor) -> None:
    assert visitor.page._runner is not None
    assert {address[0] for address in visitor.page._runner.addresses} == {"127.0.0.1"}


async def test_people_write_and_the_bot_answers(visitor: Visitor) -> None:
    await visitor.act("start", phone=visitor.ann)
    await visitor.act("say", phone=visitor.ann, text="hello")
    await visitor.settle()
    assert visitor.texts(visitor.ann) == ["/start", "hello", "/start", "hello"]
    assert visitor.texts(visitor.ben) == []


async def test_whatever_happens_reaches_an_open_page(visitor: Visitor) -> None:
    stream = events(visitor, 50)
    first = await anext(stream)
    assert first["all"] is True
    assert [whole["phone"]["name"] for whole in first["whole"]] == ["Ann", "Ben"]
    await visitor.act("start", phone=visitor.ann)
    seen: list[str] = []
    async for told in stream:
        seen += [each["message"]["text"] for each in told.get("messages", [])]
        if seen.count("/start") == 2:
            break
    await visitor.act("trouble", name="drop", mode="all")
    rooms = (told["room"] async for told in stream if "room" in told)
    assert (await anext(rooms))["troubles"]["drop"] == "all"


async def test_acts_that_make_no_sense_are_refused_in_a_sentence(visitor: Visitor) -> None:
    assert "unknown" in await visitor.act("fly", refused=True)
    assert "no such phone" in await visitor.act("start", phone=5, refused=True)
    assert "needs some text" in await visitor.act("say", phone=visitor.ann, text=" ", refused=True)
    assert "has not pressed START" in await visitor.act("say", phone=visitor.ann, text="hello", refused=True)
    assert "only goes forward" in await visitor.act("pass-time", seconds=-5, refused=True)
    assert "time zone" in await visitor.act("settle-in", phone=visitor.ann, zone="Mars/Base", refused=True)
    assert "language" in await visitor.act("settle-in", phone=visitor.ann, language="<b>", refused=True)
    assert "no such trouble" in await visitor.act("trouble", name="fire", mode="all", refused=True)
    kind = {"Content-Type": "application/json"}
    assert (await visitor.session.post(f"{visitor.page.address}acts", data="[", headers=kind)).status == 400


async def test_an_offline_phone_shows_nothing_new_and_sends_later(visitor: Visitor) -> None:
    await visitor.act("start", phone=visitor.ann)
    await visitor.settle()
    await visitor.act("connect", phone=visitor.ann, on=False)
    await visitor.act("say", phone=visitor.ann, text="later")
    assert await visitor.act("press", phone=visitor.ann, message=1, data="x", refused=True) == "This phone is offline."
    before = visitor.texts(visitor.ann)
    visitor.stage.telegram.state.chats.post(
        visitor.stage.seats.account(visitor.ann).chat, visitor.stage.telegram.state.bot.id, {"text": "meanwhile"}
    )
    assert visitor.texts(visitor.ann) == before
    assert visitor.stage.seats.shown(visitor.ann)["outbox"] == ["later"]
    await visitor.act("connect", phone=visitor.ann, on=True)
    await visitor.settle()
    assert visitor.texts(visitor.ann) == [*before, "meanwhile", "later", "later"]


async def test_a_link_is_handed_over_and_opened_on_the_other_phone(visitor: Visitor) -> None:
    await visitor.act("start", phone=visitor.ann)
    link = "https://t.me/side_by_side_bot?start=abc"
    await visitor.act("hand-over", phone=visitor.ann, link=link, text="Try this")
    assert visitor.stage.seats.shown(visitor.ben)["letters"] == [{"sender": "Ann", "link": link, "text": "Try this"}]
    await visitor.act("follow", phone=visitor.ben, link=link)
    assert visitor.texts(visitor.ben)[0] == "/start abc"
    assert visitor.stage.seats.shown(visitor.ben)["letters"] == []


async def test_files_are_served_as_what_they_are(visitor: Visitor) -> None:
    await visitor.act("start", phone=visitor.ann)
    await visitor.stage.kill_bot()
    await visitor.act("voice", phone=visitor.ann)
    await visitor.act("send", phone=visitor.ann, kind="photo")
    await visitor.act("send", phone=visitor.ann, kind="document")
    files = [each["media"]["file"] for each in visitor.stage.seats.messages(visitor.ann) if each["media"]]
    served = [await visitor.get(f"files/{file}") for file in files]
    assert [each.content_type for each in served] == ["audio/ogg", "image/jpeg", "application/octet-stream"]
    document = served[-1]
    assert document.headers["Content-Disposition"] == 'attachment; filename="notes.pdf"'
    assert "sandbox" in document.headers["Content-Security-Policy"]
    assert (await visitor.get("files/unknown")).status == 404


async def test_a_second_couple_has_phones_of_its_own(visitor: Visitor) -> None:
    await visitor.act("add-pair")
    room = visitor.stage.room()
    assert [pair["names"] for pair in room["pairs"]] == [["Ann", "Ben"], ["Cleo", "Dan"]]
    assert len({person for pair in room["pairs"] for person in pair["people"]}) == 4


async def test_faults_are_switched_and_switch_themselves_off(visitor: Visitor) -> None:
    await visitor.act("start", phone=visitor.ann)
    await visitor.settle()
    await visitor.act("trouble", name="slow", mode="all")
    assert visitor.stage.room()["troubles"]["slow"] == "all"
    await visitor.act("trouble", name="slow", mode="off")
    await visitor.act("trouble", name="refuse", mode="next")
    assert visitor.stage.room()["troubles"] == {"slow": "off", "refuse": "next", "time-out": "off", "drop": "off"}
    await visitor.act("say", phone=visitor.ann, text="hello")  # the echo dies of the refusal
    await visitor.stage.child.ended()
    assert visitor.stage.room()["troubles"]["refuse"] == "off"
    assert not visitor.stage.room()["running"]
    await visitor.act("revive")
    await visitor.settle()
    assert visitor.texts(visitor.ann)[-1] == "hello"


async def test_everything_is_still_there_after_a_restart(tmp_path: Path) -> None:
    visitor = await open_visitor(tmp_path)
    await visitor.act("start", phone=visitor.ann)
    await visitor.act("say", phone=visitor.ann, text="remember me")
    await visitor.settle()
    await visitor.act("settle-in", phone=visitor.ben, name="Benno", zone="Asia/Tokyo", language="de")
    await visitor.act("enlarge", phone=visitor.ben, on=True)
    await visitor.act("add-pair")
    visitor.stage.clock.move(timedelta(days=3))
    now, texts = visitor.stage.clock.now(), visitor.texts(visitor.ann)
    await close(visitor)
    again = await open_visitor(tmp_path)
    assert again.texts(again.ann) == texts
    assert again.stage.clock.now() - now < timedelta(minutes=1)
    shown = again.stage.seats.shown(again.ben)
    assert (shown["name"], shown["zone"], shown["language"], shown["large"]) == ("Benno", "Asia/Tokyo", "de", True)
    assert len(again.stage.seats.pairs) == 2
    await close(again)


async def test_an_act_is_on_disk_before_the_bot_hears_of_it(visitor: Visitor) -> None:
    await visitor.stage.kill_bot()
    await visitor.act("start", phone=visitor.ann)
    saved = json.loads((visitor.stage.folder / "playground.json").read_text())
    assert not saved["clean"]
    assert "/start" in saved["telegram"]


async def test_numbers_are_never_given_out_twice_after_a_hard_end(tmp_path: Path) -> None:
    visitor = await open_visitor(tmp_path)
    await visitor.act("start", phone=visitor.ann)
    await visitor.settle()
    visitor.stage.save()
    left = (tmp_path / "playground.json").read_text()
    used = visitor.stage.telegram.state.updates.next_id
    await close(visitor)
    (tmp_path / "playground.json").write_text(left)
    again = await open_visitor(tmp_path)
    assert again.stage.telegram.state.updates.next_id > used + 100
    await close(again)


async def test_starting_over_leaves_nothing_behind(visitor: Visitor) -> None:
    await visitor.act("start", phone=visitor.ann)
    await visitor.act("say", phone=visitor.ann, text="forget this")
    await visitor.settle()
    await visitor.act("add-pair")
    await visitor.act("start-over")
    assert visitor.texts(visitor.ann) == []
    assert len(visitor.stage.seats.pairs) == 1
    visitor.stage.save()
    assert "forget this" not in (visitor.stage.folder / "playground.json").read_text()
    await visitor.act("start", phone=visitor.ann)
    await visitor.settle()
    assert visitor.texts(visitor.ann) == ["/start", "/start"]


async def test_a_taken_port_means_the_next_free_one(visitor: Visitor) -> None:
    second = Page(visitor.stage)
    await second.open(visitor.page.port)
    assert visitor.page.port < second.port < visitor.page.port + 50
    assert (await visitor.session.get(second.address)).status == 200
    await second.close()
