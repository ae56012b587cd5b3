"""Everything that a bot can send, as the page shows it; what the bot says comes from the test."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession, FormData
from playwright.async_api import Locator, expect

from bot.playground.acts import SAMPLES
from bot.playground.stage import Stage
from tests.browser.people import Visit
from tests.stages import begin_at_noon

PICTURES = Path(__file__).parents[1] / "messages" / "pictures"
LISTENER = (sys.executable, str(Path(__file__).with_name("listener.py")))
LINK = "https://t.me/side_by_side_bot?start=abc"
SHARE = "https://t.me/share/url?url=https%3A%2F%2Ft.me%2Fside_by_side_bot%3Fstart%3Dabc&text=Try%20this"


class Pretender:
    """Speaks for the bot, which only listens."""

    def __init__(self, visit: Visit, session: ClientSession) -> None:
        self.visit, self.session = visit, session
        self.ann, self.ben = visit.pair.people

    async def call(self, method: str, **parameters: Any) -> Any:
        telegram = self.visit.stage.telegram
        body: dict[str, Any] = {"data": parameters["form"]} if "form" in parameters else {"json": parameters}
        async with self.session.post(f"{telegram.url}/bot{telegram.token}/{method}", **body) as response:
            answer = await response.json()
            assert answer["ok"], answer
            return answer["result"]

    async def say(self, text: str, *rows: list[dict[str, Any]], **more: Any) -> int:
        markup = {"reply_markup": {"inline_keyboard": list(rows)}} if rows else {}
        sent = await self.call("sendMessage", chat_id=self.ann, text=text, parse_mode="HTML", **markup, **more)
        return int(sent["message_id"])

    async def answer(self, text: str, *, alert: bool) -> None:
        query = list(self.visit.stage.telegram.state.queries.by_id.values())[-1]
        await self.call("answerCallbackQuery", callback_query_id=query.id, text=text, show_alert=alert)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """The playground with a bot that says nothing by itself."""
    stage = Stage(tmp_path_factory.mktemp("silent"), random=Random(1), command=LISTENER)
    begin_at_noon(stage)
    await stage.open()
    yield stage
    await stage.close()


@pytest_asyncio.fixture(loop_scope="session")
async def bot(visit: Visit) -> AsyncIterator[Pretender]:
    for person in visit.pair.people:
        visit.stage.seats.account(person).start()
    async with ClientSession() as session:
        yield Pretender(visit, session)


async def test_words_are_bold_italic_quoted_hidden_and_linked(visit: Visit, bot: Pretender) -> None:
    long = "On and on. " * 30
    await bot.say(
        "<b>bold</b> <i>italic</i> <u>under</u> <s>struck</s> <code>code</code> "
        "<a href='https://example.org/'>far</a> "
        "<tg-spoiler>a <b>hidden</b> thought</tg-spoiler><blockquote>short</blockquote>"
        f"<blockquote expandable>{long}</blockquote>𝄞 <b>after it</b> &lt;b&gt;"
    )
    last = visit.ann.last
    for tag, words in {"strong": "bold", "em": "italic", "u": "under", "s": "struck", "code": "code"}.items():
        await expect(last.locator(tag).first).to_have_text(words)
    await expect(last.locator("strong", has_text="after it")).to_be_visible()
    await expect(last).to_contain_text("<b>")
    await expect(last).not_to_contain_text("thought")
    await last.locator(".spoiler").click()
    await expect(last.locator(".spoiler strong")).to_have_text("hidden")
    more = last.get_by_role("button", name="More", exact=True)
    await expect(more).to_have_attribute("aria-expanded", "false")
    await more.click()
    await expect(last.get_by_role("button", name="Less")).to_be_visible()
    await last.get_by_role("button", name="far").click()
    await expect(visit.ann.seat.get_by_role("dialog", name="A phone would open")).to_contain_text("example.org")


async def test_edits_in_place_silent_edits_and_deletions(visit: Visit, bot: Pretender) -> None:
    number = await bot.say("first", [{"text": "Yes", "callback_data": "y", "style": "success"}])
    await expect(visit.ann.button("Yes")).to_have_class("success")
    await bot.call("editMessageReplyMarkup", chat_id=bot.ann, message_id=number)
    await expect(visit.ann.last.locator(".rows")).to_have_count(0)
    await expect(visit.ann.last.locator(".meta")).not_to_contain_text("edited")
    await bot.call("editMessageText", chat_id=bot.ann, message_id=number, text="second")
    await expect(visit.ann.last).to_contain_text("second")
    await expect(visit.ann.last.locator(".meta")).to_contain_text("edited")
    await bot.say("quiet", disable_notification=True, protect_content=True)
    await expect(visit.ann.last.get_by_text("Sent without a sound")).to_be_attached()
    await expect(visit.ann.last.get_by_text("Cannot be forwarded or saved")).to_be_attached()
    await bot.call("deleteMessage", chat_id=bot.ann, message_id=number)
    await visit.ann.sees_no("second")


async def test_an_edit_refreshes_the_lock_screen(visit: Visit, bot: Pretender) -> None:
    await visit.page.get_by_role("button", name="Lock Ann’s phone").click()
    number = await bot.say("Something is here for you.")
    await expect(visit.ann.lock_screen).to_contain_text("Something is here for you.")
    hidden = "You: <tg-spoiler>secret</tg-spoiler>"
    await bot.call("editMessageText", chat_id=bot.ann, message_id=number, text=hidden, parse_mode="HTML")
    await expect(visit.ann.lock_screen).to_contain_text("You: ▒▒▒▒▒▒")
    await bot.say("and in silence", disable_notification=True)
    await expect(visit.ann.lock_screen.get_by_role("button", name="Open the chat, 2 new")).to_be_visible()
    await visit.ann.unlock()
    await expect(visit.ann.seat.locator(".new-mark")).to_be_visible()


async def test_toasts_pass_and_alerts_wait(visit: Visit, bot: Pretender) -> None:
    await bot.say("Tap", [{"text": "Save", "callback_data": "s"}])
    await visit.ann.tap("Save")
    await expect(visit.page.locator("#seat-0 .message.bot button.waits")).to_be_visible()
    await bot.answer("Saved", alert=False)
    await expect(visit.ann.seat.locator(".toast.seen")).to_have_text("Saved")
    await visit.ann.tap("Save")
    await expect(visit.ann.seat.locator(".toast.seen")).to_have_count(0)
    await bot.answer("Are you sure?", alert=True)
    await expect(visit.ann.seat.get_by_role("alertdialog")).to_contain_text("Are you sure?")
    await visit.page.keyboard.press("Enter")
    await expect(visit.ann.seat.get_by_role("alertdialog")).to_have_count(0)


async def test_links_are_shared_copied_and_followed_on_the_other_phone(visit: Visit, bot: Pretender) -> None:
    await bot.say("Invite", [{"text": "Share link", "url": SHARE}, {"text": "Copy link", "copy_text": {"text": LINK}}])
    await visit.ann.tap("Copy link")
    await expect(visit.ann.seat.locator(".toast.seen")).to_have_text("Copied")
    await visit.ben.seat.get_by_role("button", name="Send something else").click()
    await visit.ben.choose("Open the copied link")
    await expect(visit.ben.seat.locator(".message.mine").last).to_contain_text("/start abc")
    await visit.ann.tap("Share link")
    await visit.ann.choose("Ben")
    await visit.ben.seat.get_by_role("button", name="Not now").click()
    await expect(visit.ben.seat.locator(".letter")).to_have_count(0)
    await bot.say(f"Or here: {LINK}")
    await visit.ann.last.get_by_role("button", name=LINK).click()
    await visit.ann.choose("On Ben’s phone")
    await expect(visit.ben.seat.locator(".message.mine", has_text="/start abc")).to_have_count(2)


async def test_pictures_documents_and_keyboards(visit: Visit, bot: Pretender) -> None:
    form = FormData({"chat_id": str(bot.ann), "caption": "Your week", "has_spoiler": "true"})
    form.add_field("photo", (SAMPLES / "picture.jpg").read_bytes(), filename="week.jpg")
    await bot.call("sendPhoto", form=form)
    await visit.ann.last.get_by_role("button", name="Hidden picture. Touch to see.").click()
    await expect(visit.ann.last.get_by_role("img", name="Picture")).to_be_visible()
    form = FormData({"chat_id": str(bot.ann)})
    form.add_field("document", b"words" * 999, filename="export.zip")
    await bot.call("sendDocument", form=form)
    async with visit.page.expect_download() as saved:
        await visit.ann.last.get_by_role("link", name="export.zip").click()
    assert (await saved.value).suggested_filename == "export.zip"
    keyboard = {"keyboard": [[{"text": "Morning"}, {"text": "Evening"}]], "one_time_keyboard": True}
    await bot.call("sendMessage", chat_id=bot.ann, text="When?", reply_markup=keyboard)
    await visit.ann.seat.get_by_role("button", name="Evening").click()
    await expect(visit.ann.seat.locator(".message.mine").last).to_contain_text("Evening")
    await expect(visit.ann.seat.get_by_role("button", name="Evening")).to_be_hidden()
    await bot.call("sendMessage", chat_id=bot.ann, text="Why?", reply_markup={"force_reply": True})
    await expect(visit.ann.seat.get_by_text("Reply to the last question")).to_be_visible()
    await visit.ann.say("Because")
    await expect(visit.ann.seat.locator(".message.mine").last.locator(".reply-to")).to_have_text("Why?")
    await bot.call("sendChatAction", chat_id=bot.ann, action="typing")
    await expect(visit.ann.seat.locator(".title p")).to_have_text("typing")


async def test_a_press_counts_while_the_page_hears_news(visit: Visit, bot: Pretender) -> None:
    """Between a finger's touch and its lift, the phone may be shown anew: the bot typed, or somebody read."""
    keyboard = {"keyboard": [[{"text": "Morning"}, {"text": "Evening"}]]}
    await bot.call("sendMessage", chat_id=bot.ann, text="When?", reply_markup=keyboard)
    evening = visit.ann.seat.get_by_role("button", name="Evening")
    await press_slowly(visit, bot, evening)
    await expect(visit.ann.seat.locator(".message.mine").last).to_contain_text("Evening")
    await bot.say(f"Invite {LINK}", [{"text": "Share link", "url": SHARE}])
    await visit.ann.tap("Share link")
    await visit.ann.choose("Ben")
    await press_slowly(visit, bot, visit.ben.seat.get_by_role("button", name="Open the link"), of=bot.ben)
    await expect(visit.ben.seat.locator(".message.mine").last).to_contain_text("/start abc")
    await visit.page.get_by_role("button", name="Lock Ann’s phone").click()
    await bot.say("Something is here for you.")
    await press_slowly(visit, bot, visit.ann.lock_screen.get_by_role("button", name="Something is here for you."))
    await expect(visit.ann.lock_screen).to_be_hidden()


async def press_slowly(visit: Visit, bot: Pretender, button: Locator, *, of: int | None = None) -> None:
    """Touch a button, and lift the finger only after that person's phone was shown anew."""
    title = visit.page.locator(f"#seat-{visit.pair.people.index(of or bot.ann)} .title p")
    await expect(title).to_have_text("bot")
    await button.hover()
    await visit.page.mouse.down()
    await bot.call("sendChatAction", chat_id=of or bot.ann, action="typing")
    await expect(title).to_have_text("typing")
    await visit.page.mouse.up()


@pytest.mark.parametrize("name", ["balance.png", "moments-right-to-left.png"])
async def test_a_picture_is_shown_whole(visit: Visit, bot: Pretender, name: str) -> None:
    form = FormData({"chat_id": str(bot.ann)})
    form.add_field("photo", (PICTURES / name).read_bytes(), filename=name)
    await bot.call("sendPhoto", form=form)
    image = visit.ann.last.get_by_role("img", name="Picture")
    await expect(image).to_have_js_property("complete", True)
    stretched = await image.evaluate("(it) => it.width / it.height * it.naturalHeight / it.naturalWidth")
    assert stretched == pytest.approx(1.0, abs=0.02)


async def test_people_reply_react_and_edit(visit: Visit, bot: Pretender) -> None:
    await bot.say("How was it?")
    await visit.ann.last.hover()
    await visit.ann.last.get_by_role("button", name="More about this message").click()
    await visit.ann.choose("Reply")
    await visit.ann.say("Godo")
    mine = visit.ann.seat.locator(".message.mine").last
    await expect(mine.locator(".reply-to")).to_have_text("How was it?")
    await mine.click(button="right")
    await visit.ann.choose("Edit")
    await expect(visit.ann.words).to_have_value("Godo")
    await visit.ann.say("Good")
    await expect(mine).to_contain_text("Good")
    await visit.ann.last.get_by_role("button", name="More about this message").click()
    await visit.ann.choose("React with ❤")
    await expect(visit.ann.last.locator(".reactions")).to_contain_text("❤")
