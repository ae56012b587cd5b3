"""Boundary cards before they open: their kinds, their form, hints, and what never goes to a partner."""

from dataclasses import replace

import pytest
from sqlmodel import Session, select

from bot.messages.buttons import ActOnDraft, BeginCard, TakeStep
from bot.practice import boundaries
from bot.practice.danger import is_heard_in
from bot.practice.hints import NAMES, RULES, hints
from bot.practice.refusals import Closed
from storage.tables import BoundaryCard, Participation, Person
from tests.post import Mailbox
from tests.weeks import Weeks, finish, opening, write

CLOSED = "This card is closed."


@pytest.fixture
def ann(sunday: Weeks) -> Mailbox:
    """Ann, about to say what she would like to say."""
    sunday.ann.tap("Yes")
    sunday.ann.tap("Pass over")
    return sunday.ann


def card(sunday: Weeks) -> BoundaryCard:
    return sunday.post.do(lambda session: session.exec(select(BoundaryCard)).one())


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("I will keep Tuesdays.", "I will keep Tuesdays."),
        ("i'll keep Tuesdays.", "I will keep Tuesdays."),
        ("I won’t cook on Mondays.", "I won't cook on Mondays."),
        ("I will not cook on Mondays.", "I won't cook on Mondays."),
    ],
)
def test_a_limit_takes_its_form_from_what_was_typed(ann: Mailbox, typed: str, shown: str) -> None:
    ann.tap("Limit")
    ann.say(typed)
    assert "what can your partner count on" in ann.last.text
    ann.say("You will find me at home.")
    assert shown in ann.last.text
    assert "You can count on:" in ann.last.text


def test_a_limit_without_its_form_is_asked_for_it(ann: Mailbox, sunday: Weeks) -> None:
    ann.tap("Limit")
    ann.say("cook on Mondays")
    assert "How does your limit begin?" in ann.last.text
    assert not ann.offers("Share")
    share = ActOnDraft(card(sunday).id, "share", 0)
    ann.press(share)
    assert ann.toasts[-1].text == CLOSED
    ann.tap("I won't …")
    assert "what can your partner count on" in ann.last.text
    ann.tap("Leave it out")
    assert "I won't cook on Mondays" in ann.last.text
    ann.tap("Share")
    assert "Limit: shared" in ann.last.labels


def test_ones_own_side_says_which_card_is_which(ann: Mailbox) -> None:
    ann.say("A quiet hour & a walk " * 9)
    ann.command("weekly")
    assert "Your words: A quiet hour & a walk A quiet" in ann.last.text
    assert "Your words: not decided" in ann.last.labels
    ann.tap("Add another")
    ann.tap("Limit")
    ann.say("I won't cook on Mondays.")
    ann.tap("Leave it out")
    ann.tap("Share")
    assert "Your words 1: A quiet hour" in ann.last.text
    assert "…\nLimit 2: I won't cook on Mondays.\n" in ann.last.text
    ann.tap("Limit 2: shared", on=ann.last)
    assert "I won't cook on Mondays." in ann.last.text
    ann.tap("Take back")
    ann.tap("Back")
    assert {"Your words 1: not decided", "Limit 2: kept"} < set(ann.last.labels)


def test_a_form_belongs_to_a_limit_with_words(ann: Mailbox, sunday: Weeks) -> None:
    ann.tap("Hope")
    ann.press(ActOnDraft(card(sunday).id, "will", 0))
    assert ann.toasts[-1].text == CLOSED
    for act in ("keep", "share"):
        ann.press(ActOnDraft(card(sunday).id, act, 0))
        assert ann.toasts[-1].text == CLOSED


def test_a_limit_without_its_form_can_be_written_anew(ann: Mailbox) -> None:
    ann.tap("Limit")
    ann.say("Mondays are mine")
    ann.say("And Tuesdays")
    assert "Mondays are mine\nAnd Tuesdays" in ann.last.text, "what goes on replaces nothing"
    ann.say("I will keep Mondays for myself.")
    assert "what can your partner count on" in ann.last.text
    ann.tap("Leave it out")
    assert "I will keep Mondays for myself." in ann.last.text
    assert "Mondays are mine" not in ann.last.text


@pytest.mark.parametrize("kind", ["", "Limit"])
def test_as_long_as_a_card_says_that_words_go_on_they_do(ann: Mailbox, sunday: Weeks, kind: str) -> None:
    if kind:
        ann.tap(kind)
    ann.say("one")
    ann.tap("Back")
    ann.tap(f"{kind or 'Your words'}: not decided")
    assert "Choose below, or" in ann.last.text
    ann.say("two")
    ann.tap("Edit")
    ann.tap("Back")
    assert "Choose below, or" in ann.last.text
    ann.say("three")
    assert "one\ntwo\nthree" in ann.last.text
    ann.tap("Keep for me")
    assert "Choose below, or" not in ann.last.text


@pytest.mark.parametrize(
    ("kind", "written", "goes_on", "shown"),
    [
        ("Hope", ["I hope we travel more."], "To Italy maybe.", "I hope we travel more.\nTo Italy maybe."),
        ("Limit", ["I will cook.", "You eat at seven."], "Or at eight.", "You eat at seven.\nOr at eight."),
        ("Limit", ["I will cook.", ""], "On Mondays.", "I will cook.\nOn Mondays."),
        ("Decide together", ["When?\nSunday\nMonday"], "Friday", "Monday</blockquote>\n<blockquote>Friday"),
        ("Decide together", ["When?", "Sunday\nMonday"], "Friday", "Monday</blockquote>\n<blockquote>Friday"),
    ],
)
def test_a_second_message_goes_on_where_the_first_one_ended(
    ann: Mailbox, kind: str, written: list[str], goes_on: str, shown: str
) -> None:
    ann.tap(kind)
    for each in written:
        if each:
            ann.say(each)
        else:
            ann.tap("Leave it out")
    ann.say(goes_on)
    assert shown in ann.last.text
    ann.tap("Must stay")
    ann.say("The hour.")
    ann.say("And the day.")
    assert "The hour.\nAnd the day." in ann.last.text
    ann.tap("Share")
    assert f"{kind}: shared" in ann.last.labels


def test_a_decision_takes_four_options_and_what_it_waits_for_when_it_is_opened_again(ann: Mailbox) -> None:
    ann.tap("Decide together")
    ann.say("When?")
    ann.tap("Back")
    assert "It needs two to four options." in ann.last.text
    ann.tap("Back")
    ann.tap("Decide together: not decided")
    ann.say("Friday\nSaturday")
    ann.say("Sunday\nMonday")
    assert "Monday" in ann.last.text
    ann.say("Tuesday")
    assert "two to four different options" in ann.last.text
    draft = ann.newest("Edit")
    ann.tap("Edit", on=draft)
    assert "<blockquote>Friday" in draft.text, "what it has is shown while it is written anew"


def test_what_is_decided_is_not_written_on(ann: Mailbox, sunday: Weeks) -> None:
    """Words after [Share] or [Keep for me] are another card."""
    ann.tap("Hope")
    ann.say("I hope we travel more.")
    ann.tap("Keep for me")
    ann.say("And that we dance.")
    assert "What is it?" in ann.last.text
    assert "travel" not in ann.last.text
    ann.tap("Hope")
    ann.tap("Share")
    ann.say("And that we sing.")
    ann.tap("Keep for me")
    assert "Kept for you." in ann.last.text
    ann.say("The sea in winter")
    assert "There is no question open" in ann.last.text, "there is no room for a fourth"


def test_nothing_is_added_to_what_is_decided(ann: Mailbox, sunday: Weeks) -> None:
    """Whatever was awaited, a card that is shared, or kept, is not written on."""
    ann.tap("Hope")
    ann.say("I hope we dance.")
    ann.tap("Share")
    card_id, now = card(sunday).id, sunday.post.clock.now()

    def go_on(session: Session) -> None:
        person = session.get_one(Person, ann.person_id)
        boundaries.go_on_writing(session, person, card_id, "words", "And sing.", now=now)

    with pytest.raises(Closed):
        sunday.post.do(go_on)


def test_today_takes_words_back_to_its_question(ann: Mailbox, sunday: Weeks) -> None:
    sunday.post.pass_time(hours=2)
    ann.command("weekly")
    ann.command("today")
    ann.say("The sea in winter")
    assert "What is it?" not in ann.last.text
    assert "The sea in winter" in ann.last.text


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("I wash up.", "I will wash up."),
        ("i  cook", "I will cook"),
        ("I don't cook", "I will I don't cook"),
        ("I  am not there", "I will I  am not there"),
    ],
)
def test_a_limit_has_one_subject(ann: Mailbox, typed: str, shown: str) -> None:
    ann.tap("Limit")
    ann.say(typed)
    ann.tap("I will …")
    ann.tap("Leave it out")
    assert shown in ann.last.text


def test_another_kind_takes_all_that_was_written_along(ann: Mailbox, sunday: Weeks) -> None:
    ann.tap("Limit")
    ann.say("I won't cook on Mondays.")
    ann.say("I cook on Tuesdays.")
    ann.tap("Edit")
    another = ann.last.button("Another kind")
    ann.tap("Another kind")
    assert "I won't cook on Mondays." in ann.last.text
    assert "You can count on:" not in ann.last.text
    ann.press(another)
    assert ann.toasts[-1].text == CLOSED
    ann.tap("Decide together")
    ann.say("Mondays\nTuesdays")
    ann.tap("Edit", on=ann.last)
    ann.tap("Another kind")
    assert "I won't cook on Mondays.\nMondays\nTuesdays" in ann.last.text
    assert not ann.offers("Share")
    ann.tap("Limit")
    assert "I won't cook on Mondays.\nMondays\nTuesdays" in ann.last.text
    assert "You can count on:\n<blockquote>I cook on Tuesdays.</blockquote>" in ann.last.text


def test_a_kind_that_says_no_stays_where_no_could_not_be_written(ann: Mailbox, sunday: Weeks) -> None:
    """In a language in which the bot does not know how limits begin, “won't” is a button alone."""
    ann.tap("Limit")
    ann.say("I won't cook on Mondays.")
    ann.tap("Leave it out")
    unsort = replace(ann.last.button("Edit"), act="unsort")
    sunday.post.do(lambda session: setattr(session.get_one(Person, ann.person_id), "language", "xx"))
    ann.tap("Edit")
    assert "Another kind" not in ann.last.labels
    ann.press(unsort)
    assert ann.toasts[-1].text == CLOSED


def test_a_voice_note_is_no_word_of_a_card(ann: Mailbox) -> None:
    for kind, words in (("Hope", "I hope we dance."), ("Decide together", "When?\nSunday\nMonday")):
        ann.tap(kind)
        ann.say(words)
        ann.speak("voice")
        assert "written words only" in ann.last.text
        ann.tap("Share", on=ann.newest("Share"))
        if "Add another" in ann.newest("I'm finished").labels:
            ann.tap("Add another", on=ann.newest("Add another"))


@pytest.mark.parametrize(
    ("kind", "pieces"),
    [
        ("Decide together", ["Would you give me your\npassword\nphone"]),
        ("Decide together", ["Would you give me your", "phone\npassword"]),
        ("Limit", ["I won't see friends anymore unless you give me your", "password"]),
        ("Request", ["Would you share your", "Must stay", "location with me, always"]),
    ],
)
def test_what_controls_is_refused_across_the_parts_of_a_card(ann: Mailbox, kind: str, pieces: list[str]) -> None:
    ann.tap(kind)
    for piece in pieces:
        if piece in ann.last.labels:
            ann.tap(piece)
        else:
            ann.say(piece)
    assert "cannot be" in ann.last.text
    assert not ann.offers("Share")


def test_words_that_wait_elsewhere_are_not_lost_to_the_week(ann: Mailbox, sunday: Weeks) -> None:
    ann.tap("Hope")
    ann.say("I hope we dance.")
    draft = ann.last
    sunday.post.pass_time(hours=2)
    ann.say("The sea in winter")
    ann.say("And the harbour")
    assert "Add to my answer" in ann.last.labels
    ann.tap("Share", on=draft)
    ann.tap("Back", on=ann.tap("Hope: shared", on=draft))
    ann.tap("Add to my answer", on=ann.newest("Add to my answer"))
    assert "The sea in winter\nAnd the harbour" in ann.everything()


def test_what_is_typed_after_finishing_is_finished_anew_and_never_stuck(ann: Mailbox, sunday: Weeks) -> None:
    ann.tap("Hope")
    ann.say("I hope we dance.")
    draft = ann.last
    show = replace(draft.button("Edit"), act="show")
    ann.tap("Back")
    finish(ann)
    ann.press(show, on=draft.id)
    ann.say("And sing.")
    finish(sunday.ben)
    assert not any("Your week is open" in each.text for each in ann.shown.values())
    ann.tap("Share")
    ann.tap("I'm finished")
    assert "And sing." in opening(sunday.ben).text
    sunday.post.pass_time(hours=2)
    ann.press(show, on=draft.id)
    ann.say("The sea in winter")
    assert "The sea in winter" in ann.last.text, "what is open asks for nothing"


def test_when_it_opens_in_the_middle_of_writing_the_day_gets_the_words(ann: Mailbox, sunday: Weeks) -> None:
    ann.tap("Hope")
    ann.say("I hope we dance.")
    draft = ann.last
    show = replace(draft.button("Edit"), act="show")
    ann.tap("Share")
    finish(ann)
    ann.press(show, on=draft.id)
    finish(sunday.ben)
    sunday.post.pass_time(hours=2)
    ann.command("today")
    ann.say("The sea in winter")
    assert "The sea in winter" in ann.last.text


@pytest.mark.parametrize(
    ("kind", "words", "asked"),
    [("Limit", "cook on Mondays", "I will cook"), ("Decide together", "When?", "Sunday\nMonday")],
)
def test_after_a_line_beside_it_a_card_gets_what_it_asks_for(ann: Mailbox, kind: str, words: str, asked: str) -> None:
    ann.tap(kind)
    ann.say(words)
    ann.tap("Back") if kind == "Decide together" else None
    ann.tap("Must stay")
    ann.say("The hour.")
    ann.say(asked)
    assert f"<blockquote>{asked}" not in ann.last.text.partition("Must stay:")[2]
    if kind == "Limit":
        ann.tap("Leave it out")
    assert ann.offers("Share")


def test_a_reply_to_the_daily_question_answers_it(ann: Mailbox, sunday: Weeks) -> None:
    sunday.post.pass_time(hours=2)
    question = ann.last
    ann.command("weekly")
    ann.say("The sea in winter", reply_to=question.id)
    assert "Your words" not in ann.last.text
    assert "The sea in winter" in ann.last.text


def test_a_question_that_comes_back_is_answered_by_what_is_typed_then(ann: Mailbox, sunday: Weeks) -> None:
    sunday.post.pass_time(hours=2)
    ann.tap("Later")
    ann.tap("In an hour")
    ann.command("weekly")
    sunday.post.pass_time(hours=1, minutes=1)
    ann.say("The sea in winter")
    assert "Your words" not in ann.last.text
    assert "The sea in winter" in ann.last.text


def test_another_question_is_answered_by_what_is_typed_then(ann: Mailbox, sunday: Weeks) -> None:
    sunday.post.pass_time(hours=2)
    question = ann.last
    ann.command("weekly")
    ann.tap("Another question", on=question)
    ann.say("The sea in winter")
    assert "Your words" not in ann.last.text


def test_after_not_this_week_an_old_card_takes_no_words(ann: Mailbox, sunday: Weeks) -> None:
    ann.tap("Hope")
    ann.say("I hope we dance.")
    draft = ann.last
    keep = draft.button("Keep for me")
    ann.tap("Back")
    ann.tap("Not this week")
    ann.press(keep, on=draft.id)
    ann.say("The sea in winter")
    assert "There is no question open" in ann.last.text


def test_options_are_for_decisions_alone(ann: Mailbox, sunday: Weeks) -> None:
    ann.tap("Hope")
    ann.say("I hope we dance.")
    for act in ("options", "count_on"):
        ann.press(replace(ann.last.button("Edit"), act=act))
        assert ann.toasts[-1].text == CLOSED


def test_an_empty_card_that_was_left_asks_again(ann: Mailbox, sunday: Weeks) -> None:
    ann.tap("Hope")
    ann.tap("Back")
    assert "What would you like to say?" in ann.last.text
    ann.say("I won't cook on Mondays.")
    assert "What is it?" in ann.last.text
    assert card(sunday).kind == ""


def test_a_kind_on_the_message_above_is_for_the_words_below_it(ann: Mailbox, sunday: Weeks) -> None:
    above = ann.last
    ann.say("I'd like us to dance.")
    ann.tap("Hope", on=above)
    assert card(sunday).kind == "hope"
    assert "us to dance" in above.text
    ann.tap("Back", on=above)
    ann.tap("Add another", on=above)
    ann.say("And to sing.")
    ann.tap("Back")
    ann.tap("Add another")
    ann.tap("Request")
    assert "as a question" in ann.last.text, "words that were left are not taken for it"


def test_an_old_way_to_examples_does_not_take_the_words(ann: Mailbox, sunday: Weeks) -> None:
    ann.tap("Hope")
    samples = ann.last.button("Show examples")
    ann.tap("Back")
    ann.say("one")
    ann.press(replace(samples, mark=0), on=ann.last.id)
    assert ann.toasts[-1].text == CLOSED
    ann.say("two")
    assert "one\ntwo" in ann.last.text


def test_what_is_chosen_after_finishing_is_finished_anew(ann: Mailbox, sunday: Weeks) -> None:
    """An old button on a side that is finished: what it changes opens when its author has finished again."""
    ann.say("I'd like us to dance.")
    draft = ann.last
    hope = draft.button("Hope")
    ann.tap("Back")
    finish(ann)
    ann.press(hope, on=draft.id)
    finish(sunday.ben)
    ann.tap("Share", on=draft)
    assert "I'm finished" in draft.labels
    ann.tap("I'm finished", on=draft)
    assert "us to dance" in opening(sunday.ben).text


def test_a_card_shared_with_an_old_button_after_finishing_is_not_lost(ann: Mailbox, sunday: Weeks) -> None:
    ann.tap("Hope")
    ann.say("I'd like us to dance.")
    draft = ann.last
    share = draft.button("Share")
    ann.tap("Back")
    finish(ann)
    finish(sunday.ben)
    ann.press(share, on=draft.id)
    ann.tap("I'm finished", on=draft)
    assert "us to dance" in opening(sunday.ben).text


def test_topics_are_for_those_who_have_not_begun(ann: Mailbox, sunday: Weeks) -> None:
    step = ann.last.button("Nothing now")
    assert isinstance(step, TakeStep)
    for old in ("topics", "list"):
        ann.press(replace(step, step=old))
        assert ann.toasts[-1].text == CLOSED
    assert "What would you like to say?" in ann.last.text


def test_words_that_come_before_a_kind_wait_for_one(ann: Mailbox, sunday: Weeks) -> None:
    assert "What would you like to say?" in ann.last.text
    ann.say("I won't cook on Mondays.")
    assert "What is it?" in ann.last.text
    assert not ann.offers("Share")
    ann.press(ActOnDraft(card(sunday).id, "share", 0))
    assert ann.toasts[-1].text == CLOSED
    ann.say("Nor on Tuesdays.")
    assert "I won't cook on Mondays.\nNor on Tuesdays." in ann.last.text
    limit = ann.last.button("Limit")
    ann.tap("Limit")
    assert "what can your partner count on" in ann.last.text
    ann.press(limit)
    assert "what can your partner count on" in ann.last.text
    ann.press(ActOnDraft(card(sunday).id, "hope", 0))
    assert ann.toasts[-1].text == CLOSED
    ann.tap("Leave it out", on=ann.newest("Leave it out"))
    ann.tap("Share")
    finish(ann)
    finish(sunday.ben)
    assert "I won't cook on Mondays.\nNor on Tuesdays." in opening(sunday.ben).text


def test_old_buttons_do_not_turn_a_shared_card_into_its_opposite(ann: Mailbox, sunday: Weeks) -> None:
    ann.say("cook on Mondays")
    hope = ann.last.button("Hope")
    limit = ann.last.button("Limit")
    ann.tap("Limit")
    old = ann.last
    will_not = old.button("I won't …")
    ann.say("I will cook on Mondays")
    ann.tap("Leave it out")
    for button in (hope, will_not):
        ann.press(button, on=old.id)
        assert ann.toasts[-1].text == CLOSED
    ann.tap("Share", on=ann.newest("Share"))
    for button in (hope, limit, will_not, replace(will_not, act="will")):
        ann.press(button, on=old.id)
        assert ann.toasts[-1].text == CLOSED
    assert (card(sunday).kind, card(sunday).form, card(sunday).shared) == ("limit", "will", True)


def test_words_without_a_kind_can_be_kept_edited_and_left(ann: Mailbox, sunday: Weeks) -> None:
    ann.say("About Mondays.")
    ann.tap("Keep for me")
    assert "Kept for you." in ann.last.text
    ann.tap("Back")
    ann.tap("Your words: kept")
    ann.tap("Edit")
    assert "Show examples" not in ann.last.labels
    ann.say("About Tuesdays.")
    assert "About Tuesdays." in ann.last.text
    assert "About Mondays." not in ann.last.text
    ann.tap("Back")
    finish(ann)
    finish(sunday.ben)
    assert "About" not in sunday.ben.everything()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Where do we go?\nThe lake\nThe hills", "The lake"),
        ("Where do we go?\nSoon, I hope.", "Where do we go? Soon, I hope."),
        ("Where do we go?", "Where do we go?"),
    ],
)
def test_words_become_a_decision_as_far_as_they_can(ann: Mailbox, typed: str, shown: str) -> None:
    ann.say(typed)
    ann.tap("Decide together")
    if not ann.offers("Share"):
        assert "Now two to four options" in ann.last.text
        ann.say("The lake\nThe hills")
    assert shown in ann.last.text
    assert ann.offers("Share")


def test_what_controls_is_refused_before_a_kind_is_chosen(ann: Mailbox, sunday: Weeks) -> None:
    ann.say("Would you share your location with me?")
    assert "Knowing where somebody is" in ann.last.text
    ann.say("Would you share your")
    ann.say("location with me?")
    assert "Knowing where somebody is" in ann.last.text, "not in pieces either"
    ann.tap("Edit", on=ann.newest("Edit"))
    ann.say("I'd like to stay.")
    ann.tap("Hope")
    assert card(sunday).kind == "hope"
    assert "location" not in ann.last.text


def test_another_card_can_be_written_at_once(ann: Mailbox) -> None:
    write(ann, "Hope", "I'd like us to dance.")
    ann.tap("Add another")
    ann.say("And to sing.")
    assert "What is it?" in ann.last.text
    ann.tap("Hope")
    assert ann.offers("Share")


def test_what_the_week_asks_for_is_asked_anew_when_it_is_shown_anew(ann: Mailbox, sunday: Weeks) -> None:
    """A question that came since took the words; then the person returned to the week."""
    sunday.post.pass_time(hours=2)
    ann.say("The sea in winter")
    assert "Your words" not in ann.last.text, "it answers the question"
    ann.say("And the harbour")

    ann.command("weekly")
    ann.tap("Add to my answer", on=ann.newest("Add to my answer"))
    assert "The sea in winter\nAnd the harbour" in ann.everything(), "what was held was not dropped"
    ann.command("weekly")
    ann.say("I'd like us to dance.")
    assert "What is it?" in ann.last.text
    sunday.ben.tap("Yes", on=sunday.ben.newest("Yes"))
    sunday.post.pass_time(hours=24)
    sunday.ben.command("weekly")
    sunday.ben.say("Thank you for the soup.")
    assert "What would you like to say?" in sunday.ben.last.text


def test_when_the_week_is_over_it_asks_for_nothing(ann: Mailbox, sunday: Weeks) -> None:
    sunday.post.pass_time(days=8)
    ann.say("The sea in winter")
    assert "There is no question open" in ann.last.text


def test_a_form_cannot_turn_a_limit_into_control(ann: Mailbox) -> None:
    ann.tap("Limit")
    ann.say("stay unless you give me your password")
    assert "Passwords" in ann.last.text


def test_what_must_stay_and_what_can_bend_stand_on_the_card(ann: Mailbox, sunday: Weeks) -> None:
    ann.tap("Request")
    ann.say("Would you keep Sunday for us?")
    ann.tap("Must stay")
    ann.say("The morning.")
    ann.tap("Can bend")
    ann.say("The hour.")
    assert "Must stay:" in ann.last.text
    ann.tap("Share")
    finish(ann)
    finish(sunday.ben)
    for words in ("Must stay:", "The morning.", "Can bend:", "The hour."):
        assert words in opening(sunday.ben).text


def test_a_decision_is_one_message_or_two(ann: Mailbox) -> None:
    ann.tap("Decide together")
    ann.say("Where do we go?\n- The lake\n- The hills")
    assert "The lake" in ann.last.text
    ann.tap("Share")
    ann.tap("Add another")
    ann.tap("Decide together")
    ann.say("When do we go?")
    assert "Now two to four options" in ann.last.text
    ann.say("Only Sunday")
    assert "two to four different options" in ann.last.text
    ann.say("Sunday\nSunday")
    assert "two to four different options" in ann.last.text
    ann.say("Sunday\nMonday")
    assert "Monday" in ann.last.text
    assert ann.offers("Share")


def test_a_decision_that_waits_for_its_options_says_so(ann: Mailbox) -> None:
    ann.tap("Decide together")
    ann.say("When do we go?")
    ann.tap("Back")
    assert "It needs two to four options." in ann.last.text
    ann.tap("Add the options")
    ann.say("Sunday\nMonday")
    assert ann.offers("Share")


def test_three_cards_are_enough(ann: Mailbox) -> None:
    write(ann, "Hope", "I'd like us to dance.")
    add = ann.last.button("Add another")
    begin = ann.tap("Add another").button("Hope")
    for number in range(1, boundaries.MOST_CARDS):
        write(ann, "Hope", f"I'd like us to dance {number} times.")
    assert "Add another" not in ann.last.labels
    for old in (add, begin):
        ann.press(old)
        assert "Three cards are enough" in ann.toasts[-1].text


def test_a_card_without_words_is_used_again(ann: Mailbox, sunday: Weeks) -> None:
    ann.tap("Hope")
    ann.tap("Back")
    assert "What would you like to say?" in ann.last.text
    ann.tap("Request")
    assert card(sunday).kind == "request"


def test_an_unknown_kind_or_act_is_closed(ann: Mailbox, sunday: Weeks) -> None:
    begin = ann.last.button("Hope")
    assert isinstance(begin, BeginCard)
    ann.press(BeginCard(begin.participation_id, "threat"))
    assert ann.toasts[-1].text == CLOSED
    ann.press(begin)
    ann.press(ActOnDraft(card(sunday).id, "fly", 0))
    assert ann.toasts[-1].text == CLOSED
    sunday.ben.press(ActOnDraft(card(sunday).id, "show", 0))
    assert sunday.ben.toasts[-1].text == CLOSED


def test_nobody_shares_what_they_did_not_see(ann: Mailbox) -> None:
    ann.tap("Hope")
    ann.say("I'd like us to dance.")
    old = ann.last
    share = old.button("Share")
    ann.tap("Edit")
    assert "dance" in ann.last.text
    ann.say("I'd like us to sing.")
    ann.press(share, on=old.id)
    assert "Hope: shared" not in ann.shown[old.id].labels
    assert "us to sing" in ann.shown[old.id].text


def test_a_shared_card_can_be_taken_back_and_edited(ann: Mailbox, sunday: Weeks) -> None:
    write(ann, "Hope", "I'd like us to dance.")
    finish(ann)
    ann.tap("Look at it again")
    ann.tap("Hope: shared")
    assert "Shared. It opens if you both finish." in ann.last.text
    ann.tap("Take back")
    assert "Kept for you." in ann.last.text
    ann.tap("Share")
    ann.tap("Hope: shared")
    ann.tap("Edit")
    ann.say("I'd like us to sing.")
    ann.tap("Back")
    assert "Hope: not decided" in ann.last.labels
    finish(ann)
    finish(sunday.ben)
    assert "us to sing" not in sunday.ben.everything()


def test_taking_back_with_an_old_button_undoes_finishing(ann: Mailbox, sunday: Weeks) -> None:
    write(ann, "Hope", "I'd like us to dance.")
    ann.tap("Hope: shared")
    take_back = ann.last.button("Take back")
    ann.tap("Back")
    finish(ann)
    ann.press(take_back)
    part = sunday.post.do(
        lambda session: session.exec(select(Participation).where(Participation.person_id == ann.person_id)).one()
    )
    assert part.step == "cards"


def test_examples_are_behind_a_button(ann: Mailbox) -> None:
    ann.tap("Decide together")
    assert "Show examples" in ann.last.labels
    ann.tap("Show examples")
    assert ann.last.card.text.count("<blockquote>") == 3
    ann.tap("Back")
    ann.say("Where do we go?\nThe lake\nThe hills")
    assert ann.offers("Share")


def test_what_controls_is_refused_with_an_explanation_and_can_be_written_anew(ann: Mailbox, sunday: Weeks) -> None:
    ann.tap("Request")
    ann.say("Would you share your location with me?")
    assert "Knowing where somebody is cannot be agreed on here" in ann.last.text
    assert card(sunday).words_sealed is None
    ann.say("Would you tell me roughly when you will be back?")
    assert ann.offers("Share")


def test_only_words_and_not_too_many(ann: Mailbox) -> None:
    ann.tap("Request")
    ann.speak("voice")
    assert "written words only" in ann.last.text
    ann.say("word " * 100)
    assert "longer than fits on a card" in ann.last.text


def test_hints_suggest_and_never_block(ann: Mailbox) -> None:
    ann.tap("Request")
    ann.say("You never listen. You always go. It is your fault. If you go again, then I will go too.")
    assert ann.last.text.count("Softer, perhaps") == 2
    ann.tap("Share")
    assert "Request: shared" in ann.last.labels


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("You always leave.", "always"),
        ("Every time you cook, it burns.", "always"),
        ("You never listen.", "never"),
        ("If you go, then I will go.", "if_then"),
        ("Come home, or else.", "if_then"),
        ("You should call.", "must"),
        ("You'd better call.", "must"),
        ("It is your fault.", "fault"),
        ("You make me angry.", "fault"),
        ("You’re so selfish.", "label"),
        ("Everybody says so.", "others"),
        ("My mother thinks so, too.", "others"),
        ("Why do you leave?", "why"),
        ("How could you!", "why"),
    ],
)
def test_each_hard_form_has_a_hint(words: str, name: str) -> None:
    assert name in hints(words, "en")
    assert name in hints(words, "en-GB")
    assert hints(words, "xx") == []


@pytest.mark.parametrize(
    "words",
    [
        "I'd like us to dance.",
        "Would you keep Sunday for us?",
        "I won't answer mail after eight.",
        "I am glad when you come home.",
        "If it rains, we stay in.",
        "I was sad on Monday.",
    ],
)
def test_a_soft_form_has_none(words: str) -> None:
    assert hints(words, "en") == []


def test_every_hint_of_the_rules_has_a_name() -> None:
    assert all(set(rules) <= set(NAMES) for rules in RULES.values())


@pytest.mark.parametrize(
    "words",
    [
        "He hits me.",
        "I am afraid of you.",
        "I want to die.",
        "You locked me in.",
        "He said he would kill me.",
        "You threaten me.",
    ],
)
def test_words_that_suggest_danger_offer_help_to_their_author_alone(ann: Mailbox, sunday: Weeks, words: str) -> None:
    assert is_heard_in(words)
    before = sunday.ben.everything()
    ann.tap("Hope")
    ann.say(words)
    assert "/safety shows what help there is. Nobody is told of it." in ann.last.text
    ann.tap("Share")
    assert ann.offers("Hope: shared")
    assert sunday.ben.everything() == before


def test_harmless_words_do_not_offer_help() -> None:
    for words in (
        "I'd like us to dance.",
        "The news hit the market.",
        "I am afraid it rains.",
        "Kill the lights, please.",
    ):
        assert not is_heard_in(words), words


def test_nothing_now_after_a_look_around(ann: Mailbox, sunday: Weeks) -> None:
    step = ann.last.button("Nothing now")
    assert isinstance(step, TakeStep)
    ann.press(step)
    assert "You have finished." in ann.last.text
    assert "stays with you" not in ann.last.text


def test_whoever_has_finished_reads_that_something_is_not_shared(ann: Mailbox, sunday: Weeks) -> None:
    """An edit that was left again has taken it back."""
    write(ann, "Hope", "I'd like us to dance.")
    finish(ann)
    assert "stays with you" not in ann.last.text
    ann.tap("Look at it again")
    ann.tap("Hope: shared")
    ann.tap("Edit")
    ann.tap("Back")
    ann.tap("Back")
    finish(ann)
    assert "What is not shared stays with you." in ann.last.text
