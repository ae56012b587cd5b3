"""Previews and pages as rows: when they come, what they hold, and what opens."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from bot.practice import pulse, summary, summary_lines, summary_page
from bot.practice.refusals import Closed, NotReady, NotYours, Refusal
from storage import agreements, deliveries, people
from storage import pulse as pulses
from storage import summary as stored
from storage.tables import Person, Pulse, Summary, SummaryLine, SummaryPreview, SummaryWish
from tests.inside import Inside
from tests.post import Mailbox, Post

BERLIN_SUNDAY = datetime(2026, 3, 8, 19, 0, tzinfo=UTC)  # 20:00 there
NEW_YORK_SUNDAY = datetime(2026, 3, 9, 0, 0, 1, tzinfo=UTC)  # 20:00 there, where summer time began that day
WEEK = date(2026, 3, 8)
RACES = 8


@dataclass
class Two:
    """A couple with open answers, of whom both turned the summary on."""

    post: Post
    ann: Mailbox
    ben: Mailbox
    couple_id: UUID

    @property
    def both(self) -> tuple[Mailbox, Mailbox]:
        return self.ann, self.ben

    def preview(self, box: Mailbox, week: date = WEEK) -> SummaryPreview | None:
        return self.post.do(lambda session: stored.preview_of(session, person_id=box.person_id, week=week))

    def own(self, box: Mailbox) -> UUID:
        found = self.preview(box)
        assert found is not None
        return found.id

    def pages(self) -> list[Summary]:
        return self.post.do(lambda session: list(session.exec(select(Summary))))

    def use(self, box: Mailbox, work: Callable[[Session, Person], object]) -> object:
        """A use case, locked as a handler locks it."""
        return self.post.do(lambda session: work(session, self.post.inside.get(session, box.person_id)))

    def approve(self, box: Mailbox) -> None:
        now, preview_id = self.post.clock.now(), self.own(box)
        self.use(box, lambda session, person: summary.approve(session, person, preview_id, now=now))
        self.post.deliver()

    def has_page(self, box: Mailbox) -> bool:
        return "Your week, " in box.everything()


def two_in(inside: Inside, zones: tuple[str, str] = ("Europe/Berlin", "Europe/Berlin")) -> Two:
    post = Post(inside)
    ann, ben = post.person("Ann", zones[0]), post.person("Ben", zones[1])
    two = Two(post, ann, ben, post.link(ann, ben))
    for box in two.both:
        box.say(f"Words of {box.address}.")
        box.tap("Share")
    for box in two.both:
        turns_on(two, box)
    return two


def test_what_opened_in_an_earlier_couple_stays_there(inside: Inside) -> None:
    two = two_in(inside)
    ann, cem = two.ann, two.post.person("Cem")
    ann.command("unlink")
    ann.tap("Leave and tell")
    two.post.pass_time(days=1)
    two.post.link(ann, cem)
    turns_on(two, cem)
    ann.say("Words for Cem.")
    ann.tap("Share")
    cem.say("Words of Cem.")
    cem.tap("Share")
    two.post.pass_to(BERLIN_SUNDAY)
    for box in (ann, cem):
        two.approve(box)
    assert two.has_page(cem)
    assert "Words for Cem." in cem.everything()
    assert f"Words of {ann.address}." not in cem.everything()


def turns_on(two: Two, box: Mailbox) -> None:
    now = two.post.clock.now()
    two.use(box, lambda session, person: summary.turn_on(session, person, now=now))


@pytest.fixture
def two(inside: Inside) -> Two:
    return two_in(inside)


def on_sunday(two: Two) -> None:
    two.post.pass_to(BERLIN_SUNDAY + timedelta(seconds=1))


# -- when they come


def test_a_preview_comes_once_for_each_week_however_often_the_clock_rings(two: Two) -> None:
    on_sunday(two)
    for _ in range(3):
        two.post.pass_time(minutes=1)
    assert two.preview(two.ann) is not None
    assert two.ann.everything().count("Your own lines of this week") == 1
    wish = two.post.do(lambda session: stored.wish(session, person_id=two.ann.person_id))
    assert wish is not None
    assert wish.next_preview == BERLIN_SUNDAY + timedelta(days=7)


def test_after_an_outage_the_preview_is_let_go(two: Two) -> None:
    two.post.pass_to(BERLIN_SUNDAY + timedelta(hours=4))
    assert two.preview(two.ann) is None
    two.post.pass_to(BERLIN_SUNDAY + timedelta(days=7, hours=1))
    assert two.preview(two.ann, WEEK + timedelta(days=7)) is not None


def test_who_flew_west_has_the_evening_still_before_them(two: Two) -> None:
    move(two, two.ann, "America/New_York")
    on_sunday(two)
    assert two.preview(two.ann) is None
    two.post.pass_to(NEW_YORK_SUNDAY)
    assert two.preview(two.ann) is not None


def test_who_flew_east_gets_it_a_little_later_and_nobody_gets_two(two: Two) -> None:
    move(two, two.ann, "Asia/Kolkata")
    on_sunday(two)
    found = two.preview(two.ann)
    assert found is not None
    assert found.closes == datetime(2026, 3, 9, 14, 30, tzinfo=UTC)
    move(two, two.ann, "America/New_York")
    two.post.pass_to(NEW_YORK_SUNDAY)
    assert two.ann.everything().count("Your own lines of this week") == 1


def test_a_preview_that_a_second_flight_would_bring_again_comes_once(two: Two) -> None:
    on_sunday(two)

    def set_back(session: Session) -> None:
        stored.keep_wish(session, person_id=two.ann.person_id, next_preview=BERLIN_SUNDAY)

    two.post.do(set_back)
    two.post.pass_time(minutes=1)
    assert two.ann.everything().count("Your own lines of this week") == 1


def move(two: Two, box: Mailbox, zone: str) -> None:
    def fly(session: Session) -> None:
        people.person(session, box.person_id).zone = zone

    two.post.do(fly)


def test_one_whose_preview_cannot_be_made_holds_nobody_up(two: Two) -> None:
    move(two, two.ann, "Nowhere/At_All")
    on_sunday(two)
    assert two.preview(two.ann) is None
    assert two.preview(two.ben) is not None
    move(two, two.ann, "Europe/Berlin")
    two.post.pass_time(minutes=31)
    assert two.preview(two.ann) is not None


def test_nothing_comes_to_who_is_alone_or_blocked_the_bot(sqlite_inside: Inside) -> None:
    two = two_in(sqlite_inside)
    alone = two.post.person("Al")
    turns_on(two, alone)
    chat = sqlite_inside.chat_of(two.ann.person_id)
    two.post.do(lambda session: deliveries.mark_blocked(session, chat_id=chat.id))
    on_sunday(two)
    assert two.preview(alone) is None
    assert two.preview(two.ann) is None
    assert two.preview(two.ben) is not None


def test_who_was_left_quietly_is_not_told_by_a_preview_that_does_not_come(two: Two) -> None:
    two.post.unlink(two.ann, two.couple_id)
    on_sunday(two)
    assert two.preview(two.ann) is None
    assert two.preview(two.ben) is not None
    two.approve(two.ben)
    assert two.pages() == []


def test_nothing_opens_after_unlinking(two: Two) -> None:
    on_sunday(two)
    two.approve(two.ann)
    two.post.unlink(two.ann, two.couple_id)
    two.approve(two.ben)
    assert two.pages() == []
    anns = two.own(two.ann)
    with pytest.raises(Closed):
        two.use(two.ann, lambda session, person: summary.skip(session, person, anns, now=BERLIN_SUNDAY))


def test_what_came_to_nothing_is_forgotten_and_pages_stay(two: Two) -> None:
    on_sunday(two)
    two.approve(two.ann)
    two.post.pass_time(hours=25)
    assert two.preview(two.ann) is None
    assert two.preview(two.ben) is None
    assert two.post.do(lambda session: list(session.exec(select(SummaryLine)))) == []
    for box in two.both:
        box.command("today")  # a quiet week: what stood there may stand on the next page
    two.post.pass_to(BERLIN_SUNDAY + timedelta(days=7, seconds=1))
    later = WEEK + timedelta(days=7)
    assert two.preview(two.ann, later) is not None


def test_a_page_that_opened_stays(two: Two) -> None:
    on_sunday(two)
    two.approve(two.ann)
    two.approve(two.ben)
    two.post.pass_time(hours=25)
    assert two.preview(two.ann) is not None
    assert len(two.pages()) == 1


# -- what opens


def test_both_have_to_approve_in_the_earlier_window(inside: Inside) -> None:
    """Ann in Berlin is asked five or six hours before Ben in New York; his own window goes on, and nothing opens."""
    two = two_in(inside, ("Europe/Berlin", "America/New_York"))
    on_sunday(two)
    two.approve(two.ann)
    two.post.pass_to(NEW_YORK_SUNDAY)
    two.post.pass_to(BERLIN_SUNDAY + timedelta(hours=24, minutes=1))
    two.approve(two.ben)
    assert two.pages() == []


def test_both_in_time_open_it_for_both_at_once(inside: Inside) -> None:
    two = two_in(inside, ("Europe/Berlin", "America/New_York"))
    on_sunday(two)
    two.approve(two.ann)
    two.post.pass_to(BERLIN_SUNDAY + timedelta(hours=7))
    two.approve(two.ben)
    assert len(two.pages()) == 1
    assert two.has_page(two.ann)
    assert two.has_page(two.ben)


@pytest.mark.every_database
def test_two_who_approve_at_the_same_moment_open_it_once(inside: Inside) -> None:
    two = two_in(inside)
    for race in range(RACES):
        now = BERLIN_SUNDAY + timedelta(days=7 * race, seconds=1)
        two.post.pass_to(now)
        week = WEEK + timedelta(days=7 * race)
        done = []
        for box in two.both:
            found = two.preview(box, week)
            assert found is not None
            done.append(inside.units.submit(approving(inside, box, found.id, now)))
        assert [each.exception(20) for each in done] == [None, None]
        assert len(two.pages()) == race + 1
    two.post.deliver()


def approving(inside: Inside, box: Mailbox, preview_id: UUID, now: datetime) -> Callable[[Session], None]:
    def approve(session: Session) -> None:
        person = inside.get(session, box.person_id)
        if not summary.has_something(session, summary.own_preview(session, person, preview_id)):
            on = now.date()
            for part in range(4):
                pulses.keep(session, person_id=person.id, on=on, part=part, value=3)
            summary.set_pulse(session, person, preview_id, on=True, now=now)
        summary.approve(session, person, preview_id, now=now)

    return approve


def test_a_withdrawn_week_does_not_open_again(two: Two) -> None:
    on_sunday(two)
    two.approve(two.ann)
    two.approve(two.ben)
    now, bens = two.post.clock.now(), two.own(two.ben)
    two.use(two.ben, lambda session, person: summary.take_back(session, person, bens, now=now, key="k"))
    with pytest.raises(Closed):
        two.use(two.ben, lambda session, person: summary.look_again(session, person, bens, now=now))
    with pytest.raises(Closed):
        two.use(two.ben, lambda session, person: summary.take_back(session, person, bens, now=now, key="k"))
    page = two.pages()[0]
    assert page.withdrawn
    with pytest.raises(Closed):
        two.use(two.ann, lambda session, person: summary_page.withdraw(session, person, page.id, now=now, key="l"))
    assert two.preview(two.ann) is not None


REFUSED: dict[str, tuple[type[Refusal], Callable[[Session, Person, UUID, datetime], object]]] = {
    "somebody else's": (NotYours, lambda session, person, found, now: summary.own_preview(session, person, found)),
    "an unknown line": (
        Closed,
        lambda session, person, found, now: summary.set_line(session, person, found, removed=True, now=now),
    ),
}


@pytest.mark.parametrize(("refusal", "act"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_there_or_not_theirs_is_refused(
    two: Two, refusal: type[Refusal], act: Callable[[Session, Person, UUID, datetime], object]
) -> None:
    on_sunday(two)
    anns = two.own(two.ann)
    now = two.post.clock.now()
    with pytest.raises(refusal):
        two.use(two.ben, lambda session, person: act(session, person, anns, now))


def test_somebody_who_is_not_set_up_has_no_summary(sqlite_inside: Inside) -> None:
    newcomer = sqlite_inside.newcomer("New")
    with pytest.raises(NotReady):
        sqlite_inside.do(lambda session: summary.turn_on(session, people.person(session, newcomer), now=BERLIN_SUNDAY))
    assert not sqlite_inside.do(lambda session: summary.is_wanted(session, people.person(session, newcomer)))


def test_an_approval_needs_something_to_show_and_a_pulse_needs_four_taps(two: Two) -> None:
    on_sunday(two)
    now, anns = two.post.clock.now(), two.own(two.ann)
    (line,) = two.post.do(lambda session: stored.lines_of(session, preview_id=anns))
    two.use(two.ann, lambda session, person: summary.set_line(session, person, line.id, removed=True, now=now))
    with pytest.raises(Closed):
        two.approve(two.ann)
    two.use(two.ann, lambda session, person: pulse.tap(session, person, WEEK, 0, 3, now=now))
    with pytest.raises(Closed):
        two.use(two.ann, lambda session, person: summary.set_pulse(session, person, anns, on=True, now=now))
    for part in range(1, 4):
        two.use(two.ann, lambda session, person, part=part: pulse.tap(session, person, WEEK, part, 3, now=now))  # type: ignore[misc]
    two.use(two.ann, lambda session, person: summary.set_pulse(session, person, anns, on=True, now=now))
    two.use(two.ann, lambda session, person: summary.set_pulse(session, person, anns, on=False, now=now))
    two.use(two.ann, lambda session, person: summary.set_pulse(session, person, anns, on=True, now=now))
    two.approve(two.ann)


# -- room and closeness of both


def test_only_weeks_in_which_both_pulses_were_on_a_page_are_shown(two: Two) -> None:
    """A pulse that stood on no page of both is in no picture, and such a week is a gap."""
    on_pages = (True, False, True)
    for number, on_page in enumerate(on_pages):
        week = WEEK + timedelta(days=7 * number)
        two.post.pass_to(BERLIN_SUNDAY + timedelta(days=7 * number, seconds=1))
        for box in two.both:
            tap_all(two, box, week, 1 + number)
            found = two.preview(box, week)
            assert found is not None
            if on_page or box is two.ann:
                puts_the_pulse_on(two, box, found.id)
    page = max(two.pages(), key=lambda each: each.week)

    def weeks(session: Session) -> list[object]:
        seen = summary_page.shown_page(session, two.ann.person_id, page.id)
        assert seen is not None
        return list(summary_page.shared_weeks(session, seen))

    first, gap, last = two.post.do(weeks)
    assert isinstance(first, summary_page.SharedWeek)
    assert first.mine.room_now == 1
    assert gap == WEEK + timedelta(days=7)
    assert isinstance(last, summary_page.SharedWeek)
    assert last.theirs.room_now == 3


def puts_the_pulse_on(two: Two, box: Mailbox, preview_id: UUID) -> None:
    now = two.post.clock.now()
    two.use(box, lambda session, person: summary.set_pulse(session, person, preview_id, on=True, now=now))
    two.use(box, lambda session, person: summary.approve(session, person, preview_id, now=now))


def tap_all(two: Two, box: Mailbox, on: date, value: int) -> None:
    def tap(session: Session) -> None:
        for part in range(4):
            pulses.keep(session, person_id=box.person_id, on=on, part=part, value=value)

    two.post.do(tap)


def test_a_stranger_sees_no_page(two: Two) -> None:
    on_sunday(two)
    two.approve(two.ann)
    two.approve(two.ben)
    page = two.pages()[0]
    carl = two.post.person("Carl")
    assert two.post.do(lambda session: summary_page.shown_page(session, carl.person_id, page.id)) is None


def test_every_source_has_words_of_its_own() -> None:
    from bot.messages.cards import summary_lines as read

    assert summary_lines.SOURCES.keys() == read.READ.keys() == read.LABELS.keys() == read.THEMES.keys()


def test_turning_it_off_leaves_what_is_before_the_person(two: Two) -> None:
    on_sunday(two)
    two.use(two.ann, summary.turn_off)
    assert len(two.post.do(lambda session: session.exec(select(SummaryWish)).all())) == 1
    assert not two.use(two.ann, summary.is_wanted)
    two.approve(two.ann)
    two.approve(two.ben)
    assert len(two.pages()) == 1
    two.post.pass_time(days=7)
    assert two.preview(two.ann, WEEK + timedelta(days=7)) is None


def test_a_pulse_is_kept_sealed(two: Two) -> None:
    tap_all(two, two.ann, WEEK, 4)
    (row,) = two.post.do(lambda session: list(session.exec(select(Pulse))))
    assert b"4" not in row.values_sealed[:1]
    assert two.post.do(lambda session: pulses.values(session, row)).parts == (4, 4, 4, 4)


def test_what_is_older_than_twelve_weeks_is_in_no_picture(two: Two) -> None:
    weeks = [WEEK, WEEK + timedelta(weeks=12), WEEK + timedelta(weeks=13)]

    def add(session: Session) -> UUID:
        for week in weeks:
            for box in two.both:
                found = stored.add_preview(
                    session,
                    person_id=box.person_id,
                    couple_id=two.couple_id,
                    week=week,
                    closes=BERLIN_SUNDAY + timedelta(weeks=20),
                    lines=(),
                )
                for part in range(4):
                    found.pulse_id = pulses.keep(session, person_id=box.person_id, on=week, part=part, value=2).id
            page = stored.add_page(session, couple_id=two.couple_id, week=week)
        return page.id

    newest = two.post.do(add)

    def seen(session: Session) -> list[date]:
        page = summary_page.shown_page(session, two.ann.person_id, newest)
        assert page is not None
        return [
            each.sunday
            for each in summary_page.shared_weeks(session, page)
            if isinstance(each, summary_page.SharedWeek)
        ]

    assert two.post.do(seen) == weeks[1:]


@pytest.mark.every_database
def test_two_clocks_that_ring_at_once_send_one_preview(two: Two) -> None:
    now = BERLIN_SUNDAY + timedelta(seconds=1)
    for week in range(RACES):
        at = now + timedelta(weeks=week)
        done = [
            two.post.inside.units.submit(lambda session, at=at: summary.send_due(session, now=at)) for _ in range(4)
        ]  # type: ignore[misc]
        assert [each.exception(20) for each in done] == [None] * 4
        for box in two.both:
            assert two.preview(box, WEEK + timedelta(weeks=week)) is not None


def test_an_agreement_that_changes_between_two_previews_stands_once_in_its_newer_wording(two: Two) -> None:
    def in_either_order(session: Session) -> None:
        pair = [two.post.inside.get(session, box.person_id) for box in two.both]
        agreement = agreements.add_agreement(session, couple_id=two.couple_id, weeks=1, review_on=WEEK)
        older, newer = (
            agreements.add_version(session, agreement, words=words, since=WEEK, accepted_by=pair)
            for words in ("Sundays for us.", "Every other Sunday for us.")
        )
        previews = (uuid4(), uuid4(), uuid4())
        abouts = (newer.id, older.id, uuid4())  # the last is gone
        lines = [
            SummaryLine(preview_id=preview, place=0, source="agreement", about=about)
            for preview, about in zip(previews, abouts, strict=True)
        ]
        for order in (lines, lines[::-1]):
            assert [line.about for line in summary_lines.once(session, order)] == [newer.id]

    two.post.do(in_either_order)


def test_whoever_is_alone_has_no_lines_of_two(sqlite_inside: Inside) -> None:
    post = Post(sqlite_inside)
    carl = post.person("Carl")
    assert post.do(lambda session: summary_lines.found(session, carl.person_id, WEEK, fresh=True)) == []
