"""What people remove for good before anybody else could read it: kept answers, and cards of a week."""

from uuid import UUID

import pytest
from sqlmodel import select

from bot.messages.buttons import ActOnDraft, AskRemoveKept, DropKept, TakeStep
from storage import daily
from storage.tables import Answer, Appreciation, BoundaryCard, Delivery, JournalNote, Participation, Table
from tests.inside import Inside, inside
from tests.post import Mailbox, Post, Shown
from tests.weeks import Weeks, finish, linked, write

__all__ = ["inside"]
CLOSED = "This card is closed."
SECRET = "The lake at night."


@pytest.fixture
def post(inside: Inside) -> Post:
    return Post(inside)


@pytest.fixture
def week(inside: Inside) -> Weeks:
    weeks = linked(inside)
    weeks.sunday()
    return weeks


def answers(post: Post) -> list[Answer]:
    return list(post.do(lambda session: session.exec(select(Answer)).all()))


def a_kept_answer(post: Post) -> tuple[Mailbox, Mailbox]:
    """Ann kept hers, and looks at it in every way that there is."""
    ann, ben = post.person("Ann"), post.person("Ben")
    post.link(ann, ben)
    ann.say(SECRET)
    ann.tap("Keep for me")
    look_at_it(ann)
    return ann, ben


def look_at_it(ann: Mailbox) -> None:
    ann.command("memories")
    ann.command("memories")
    ann.tap("1")
    ann.command("memories")
    ann.tap("Search my words")
    ann.say("lake")


def dropping(post: Post) -> DropKept:
    """[Remove for good] of the only answer, with the words that it has now."""
    (answer,) = answers(post)
    return DropKept(answer.id, daily.mark_of(answer), "k.0")


def remove(ann: Mailbox) -> None:
    ann.command("memories")
    ann.tap("Remove for good", on=ann.tap("Remove", on=ann.tap("1", on=ann.last)))


# -- a kept answer


def test_a_kept_answer_is_gone_everywhere_and_its_question_can_be_answered_again(post: Post) -> None:
    ann, ben = a_kept_answer(post)
    theirs = len(ben.history)
    assert ann.in_sight().count(SECRET) == 4
    ann.command("memories")
    page = ann.last
    ann.tap("Remove", on=ann.tap("1", on=page))
    assert page.text.startswith("Remove this answer for good?")
    ann.tap("Back", on=page)
    assert SECRET in page.text, "nothing is gone by one tap"
    ann.tap("Remove for good", on=ann.tap("Remove", on=page))
    assert "What you keep is found here." in page.text
    assert SECRET not in ann.in_sight()
    assert not answers(post)
    assert len(ben.history) == theirs, "to the other it looks like silence"
    ann.say("A green umbrella.")
    ann.tap("Share")
    ben.say("The tea on Monday.")
    ben.tap("Share")
    assert "A green umbrella." in ben.everything()
    assert SECRET not in ben.everything()


def test_the_question_stands_again_where_the_answer_stood(post: Post) -> None:
    ann, _ = a_kept_answer(post)
    stood = next(each for each in ann.shown.values() if SECRET in each.text)
    question = stood.text.partition("\n")[0]
    remove(ann)
    assert stood.text.startswith(question)
    assert "Not today" in stood.labels


def test_what_was_kept_is_removed_also_long_after_its_window(post: Post) -> None:
    ann, _ = a_kept_answer(post)
    post.pass_time(days=4)
    look_at_it(ann)
    remove(ann)
    assert SECRET not in ann.in_sight()
    assert not [each for each in answers(post) if each.person_id == ann.person_id]


def test_a_voice_note_is_removed_too(post: Post) -> None:
    ann, ben = post.person("Ann"), post.person("Ben")
    post.link(ann, ben)
    ann.speak("voice-1")
    ann.tap("Keep for me")
    remove(ann)
    assert not answers(post)


def test_words_that_wait_for_their_place_take_it(post: Post) -> None:
    ann, _ = a_kept_answer(post)
    ann.say("A green umbrella.")
    assert "Replace my answer" in ann.last.labels
    asked = ann.last
    remove(ann)
    assert SECRET not in ann.in_sight()
    assert "A green umbrella." in asked.text
    assert "Share" in asked.labels
    assert len(answers(post)) == 1


def test_a_second_tap_removes_nothing_that_took_the_place(post: Post) -> None:
    """Nobody removes words that they did not see, also when a card with a button for others still stands."""
    ann, _ = a_kept_answer(post)
    ann.say("A green umbrella.")
    ann.command("memories")
    asked = ann.tap("Remove", on=ann.tap("1", on=ann.last))
    old = asked.button("Remove for good")
    for _time in range(2):
        ann.press(old, on=asked.id)
    assert "A green umbrella." in asked.text
    assert len(answers(post)) == 1
    ann.command("today")
    ann.tap("Share", on=ann.last)
    ann.press(old, on=asked.id)
    assert answers(post)[0].shared


def test_what_was_typed_for_it_goes_as_long_as_the_bot_knows_it(post: Post) -> None:
    ann, _ = a_kept_answer(post)
    ann.command("memories")
    asked = ann.tap("Remove", on=ann.tap("1", on=ann.last))
    assert "What you sent in this chat for it goes, too." in asked.text
    before = ann.removals
    ann.tap("Remove for good", on=asked)
    typed = post.do(lambda session: session.exec(select(Delivery).where(Delivery.mode == "delete")).all())
    assert len(typed) == 1
    assert ann.removals == before, "it is not one of the bot's own messages"


def test_the_last_of_a_page_leaves_the_page_before(post: Post) -> None:
    ann, _ = a_kept_answer(post)
    post.pass_time(hours=7)  # eight in the evening in Berlin
    for day in range(3):
        post.pass_time(days=1)
        ann.say(f"The sea on day {day}.")
        if "Keep for me" in ann.last.labels:
            ann.tap("Keep for me")
    post.pass_time(days=3)
    ann.command("memories")
    page = ann.last
    assert "›" in page.labels
    ann.tap("›", on=page)
    assert SECRET in page.text
    ann.tap("Remove for good", on=ann.tap("Remove", on=ann.tap("4", on=page)))
    assert "The sea on day 0." in page.text
    assert "‹" not in page.labels


def test_a_search_that_found_nothing_else_says_so(post: Post) -> None:
    ann, _ = a_kept_answer(post)
    found = next(each for each in ann.shown.values() if "In your own words" in each.text)
    remove(ann)
    assert "I found nothing with these words." in found.text


def test_who_was_about_to_write_it_anew_writes_the_first_answer(post: Post) -> None:
    ann, _ = a_kept_answer(post)
    ann.tap("Edit")
    ann.press(dropping(post))
    assert SECRET not in ann.in_sight()
    ann.say("A green umbrella.")
    assert "A green umbrella." in ann.last.text
    assert "Share" in ann.last.labels


def test_what_is_open_is_taken_back_and_not_removed(post: Post) -> None:
    ann, ben = a_kept_answer(post)
    ann.command("memories")
    ann.tap("Remove", on=ann.tap("1", on=ann.last))
    asked = ann.last
    ann.command("today")
    ann.tap("Share")
    ben.say("A green umbrella.")
    ben.tap("Share")
    for button in (asked.button("Remove for good"), AskRemoveKept(answers(post)[0].id, "k.0")):
        ann.press(button, on=asked.id)
        assert ann.toasts[-1].text == CLOSED
    assert len(answers(post)) == 2


def test_nobody_removes_the_other_ones_answer_and_nobody_theirs_twice(post: Post) -> None:
    ann, ben = a_kept_answer(post)
    answer, drop = answers(post)[0].id, dropping(post)
    for button in (AskRemoveKept(answer, "k.0"), drop):
        ben.press(button)
        assert ben.toasts[-1].text == CLOSED
    assert len(answers(post)) == 1
    remove(ann)
    for button in (AskRemoveKept(answer, "k.0"), drop):
        ann.press(button)
        assert ann.toasts[-1].text == CLOSED


# -- a card of one's own side


def cards(week: Weeks) -> list[BoundaryCard]:
    return list(week.post.do(lambda session: session.exec(select(BoundaryCard)).all()))


def part_of(week: Weeks) -> UUID:
    """Ann's part of this week."""
    query = select(Participation.id).where(Participation.person_id == week.ann.person_id)
    return week.post.do(lambda session: session.exec(query).one())


def words_left(week: Weeks) -> int:
    kept = ("words_sealed", "count_on_sealed", "stays_sealed", "bends_sealed", "options_sealed")
    return sum(getattr(card, each) is not None for card in cards(week) for each in kept)


def test_a_card_is_gone_from_every_message_and_there_is_room_for_another(week: Weeks) -> None:
    ann = week.ann
    write(ann, "Limit", "I won't dance.", "You can lead.", share=False)
    write(ann, "Hope", "I'd like us to sing.")
    write(ann, "Request", "Would you cook?", share=False)
    ann.command("weekly")
    page = ann.last
    ann.tap("Must stay", on=ann.tap("Limit 1: kept", on=page))
    ann.say("My feet.")
    assert ann.in_sight().count("dance") >= 2
    assert "Add another" not in page.labels
    draft = ann.last
    ann.tap("Remove", on=draft)
    assert "Remove this card for good?" in draft.text
    ann.tap("Back", on=draft)
    assert "I won't dance." in draft.text
    ann.tap("Remove for good", on=ann.tap("Remove", on=draft))
    for words in ("dance", "lead", "My feet"):
        assert words not in ann.in_sight()
    assert words_left(week) == 2
    assert "Hope 1: shared" in draft.labels
    ann.say("I hope we travel.")
    assert "What is it?" in ann.last.text, "there is room again"
    ann.tap("Hope")
    ann.tap("Share")
    finish(ann)
    finish(week.ben)
    assert "travel" in week.ben.everything()
    assert "sing" in week.ben.everything()
    assert "dance" not in week.ben.everything()


def test_removing_the_only_card_leaves_an_empty_side(week: Weeks) -> None:
    write(week.ann, "Decide together", "Where do we go?\nThe sea\nThe hills", share=False)
    week.ann.tap("Decide together: kept")
    week.ann.tap("Remove for good", on=week.ann.tap("Remove"))
    assert "What would you like to say?" in week.ann.last.text
    assert words_left(week) == 0
    finish(week.ann)
    finish(week.ben)
    assert "The hills" not in week.ben.everything()


def test_who_was_writing_on_the_card_writes_a_new_one(week: Weeks) -> None:
    """Nothing is added to what is not there any more."""
    ann = week.ann
    write(ann, "Hope", "I'd like us to sing.", share=False)
    ann.tap("Hope: kept")
    drafted = ann.last
    ann.command("weekly")
    ann.tap("Can bend", on=ann.tap("Hope: kept"))
    ann.press(drafted.button("Remove"), on=drafted.id)
    ann.tap("Remove for good", on=drafted)
    ann.say("Would you dance?")
    assert "What is it?" in ann.last.text
    assert "sing" not in ann.in_sight()


def test_nobody_removes_words_that_they_did_not_see(week: Weeks) -> None:
    ann = week.ann
    write(ann, "Hope", "I'd like us to sing.", share=False)
    ann.tap("Hope: kept")
    asked = ann.tap("Remove")
    old = asked.button("Remove for good")
    ann.command("weekly")
    ann.tap("Edit", on=ann.tap("Hope: kept"))
    ann.say("I'd like us to dance.")
    ann.press(old, on=asked.id)
    assert "dance" in asked.text
    assert words_left(week) == 1
    ann.tap("Remove for good", on=ann.tap("Remove", on=asked))
    assert words_left(week) == 0
    ann.press(old, on=asked.id)
    assert ann.toasts[-1].text == CLOSED


def test_what_is_shared_is_taken_back_first_and_what_is_open_stays(week: Weeks) -> None:
    ann, ben = week.ann, week.ben
    write(ann, "Hope", "I'd like us to sing.")
    ann.tap("Hope: shared")
    shared = ann.last
    assert "Remove" not in shared.labels
    ann.tap("Take back", on=shared)
    asked = ann.tap("Remove", on=shared)
    old = asked.button("Remove for good")
    ben.press(old)
    assert ben.toasts[-1].text == CLOSED
    ann.tap("Back", on=asked)
    ann.tap("Share", on=asked)
    finish(ann)
    finish(ben)
    assert "sing" in ben.everything()
    ann.press(old, on=asked.id)
    assert ann.toasts[-1].text == CLOSED
    assert words_left(week) == 1


def test_only_removing_what_was_shared_undoes_finishing(week: Weeks) -> None:
    ann, ben = week.ann, week.ben
    write(ann, "Hope", "I'd like us to sing.", share=False)
    write(ann, "Hope", "I'd like us to dance.", share=False)
    first = ann.tap("Remove", on=ann.tap("Hope 1: kept"))
    ann.command("weekly")
    ann.tap("Hope 2: kept", on=ann.last)
    second = ann.tap("Remove", on=ann.last)
    old = second.button("Remove for good")
    ann.tap("Share", on=ann.tap("Back", on=second))
    ann.command("weekly")
    finish(ann)
    ann.tap("Remove for good", on=first)
    assert "You have finished." in first.text
    ann.press(old, on=second.id)
    assert "What would you like to say?" in second.text
    finish(ben)
    assert "Your week is open" not in ben.everything()


@pytest.mark.parametrize(
    ("step", "asks", "kept"),
    [
        ("thanks", "First, one thing that you appreciate", Appreciation),
        ("alone", "Only you will ever read it", JournalNote),
    ],
)
def test_what_the_card_asks_for_afterwards_is_what_is_written(
    week: Weeks, step: str, asks: str, kept: type[Table]
) -> None:
    """Two messages: in one a step of the week asks for words, in the other a card is removed."""
    ann = week.ann
    write(ann, "Hope", "I'd like us to sing.", share=False)
    drafted = ann.tap("Hope: kept")
    ann.command("weekly")
    ann.press(TakeStep(part_of(week), step))
    ann.press(drafted.button("Remove"), on=drafted.id)
    ann.tap("Remove for good", on=drafted)
    assert asks in drafted.text
    ann.say("The tea on Monday.")
    assert len(week.post.do(lambda session: session.exec(select(kept)).all())) == 1


def second_thought(box: Mailbox, page: Shown) -> None:
    """[Back], and then [Remove for good] all the same, before the phone shows that it is gone: in the same message."""
    box.tap("Remove", on=page)
    drop = page.button("Remove for good")
    box.tap("Back", on=page)
    box.press(drop, on=page.id)


def test_after_a_second_thought_the_page_of_the_week_follows(week: Weeks) -> None:
    write(week.ann, "Hope", "I'd like us to sing.", share=False)
    page = week.ann.tap("Hope: kept")
    second_thought(week.ann, page)
    assert "What would you like to say?" in page.text


def test_after_a_second_thought_the_page_of_what_is_kept_follows(post: Post) -> None:
    ann, _ = a_kept_answer(post)
    ann.command("memories")
    page = ann.tap("1", on=ann.last)
    second_thought(ann, page)
    assert "What you keep is found here." in page.text


def test_old_buttons_of_a_removed_card_do_nothing_to_the_next_one(week: Weeks) -> None:
    ann = week.ann
    write(ann, "Hope", "I'd like us to sing.", share=False)
    drafted = ann.tap("Hope: kept")
    old = [each.payload for line in drafted.card.rows for each in line if isinstance(each.payload, ActOnDraft)]
    ann.tap("Remove for good", on=ann.tap("Remove", on=drafted))
    ann.tap("Hope", on=ann.last)
    ann.say("I'd like us to dance.")
    ann.tap("Share")
    for button in old:
        ann.press(button, on=drafted.id)
        assert ann.toasts[-1].text == CLOSED
    assert [card.shared for card in cards(week)] == [True]
