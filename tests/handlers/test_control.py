"""Retention, discreet mode, blocks, as people use them."""

import asyncio

import pytest
from sqlmodel import select

from bot.messages.buttons import SetRetention, Unblock
from bot.playground import faults
from bot.practice import control
from storage import exporting, people
from storage.tables import Answer, JournalNote
from tests.conftest import House
from tests.couples import couple, open_answers, set_up
from tests.inside import Inside, inside
from tests.phones import Phone
from tests.post import Mailbox, Post
from tests.steps import link
from tests.weeks import finish, linked, opening, write

__all__ = ["inside"]
NUDGE = "Something is here for you."


@pytest.fixture
def post(inside: Inside) -> Post:
    return Post(inside)


def a_pair(post: Post) -> tuple[Mailbox, Mailbox]:
    ann, ben = post.person("Ann"), post.person("Ben")
    post.link(ann, ben)
    for box, words in ((ann, "The lake at night."), (ben, "A green umbrella.")):
        box.say(words)
        box.tap("Share")
    return ann, ben


def test_words_older_than_their_author_wishes_go_everywhere(post: Post) -> None:
    """The author's retention rules every copy; the partner's own words stay."""
    ann, ben = a_pair(post)
    ann.tap("That stung")
    ann.tap("Write it down just for you")
    ann.say("Soup without salt.")
    ann.command("memories")
    ann.tap("My notes")
    ann.command("memories")
    ann.tap("1", on=ann.tap("My notes"))
    ann.command("summary")
    own_week = ann.tap("My week so far")
    assert "lake at night" in own_week.text
    assert ann.in_sight().count("Soup without salt.") == 2
    ann.command("settings")
    ann.tap("Keeping words")
    ann.tap("30 days")
    assert "cannot be undone" in ann.last.text
    post.pass_time(days=29)
    post.pass_time(hours=1)
    assert "lake at night" in ben.in_sight(), "it was only asked about"
    ann.tap("Remove older words")
    post.pass_time(hours=1)
    assert "lake at night" in ben.in_sight()
    post.pass_time(days=3)
    for box in (ann, ben):
        assert "lake at night" not in box.in_sight()
        assert "A green umbrella" in box.in_sight()
        assert "No longer shown" in box.in_sight()
    assert post.do(lambda session: session.exec(select(JournalNote)).all()) == []
    assert "Soup without salt." not in ann.in_sight()
    assert own_week.text == "This card is closed."
    sealed = post.do(lambda session: [each.words_sealed for each in session.exec(select(Answer))])
    assert sealed.count(None) == 1


def test_what_is_too_old_of_a_week_stands_on_no_card_any_more(inside: Inside) -> None:
    """Also on those that one's own side was prepared with, and where an own topic stands next to what opened."""
    weeks = linked(inside)
    ann, ben = weeks.ann, weeks.ben
    said = ("How we say goodbye", "The tea on Monday.", "Would you sing?", "And kept for me")
    weeks.sunday()
    ann.tap("A topic of my own", on=ann.tap("Other topic"))
    ann.say(said[0])
    write(ann, "Request", said[2], thanks=said[1])
    write(ann, "Hope", said[3], share=False)
    ann.command("weekly")
    ann.tap("Edit", on=ann.tap("Hope 2: kept"))
    ann.command("weekly")
    finish(ann)
    ann.command("weekly")
    finish(ben)
    for box, words in ((ann, said), (ben, said[:3])):
        assert all(each in box.in_sight() for each in words)
    ann.press(SetRetention(30, 1))
    weeks.post.pass_time(days=31)
    weeks.post.pass_time(days=5)
    for box in (ann, ben):
        assert not [each for each in said if each in box.in_sight()]


@pytest.mark.parametrize("wish", ["Share", "Keep for me"])
def test_words_that_never_opened_go_too_and_the_partner_sees_nothing_of_it(post: Post, wish: str) -> None:
    ann, ben = post.person("Ann"), post.person("Ben")
    post.link(ann, ben)
    ann.say("The lake at night.")
    ann.tap(wish)
    ann.command("settings")
    ann.press(SetRetention(30, 1))
    post.pass_time(days=29)
    assert "lake at night" in ann.in_sight()
    if wish == "Keep for me":
        ann.tap("Edit")
        ann.command("memories")
        ann.tap("1", on=ann.last)
        ann.command("memories")
        ann.tap("Search my words")
        ann.say("lake")
        assert ann.in_sight().count("lake at night") == 3
    before = [list(each.states) for each in ben.shown.values()]
    post.pass_time(days=4)
    assert "lake at night" not in ann.in_sight()
    assert [each.states for each in ben.shown.values()][: len(before)] == before
    assert post.do(lambda session: session.exec(select(Answer)).all()) == []


@pytest.mark.parametrize("more", [False, True])
def test_a_first_question_whose_answer_was_too_old_can_be_answered_anew(post: Post, more: bool) -> None:
    """It waits for a partner as long as that takes, also while its author changes it, or adds to it."""
    ann = post.person("Ann")
    ann.say("The lake at night.")
    ann.press(SetRetention(30, 1))
    if more:
        ann.say("A green umbrella.")
        first = ann.last
        assert "Replace my answer" in first.labels
    else:
        first = ann.tap("Edit")
    post.pass_time(days=33)
    for words in ("lake at night", "A green umbrella."):
        assert words not in ann.in_sight()
    assert "Not today" in first.labels
    ann.say("Tea outside.", reply_to=first.id)
    assert "Tea outside." in ann.last.text
    assert post.do(lambda session: len(session.exec(select(Answer)).all())) == 1


def test_a_longer_time_is_not_asked_about_and_nonsense_is_refused(post: Post) -> None:
    ann, _ = a_pair(post)
    ann.press(SetRetention(30, 1))
    ann.press(SetRetention(365, 0))
    assert "✓ A year" in ann.last.labels
    for wrong in (SetRetention(7, 1), SetRetention(-1, 0)):
        ann.press(wrong)
        assert ann.toasts[-1].text == "This card is closed."


def test_a_voice_note_that_expires_is_taken_back_from_where_it_was_played(post: Post) -> None:
    ann, ben = post.person("Ann"), post.person("Ben")
    post.link(ann, ben)
    ann.speak("file-1")
    ann.tap("Share")
    ben.say("A green umbrella.")
    ben.tap("Share")
    ben.tap("Play")
    assert any(state.voice for each in ben.shown.values() for state in each.states)
    ann.press(SetRetention(30, 1))
    post.pass_time(days=33)
    assert all(each.removed for each in ben.shown.values() if any(state.voice for state in each.states))
    assert not ben.offers("Play")


# -- discreet mode


async def test_in_discreet_mode_every_message_is_announced_without_content(
    house: House, ann: Phone, ben: Phone
) -> None:
    """S15: not a word on the lock screen, and all of it in the chat."""
    await couple(ann, ben, cities=("Berlin", "Berlin"))
    await ann.say("/settings")
    await ann.tap("Discreet mode")
    await ann.tap("Discreet mode")
    before = len(ann.notifications)
    await open_answers(ann, ben)
    await house.pass_time(hours=20)
    for command in ("/today", "/help", "/settings", "/safety"):
        await ann.say(command)
    shown = ann.notifications[before:]
    first = [notice.texts[0] for notice in ann.account.handset.notices[-5:]]
    assert shown
    assert all(text == NUDGE for text in first), first
    assert ann.shows("Tea outside.")
    assert ann.shows("Nobody else can see or change these.")


async def test_a_nudge_that_was_lost_is_filled_by_open(house: House, ann: Phone) -> None:
    await set_up(ann)
    await ann.say("/settings")
    await ann.tap("Discreet mode")
    await ann.tap("Discreet mode")
    house.telegram.faults.add(faults.server_error(), method="editMessageText", chat=ann.id)
    ann.account.write("/help")
    await house.telegram.state.updates.confirmed()
    async with asyncio.timeout(60):
        while ann.last.text != NUDGE:
            await asyncio.sleep(0.01)
    house.telegram.faults.clear()
    nudge = ann.last
    await ann.tap("Open", on=nudge)
    await house.pass_time(minutes=1)
    assert "/settings" in nudge.text
    await ann.press("1:oh:999999999", on=nudge)
    assert ann.toasts[-1] == "This card is closed."


async def test_nobody_opens_somebody_elses_delivery(house: House, ann: Phone, ben: Phone) -> None:
    await couple(ann, ben)
    await ann.say("My own words for the lake.")
    for number in range(1, 40):
        ben.account.press(ben.last, f"1:oh:{number}")
        if number % 20 == 0:
            await house.pass_time(minutes=2)
    await house.settle()
    assert "words for the lake" not in ben.everything()


# -- blocks


async def test_a_block_can_be_taken_back(house: House, ann: Phone, ben: Phone) -> None:
    for phone in (ann, ben):
        await set_up(phone)
        await phone.tap("Not today")
    await ann.say("/invite")
    await ben.open(ann.link("Copy link"))
    await ben.tap("Decline and block")
    await ben.say("/settings")
    await ben.tap("Blocked people")
    await ben.tap("Unblock Ann")
    assert "You have blocked nobody." in ben.last.text
    await ann.tap("Cancel invite")
    await ann.say("/invite")
    await ben.open(ann.link("Copy link"))
    await ben.tap("Accept")
    await ann.tap("Yes, link us")
    assert ben.shows("You and Ann are linked")


def test_nobody_takes_back_somebody_elses_block(post: Post) -> None:
    from uuid import uuid4

    from storage.tables import Block

    ann, ben = post.person("Ann"), post.person("Ben")
    ours = post.inside.chat_of(ann.person_id), post.inside.chat_of(ben.person_id)

    def block(session: object) -> object:
        from storage import pairing

        pairing.block(session, chat_id=ours[0].id, blocked_id=ours[1].id)  # type: ignore[arg-type]
        return session.exec(select(Block)).one().id  # type: ignore[attr-defined]

    block_id = post.do(block)  # type: ignore[arg-type]
    for box, which in ((ben, block_id), (ann, uuid4())):
        box.press(Unblock(which))  # type: ignore[arg-type]
        assert box.toasts[-1].text == "This card is closed."
    ann.press(Unblock(block_id))  # type: ignore[arg-type]
    assert "You have blocked nobody." in ann.last.text


async def test_leaving_works_in_every_state(house: House, ann: Phone, ben: Phone) -> None:
    """/unlink in the middle of an edit, with words held, while a reveal waits, and during a pause."""
    await link(ann, ben)
    await ann.say("/pause")
    await ann.tap("Until I say so")
    await ann.say("/unlink")
    await ann.tap("Leave quietly")
    assert "The link has ended." in ann.last.text
    await ben.say("/help")
    assert ben.times_shown("no longer linked") == 1


def test_the_words_of_a_week_go_when_their_author_wishes_and_the_partners_stay(inside: Inside) -> None:
    weeks = linked(inside)
    ann, ben, post = weeks.ann, weeks.ben, weeks.post
    weeks.sunday()
    weeks.one_card_each()
    ann.tap("Say what I heard", on=opening(ann))
    ann.say("That evenings are for us.")
    assert "Would you keep Sunday for us?" in ben.in_sight()
    assert "The tea on Monday." in ben.in_sight()
    ann.command("settings")
    ann.tap("Keeping words")
    ann.tap("30 days")
    ann.tap("Remove older words")
    for _ in range(35):
        post.pass_time(days=1)
    for words in ("Would you keep Sunday for us?", "The tea on Monday.", "That evenings are for us."):
        assert words not in ben.in_sight(), words
        assert words not in ann.in_sight(), words
    assert "answer mail after eight" in ben.in_sight()


def test_an_export_after_the_partners_key_is_gone_holds_what_is_left(inside: Inside) -> None:
    """As while a partner's deleting is under way: their key goes first."""
    weeks = linked(inside)
    weeks.sunday()
    weeks.one_card_each()
    weeks.post.do(lambda session: session.info["keys"].erase(weeks.ben.person_id))
    found = weeks.post.do(
        lambda session: exporting.conversations(session, people.person(session, weeks.ann.person_id), None, 10)
    )
    assert "Would you keep Sunday for us?" in str(found)
    assert "answer mail after eight" not in str(found)


def test_after_a_move_quiet_hours_hold_by_the_new_clocks(post: Post) -> None:
    """What a reveal owes waits for the morning in Berlin, which it is in Tokyo already."""
    ann, ben = post.person("Ann"), post.person("Ben")
    post.link(ann, ben)
    ann.say("The lake at night.")
    ann.tap("Share")
    post.do(lambda session: control.keep_quiet(session, post.inside.get(session, ann.person_id), 12 * 60, 20 * 60))
    ben.say("A green umbrella.")
    ben.tap("Share")
    assert "green umbrella" not in ann.in_sight()
    ann.command("zone", "Asia/Tokyo")
    assert "green umbrella" in ann.in_sight()
