"""What a person decides about the daily question: refusals, and what the chats do not reach."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, col, select

from bot.messages.buttons import (
    AddToAnswer,
    AnotherQuestion,
    EditAnswer,
    KeepAnswer,
    LeaveAnswer,
    LeaveNote,
    PickChoice,
    PlayVoice,
    PutOff,
    React,
    RemoveTyped,
    ReplaceAnswer,
    SearchMemories,
    ShareAnswer,
    TakeMineBack,
    UnshareAnswer,
    WriteNote,
)
from bot.messages.payload import Payload
from bot.practice import answering, asking, daily, reveals, rhythm, times, windows
from bot.practice.answering import together
from bot.practice.refusals import Closed, NotYours
from storage import daily as kept
from storage import expectations, people
from storage.daily import Given
from storage.tables import HELD, Answer, Checkin, Expectation, JournalNote, Reaction
from tests.inside import LIBRARY, Inside
from tests.post import Mailbox, Post

CLOSED = "This card is closed."


@pytest.fixture
def post(sqlite_inside: Inside) -> Post:
    return Post(sqlite_inside)


@pytest.fixture
def ann(post: Post) -> Mailbox:
    return post.person("Ann")


def newest(post: Post, box: Mailbox) -> UUID:
    now = post.clock.now()
    return post.do(lambda session: kept.open_checkins(session, person_id=box.person_id, now=now)[0].id)


def answer(post: Post, checkin_id: UUID) -> Answer:
    found = post.do(lambda session: kept.answer_to(session, checkin_id=checkin_id))
    assert found is not None
    return found


def waiting(post: Post) -> int:
    """How often words wait until it is said where they belong."""
    return post.do(lambda session: len(session.exec(select(Expectation).where(HELD)).all()))


def personal(post: Post, box: Mailbox) -> UUID:
    """The check-in of the next evening; alone, it is just for oneself."""
    _, at = times.next_occurrence(post.clock.now(), minute=20 * 60, days=127, zone="Europe/Berlin")
    post.pass_to(at)
    return newest(post, box)


def test_what_belongs_to_somebody_else_is_refused(post: Post, ann: Mailbox) -> None:
    checkin_id = newest(post, ann)
    stranger = post.person("Ben")

    def press(session: Session) -> None:
        daily.own_checkin(session, people.person(session, stranger.person_id), checkin_id, now=post.clock.now())

    with pytest.raises(NotYours):
        post.do(press)
    with pytest.raises(NotYours):
        post.do(lambda session: reveals.own_reveal(session, stranger.person_id, uuid4()))


@pytest.mark.parametrize(
    "button",
    [
        EditAnswer,
        KeepAnswer,
        UnshareAnswer,
        RemoveTyped,
        lambda checkin: ReplaceAnswer(checkin, 0),
        lambda checkin: AddToAnswer(checkin, 0),
        lambda checkin: LeaveAnswer(checkin, 0),
        lambda checkin: ShareAnswer(checkin, 0),
        lambda checkin: PickChoice(checkin, 0, 99),
        lambda checkin: PickChoice(checkin, 0, -1),
        lambda checkin: PutOff(checkin, "never"),
    ],
)
def test_buttons_that_no_card_shows_now_are_closed(post: Post, ann: Mailbox, button: Callable[[UUID], Payload]) -> None:
    ann.press(button(newest(post, ann)))
    assert ann.toasts[-1].text == CLOSED


def test_what_is_just_for_oneself_can_neither_be_shared_nor_taken_back(post: Post, ann: Mailbox) -> None:
    checkin_id = personal(post, ann)
    ann.say("Mine.")
    for button in (ShareAnswer(checkin_id, kept.mark_of(answer(post, checkin_id))), UnshareAnswer(checkin_id)):
        ann.press(button)
        assert ann.toasts[-1].text == CLOSED
    found = answer(post, checkin_id)
    assert (found.shared, found.decided) == (False, True)


def test_a_choice_of_an_earlier_question_is_no_answer_to_this_one(post: Post, ann: Mailbox) -> None:
    checkin_id = newest(post, ann)
    ann.press(AnotherQuestion(checkin_id, 0))
    ann.press(PickChoice(checkin_id, 0, 0))
    assert post.do(lambda session: kept.answer_to(session, checkin_id=checkin_id)) is None
    assert "Not today" in ann.last.labels


def test_a_second_tap_on_another_question_changes_it_once(post: Post, ann: Mailbox) -> None:
    checkin_id = newest(post, ann)
    for _ in range(3):
        ann.press(AnotherQuestion(checkin_id, 0))
    found = post.do(lambda session: session.get_one(Checkin, checkin_id))
    assert daily.times_changed(found) == 1


def test_when_there_is_no_other_question_this_one_stays(post: Post, ann: Mailbox) -> None:
    checkin_id = newest(post, ann)
    only = type(LIBRARY)({"my-hour": LIBRARY.english["my-hour"]})

    def change(session: Session) -> str:
        session.get_one(Checkin, checkin_id).prompt_id = "my-hour"
        person = people.person(session, ann.person_id)
        found = daily.change_question(
            session, person, checkin_id, changes=0, library=only, random=post.random, now=post.clock.now()
        )
        return f"{found.prompt_id}{found.passed}"

    assert post.do(change) == "my-hour"


def test_a_question_cannot_be_put_off_beyond_its_window(post: Post, ann: Mailbox) -> None:
    checkin_id = personal(post, ann)
    post.clock.move(timedelta(hours=46))
    found = post.do(lambda session: session.get_one(Checkin, checkin_id))
    assert set(daily.later_times(found, "Europe/Berlin", now=post.clock.now())) == {"hour"}


def test_both_as_one_keeps_the_words_and_where_they_were_typed() -> None:
    first, second, voice = Given("One.", typed="1"), Given("Two.", typed="2"), Given(voice="note", typed="3")
    assert together(first, second) == Given("One.\nTwo.", typed="1,2")
    assert together(first, voice) == Given(voice="note", typed="1,3")
    assert together(voice, second) == Given("Two.", typed="3,2")
    assert together(Given(), second) == Given("Two.", typed="2")


@pytest.mark.parametrize(("words", "units"), [("", 0), ("ab", 2), ("🌿", 2), ("\ud83c", 1), ("é", 1)])
def test_words_are_as_long_as_telegram_counts_them(words: str, units: int) -> None:
    assert answering.length(words) == units


def test_words_that_would_be_too_long_together_are_not_added(post: Post, ann: Mailbox) -> None:
    checkin_id = newest(post, ann)
    ann.say("x" * 1000)
    ann.say("y" * 1000)
    assert ann.last.labels == ["Replace my answer", "Leave it"]

    def add(session: Session) -> bool:
        person, mark = (
            people.person(session, ann.person_id),
            kept.mark_of_held(session, person_id=ann.person_id, about=checkin_id),
        )
        return answering.add_held(session, person, checkin_id, mark=mark, now=post.clock.now())

    assert not post.do(add)
    ann.tap("Replace my answer")
    assert "y" * 1000 in ann.last.text


@pytest.mark.parametrize("label", ["Add to my answer", "Replace my answer", "Leave it"])
def test_an_old_button_does_nothing_to_words_that_its_author_has_not_seen_there(
    post: Post, ann: Mailbox, label: str
) -> None:
    newest(post, ann)
    ann.say("The lake.")
    ann.say("At night.")
    before = ann.last
    ann.speak("a-voice-note")
    ann.tap(label, on=before)
    assert "your voice note" in before.text
    ann.tap("Leave it", on=before)
    assert "The lake." in before.text


def test_a_second_wording_goes_to_the_question_under_which_edit_was_pressed(post: Post, ann: Mailbox) -> None:
    personal(post, ann)
    ann.say("The lake.")
    older = ann.last
    post.pass_time(days=1)
    ann.tap("Edit", on=older)
    ann.say("The sea.")
    assert "The sea." in ann.last.text
    assert "The lake." not in ann.last.text
    assert ann.last.text.split("\n")[0] == older.text.split("\n")[0]
    ann.tap("Edit", on=ann.last)
    post.pass_time(days=1)
    ann.say("The hills.")  # a question came since
    assert "The sea." not in ann.last.text


@pytest.mark.parametrize("asked", ["edit", "held", "search", "time"])
def test_a_reply_goes_to_the_question_that_it_points_to(post: Post, ann: Mailbox, asked: str) -> None:
    personal(post, ann)
    older = ann.last
    post.pass_time(days=1)
    ann.say("The lake.")
    if asked == "edit":
        ann.tap("Edit")
    elif asked == "held":
        ann.say("At night.")
    elif asked == "search":
        ann.command("memories")
        ann.tap("Search my words")
    else:
        ann.command("time")
    ann.say("The hills.", reply_to=older.id)
    assert "The hills." in ann.last.text
    assert "The lake." not in ann.last.text
    assert ann.last.text.split("\n")[0] == older.text.split("\n")[0]


@pytest.mark.parametrize("command", ["time", "week", "memories"])
def test_a_question_that_is_shown_is_what_words_answer(post: Post, ann: Mailbox, command: str) -> None:
    personal(post, ann)
    ann.command(command)
    if command == "memories":
        ann.tap("Search my words")
        ann.tap("Back")
    ann.command("today")
    ann.say("The lake.")
    assert "The lake." in ann.last.text
    assert "Edit" in ann.last.labels


def test_a_question_that_comes_ends_a_search(post: Post, ann: Mailbox) -> None:
    personal(post, ann)
    ann.command("memories")
    ann.tap("Search my words")
    post.pass_time(days=1)
    ann.say("The lake.")
    assert "Edit" in ann.last.labels


def test_ones_own_card_shows_no_more_what_was_taken_back(post: Post, ann: Mailbox) -> None:
    ben = post.person("Ben")
    post.link(ann, ben)
    for box in (ann, ben):
        box.say(f"Words of {box.address}.")
        box.tap("Share")
    ann.tap("Take mine back")
    ann.tap("Take mine back", on=ann.newest("Back"))
    for box in (ann, ben):
        assert f"Words of {ann.address}." not in box.in_sight()


def test_nothing_is_promised_to_whoever_pauses(post: Post, ann: Mailbox) -> None:
    personal(post, ann)
    ann.say("The lake.")
    ann.command("pause")
    ann.tap("Until I say so")
    for command in ("today", "start"):
        post.pass_time(days=3)
        ann.command(command)
        assert "Your next question comes" not in ann.last.text


def test_a_question_that_is_looked_at_ends_the_editing_of_another(post: Post, ann: Mailbox) -> None:
    personal(post, ann)
    ann.say("The lake.")
    older = ann.last
    post.pass_time(days=1)
    ann.tap("Edit", on=older)
    ann.command("today")
    shown = ann.last.text.split("\n")[0]
    ann.say("The hills.")
    assert ann.last.text.startswith(shown)
    assert "The lake." not in ann.last.text


def test_words_for_two_questions_wait_each_for_its_own(post: Post, ann: Mailbox) -> None:
    personal(post, ann)
    ann.say("The lake.")
    older = ann.last
    post.pass_time(days=1)
    ann.say("The hills.")
    ann.say("At night.")
    newer = ann.last
    ann.say("In winter.", reply_to=older.id)
    ann.tap("Add to my answer", on=newer)
    assert all(words in newer.text for words in ("The hills.", "At night."))
    ann.tap("Add to my answer", on=ann.last)
    assert all(words in ann.last.text for words in ("The lake.", "In winter."))


@pytest.mark.parametrize("command", ["settings", "time", "week", "weekly", "zone", "memories", "today"])
def test_words_go_on_waiting_while_something_else_is_looked_at(post: Post, ann: Mailbox, command: str) -> None:
    newest(post, ann)
    ann.say("The lake.")
    ann.say("At night.")
    asked = ann.last
    ann.command(command)
    ann.tap("Replace my answer", on=asked)
    assert "At night." in asked.text


def test_words_go_on_waiting_while_others_are_asked_for(post: Post, ann: Mailbox) -> None:
    """A search, a note and another answer that is changed get what they asked for, and nothing is lost."""
    personal(post, ann)
    ann.say("The lake.")
    older = ann.last
    post.pass_time(days=1)
    ann.say("The hills.")
    ann.say("At night.")
    asked = ann.last
    ann.tap("Edit", on=older)
    ann.say("The sea.")
    assert "The sea." in ann.last.text
    ann.command("memories")
    ann.press(SearchMemories())
    ann.say("lake")
    ann.command("zone")
    ann.say("Berlin")
    ann.press(WriteNote())
    ann.say("Just for me.")
    ann.tap("Add to my answer", on=asked)
    assert asked.text.count("The hills.\nAt night.") == 1


def test_more_words_go_with_those_that_wait_whatever_came_between(post: Post, ann: Mailbox) -> None:
    newest(post, ann)
    ann.say("The lake.")
    ann.say("At night.")
    ann.command("time")
    ann.command("today")
    ann.say("In winter.")
    ann.tap("Add to my answer", on=ann.last)
    assert "The lake.\nAt night.\nIn winter." in ann.last.text


def test_cancel_while_an_answer_is_edited_shows_how_it_stands(post: Post, ann: Mailbox) -> None:
    newest(post, ann)
    ann.say("The lake.")
    ann.tap("Share")
    ann.tap("Edit")
    ann.command("cancel")
    assert "The lake." in ann.last.text
    assert ann.last.labels == ["Share", "Keep for me", "Edit"]
    ann.say("The hills.")
    assert "What would you like me to do with these words?" in ann.last.text


def test_cancel_lets_go_of_words_that_wait(post: Post, ann: Mailbox) -> None:
    newest(post, ann)
    ann.say("The lake.")
    ann.say("At night.")
    asked = ann.last
    ann.command("cancel")
    ann.tap("Replace my answer", on=asked)
    assert ann.toasts[-1].text == CLOSED
    assert waiting(post) == 0


def test_words_that_wait_go_when_their_question_is_over(post: Post, ann: Mailbox) -> None:
    personal(post, ann)
    ann.say("The lake.")
    ann.say("At night.")
    assert waiting(post) == 1
    post.pass_time(days=3)
    assert waiting(post) == 0


def test_what_was_typed_in_many_messages_can_be_removed_as_far_as_the_row_holds(post: Post, ann: Mailbox) -> None:
    checkin_id = newest(post, ann)
    ann.say("First.")
    for number in range(80):
        ann.say(f"{number}")
        ann.tap("Replace my answer")
    ids = answer(post, checkin_id).typed.split(",")
    assert len(",".join(ids)) <= 200
    assert all(each.isdecimal() for each in ids)


def test_words_wait_for_nothing_that_is_over(post: Post, ann: Mailbox) -> None:
    """[Edit] and words that are held end with the window."""
    personal(post, ann)
    ann.say("First.")
    ann.tap("Edit")
    post.pass_time(hours=49)
    ann.say("Too late?")
    assert "There is no question open" in ann.last.text or "Too late?" in ann.everything()


def test_a_newer_question_is_what_words_answer(post: Post, ann: Mailbox) -> None:
    for begin in ("Edit", None):
        personal(post, ann)
        ann.say("First.")
        if begin:
            ann.tap(begin)
        else:
            ann.say("Held.")
        newer = personal(post, ann)
        ann.say("For the new one.")
        assert post.do(lambda session, each=newer: kept.answer_to(session, checkin_id=each)) is not None  # type: ignore[misc]


def test_leaving_a_note_leaves_other_wishes_alone(post: Post, ann: Mailbox) -> None:
    ann.say("First.")
    ann.tap("Edit")
    ann.press(LeaveNote())
    awaited = post.do(lambda session: expectations.awaited(session, person_id=ann.person_id))
    assert awaited is not None
    assert awaited.kind == answering.EDIT


def test_a_note_is_kept_with_the_persons_own_date(post: Post, ann: Mailbox) -> None:
    ann.press(WriteNote())
    ann.say("A note.")
    (note,) = post.do(lambda session: list(session.exec(select(JournalNote))))
    assert note.on_date == times.local_date(post.clock.now(), "Europe/Berlin")
    assert b"A note." not in note.words_sealed


# -- what is open


def opened(post: Post, ann: Mailbox) -> tuple[Mailbox, UUID, UUID]:
    """Ann's partner, their couple and the reveal of their first answers."""
    ben = post.person("Ben")
    couple_id = post.link(ann, ben)
    for box in (ann, ben):
        box.say("Words.")
        box.tap("Share")
    button = ben.newest("Thank you").button("Thank you")
    assert isinstance(button, React)
    return ben, couple_id, button.reveal_id


def test_a_reaction_that_does_not_exist_is_refused(post: Post, ann: Mailbox) -> None:
    ben, _, reveal_id = opened(post, ann)
    ben.press(React(reveal_id, "anger"))
    assert ben.toasts[-1].text == CLOSED
    assert post.do(lambda session: list(session.exec(select(Reaction)))) == []


def test_nobody_else_can_react_play_or_take_back(post: Post, ann: Mailbox) -> None:
    _, _, reveal_id = opened(post, ann)
    cleo = post.person("Cleo")
    for button in (React(reveal_id, "heard"), PlayVoice(reveal_id), TakeMineBack(reveal_id)):
        cleo.press(button)
        assert cleo.toasts[-1].text == CLOSED
    ann.press(PlayVoice(reveal_id))
    assert ann.toasts[-1].text == CLOSED


def test_nothing_opens_for_an_occasion_of_one(post: Post, ann: Mailbox) -> None:
    ben = post.person("Ben")
    post.link(ann, ben)
    ann.say("Alone.")
    ann.tap("Share")
    assert not ann.offers("That stung")


def test_what_is_over_is_closed_and_its_times_are_forgotten(post: Post) -> None:
    boxes = [post.person(f"P{number}") for number in range(3)]
    for box in boxes:
        personal(post, box)
        box.say("Mine.")
    post.clock.move(timedelta(days=10))
    assert not post.do(lambda session: windows.close_due(session, now=post.clock.now()))
    left = post.do(lambda session: list(session.exec(select(Checkin).where(Checkin.kind == "daily"))))
    assert all(each.closed and each.closes is None for each in left)
    dailies = [each.id for each in left]
    answers = post.do(lambda session: list(session.exec(select(Answer).where(col(Answer.checkin_id).in_(dailies)))))
    assert all(each.typed == "" for each in answers)


# -- rhythm


def evenings(post: Post, count: int, *boxes: Mailbox, do: Callable[[Mailbox], None] = lambda _box: None) -> None:
    for _ in range(count):
        _, at = times.next_occurrence(post.clock.now(), minute=20 * 60, days=127, zone="Europe/Berlin")
        post.pass_to(at)
        for box in boxes:
            do(box)
        post.pass_time(minutes=3)


def offers(box: Mailbox) -> int:
    return sum("lighter rhythm" in each.states[0].text for each in box.shown.values())


def test_fewer_questions_are_offered_again_after_thirty_days(post: Post, ann: Mailbox) -> None:
    evenings(post, 3)
    assert offers(ann) == 0
    evenings(post, 1)
    assert offers(ann) == 1
    evenings(post, 29)
    assert offers(ann) == 1
    evenings(post, 2)
    assert offers(ann) == 2


@pytest.mark.parametrize("touch", ["Not today", "Another question", "In an hour", "words"])
def test_whoever_does_anything_with_a_question_is_not_quiet(post: Post, ann: Mailbox, touch: str) -> None:
    def do(box: Mailbox) -> None:
        if touch == "words":
            box.say("Words.")
        else:
            if touch == "In an hour":
                box.tap("Later")
            box.tap(touch)

    for _ in range(4):
        evenings(post, 2)
        evenings(post, 1, ann, do=do)
    assert offers(ann) == 0


def test_questions_that_did_not_arrive_are_not_quiet_days(post: Post, ann: Mailbox) -> None:
    for _ in range(5):
        _, at = times.next_occurrence(post.clock.now(), minute=20 * 60, days=127, zone="Europe/Berlin")
        post.clock.move(at - post.clock.now())
        post.do(lambda session: asking_only(session, post))
        post.clock.move(timedelta(hours=4))
        post.deliver()
    assert offers(ann) == 0


def test_the_offer_comes_after_the_question_also_when_both_waited_for_the_end_of_quiet_hours(
    post: Post, ann: Mailbox
) -> None:
    evenings(post, 3)

    def be_quiet(session: Session) -> None:
        person = people.person(session, ann.person_id)
        person.quiet_from, person.quiet_to = 19 * 60, 22 * 60

    post.do(be_quiet)
    evenings(post, 1)
    assert offers(ann) == 0
    post.pass_time(hours=2)
    assert offers(ann) == 1
    assert "lighter rhythm" in ann.last.text
    assert "Not today" in ann.shown[sorted(ann.shown)[-2]].labels


def asking_only(session: Session, post: Post) -> None:
    asking.ask_due(session, library=LIBRARY, random=post.random, now=post.clock.now())


def test_there_is_nothing_lighter_than_once_a_week() -> None:
    assert rhythm.lighter(127) == ["three", "weekly"]
    assert rhythm.lighter(0b0010101) == ["weekly"]
    assert rhythm.lighter(0b0000011) == ["weekly"]
    assert rhythm.lighter(0b1000000) == []


def test_somebody_who_is_asked_once_a_week_is_offered_nothing(post: Post, ann: Mailbox) -> None:
    post.do(lambda session: setattr(people.person(session, ann.person_id), "days", 0b1000000))
    evenings(post, 35)
    assert offers(ann) == 0


def shares(box: Mailbox) -> None:
    box.say("Once more.")
    if "Share" in box.last.labels:
        box.tap("Share")


def patience(box: Mailbox) -> int:
    return sum("You have shared for a while" in each.states[0].text for each in box.shown.values())


def test_who_shares_in_vain_ten_times_is_told_once_that_it_can_have_many_reasons(post: Post, ann: Mailbox) -> None:
    ben = post.person("Ben")
    post.link(ann, ben)
    ann.tap("Not today")
    evenings(post, 8, ann, do=shares)
    assert patience(ann) == 0
    evenings(post, 10, ann, do=shares)
    assert patience(ann) == 1
    evenings(post, 14, ann, do=shares)
    assert patience(ann) == 1
    assert patience(ben) == 0


def test_one_that_opened_begins_the_count_anew(post: Post, ann: Mailbox) -> None:
    ben = post.person("Ben")
    post.link(ann, ben)
    for _ in range(4):
        evenings(post, 6, ann, do=shares)
        evenings(post, 2, ann, ben, do=shares)
    assert ann.offers("That stung")
    assert patience(ann) == 0


def test_who_answers_alone_is_told_nothing(post: Post, ann: Mailbox) -> None:
    evenings(post, 16, ann, do=shares)
    assert patience(ann) == 0


def test_refusals_leave_everything_as_it_was(post: Post, ann: Mailbox) -> None:
    checkin_id = newest(post, ann)
    with pytest.raises(Closed):
        post.do(
            lambda session: daily.share_answer(
                session, people.person(session, ann.person_id), checkin_id, now=post.clock.now()
            )
        )
    assert post.do(lambda session: kept.answer_to(session, checkin_id=checkin_id)) is None


def test_nobody_shares_words_that_they_did_not_see(post: Post, ann: Mailbox) -> None:
    ben = post.person("Ben")
    post.link(ann, ben)
    ann.say("First.")
    old = ann.newest("Share").button("Share")
    ann.say("Second.")
    ann.tap("Replace my answer")
    ann.press(old)
    ben.say("Tea.")
    ben.tap("Share")
    assert "Second." not in ben.everything()


def test_nothing_opens_after_edit_though_other_words_are_held(post: Post, ann: Mailbox) -> None:
    ben = post.person("Ben")
    post.link(ann, ben)
    ann.say("First.")
    ann.tap("Share")
    ann.say("Second thoughts.")
    ann.tap("Edit")
    ben.say("Tea.")
    ben.tap("Share")
    assert "First." not in ben.everything()
    ann.tap("Leave it")
    assert "Share" in ann.last.labels
