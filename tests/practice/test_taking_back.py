"""What opened in a week is taken back by whoever said it, and stands nowhere then."""

from uuid import UUID

import pytest
from sqlmodel import select

from bot.messages.buttons import ActOnCard, ActOnOpening
from storage.tables import Conversation
from tests.post import Mailbox
from tests.weeks import ASKED, Weeks, card, finish, opening

CLOSED = "This card is closed."
COUNTER = "Every other Sunday?"
HEARD = "You want a day that is ours."
TOPIC = "Your mother's visits"


def week(weeks: Weeks) -> UUID:
    """The conversation."""
    return weeks.post.do(lambda session: session.exec(select(Conversation.id)).one())


def nowhere(words: str, *boxes: Mailbox) -> bool:
    """Whether no message shows this; what its author typed themselves is theirs."""
    return all(words not in shown.text for box in boxes for shown in box.shown.values())


def gives_a_topic(box: Mailbox) -> None:
    """From the invitation to one's own side, with a topic in one's own words."""
    box.tap("Other topic")
    box.tap("A topic of my own")
    box.say(TOPIC)
    box.tap("Yes")
    box.say("The tea.")


def test_a_card_is_taken_back_at_any_time(request_: Weeks) -> None:
    ann, ben = request_.ann, request_.ben
    ben.tap("Counter")
    ann.tap("Mine: Request")
    ann.tap("Take it back")
    ann.tap("Take it back")
    for box in (ann, ben):
        box.command("weekly")
        assert "No longer shown" in opening(box).text
        assert ASKED not in opening(box).text
    ben.say("Every other Sunday?")
    assert ben.last.text == CLOSED
    assert "Every other" not in ann.everything()
    ann.press(ActOnCard(card(request_).id, "take_back", 0))
    ann.press(ActOnCard(card(request_).id, "ask_take_back", 0))
    assert "No longer shown" in ann.last.text
    ben.press(ActOnCard(card(request_).id, "take_back", 0))
    assert ben.toasts[-1].text == CLOSED
    ben.press(ActOnCard(card(request_).id, "agree", 0))
    assert ben.toasts[-1].text == CLOSED


def test_the_other_answers_todays_question_after_a_card_was_taken_back(request_: Weeks) -> None:
    ben = request_.ben
    ben.tap("Say what I heard")
    request_.ann.press(ActOnCard(card(request_).id, "take_back", 0))
    ben.say("You want a day.")
    assert ben.last.text == CLOSED
    ben.say("The lake.")
    assert ben.last.text != CLOSED


def test_a_card_can_be_taken_back_when_the_week_is_over(request_: Weeks) -> None:
    ann = request_.ann
    request_.post.pass_time(days=8)
    ann.tap("Mine: Request", on=opening(ann))
    ann.tap("Take it back")
    ann.tap("Take it back")
    assert ASKED not in opening(request_.ben).text


def test_what_was_agreed_outlives_the_card(request_: Weeks) -> None:
    request_.ben.tap("Agree")
    request_.ann.press(ActOnCard(card(request_).id, "take_back", 0))
    request_.ann.command("agreements")
    assert ASKED in request_.ann.last.text


def test_thanks_that_nobody_gave_cannot_be_taken_back(request_: Weeks) -> None:
    request_.ben.press(ActOnOpening(card(request_).conversation_id, "take_thanks_back"))
    assert request_.ben.toasts[-1].text == CLOSED


def test_another_wording_is_taken_back_and_the_one_before_it_lies_on_the_table(request_: Weeks) -> None:
    ann, ben = request_.ann, request_.ben
    ben.tap("Counter")
    ben.say(COUNTER)
    asked = ann.newest("Agree")
    assert COUNTER in asked.text
    old = asked.button("Agree")
    ben.tap("Take my wording back")
    assert ben.last.labels == ["Take it back", "Back"]
    ben.tap("Take it back")
    assert nowhere(COUNTER, ann, ben)
    assert "No longer shown" in asked.text
    assert not ann.offers("Agree")
    ann.press(old)
    assert ann.toasts[-1].text == CLOSED
    ben.tap("Agree", on=opening(ben))
    ben.command("agreements")
    assert ASKED in ben.last.text


def test_a_button_under_a_wording_that_was_taken_back_agrees_to_nothing(request_: Weeks) -> None:
    ann, ben = request_.ann, request_.ben
    ben.tap("Counter")
    ben.say(COUNTER)
    ann.tap("Counter")
    ann.say("Sunday mornings?")
    old = ben.newest("Agree").button("Agree")
    ann.tap("Mine: Request")
    for box in (ann, ben):
        box.tap("Take my wording back")
        box.tap("Take it back")
    ben.press(old)
    ben.command("agreements")
    assert "Sunday" not in ben.last.text
    assert {"Agree", "Another week"} < set(opening(ben).labels)
    assert "Counter" not in opening(ben).labels


def test_not_now_was_said_to_the_wording_that_was_taken_back(request_: Weeks) -> None:
    ann, ben = request_.ann, request_.ben
    ben.tap("Counter")
    ben.say(COUNTER)
    ann.tap("Not now")
    ben.press(ActOnCard(card(request_).id, "take_said", 1))
    assert "Not now." not in opening(ben).text
    assert "Not now" in opening(ben).labels


def test_a_wording_that_was_countered_is_taken_back_and_the_other_one_stays_on_the_table(request_: Weeks) -> None:
    ann, ben = request_.ann, request_.ben
    ben.tap("Counter")
    ben.say(COUNTER)
    ann.tap("Counter")
    ann.say("Sunday mornings?")
    ben.tap("Not now")
    ben.tap("Take my wording back", on=opening(ben))
    ben.tap("Take it back")
    assert nowhere(COUNTER, ann, ben)
    assert "Not now." in opening(ben).text
    ben.tap("Agree", on=opening(ben))
    ben.command("agreements")
    assert "Sunday mornings?" in ben.last.text


def test_what_was_heard_is_taken_back_with_what_was_heard_before(request_: Weeks) -> None:
    ann, ben = request_.ann, request_.ben
    for words in ("You want me at home.", HEARD):
        ben.tap("Say what I heard")
        ben.say(words)
    assert HEARD in ann.newest("You got it").text
    ben.tap("Take back what I heard")
    ben.tap("Take it back")
    assert nowhere(HEARD, ann, ben)
    assert nowhere("You want me at home.", ann, ben)
    assert not ann.offers("You got it")
    ann.press(ActOnCard(card(request_).id, "got_it", 2))
    assert ann.toasts[-1].text == CLOSED
    ben.tap("Say what I heard", on=opening(ben))
    ben.say("A day for us two.")
    assert "A day for us two." in ann.newest("You got it").text


@pytest.mark.parametrize("act", ["ask_take_said", "take_said"])
def test_only_ones_own_words_are_taken_back(request_: Weeks, act: str) -> None:
    ann, ben = request_.ann, request_.ben
    ben.tap("Counter")
    ben.say(COUNTER)
    for number in (1, 7):
        ann.press(ActOnCard(card(request_).id, act, number))
        assert ann.toasts[-1].text == CLOSED
    asked = ann.newest("Agree")
    assert COUNTER in asked.text
    for _ in range(2):
        ben.press(ActOnCard(card(request_).id, act, 1))
    assert (COUNTER in asked.text) == (act == "ask_take_said")
    for again in ("take_said", "ask_take_said"):
        ben.press(ActOnCard(card(request_).id, again, 1))
    assert "No longer shown" in ben.last.text
    assert "Take it back" not in ben.last.labels


def test_what_was_said_can_be_taken_back_when_the_week_is_over(request_: Weeks) -> None:
    ann, ben = request_.ann, request_.ben
    ben.tap("Counter")
    ben.say(COUNTER)
    request_.post.pass_time(days=8)
    ben.press(ActOnCard(card(request_).id, "show", 0))
    ben.tap("Take my wording back")
    ben.tap("Take it back")
    assert nowhere(COUNTER, ann, ben)


def test_a_topic_of_ones_own_is_seen_before_it_opens_and_taken_back_after(sunday: Weeks) -> None:
    ann, ben = sunday.ann, sunday.ben
    gives_a_topic(ann)
    assert TOPIC in ann.last.text
    finish(ann)
    finish(ben)
    assert TOPIC in opening(ben).text
    for _ in range(2):
        ann.press(ActOnOpening(week(sunday), "take_topic_back"))
    assert nowhere(TOPIC, ben)
    assert "No longer shown" in opening(ben).text
    assert not ann.offers("Take my topic back")
    ben.press(ActOnOpening(week(sunday), "take_topic_back"))
    assert ben.toasts[-1].text == CLOSED


def test_a_topic_of_ones_own_can_be_left_out_before_it_opens(sunday: Weeks) -> None:
    ann, ben = sunday.ann, sunday.ben
    gives_a_topic(ann)
    old = ann.last.button("Leave my topic out")
    for _ in range(2):
        ann.press(old)
        assert TOPIC not in ann.last.text
    finish(ann)
    finish(ben)
    assert TOPIC not in ben.everything()


def test_an_old_button_leaves_no_topic_out(sunday: Weeks) -> None:
    """Whoever has finished, or takes the week alone, does not see what it would do."""
    ann, ben = sunday.ann, sunday.ben
    gives_a_topic(ann)
    old = ann.last.button("Leave my topic out")
    finish(ann)
    ann.press(old)
    assert "You have finished." in ann.last.text
    finish(ben)
    assert TOPIC in opening(ben).text
