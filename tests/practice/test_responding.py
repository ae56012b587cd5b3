"""What is said to cards that are open: answers, counter-proposals, decisions, what was heard."""

import pytest
from sqlmodel import select

from bot.messages.buttons import ActOnCard, ActOnOpening, MarkOption
from storage.tables import Acceptance, Agreement, AgreementVersion, SavedTopic
from tests.post import Mailbox
from tests.weeks import ASKED, Weeks, card, finish, open_with, opening, write

CLOSED = "This card is closed."


def agreements(weeks: Weeks) -> list[Agreement]:
    return weeks.post.do(lambda session: list(session.exec(select(Agreement))))


def last_card(box: Mailbox) -> str:
    """The newest full view of a card."""
    return next(each for each in reversed(box.shown.values()) if each.labels[-1:] == ["Back"]).text


# -- requests


@pytest.mark.parametrize(("label", "weeks"), [("Agree", 4), ("Try one week", 1)])
def test_a_request_that_is_accepted_becomes_an_agreement_on_trial(request_: Weeks, label: str, weeks: int) -> None:
    request_.ben.tap(label)
    (made,) = agreements(request_)
    assert (made.weeks, made.state) == (weeks, "current")
    for box in (request_.ann, request_.ben):
        assert "Agreed, on trial." in opening(box).text
        box.command("agreements")
        assert ASKED in box.last.text
    accepted = request_.post.do(lambda session: {each.person_id for each in session.exec(select(Acceptance))})
    assert accepted == {request_.ann.person_id, request_.ben.person_id}


def test_no_is_a_fine_answer_and_has_no_reason(request_: Weeks) -> None:
    request_.ben.tap("Not now")
    for box in (request_.ann, request_.ben):
        assert "Not now." in opening(box).text
    assert agreements(request_) == []
    for answer in ("agree", "week", "not_now", "counter"):
        request_.ann.press(ActOnCard(card(request_).id, answer, 0))
        assert request_.ann.toasts[-1].text == CLOSED


def test_whoever_said_not_now_may_say_otherwise_while_the_week_lasts(request_: Weeks) -> None:
    """A tap on the wrong button is no refusal; nobody else can change it, and nobody is asked again."""
    ann, ben = request_.ann, request_.ben
    ben.tap("Not now")
    assert {"Agree", "Try one week", "Counter"} < set(opening(ben).labels)
    assert "Not now" not in opening(ben).labels
    assert not {"Agree", "Try one week", "Counter"} & set(opening(ann).labels)
    ben.tap("Counter")
    ben.say("Every other Sunday?")
    assert "Not now." not in opening(ann).text
    ann.tap("Not now")
    assert "Not now." in opening(ben).text
    ann.tap("Agree")
    assert "Agreed, on trial." in opening(ben).text
    assert len(agreements(request_)) == 1
    ann.press(ActOnCard(card(request_).id, "not_now", 1))
    assert ann.toasts[-1].text == CLOSED
    assert len(agreements(request_)) == 1


def test_not_now_stays_when_the_week_is_over(request_: Weeks) -> None:
    request_.ben.tap("Not now")
    request_.post.pass_time(days=8)
    request_.ben.press(ActOnCard(card(request_).id, "agree", 0))
    assert request_.ben.toasts[-1].text == CLOSED
    assert agreements(request_) == []


def test_two_counters_and_then_it_is_parked(request_: Weeks) -> None:
    ann, ben = request_.ann, request_.ben
    ben.tap("Counter")
    ben.say("Every other Sunday?")
    assert "Another wording, from Ben:" in last_card(ann)
    ann.tap("Counter")
    ann.say("Sunday mornings?")
    assert "Sunday mornings?" in last_card(ben)
    assert not any(ben.last.labels.count(label) for label in ("Counter",))
    ben.tap("Another week")
    assert "Left for another week." in opening(ann).text
    assert agreements(request_) == []
    saved = request_.post.do(lambda session: list(session.exec(select(SavedTopic))))
    assert [each.person_id for each in saved] == [ann.person_id]
    request_.sunday()
    ann.tap("Other topic", on=ann.last)
    ann.tap("From my list")
    assert any(label.startswith("Would you keep Sunday") for label in ann.last.labels)


def test_a_long_request_is_parked_in_short(sunday: Weeks) -> None:
    open_with(sunday, "Request", "Would you " + "please " * 50 + "sing?")
    for box, words in ((sunday.ben, "One."), (sunday.ann, "Two.")):
        box.tap("Counter")
        box.say(words)
    sunday.ben.tap("Another week")
    sunday.sunday()
    sunday.ann.tap("Other topic", on=sunday.ann.last)
    sunday.ann.tap("From my list")
    sunday.ann.tap(next(label for label in sunday.ann.last.labels if label.startswith("Would you please")))
    assert "Your topic for this week" in sunday.ann.last.text


def test_what_is_agreed_is_the_wording_on_the_table(request_: Weeks) -> None:
    old = request_.ben.newest("Agree").button("Agree")
    request_.ben.tap("Counter")
    request_.ben.say("Every other Sunday?")
    request_.ben.press(old)
    assert request_.ben.toasts[-1].text == CLOSED  # it is not Ben's turn
    request_.ann.press(ActOnCard(card(request_).id, "agree", 0))  # under another wording than Ann was shown
    assert agreements(request_) == []
    request_.ann.tap("Mine: Request")
    request_.ann.tap("Agree")
    request_.ann.command("agreements")
    assert "Every other Sunday?" in request_.ann.last.text
    assert ASKED not in request_.ann.last.text


def test_a_counter_needs_its_turn_and_passes_the_same_door(request_: Weeks) -> None:
    ann, ben = request_.ann, request_.ben
    ann.press(ActOnCard(card(request_).id, "counter", 0))
    assert ann.toasts[-1].text == CLOSED
    ben.press(ActOnCard(card(request_).id, "park", 0))
    assert ben.toasts[-1].text == CLOSED
    ben.press(ActOnCard(card(request_).id, "counter", 1))  # a wording that is not there
    ben.tap("Back")
    ben.tap("Counter")
    ben.say("Only if you give me your password.")
    assert "Passwords" in ben.last.text
    assert "password" not in ann.everything()
    ben.say("Every other Sunday?")
    assert "Every other Sunday?" in ann.everything()
    ben.say("And one more?")
    assert "one more" not in ann.everything()


def test_an_answer_given_twice_counts_once(request_: Weeks) -> None:
    agree = request_.ben.newest("Agree").button("Agree")
    request_.ben.press(agree)
    request_.ben.press(agree)
    assert len(agreements(request_)) == 1


# -- limits and hopes


def test_a_limit_is_read_and_never_voted_on(sunday: Weeks) -> None:
    open_with(sunday, "Limit", "I won't cook on Mondays.", "I will bring bread.")
    assert not {"Agree", "Counter", "Not now"} & set(opening(sunday.ben).labels)
    for act in ("agree", "counter", "not_now", "week"):
        sunday.ben.press(ActOnCard(card(sunday).id, act, 0))
        assert sunday.ben.toasts[-1].text == CLOSED
    sunday.ben.tap("I see it differently")
    assert "Read, and seen differently." in opening(sunday.ann).text
    sunday.ben.tap("I've read this")
    assert "Read." in opening(sunday.ann).text
    sunday.ann.press(ActOnCard(card(sunday).id, "read", 0))
    assert sunday.ann.toasts[-1].text == CLOSED
    assert agreements(sunday) == []


def test_a_hope_is_welcomed(sunday: Weeks) -> None:
    open_with(sunday, "Hope", "I'd like us to dance.")
    sunday.ben.tap("I'd like that too")
    assert "Liked by both of you." in opening(sunday.ann).text
    before = sunday.ann.everything()
    sunday.ben.tap("I'd like that too")
    assert sunday.ann.everything() == before
    sunday.ben.tap("Tell me more some time")
    assert "Tell more about it some time." in opening(sunday.ann).text


# -- decide together


def decide(sunday: Weeks) -> Weeks:
    return open_with(sunday, "Decide together", "Where do we go?\nThe lake\nThe hills\nThe sea")


def mark(box: Mailbox, *options: str) -> None:
    if box.offers("Mine: Decide together"):
        box.tap("Mine: Decide together")
    for option in options:
        box.tap(option)
    box.tap("These I could live with")


def test_only_what_both_marked_appears(sunday: Weeks) -> None:
    decide(sunday)
    mark(sunday.ben, "The lake", "The sea")
    for box in (sunday.ann, sunday.ben):
        assert "You could both live with" not in box.everything()
    mark(sunday.ann, "The sea", "The hills")
    for box in (sunday.ann, sunday.ben):
        box.command("weekly")
        assert "You could both live with this, on trial: <tg-spoiler>The sea</tg-spoiler>" in opening(box).text
        box.command("agreements")
        assert "The sea" in box.last.text
        assert "The lake" not in box.last.text
    assert len(agreements(sunday)) == 1


def test_without_an_overlap_nothing_appears(sunday: Weeks) -> None:
    decide(sunday)
    mark(sunday.ben, "The lake")
    before = sunday.ben.everything()
    mark(sunday.ann, "The sea")
    assert sunday.ben.everything() == before
    assert agreements(sunday) == []
    sunday.ann.tap("Mine: Decide together")
    for box, own, other in ((sunday.ann, "The sea", "The lake"), (sunday.ben, "The lake", "The sea")):
        said = box.last.text.split("You could live with this: ")[1]
        assert f"<tg-spoiler>{own}</tg-spoiler>\nOnly what you both marked appears here." in said
        assert other not in said, "nobody learns what the other marked"


def test_a_mark_can_be_taken_off_until_it_is_done(sunday: Weeks) -> None:
    decide(sunday)
    sunday.ben.tap("The lake")
    sunday.ben.tap("✓ The lake")
    assert "These I could live with" not in sunday.ben.last.labels
    sunday.ben.press(ActOnCard(card(sunday).id, "marked", 0))
    assert sunday.ben.toasts[-1].text == CLOSED
    mark(sunday.ben, "The hills")
    sunday.ben.press(MarkOption(card(sunday).id, 0, 1))
    sunday.ben.press(ActOnCard(card(sunday).id, "marked", 0))
    mark(sunday.ann, "The lake")
    assert agreements(sunday) == []
    sunday.ben.press(MarkOption(card(sunday).id, 7, 1))
    assert sunday.ben.toasts[-1].text == CLOSED


def test_only_what_stood_where_one_pressed_is_said_to_be_all(sunday: Weeks) -> None:
    decide(sunday)
    sunday.ben.tap("The lake")
    old = sunday.ben.last.button("These I could live with")
    sunday.ben.press(MarkOption(card(sunday).id, 1, 1))
    sunday.ben.press(old)
    assert "These I could live with" in sunday.ben.last.labels
    mark(sunday.ann, "The lake")
    assert agreements(sunday) == []
    sunday.ben.tap("These I could live with", on=sunday.ben.last)
    assert len(agreements(sunday)) == 1


def test_an_answer_does_not_decide(sunday: Weeks) -> None:
    decide(sunday)
    sunday.ben.press(ActOnCard(card(sunday).id, "agree", 0))
    assert sunday.ben.toasts[-1].text == CLOSED


# -- saying what was heard


def test_what_was_heard_is_answered(request_: Weeks) -> None:
    ann, ben = request_.ann, request_.ben
    ben.tap("Say what I heard")
    ben.say("You want a day that is ours.")
    assert "What Ben heard:" in last_card(ann)
    assert "What you heard:" in opening(ben).text
    ann.tap("Almost")
    assert "Almost" in opening(ben).text
    ben.tap("Say what I heard")
    ben.say("You want a slow morning.")
    ann.tap("You got it")
    assert "You got it" in opening(ben).text
    for word in ("almost", "got_it"):
        ann.press(ActOnCard(card(request_).id, word, 0))
    assert "Almost" not in opening(ben).text
    ben.press(ActOnCard(card(request_).id, "got_it", 0))
    assert ben.toasts[-1].text == CLOSED
    ann.press(ActOnCard(card(request_).id, "heard", 0))
    assert ann.toasts[-1].text == CLOSED


# -- what typed words are for


@pytest.mark.parametrize("asked", ["Counter", "Say what I heard"])
@pytest.mark.parametrize("ways", [("Back",), ("Back", "Back"), ("Back", "Back", "Close the week")])
def test_whoever_goes_back_says_nothing_to_the_other(request_: Weeks, asked: str, ways: tuple[str, ...]) -> None:
    ben = request_.ben
    ben.tap(asked)
    for label in ways:
        ben.tap(label, on=ben.last)
    ben.say("Milk and bread.")
    assert "Milk" not in request_.ann.everything()


def test_an_old_button_confirms_no_words_that_its_author_has_not_seen(request_: Weeks) -> None:
    ann, ben = request_.ann, request_.ben
    ben.tap("Say what I heard")
    ben.say("You want a day that is ours.")
    ann.tap("Mine: Request")
    seen = ann.last
    got_it = seen.button("You got it")
    ben.press(ActOnCard(card(request_).id, "heard", 0))
    ben.say("You want to control my Sundays.")
    ann.press(got_it, on=seen.id)
    assert "You got it" not in last_card(ben)
    assert "control my Sundays" in seen.text
    ann.tap("You got it", on=seen)
    ben.press(ActOnCard(card(request_).id, "show", 0))
    assert "You got it" in last_card(ben)


def test_whoever_is_asked_for_a_change_sees_what_it_would_take_the_place_of(request_: Weeks) -> None:
    ann, ben = request_.ann, request_.ben
    ben.tap("Agree")
    ann.command("agreements")
    ann.tap("1")
    ann.tap("Talk about a change")
    request_.sunday()
    ann.tap("Yes", on=ann.newest("Yes"))
    ann.tap("Pass over")
    ann.tap(next(each for each in ann.last.labels if each.startswith("Change:")))
    ann.say("Would you cook on Fridays?")
    ann.tap("Share")
    finish(ann)
    ben.tap("Yes", on=ben.newest("Yes"))
    ben.tap("Pass over")
    finish(ben)
    assert "take the place of this agreement" in opening(ben).text
    assert ASKED in opening(ben).text
    ben.tap("Agree", on=opening(ben))
    assert "take the place" not in opening(ben).text
    ben.command("agreements")
    assert "Would you cook on Fridays?" in ben.last.text


def test_what_is_not_open_cannot_be_answered(sunday: Weeks) -> None:
    write(sunday.ann, "Request", ASKED)
    sunday.ben.press(ActOnCard(card(sunday).id, "agree", 0))
    assert sunday.ben.toasts[-1].text == CLOSED
    sunday.ben.press(ActOnCard(sunday.couple_id, "show", 0))
    assert sunday.ben.toasts[-1].text == CLOSED
    sunday.ben.press(ActOnOpening(card(sunday).conversation_id, "show"))
    assert sunday.ben.toasts[-1].text == CLOSED


def test_after_ones_own_week_nothing_is_answered_any_more(request_: Weeks) -> None:
    request_.post.pass_time(days=7, hours=1)
    request_.ben.press(ActOnCard(card(request_).id, "agree", 0))
    assert request_.ben.toasts[-1].text == CLOSED
    request_.ben.press(ActOnOpening(card(request_).conversation_id, "show"))
    assert ASKED in opening(request_.ben).text
    assert "Agree" not in opening(request_.ben).labels


def test_versions_are_numbered(request_: Weeks) -> None:
    request_.ben.tap("Agree")
    numbers = request_.post.do(lambda session: [each.number for each in session.exec(select(AgreementVersion))])
    assert numbers == [1]
