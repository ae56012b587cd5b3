"""The weekly conversation: who is invited when, the steps, and the opening."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bot.messages.buttons import PickSaved, PickTopic, PutOffWeek, TakeStep
from bot.messages.card import Card
from bot.messages.library import load
from bot.practice import conversations, planning
from bot.practice.topics import Topics
from handlers import door
from storage import deliveries, people
from storage.tables import Conversation, JournalNote, Participation, Person, SavedTopic
from tests.inside import Inside
from tests.post import Mailbox
from tests.weeks import SIX, SUNDAY, Weeks, finish, linked, opening, states, write

INVITED = "Somebody who needs room:"
CLOSED = "This card is closed."
NEW_YORK = "America/New_York"
LEADING = ("A topic of my own", "From my list", "Back")  # beside the topics


@pytest.fixture
def weeks(sqlite_inside: Inside) -> Weeks:
    return linked(sqlite_inside)


@pytest.fixture
def sunday(weeks: Weeks) -> Weeks:
    weeks.sunday()
    return weeks


def invitations(box: Mailbox) -> int:
    return sum("needs room" in message.states[0].text for message in box.shown.values())


def rows(session: Session) -> list[Conversation]:
    return list(session.exec(select(Conversation)))


def set_week(weeks: Weeks, box: Mailbox, day: int, minute: int = SIX) -> None:
    box.command(
        "week",
        f"{('Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday')[day]} "
        f"{minute // 60:02}:{minute % 60:02}",
    )


# -- invitations


def test_each_is_invited_at_their_own_hour(inside: Inside) -> None:
    weeks = linked(inside, zones=("Europe/Berlin", NEW_YORK))
    weeks.sunday()
    assert (invitations(weeks.ann), invitations(weeks.ben)) == (1, 0)
    weeks.sunday(NEW_YORK)
    assert (invitations(weeks.ann), invitations(weeks.ben)) == (1, 1)
    assert len(weeks.post.do(rows)) == 1
    weeks.sunday()
    weeks.sunday(NEW_YORK)
    assert len(weeks.post.do(rows)) == 2


def test_those_who_choose_neighbouring_days_meet_in_one_conversation(weeks: Weeks) -> None:
    set_week(weeks, weeks.ann, 0)
    weeks.sunday()  # Ben
    weeks.sunday(days=1)  # Ann on Monday
    found = weeks.post.do(rows)
    assert len(found) == 1
    assert found[0].closes == found[0].begins + timedelta(days=1) + conversations.WINDOW
    weeks.sunday()
    weeks.sunday(days=1)
    assert len(weeks.post.do(rows)) == 2


def test_who_was_alone_for_a_week_meets_the_other_in_the_next(weeks: Weeks) -> None:
    """The first conversation began with the Monday one, six days before the other: the pairing is put right."""
    set_week(weeks, weeks.ann, 0)
    weeks.sunday(days=1)
    weeks.sunday()
    weeks.sunday(days=1)
    newest = max(weeks.post.do(rows), key=lambda each: each.begins)
    parts = weeks.post.do(
        lambda session: list(session.exec(select(Participation).where(Participation.conversation_id == newest.id)))
    )
    assert len(parts) == 2


def test_who_changes_the_weekday_is_not_invited_twice_at_once(sunday: Weeks) -> None:
    set_week(sunday, sunday.ann, 0)
    sunday.sunday(days=1)
    assert invitations(sunday.ann) == 1
    sunday.sunday(days=1)
    assert invitations(sunday.ann) == 2


def test_moving_to_another_zone_moves_the_weekly_hour(weeks: Weeks) -> None:
    weeks.ann.command("zone", "America/New_York")
    weeks.sunday()
    assert invitations(weeks.ann) == 0
    weeks.sunday(NEW_YORK)
    assert invitations(weeks.ann) == 1


def test_nobody_is_invited_too_late_unreachable_or_alone(weeks: Weeks) -> None:
    _, at = planning.times.next_occurrence(weeks.post.clock.now(), minute=SIX, days=SUNDAY, zone="Europe/Berlin")
    weeks.post.clock.move(at - weeks.post.clock.now() + timedelta(hours=13))
    weeks.post.pass_time(seconds=1)
    assert invitations(weeks.ann) == 0

    def blocked(session: Session) -> None:
        people.person(session, weeks.ann.person_id).unreachable = True

    weeks.post.do(blocked)
    weeks.sunday()
    assert (invitations(weeks.ann), invitations(weeks.ben)) == (0, 1)
    weeks.post.unlink(weeks.ben, weeks.couple_id)
    weeks.sunday()
    weeks.sunday()
    assert invitations(weeks.ben) == 1  # whoever leaves is invited no more
    assert weeks.post.do(lambda session: people.person(session, weeks.ben.person_id).next_weekly) is None


def test_somebody_without_a_zone_is_never_invited() -> None:
    person = Person(chat_id=None, name_sealed=b"", language="en", agreed_on=None)
    planning.plan_weekly(person, after=planning.datetime(2026, 3, 4, tzinfo=planning.times.UTC))
    assert person.next_weekly is None


def test_a_chunk_says_when_more_may_wait(weeks: Weeks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversations, "CHUNK", 1)
    monkeypatch.setattr(conversations, "CLOSED_AT_ONCE", 1)
    weeks.sunday()
    assert (invitations(weeks.ann), invitations(weeks.ben)) == (1, 1)
    weeks.post.pass_time(days=8)
    weeks.ann.press(weeks.ann.shown[next(iter(weeks.ann.shown))].card.rows[0][0].payload)
    assert all(part.closed for part in weeks.post.do(lambda s: list(s.exec(select(Participation)))) if part.number == 1)


def test_one_who_cannot_be_invited_holds_nobody_up(weeks: Weeks, monkeypatch: pytest.MonkeyPatch) -> None:
    invite = conversations._invite

    def fails(session, person, *more, **named) -> None:  # type: ignore[no-untyped-def]
        if person.id == weeks.ann.person_id:
            raise RuntimeError
        invite(session, person, *more, **named)

    monkeypatch.setattr(conversations, "_invite", fails)
    weeks.sunday()
    assert (invitations(weeks.ann), invitations(weeks.ben)) == (0, 1)
    monkeypatch.setattr(conversations, "_invite", invite)
    weeks.post.pass_time(minutes=11)
    assert (invitations(weeks.ann), invitations(weeks.ben)) == (1, 1)


@pytest.mark.every_database
def test_two_jobs_at_once_invite_once(inside: Inside) -> None:
    weeks = linked(inside)
    _, at = planning.times.next_occurrence(weeks.post.clock.now(), minute=SIX, days=SUNDAY, zone="Europe/Berlin")
    topics = load().topics
    jobs = [
        inside.units.submit(lambda session: conversations.invite_due(session, topics=topics, now=at)) for _ in range(4)
    ]
    for job in jobs:
        job.result(60)
    assert len(weeks.post.do(lambda session: list(session.exec(select(Participation))))) == 2


# -- the steps


def test_weekly_shows_the_current_step_at_any_time(sunday: Weeks) -> None:
    ann = sunday.ann
    for act, shows in (
        (None, INVITED),
        ("Yes", "First, one thing"),
        ("Pass over", "What would you like to say?"),
        ("Nothing now", "You have finished."),
        ("Look at it again", "What would you like to say?"),
        ("Not this week", "Not this week, then."),
        ("Back", INVITED),
    ):
        if act is not None:
            ann.tap(act, on=ann.last)
        assert shows in ann.last.text
        ann.command("weekly")
        assert shows in ann.last.text, act


def test_an_invitation_waits_for_the_end_of_quiet_hours_however_long_they_are(weeks: Weeks) -> None:
    def quiet(session: Session) -> None:
        session.get_one(Person, weeks.ben.person_id).quiet_from = 17 * 60
        session.get_one(Person, weeks.ben.person_id).quiet_to = 9 * 60

    weeks.post.do(quiet)
    weeks.sunday()
    assert (invitations(weeks.ann), invitations(weeks.ben)) == (1, 0)
    weeks.post.pass_time(hours=14, minutes=59)
    assert invitations(weeks.ben) == 0
    weeks.post.pass_time(minutes=2)
    assert invitations(weeks.ben) == 1


def test_without_a_conversation_weekly_says_when_the_next_comes(weeks: Weeks) -> None:
    weeks.ann.command("weekly")
    assert "Your next invitation comes on Sunday 8 March at 18:00." in weeks.ann.last.text
    alone = weeks.post.person("Cleo")
    alone.command("weekly")
    assert "/invite" in alone.last.text
    weeks.post.unlink(weeks.ben, weeks.couple_id, tell=True)
    weeks.ann.command("weekly")
    assert "/invite" in weeks.ann.last.text


def test_it_opens_for_both_as_soon_as_both_have_finished(sunday: Weeks) -> None:
    write(sunday.ann, "Request", "Would you keep Sunday for us?", thanks="The tea on Monday.")
    finish(sunday.ann)
    before = len(states(sunday.ben))
    assert before == len(states(sunday.ben))
    write(sunday.ben, "Hope", "I'd like us to dance.")
    assert "us to dance" not in sunday.ann.everything()
    finish(sunday.ben)
    for box, theirs in ((sunday.ann, "us to dance"), (sunday.ben, "keep Sunday")):
        assert theirs in opening(box).text
        assert opening(box).card.private
    assert "Thanks: <tg-spoiler>The tea on Monday." in opening(sunday.ben).text
    assert "This is open for both of you." in sunday.ann.everything()


def test_nothing_that_was_kept_opens(sunday: Weeks) -> None:
    write(sunday.ann, "Hope", "I'd like us to dance.", share=False)
    write(sunday.ann, "Hope", "I'd like us to sing.")
    finish(sunday.ann)
    finish(sunday.ben)
    assert "us to sing" in opening(sunday.ben).text
    assert "us to dance" not in sunday.ben.everything()
    assert "nothing this time" in opening(sunday.ann).text


def test_two_who_say_nothing_are_shown_nothing(sunday: Weeks) -> None:
    for box in (sunday.ann, sunday.ben):
        finish(box)
    assert "Your week is open" not in sunday.ann.everything() + sunday.ben.everything()


def test_it_does_not_open_after_72_hours(sunday: Weeks) -> None:
    write(sunday.ann, "Hope", "I'd like us to dance.")
    finish(sunday.ann)
    sunday.post.pass_time(hours=73)
    sunday.ben.command("weekly")
    assert INVITED in sunday.ben.last.text  # nobody can read from their own card when the other was invited
    finish(sunday.ben)
    assert "You have finished." in sunday.ben.last.text
    assert "us to dance" not in sunday.ben.everything()


def test_looking_at_it_again_keeps_it_from_opening(sunday: Weeks) -> None:
    write(sunday.ann, "Hope", "I'd like us to dance.")
    finish(sunday.ann)
    sunday.ann.tap("Look at it again")
    finish(sunday.ben)
    assert "us to dance" not in sunday.ben.everything()
    finish(sunday.ann)
    assert "us to dance" in opening(sunday.ben).text


def test_a_week_later_old_cards_are_closed(sunday: Weeks) -> None:
    old = sunday.ann.last
    sunday.sunday()
    sunday.ann.press(old.button("Yes"), on=old.id)
    assert sunday.ann.toasts[-1].text == CLOSED


def test_thanks_can_be_changed_and_passed_over(sunday: Weeks) -> None:
    ann = sunday.ann
    ann.tap("Yes")
    ann.say("The tea.")
    ann.tap("Change my thanks")
    assert "The tea." in ann.last.text
    ann.say("The bread.")
    finish(ann)
    finish(sunday.ben)
    assert "The bread." in opening(sunday.ben).text
    assert "The tea." not in sunday.ben.everything()
    take_back = opening(ann).button("Take my thanks back")
    for _ in range(2):
        ann.press(take_back, on=opening(ann).id)
    assert "The bread." not in opening(sunday.ben).text
    assert "No longer shown" in opening(sunday.ben).text
    assert not ann.offers("Take my thanks back")


def test_a_reply_to_what_the_week_asked_for_is_meant_for_it(sunday: Weeks) -> None:
    """Also when a question has come since, which plain words answer."""
    ann = sunday.ann
    ann.tap("Yes")
    asked = ann.last
    sunday.post.pass_time(hours=3)
    assert ann.last is not asked
    ann.say("The tea.", reply_to=asked.id)
    assert "What would you like to say?" in ann.last.text
    ann.tap("Change my thanks")
    assert "The tea." in ann.last.text


def test_thanks_that_were_given_can_be_passed_over_again(sunday: Weeks) -> None:
    sunday.ann.tap("Yes")
    sunday.ann.say("The tea.")
    sunday.ann.tap("Change my thanks")
    sunday.ann.tap("Remove my thanks")
    write(sunday.ann, "Hope", "I'd like us to dance.")
    finish(sunday.ann)
    finish(sunday.ben)
    assert "The tea." not in sunday.ben.everything()


def test_thanks_are_left_as_they_are(sunday: Weeks) -> None:
    ann = sunday.ann
    ann.tap("Yes")
    asked = ann.last
    ann.say("The tea.")
    ann.tap("Change my thanks")
    assert "The tea." in ann.last.text
    ann.tap("Back", on=ann.last)
    finish(ann)
    ann.tap("Pass over", on=asked)
    assert "You have finished." in asked.text
    finish(sunday.ben)
    assert "The tea." in opening(sunday.ben).text


def test_whoever_leaves_the_week_and_comes_back_finds_the_thanks(sunday: Weeks) -> None:
    ann = sunday.ann
    ann.tap("Yes")
    ann.say("The tea.")
    ann.tap("Not this week")
    ann.tap("Back", on=ann.last)
    assert ann.offers("Change my thanks")


def test_an_old_button_removes_no_thanks(sunday: Weeks) -> None:
    ann = sunday.ann
    ann.tap("Yes")
    ann.say("The tea.")
    ann.tap("Change my thanks")
    changing = ann.last
    remove = changing.button("Remove my thanks")
    ann.say("The bread.")
    ann.press(remove, on=changing.id)
    finish(ann)
    finish(sunday.ben)
    assert "The bread." in opening(sunday.ben).text


# -- later, and not taking part


@pytest.mark.parametrize(("label", "hours"), [("In an hour", 1), ("Tomorrow", 20)])
def test_later_brings_it_back(sunday: Weeks, label: str, hours: int) -> None:
    ann = sunday.ann
    ann.tap("Yes")
    ann.tap("Later", on=ann.last)
    ann.tap(label, on=ann.last)
    assert "I will bring it back" in ann.last.text
    sunday.post.pass_time(hours=hours)
    again = ann.newest("Go on")
    ann.tap("Go on", on=again)
    assert "First, one thing" in again.text


def test_this_evening_is_offered_before_it_comes(weeks: Weeks) -> None:
    set_week(weeks, weeks.ann, 6, 10 * 60)
    weeks.sunday(minute=10 * 60)
    weeks.ann.tap("Later", on=weeks.ann.last)
    weeks.ann.tap("This evening")
    weeks.ann.tap("Back")
    assert INVITED in weeks.ann.last.text
    weeks.post.pass_time(hours=9)
    assert weeks.ann.offers("Go on")


def test_what_is_put_off_twice_comes_once(sunday: Weeks) -> None:
    ann = sunday.ann
    ann.tap("Later", on=ann.last)
    later = ann.last.button("In an hour")
    ann.press(later)
    ann.press(later)
    sunday.post.pass_time(hours=2)
    assert sum("Here is your week again." in each.text for each in ann.shown.values()) == 1
    assert isinstance(later, PutOffWeek)
    ann.press(PutOffWeek(later.participation_id, "never"))
    assert ann.toasts[-1].text == CLOSED


def test_just_for_me_ends_in_a_private_note_with_help_one_tap_away(sunday: Weeks) -> None:
    ann = sunday.ann
    ann.tap("Just for me")
    assert "Just for you" in ann.last.text
    ann.tap("Numbers for help")
    assert "112" in ann.last.text
    ann.say("I need the quiet hours.")
    assert "Kept, for you alone." in ann.last.text
    assert len(sunday.post.do(lambda session: list(session.exec(select(JournalNote))))) == 1
    ann.command("weekly")
    ann.tap("Back", on=ann.last)
    assert INVITED in ann.last.text
    ann.press(TakeStep(ann.last.button("Yes").participation_id, "alone"))  # type: ignore[attr-defined]
    sunday.post.do(
        lambda session: setattr(
            session.exec(select(Participation).where(Participation.person_id == ann.person_id)).one(), "step", "away"
        )
    )
    ann.say("Too late.")
    assert ann.last.text == CLOSED


def test_what_is_typed_after_a_question_came_answers_the_question(sunday: Weeks) -> None:
    ann = sunday.ann
    ann.tap("Yes")
    sunday.post.pass_time(hours=2)  # the daily question
    ann.say("Words for the question.")
    assert "Words for the question." in ann.last.text
    assert "First, one thing" not in ann.last.text


def test_unknown_steps_and_others_cards_are_closed(sunday: Weeks) -> None:
    yes = sunday.ann.last.button("Yes")
    assert isinstance(yes, TakeStep)
    sunday.ben.press(yes)
    assert sunday.ben.toasts[-1].text == CLOSED
    sunday.ann.press(TakeStep(yes.participation_id, "fly"))
    assert sunday.ann.toasts[-1].text == CLOSED
    sunday.ann.press(TakeStep(yes.participation_id, "finish"))
    assert sunday.ann.toasts[-1].text == CLOSED
    sunday.ann.press(TakeStep(sunday.couple_id, "yes"))
    assert sunday.ann.toasts[-1].text == CLOSED


def test_after_the_opening_nothing_is_prepared_any_more(sunday: Weeks) -> None:
    yes = sunday.ann.last.button("Yes")
    sunday.one_card_each()
    sunday.ann.press(yes)
    assert sunday.ann.toasts[-1].text == CLOSED


def test_parting_closes_what_was_open(sunday: Weeks) -> None:
    write(sunday.ann, "Hope", "I'd like us to dance.")
    finish(sunday.ann)
    sunday.post.unlink(sunday.ben, sunday.couple_id)
    again = sunday.ann.last.button("Look at it again")
    sunday.ann.press(again)
    assert sunday.ann.toasts[-1].text == CLOSED
    sunday.sunday()
    assert invitations(sunday.ann) == 1  # told at her tap


def test_who_was_left_quietly_is_invited_until_they_learn_of_it(sunday: Weeks) -> None:
    sunday.ann.tap("Later", on=sunday.ann.last)
    sunday.ann.tap("In an hour")
    sunday.post.unlink(sunday.ben, sunday.couple_id)
    sunday.post.pass_time(hours=1)
    assert sunday.ann.offers("Go on")
    assert not sunday.ben.offers("Go on")
    sunday.sunday()
    assert (invitations(sunday.ann), invitations(sunday.ben)) == (2, 1)
    sunday.ann.tap("Yes", on=sunday.ann.newest("Yes"))
    assert sunday.ann.toasts[-1].text == CLOSED
    sunday.sunday()
    assert invitations(sunday.ann) == 2
    part_id = sunday.ann.newest("Yes").button("Yes").participation_id  # type: ignore[attr-defined]
    old = sunday.inside.show("weekly.away", sunday.ann.person_id, part_id)
    assert not isinstance(old, Card)


def test_an_opened_week_that_was_parted_from_shows_nothing_more(sunday: Weeks) -> None:
    sunday.one_card_each()
    close = opening(sunday.ann).button("Close the week")
    sunday.post.unlink(sunday.ben, sunday.couple_id, tell=True)
    sunday.ann.press(close)
    assert sunday.ann.toasts[-1].text == CLOSED


# -- topics


def test_another_topic_is_the_persons_own_and_settles_silently(sunday: Weeks) -> None:
    ann, ben = sunday.ann, sunday.ben
    proposed = ben.last.text.splitlines()[0]
    ann.tap("Other topic")
    other = next(each for each in ("Money", "Rest") if each not in proposed)
    ann.tap(other)
    assert f"A topic for this week: {other}" in ann.last.text
    write(ann, "Hope", "I'd like us to dance.")
    finish(ann)
    finish(ben)
    assert f"<b>{other}</b>" in opening(ben).text  # Ben put nothing aside, Ann the proposed one


def test_who_is_invited_later_is_not_asked_what_the_other_put_aside(sqlite_inside: Inside) -> None:
    weeks = linked(sqlite_inside, zones=("Europe/Berlin", NEW_YORK))
    weeks.sunday()
    weeks.ann.tap("Other topic")
    weeks.ann.tap("Home")
    weeks.ann.tap("Other topic")
    weeks.ann.tap("Rest")
    weeks.sunday(NEW_YORK)
    assert "A topic for this week: Rest" in weeks.ben.last.text


def test_touch_comes_only_to_those_who_choose_it_at_the_deepest_level(sunday: Weeks) -> None:
    ann, ben = sunday.ann, sunday.ben
    ann.tap("Other topic")
    assert "Touch" not in ann.last.labels
    pick = ann.last.button("Rest")
    assert isinstance(pick, PickTopic)
    ann.press(PickTopic(pick.participation_id, "touch"))
    assert ann.toasts[-1].text == CLOSED
    for box in (ann, ben):
        sunday.post.do(lambda session, box=box: setattr(people.person(session, box.person_id), "depth", 3))  # type: ignore[misc]
    ann.press(PickTopic(pick.participation_id, "touch"))
    assert "Touch" in ann.last.text
    for _ in range(12):
        sunday.sunday()
        assert "this week: Touch" not in ben.last.text


def test_a_topic_in_own_words_opens_with_its_authors_side(sunday: Weeks) -> None:
    ann, ben = sunday.ann, sunday.ben
    ann.tap("Other topic")
    ann.tap("A topic of my own")
    ann.say("The garden")
    assert "The garden" in ann.last.text
    ann.command("weekly")
    ann.tap("Just for me")
    assert "The garden" in ann.last.text
    ann.tap("Back", on=ann.last)
    write(ann, "Hope", "I'd like us to plant something.")
    finish(ann)
    assert "garden" not in ben.everything()
    finish(ben)
    assert "The garden" in opening(ben).text
    ben.tap("Close the week")
    assert "One small thing for this week" in ben.last.text


def test_a_saved_topic_returns_with_the_next_invitation(sunday: Weeks) -> None:
    ann = sunday.ann
    sunday.one_card_each()
    ann.tap("Close the week")
    ann.tap("Save a topic")
    ann.say("The holidays")
    assert "on your list" in ann.last.text
    ann.command("weekly")
    assert "One to say aloud" in ann.last.text
    sunday.sunday()
    ann.tap("Other topic", on=ann.last)
    ann.tap("From my list")
    saved = ann.last.button("The holidays")
    assert isinstance(saved, PickSaved)
    ann.press(saved)
    assert "The holidays" in ann.last.text
    ann.tap("Not this week", on=ann.last)
    assert len(weeks_saved(sunday)) == 1  # it waits for another week
    ann.tap("Back", on=ann.last)
    write(ann, "Hope", "I'd like us to dance.")
    finish(ann)
    finish(sunday.ben)
    assert "The holidays" in opening(sunday.ben).text
    assert weeks_saved(sunday) == []
    ann.press(saved)
    assert ann.toasts[-1].text == CLOSED


def test_a_topic_of_ones_own_list_stays_there_when_another_is_chosen(sunday: Weeks) -> None:
    ann = sunday.ann
    sunday.one_card_each()
    ann.tap("Close the week")
    ann.tap("Save a topic")
    ann.say("The holidays")
    sunday.sunday()
    ann.tap("Other topic", on=ann.last)
    ann.tap("From my list")
    ann.tap("The holidays")
    ann.tap("Other topic", on=ann.last)
    ann.tap("Home")
    write(ann, "Hope", "I'd like us to dance.")
    finish(ann)
    finish(sunday.ben)
    assert len(weeks_saved(sunday)) == 1


def test_the_proposed_topic_can_be_chosen_after_all(sunday: Weeks) -> None:
    ann, ben = sunday.ann, sunday.ben
    proposed = load().topics.topic(sunday.post.do(rows)[0].topic, "en").name
    ann.tap("Other topic")
    ann.tap(next(each for each in ann.last.labels if each != proposed and each not in LEADING))
    ann.tap("Other topic", on=ann.last)
    ann.tap(proposed)
    for box in (ann, ben):
        write(box, "Hope", "I'd like us to dance.")
        finish(box)
    assert proposed in opening(ann).text


def test_what_opened_while_somebody_had_blocked_the_bot_comes_when_their_week_is_over_too(sunday: Weeks) -> None:
    ann, ben = sunday.ann, sunday.ben
    write(ann, "Hope", "I'd like us to dance.")
    finish(ann)
    sunday.post.do(
        lambda session: deliveries.mark_blocked(session, chat_id=people.person(session, ann.person_id).chat_id)
    )
    write(ben, "Hope", "I'd like us to sing.")
    finish(ben)
    assert "sing" not in ann.everything()
    for _ in range(8):
        sunday.post.pass_time(days=1)
    sunday.post.arrive(ann, door.unblocked)
    assert "sing" in opening(ann).text


def test_a_week_that_was_closed_does_not_come_again(sunday: Weeks) -> None:
    ann = sunday.ann
    sunday.one_card_each()
    ann.tap("Close the week")
    sunday.post.do(
        lambda session: deliveries.mark_blocked(session, chat_id=people.person(session, ann.person_id).chat_id)
    )
    sunday.post.arrive(ann, door.unblocked)
    assert all("Your week is open" not in each.text for each in ann.shown.values())


def weeks_saved(weeks: Weeks) -> list[SavedTopic]:
    return weeks.post.do(lambda session: list(session.exec(select(SavedTopic))))


def test_a_topic_is_chosen_before_one_begins(sunday: Weeks) -> None:
    ann = sunday.ann
    ann.tap("Other topic")
    pick = ann.last.button("Rest")
    ann.tap("Back")
    ann.tap("Yes")
    ann.press(pick)
    assert ann.toasts[-1].text == CLOSED


def test_topics_take_turns() -> None:
    topics = load().topics
    assert len(topics.english) == 11
    couple_id = conversations.UUID(int=7)
    recent: list[str] = []
    for _ in range(10):
        recent.insert(0, topics.next_for(couple_id, recent[:5]))
    assert len(set(recent)) > 5
    assert topics.next_for(couple_id, recent) != recent[0]
    assert len(set(recent)) == 6
    assert topics.topic("rest", "xx-YY") is topics.english["rest"]
    assert Topics({"a": topics.english["rest"]}, {"xx": {"a": topics.english["home"]}}).topic("a", "xx-YY").id == "home"


def test_the_close_is_each_ones_own(sunday: Weeks) -> None:
    sunday.one_card_each()
    before = states(sunday.ben)
    sunday.ann.tap("Close the week")
    assert states(sunday.ben) == before
    sunday.ann.tap("Back")
    assert "Your week is open" in sunday.ann.last.text
    back = TakeStep(sunday.ann.last.button("Later").participation_id, "reopen")  # type: ignore[attr-defined]
    sunday.ann.press(back)
    assert "Your week is open" in sunday.ann.last.text


def test_who_comes_back_is_shown_what_opened_meanwhile(sunday: Weeks) -> None:
    write(sunday.ann, "Hope", "I'd like us to dance.")
    finish(sunday.ann)
    away = sunday.ann

    def block(session: Session) -> None:
        person = people.person(session, away.person_id)
        deliveries.mark_blocked(session, chat_id=person.chat_id)

    sunday.post.do(block)
    sunday.post.arrive(away, door.unblocked)
    assert "Your week is open" not in away.everything()
    sunday.post.do(block)
    write(sunday.ben, "Hope", "I'd like us to sing.")
    finish(sunday.ben)
    assert "us to sing" not in away.everything()
    sunday.post.arrive(away, door.unblocked)
    assert "us to sing" in opening(away).text
    shown = len(away.shown)
    sunday.post.do(block)
    sunday.post.arrive(away, door.unblocked)
    assert len(away.shown) == shown


def test_a_week_that_was_planned_by_a_wrong_clock_is_found_again(weeks: Weeks) -> None:
    def stray(session: Session) -> None:
        person = people.person(session, weeks.ann.person_id)
        person.next_weekly = weeks.post.clock.now() + timedelta(days=400)
        person.weekly_on = (weeks.post.clock.now() + timedelta(days=390)).date()

    weeks.post.do(stray)
    weeks.sunday()
    weeks.sunday()
    assert invitations(weeks.ann) >= 1
