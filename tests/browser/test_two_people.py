"""What a newcomer does in the first minutes, by hand, in a browser."""

import re

import pytest
from playwright.async_api import expect

from bot.playground.tour import QUESTION
from tests.browser.people import Visit, invite, link


async def test_two_people_set_up_link_and_see_their_first_reveal(visit: Visit) -> None:
    ann, ben = visit.ann, visit.ben
    await ann.start()
    await ann.tap("Begin")
    await ann.tap("I agree")
    await ann.sees("What time is it for you now?")
    await ann.say("Berlin")
    await expect(ann.button(QUESTION)).to_be_visible()
    await ann.say("The way you waited for me.")
    await ann.tap("Share")
    await ann.tap("Invite my partner")
    await ann.tap("Share link")
    await ann.choose("Ben")
    await ben.seat.get_by_role("button", name="Open the link").click()
    await ben.tap("Accept")
    await ben.tap("I agree")
    await ben.sees("What time is it for you now?")
    await ben.say("New York")
    await expect(ben.button(QUESTION)).to_be_visible()
    await ben.say("Tea in the morning.")
    await ben.tap("Share")
    await ben.sees_no("waited for me")
    await ann.tap("Yes, link us")
    for hand, words in ((ann, "Tea in the morning."), (ben, "The way you waited for me.")):
        await expect(hand.last.get_by_role("button", name="Hidden words. Touch to read.")).to_have_count(2)
        await hand.last.locator(".spoiler").first.click()
        await expect(hand.last.locator(".spoiler.open")).to_have_count(2)
        await hand.sees(words)


async def test_the_lock_screen_shows_that_something_came_but_not_what(visit: Visit) -> None:
    tour = await invite(visit)
    ann, ben = visit.ann, visit.ben
    await visit.page.get_by_role("button", name="Lock Ben’s phone").click()
    await expect(ben.lock_screen.get_by_text("No notifications")).to_be_visible()
    await ann.tap("Yes, link us")
    notice = ben.lock_screen.locator(".notice", has_text="Your two answers are open.")
    await expect(notice.get_by_text("it first read “Something is here for you.”")).to_be_visible()
    assert tour.first_answers[0] not in await ben.lock_screen.inner_text()
    await notice.click()
    await expect(ben.lock_screen).to_be_hidden()
    await expect(ben.seat.locator(".new-mark")).to_be_visible()


async def test_the_daily_question_comes_when_the_clock_is_moved(visit: Visit) -> None:
    tour = await link(visit)
    questions = visit.ann.seat.locator(".rows button", has_text=QUESTION)
    before = await questions.count()
    await visit.click("+1 day")
    await expect(questions).not_to_have_count(before)
    await expect(visit.ann.lock_screen.locator(".notice").first).to_be_visible()
    await expect(visit.page.locator("#seat-0 .owner .place")).to_contain_text("Berlin")
    assert tour.ann.account.unread
    await visit.ann.unlock()
    await expect(visit.ann.seat.locator(".new-mark")).to_be_visible()
    await expect(visit.ann.seat.get_by_role("button", name=QUESTION).last).to_be_in_viewport()


@pytest.mark.waits_for_check
async def test_the_bot_is_killed_in_the_middle_and_nothing_is_lost(visit: Visit) -> None:
    await visit.ann.start()
    await visit.ann.tap("Begin")
    await expect(visit.ann.button("I agree")).to_be_visible()  # what it has not said by now, a dead bot does not say
    await visit.unfold("The bot")
    process = await visit.page.locator("#bot-state").inner_text()
    await visit.page.get_by_role("button", name="Kill", exact=True).click()
    await expect(visit.page.locator("#bot-state")).to_have_text("stopped")
    await visit.ann.tap("I agree")
    await visit.ann.say("Berlin")
    await visit.ann.sees_no("Tap one")
    await visit.page.get_by_role("button", name="Start", exact=True).and_(visit.page.locator("#kill")).click()
    await expect(visit.ann.button(QUESTION)).to_be_visible()
    await expect(visit.page.locator("#bot-state")).to_contain_text("process")
    assert await visit.page.locator("#bot-state").inner_text() != process
    await visit.click("Kill and restart")
    await visit.ann.say("Still here.")
    await visit.ann.sees("Still here.")


async def test_everything_is_there_again_after_a_reload(visit: Visit) -> None:
    await visit.ann.start()
    await visit.ann.tap("Begin")
    await visit.ann.sees("For people of 18 or over.")
    await visit.page.reload()
    await visit.ann.sees("For people of 18 or over.")
    await expect(visit.ben.seat.get_by_role("button", name="Start", exact=True)).to_be_visible()


@pytest.mark.waits_for_check
async def test_a_new_couple_and_a_new_beginning(visit: Visit) -> None:
    await visit.ann.start()
    await visit.click("New couple")
    await expect(visit.page.get_by_label("Couple", exact=True)).not_to_have_value(str(visit.pair.number))
    await expect(visit.ann.seat.locator(".message")).to_have_count(0)
    await visit.page.get_by_label("Couple", exact=True).select_option(str(visit.pair.number))
    await visit.ann.sees("Side by Side is for two people")
    await visit.click("Start over")
    await visit.page.get_by_role("button", name="Keep it").click()
    await visit.ann.sees("Side by Side is for two people")
    await visit.click("Start over")
    await visit.page.get_by_role("dialog").get_by_role("button", name="Start over").click()
    await expect(visit.ann.seat.locator(".message")).to_have_count(0)
    await expect(visit.page.locator("#picker")).to_be_hidden()
    await visit.ann.start()
    await visit.ann.sees("Side by Side is for two people")


async def test_an_offline_phone_waits_and_a_blocked_bot_is_let_in_again(visit: Visit) -> None:
    ann = visit.ann
    await ann.start()
    await ann.sees("Side by Side is for two people")
    await visit.page.get_by_role("button", name="Settings of Ann’s phone").click()
    await visit.page.get_by_role("switch", name="Offline").check()
    await visit.page.get_by_role("button", name="Done").click()
    await ann.say("/help")
    await expect(ann.seat.locator(".message.waiting")).to_have_text("/helpwaiting")
    await ann.tap("Begin")
    await expect(ann.seat.get_by_text("This phone is offline.")).to_be_visible()
    await visit.page.get_by_role("button", name="Settings of Ann’s phone").click()
    await visit.page.get_by_role("switch", name="Offline").uncheck()
    await expect(ann.seat.locator(".message.waiting")).to_have_count(0)
    await expect(ann.seat.locator(".message.mine", has_text="/help")).to_be_visible()
    await visit.page.get_by_role("switch", name="Blocks the bot").check()
    await visit.page.get_by_role("button", name="Done").click()
    await ann.seat.get_by_role("button", name="Unblock and restart").click()
    await expect(ann.words).to_be_visible()


async def test_name_place_and_language_are_set_before_starting(visit: Visit) -> None:
    await visit.page.get_by_role("button", name="Settings of Ben’s phone").click()
    await visit.page.get_by_label("Name").fill("Bent")
    await visit.page.get_by_label("Time zone").fill("Asia/Kathmandu")
    await visit.page.get_by_label("Language").select_option("Dansk")
    await visit.page.get_by_role("button", name="Done").click()
    await expect(visit.page.get_by_role("heading", name="Bent")).to_be_visible()
    await expect(visit.ben.seat.locator(".owner .place")).to_contain_text(re.compile("Kathmandu, .*dag"))


async def test_a_voice_note_is_sent_and_can_be_played(visit: Visit) -> None:
    await link(visit)
    await visit.ann.seat.get_by_role("button", name="Send a voice note").click()
    play = visit.ann.seat.get_by_role("button", name="Play voice message").last
    await play.click()
    await expect(visit.ann.seat.get_by_role("button", name="Pause voice message")).to_be_visible()
    await visit.ann.seat.get_by_role("button", name="Send something else").click()
    await visit.ann.choose("Sticker")
    await expect(visit.ann.seat.locator(".sticker")).to_be_visible()


async def test_trouble_on_the_line_is_switched_on_and_off(visit: Visit) -> None:
    await visit.ann.start()
    await visit.ann.sees("Side by Side is for two people")
    await visit.unfold("Trouble on the line")
    refusals = visit.page.get_by_label("“Too many requests”")
    await refusals.select_option("All")
    await expect(visit.page.locator("#trouble-state")).to_have_text("1 on")
    await visit.ann.say("/help")
    await visit.page.wait_for_timeout(500)
    await visit.ann.sees_no("/privacy")
    await refusals.select_option("Off")
    await expect(visit.page.locator("#trouble-state")).to_have_text("")
    await visit.ann.sees("/privacy")


async def test_large_text_is_larger(visit: Visit) -> None:
    await visit.ann.start()
    await visit.ann.sees("Side by Side is for two people")
    size = "element => parseFloat(getComputedStyle(element).fontSize)"
    before = await visit.ann.last.locator(".words").evaluate(size)
    await visit.page.get_by_role("button", name="Settings of Ann’s phone").click()
    await visit.page.get_by_role("switch", name="Large text").check()
    await visit.page.get_by_role("button", name="Done").click()
    assert await visit.ann.last.locator(".words").evaluate(size) > before * 1.25


async def test_a_step_is_ticked_when_it_is_done_and_not_before(visit: Visit) -> None:
    done = visit.page.locator("#hint-steps .done")
    await expect(done).to_have_count(0)
    await visit.ann.start()
    await expect(done).to_have_text(["Press Start on Ann’s phone (done)"])
    await visit.ann.tap("Begin")
    await visit.ann.sees("For people of 18 or over.")
    await expect(done).to_have_count(1)
    await visit.ben.start()  # on their own, without the invite
    await visit.ben.sees("Side by Side is for two people")
    await expect(done).to_have_count(1)


async def test_the_steps_of_the_invite_are_ticked_when_it_was_opened(visit: Visit) -> None:
    await invite(visit)
    done = visit.page.locator("#hint-steps .done")
    await expect(done).to_have_count(3)


@pytest.mark.waits_for_check
async def test_many_notifications_leave_the_way_into_the_chat_in_sight(visit: Visit) -> None:
    await link(visit)
    for name in ("Weekly conversation", "Weekly conversation"):
        await visit.click(name)
        await expect(visit.page.get_by_role("button", name="+1 hour")).to_be_enabled()
    notices = visit.ann.lock_screen.locator(".notices")
    assert await notices.evaluate("each => each.scrollHeight > each.clientHeight")
    await expect(visit.ann.lock_screen.get_by_role("button", name="Open the chat")).to_be_in_viewport(ratio=1)
    await expect(notices.locator(".notice").last.locator("b span")).to_have_text(re.compile(r"^\w+day \d{1,2}:\d\d$"))
    await visit.ann.unlock()


@pytest.mark.waits_for_check
async def test_going_back_to_a_couple_with_other_locks_shows_its_chat(visit: Visit) -> None:
    couple = visit.page.get_by_label("Couple", exact=True)
    await visit.ann.start()
    await visit.ann.sees("Side by Side is for two people")
    await visit.click("New couple")
    await expect(couple).not_to_have_value(str(visit.pair.number))
    newer = await couple.input_value()
    await visit.page.locator("#seat-0 [data-part=lock-button]").click()
    await expect(visit.ann.lock_screen).to_be_visible()
    await couple.select_option(str(visit.pair.number))
    await expect(visit.ann.lock_screen).to_be_hidden()
    await visit.ann.sees("Side by Side is for two people")
    await couple.select_option(newer)
    await expect(visit.ann.lock_screen).to_be_visible()


async def test_words_that_could_not_be_sent_are_given_back(visit: Visit) -> None:
    await visit.ann.start()
    await visit.ann.sees("Side by Side is for two people")
    refusal = {"ok": False, "error": "Not now."}
    await visit.page.route("**/acts", lambda route: route.fulfill(json=refusal))
    await visit.ann.say("Something that took long to write.")
    await expect(visit.ann.seat.locator(".toast.seen")).to_have_text("Not now.")
    await expect(visit.ann.words).to_have_value("Something that took long to write.")
    await visit.page.unroute("**/acts")
    await visit.ann.words.press("Enter")
    await expect(visit.ann.seat.locator(".message.mine").last).to_contain_text("took long to write")
    await expect(visit.ann.words).to_have_value("")
