"""The agreement book: versions, reviews, and endings of which only the ending is shown."""

import pytest
from sqlmodel import col, delete, select

from bot.messages.buttons import ActOnAgreement, ChangeAgreement, Review, TurnBook
from bot.practice import reviews
from storage import agreements as stored
from storage import people
from storage.tables import Agreement, Delivery, ReviewWish
from tests.inside import Inside
from tests.post import Mailbox, Shown
from tests.weeks import Weeks, finish, linked, states, write

CLOSED = "This card is closed."
ASKED = "Would you keep Sunday for us?"


@pytest.fixture
def weeks(sqlite_inside: Inside) -> Weeks:
    """An agreement on trial for a week."""
    return agreed(linked(sqlite_inside))


def agreed(weeks: Weeks, *requests: str, label: str = "Try one week") -> Weeks:
    weeks.sunday()
    for words in requests or (ASKED,):
        write(weeks.ann, "Request", words)
    finish(weeks.ann)
    finish(weeks.ben)
    for number in range(1, len(requests) + 1):
        weeks.ben.tap(f"Theirs: Request {number}", on=weeks.ben.last)
        weeks.ben.tap(label, on=weeks.ben.last)
    if not requests:
        weeks.ben.tap(label, on=weeks.ben.last)
    return weeks


def one(weeks: Weeks) -> Agreement:
    return weeks.post.do(lambda session: session.exec(select(Agreement)).one())


def is_outcome(message: Shown) -> bool:
    return message.text.startswith("An agreement ") and "comes up" not in message.text


def outcomes(box: Mailbox) -> list[str]:
    return [each.text.splitlines()[0] for each in box.shown.values() if is_outcome(each)]


def review_week(weeks: Weeks, ann: str | None, ben: str | None) -> None:
    """The next weekly time, what each wishes for, and the days after it."""
    weeks.sunday()
    for box, wish in ((weeks.ann, ann), (weeks.ben, ben)):
        if wish is not None:
            box.tap(wish)
    weeks.post.pass_time(days=1)
    weeks.post.pass_time(days=1)
    weeks.post.pass_time(days=1)


def test_it_is_renewed_if_both_renew(weeks: Weeks) -> None:
    before = one(weeks).review_on
    review_week(weeks, "Renew", "Renew")
    assert (one(weeks).review_on - before).days == 7
    assert outcomes(weeks.ann)[-1] == outcomes(weeks.ben)[-1] == "An agreement is renewed."
    assert weeks.post.do(lambda session: session.exec(select(ReviewWish)).all()) == []


def test_what_both_renew_is_on_the_agenda_no_more(weeks: Weeks) -> None:
    review_week(weeks, "Change", "Renew")
    assert one(weeks).agenda
    weeks.sunday()
    review_week(weeks, "Renew", "Renew")
    assert outcomes(weeks.ann)[-1] == outcomes(weeks.ben)[-1] == "An agreement is renewed."
    assert not one(weeks).agenda


@pytest.mark.parametrize(
    ("ann", "ben"), [(None, None), ("Renew", None), ("Renew", "End it"), (None, "End it"), ("End it", "End it")]
)
def test_otherwise_it_ends_at_its_review_date(weeks: Weeks, ann: str | None, ben: str | None) -> None:
    review_week(weeks, ann, ben)
    assert one(weeks).state == "ended"
    assert outcomes(weeks.ann) == outcomes(weeks.ben)
    assert outcomes(weeks.ann)[-1] == "An agreement has ended."


def reviews_asked(box: Mailbox) -> int:
    """How many messages have ever asked for a wish."""
    labels = (
        [button.label for state in each.states for row in state.rows for button in row] for each in box.shown.values()
    )
    return sum("Renew" in each for each in labels)


def test_whoever_moves_their_week_is_asked_before_the_review_all_the_same(weeks: Weeks) -> None:
    weeks.post.pass_time(days=1)
    weeks.ben.command("week", "Wednesday 18:00")
    for _ in range(5):
        weeks.post.pass_time(days=1)
    for box in (weeks.ann, weeks.ben):
        weeks.post.pass_time(hours=12)
        box.tap("Renew", on=box.newest("Renew"))
    for _ in range(3):
        weeks.post.pass_time(days=1)
    assert outcomes(weeks.ann)[-1] == outcomes(weeks.ben)[-1] == "An agreement is renewed."


def test_nobody_is_asked_twice_about_one_review(weeks: Weeks) -> None:
    weeks.sunday()
    before = reviews_asked(weeks.ann)
    assert before == 1
    weeks.post.pass_time(days=0, hours=1)
    now = weeks.post.clock.now()
    weeks.post.do(lambda session: session.execute(delete(Delivery).where(col(Delivery.card) == "agreements.review")))
    weeks.post.do(
        lambda session: reviews.ask(
            session, people.person(session, weeks.ann.person_id), weeks.couple_id, on=now.date(), now=now
        )
    )
    weeks.post.deliver()
    assert reviews_asked(weeks.ann) == before


def test_nobody_sees_what_the_other_wishes_for(weeks: Weeks) -> None:
    weeks.sunday()
    before = states(weeks.ben)
    weeks.ann.tap("End it")
    assert "You would like to let it end. Only you see this." in weeks.ann.last.text + weeks.ann.everything()
    review = weeks.ann.newest("Renew")
    weeks.ann.tap("Renew", on=review)
    assert states(weeks.ben) == before
    weeks.ann.tap("Back", on=review)
    assert "You would like to renew it. Only you see this." in review.text
    assert "End it now" in review.labels


def test_two_ways_to_end_it_side_by_side_say_how_they_differ(weeks: Weeks) -> None:
    said = "“End it” is your wish for the review, “End it now” ends it at once."
    weeks.ann.command("agreements")
    weeks.ann.tap("1")
    assert {"End it", "End it now"} <= set(weeks.ann.last.labels)
    assert said in weeks.ann.last.text
    weeks.ann.tap("End it now")
    weeks.ann.tap("End it now", on=weeks.ann.last)
    weeks.ann.command("agreements")
    weeks.ann.tap("1")
    assert "End it now" not in weeks.ann.last.labels
    assert said not in weeks.ann.last.text


def test_who_wants_a_change_puts_it_on_the_agenda_and_a_new_version_needs_both(weeks: Weeks) -> None:
    ann, ben = weeks.ann, weeks.ben
    review_week(weeks, "Renew", "Change")
    assert outcomes(ann)[-1] == "An agreement is on the agenda of your next conversation."
    weeks.sunday()
    ben.tap("Yes", on=ben.newest("Yes"))
    ben.tap("Pass over")
    ben.tap(next(label for label in ben.last.labels if label.startswith("Change: Would you")))
    ben.say("Would you keep Sunday mornings for us?")
    ben.tap("Share")
    finish(ben)
    ann.tap("Yes", on=ann.newest("Yes"))
    ann.tap("Pass over")
    finish(ann)
    agreement_id = one(weeks).id
    assert weeks.post.do(lambda session: stored.version_count(session, agreement_id=agreement_id)) == 1
    ann.tap("Agree")
    assert not one(weeks).agenda
    ben.command("agreements")
    assert "Sunday mornings" in ben.last.text
    ben.tap("1")
    assert "Earlier, from Sunday 8 March:" in ben.last.text
    assert ASKED in ben.last.text


def test_a_change_of_what_has_ended_is_a_new_agreement(weeks: Weeks) -> None:
    ann, ben = weeks.ann, weeks.ben
    ann.command("agreements")
    ann.tap("1")
    ann.tap("Talk about a change")
    assert "Talk about a change" not in ann.last.labels
    weeks.sunday()
    ben.tap("Yes", on=ben.newest("Yes"))
    ben.tap("Pass over")
    change = ben.last.button(next(label for label in ben.last.labels if label.startswith("Change:")))
    ben.press(change)
    ben.say("Would you keep Sunday mornings for us?")
    ben.tap("Share")
    finish(ben)
    ann.tap("Yes", on=ann.newest("Yes"))
    ann.tap("Pass over")
    finish(ann)
    ann.command("agreements")
    ann.tap("1")
    ann.tap("End it now")
    ann.tap("End it now", on=ann.last)
    ann.tap("Agree")
    found = weeks.post.do(lambda session: list(session.exec(select(Agreement))))
    assert sorted(each.state for each in found) == ["current", "ended"]
    ben.press(change)
    assert ben.toasts[-1].text == CLOSED


def test_only_own_current_agreements_can_be_changed(weeks: Weeks) -> None:
    weeks.sunday()
    weeks.ann.tap("Yes", on=weeks.ann.newest("Yes"))
    part_id = weeks.ann.last.button("Pass over").participation_id  # type: ignore[attr-defined]
    weeks.ann.press(ChangeAgreement(part_id, weeks.couple_id))
    assert weeks.ann.toasts[-1].text == CLOSED


def test_either_ends_it_alone_at_once_and_only_the_end_is_shown(weeks: Weeks) -> None:
    weeks.ben.command("agreements")
    weeks.ben.tap("1")
    weeks.ann.command("agreements")
    weeks.ann.tap("1")
    weeks.ann.tap("End it now")
    weeks.ann.tap("End it now")
    assert one(weeks).state == "ended"
    assert outcomes(weeks.ben) == ["An agreement has ended."]
    assert outcomes(weeks.ann) == []
    assert "Ann" not in weeks.ben.last.text
    agreement_id = one(weeks).id
    told = len(weeks.ben.shown)
    for act in ("end", "show"):
        weeks.ben.press(ActOnAgreement(agreement_id, act))
        assert "ended" in weeks.ben.last.text
    for act in ("change", "ask_end", "fly"):
        weeks.ben.press(ActOnAgreement(agreement_id, act))
        assert weeks.ben.toasts[-1].text == CLOSED
    assert len(weeks.ben.shown) == told
    assert outcomes(weeks.ann) == []


def test_the_book_has_pages(sqlite_inside: Inside) -> None:
    weeks = linked(sqlite_inside)
    weeks.ann.command("agreements")
    assert "no agreements yet" in weeks.ann.last.text
    agreed(weeks, "Would you sing?", "Would you dance?", "Would you cook?", label="Agree")
    agreed(weeks, "Would you read?", "Would you swim?", label="Agree")
    weeks.ann.command("agreements")
    assert weeks.ann.last.card.text.count("On trial") == 4
    weeks.ann.tap("›")
    assert weeks.ann.last.card.text.count("On trial") == 1
    weeks.ann.tap("‹")
    assert weeks.ann.last.card.text.count("On trial") == 4
    weeks.ann.press(TurnBook(-3))
    assert weeks.ann.last.card.text.count("On trial") == 4


def test_a_review_is_asked_for_in_its_week_and_not_before(sqlite_inside: Inside) -> None:
    weeks = agreed(linked(sqlite_inside), label="Agree")
    early = Review(one(weeks).id, "renew")
    weeks.ann.press(early)
    assert weeks.ann.toasts[-1].text == CLOSED
    for _ in range(2):
        weeks.sunday()
        assert not weeks.ann.offers("Renew")
    weeks.sunday()
    assert weeks.ann.offers("Renew")
    weeks.ann.press(Review(one(weeks).id, "burn"))
    assert weeks.ann.toasts[-1].text == CLOSED
    weeks.ann.command("agreements")
    weeks.ann.tap("1")
    assert "Renew" in weeks.ann.last.labels


def test_strangers_and_those_who_parted_have_no_book(weeks: Weeks) -> None:
    cleo = weeks.post.person("Cleo")
    cleo.command("agreements")
    assert "needs a partner" in cleo.last.text
    cleo.press(ActOnAgreement(one(weeks).id, "show"))
    assert cleo.toasts[-1].text == CLOSED
    weeks.ann.command("agreements")
    weeks.post.unlink(weeks.ben, weeks.couple_id, tell=True)
    assert one(weeks).state == "ended"
    weeks.ann.press(ActOnAgreement(one(weeks).id, "show"))
    assert weeks.ann.toasts[-1].text == CLOSED
    weeks.ann.press(TurnBook(0))
    assert "needs a partner" in weeks.ann.toasts[-1].text


@pytest.mark.every_database
def test_two_jobs_at_once_settle_once(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reviews, "CHUNK", 1)
    weeks = agreed(linked(inside))
    weeks.sunday()
    for box in (weeks.ann, weeks.ben):
        box.tap("Renew")
    before = one(weeks).review_on
    weeks.inside.now = weeks.post.clock.now() + reviews.timedelta(days=3)
    now = weeks.inside.now
    for job in [inside.units.submit(lambda session: reviews.settle_due(session, now=now)) for _ in range(3)]:
        job.result(60)
    assert (one(weeks).review_on - before).days == 7


def test_what_stands_late_in_a_long_chat_is_settled_too(inside: Inside) -> None:
    """The key of an edit holds the message's number, and has room for it on PostgreSQL, too."""
    weeks = agreed(linked(inside))
    weeks.post.skip_numbers(2_000_000_000)
    weeks.ann.command("agreements")
    weeks.ann.tap("1")
    review_week(weeks, None, None)
    assert one(weeks).state == "ended"
    assert any("ended" in each.text and "Back" in each.labels for each in weeks.ann.shown.values())


def test_one_that_cannot_be_settled_holds_nothing_up(
    sqlite_inside: Inside, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    weeks = agreed(linked(sqlite_inside), "Would you sing?", "Would you dance?")
    first = weeks.post.do(lambda session: list(session.exec(select(Agreement))))[0].id
    decide = reviews._decide

    def fails(session, agreement, pair) -> None:  # type: ignore[no-untyped-def]
        if agreement.id == first:
            raise RuntimeError
        decide(session, agreement, pair)

    monkeypatch.setattr(reviews, "_decide", fails)
    weeks.post.pass_time(days=9)
    found = {each.id == first: each.state for each in weeks.post.do(lambda s: list(s.exec(select(Agreement))))}
    assert found == {True: "current", False: "ended"}
    monkeypatch.setattr(reviews, "_decide", decide)
    weeks.post.pass_time(days=1)
    weeks.post.pass_time(days=1)
    assert all(each.state == "ended" for each in weeks.post.do(lambda s: list(s.exec(select(Agreement)))))
