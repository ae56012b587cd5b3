"""What people remove for good before anybody else could read it: kept answers, and cards of a week."""

import pytest
from sqlmodel import select

from bot.messages.buttons import ActOnDraft, AskRemoveKept, DropKept
from storage.tables import Answer, BoundaryCard
from tests.inside import Inside, inside
from tests.post import Mailbox, Post
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


def in_sight(box: Mailbox) -> str:
    return "\n".join(each.text for each in box.shown.values() if not each.removed)


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


def remove(ann: Mailbox) -> None:
    ann.command("memories")
    ann.tap("Remove for good", on=ann.tap("Remove", on=ann.tap("1", on=ann.last)))


# -- a kept answer


def test_a_kept_answer_is_gone_everywhere_and_its_question_can_be_answered_again(post: Post) -> None:
    ann, ben = a_kept_answer(post)
    theirs = len(ben.history)
    assert in_sight(ann).count(SECRET) == 4
    ann.command("memories")
    page = ann.last
    ann.tap("Remove", on=ann.tap("1", on=page))
    assert page.text.startswith("Remove this answer for good?")
    ann.tap("Back", on=page)
    assert SECRET in page.text, "nothing is gone by one tap"
    ann.tap("Remove for good", on=ann.tap("Remove", on=page))
    assert "What you keep is found here." in page.text
    assert SECRET not in in_sight(ann)
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
    assert SECRET not in in_sight(ann)
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
    assert SECRET not in in_sight(ann)
    assert "A green umbrella." in asked.text
    assert "Share" in asked.labels
    assert len(answers(post)) == 1


def test_who_was_about_to_write_it_anew_writes_the_first_answer(post: Post) -> None:
    ann, _ = a_kept_answer(post)
    ann.tap("Edit")
    ann.press(DropKept(answers(post)[0].id, "k.0"))
    assert SECRET not in in_sight(ann)
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
    answer = answers(post)[0].id
    for button in (AskRemoveKept(answer, "k.0"), DropKept(answer, "k.0")):
        ben.press(button)
        assert ben.toasts[-1].text == CLOSED
    assert len(answers(post)) == 1
    remove(ann)
    for button in (AskRemoveKept(answer, "k.0"), DropKept(answer, "k.0")):
        ann.press(button)
        assert ann.toasts[-1].text == CLOSED


# -- a card of one's own side


def cards(week: Weeks) -> list[BoundaryCard]:
    return list(week.post.do(lambda session: session.exec(select(BoundaryCard)).all()))


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
    assert in_sight(ann).count("dance") >= 2
    assert "Add another" not in page.labels
    draft = ann.last
    ann.tap("Remove", on=draft)
    assert "Remove this card for good?" in draft.text
    ann.tap("Back", on=draft)
    assert "I won't dance." in draft.text
    ann.tap("Remove for good", on=ann.tap("Remove", on=draft))
    for words in ("dance", "lead", "My feet"):
        assert words not in in_sight(ann)
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
    assert "sing" not in in_sight(ann)


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
    for button in (old, ActOnDraft(cards(week)[0].id, "ask_remove", 0)):
        ann.press(button, on=asked.id)
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


def test_removing_a_card_undoes_finishing(week: Weeks) -> None:
    ann, ben = week.ann, week.ben
    write(ann, "Hope", "I'd like us to sing.", share=False)
    ann.tap("Hope: kept")
    asked = ann.tap("Remove")
    ann.command("weekly")
    finish(ann)
    ann.tap("Remove for good", on=asked)
    finish(ben)
    assert "Your week is open" not in ben.everything()
