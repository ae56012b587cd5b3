"""Who is asked what, and when."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, col, select

from bot.messages.buttons import AnotherQuestion, SetQuiet
from bot.practice import asking, planning, times
from bot.practice.asking import LATE
from bot.practice.planning import WINDOW, in_two_versions, kind_of_day, plan_next
from bot.practice.rules import rules, zone_names
from storage import people
from storage.tables import Checkin, Delivery, Occasion, Person
from tests.inside import LIBRARY, NOON, Inside
from tests.post import Mailbox, Post

EVERY_DAY = 127
MONDAY = date(2026, 3, 2)
EVENING = 20 * 60
G5_SAMPLE = 20_000
NIGHT, MORNING = 22 * 60, 8 * 60


@pytest.fixture
def post(sqlite_inside: Inside) -> Post:
    return Post(sqlite_inside)


def checkins(post: Post, box: Mailbox) -> list[Checkin]:
    """A person's daily check-ins, oldest first."""

    def find(session: Session) -> list[Checkin]:
        query = select(Checkin).where(Checkin.person_id == box.person_id, Checkin.kind == "daily")
        found = list(session.exec(query.order_by(col(Checkin.turn))))
        session.expunge_all()
        return found

    return post.do(find)


def occasions(post: Post) -> list[Occasion]:
    def find(session: Session) -> list[Occasion]:
        found = list(session.exec(select(Occasion).where(Occasion.kind == "daily").order_by(col(Occasion.on_date))))
        session.expunge_all()
        return found

    return post.do(find)


def change(post: Post, box: Mailbox, **values: object) -> None:
    """Set something of a person, and plan anew as the settings do."""

    def write(session: Session) -> None:
        person = people.person(session, box.person_id)
        for name, value in values.items():
            setattr(person, name, value)
        plan_next(person, after=post.clock.now())

    post.do(write)


def next_question(post: Post, box: Mailbox) -> datetime:
    found = post.do(lambda session: people.person(session, box.person_id).next_question)
    assert found is not None
    return found


def evenings(post: Post, count: int, zone: str = "Europe/Berlin") -> None:
    for _ in range(count):
        _, at = times.next_occurrence(post.clock.now(), minute=EVENING, days=EVERY_DAY, zone=zone)
        post.pass_to(at)


# -- what a date is


def test_each_week_has_one_personal_day_and_one_to_say_aloud() -> None:
    for couple_id in (uuid4() for _ in range(50)):
        week = [kind_of_day(couple_id, MONDAY + timedelta(days=day)) for day in range(7)]
        assert Counter(week) == {"solo": 1, "aloud": 1, "shared": 5}


@pytest.mark.parametrize("kind", ["solo", "aloud"])
def test_every_weekday_has_its_turn(kind: str) -> None:
    couple_id = uuid4()
    days = (MONDAY + timedelta(days=number) for number in range(7 * 60))
    assert {on.weekday() for on in days if kind_of_day(couple_id, on) == kind} == set(range(7))


def test_one_shared_day_in_six_has_two_versions() -> None:
    days = [in_two_versions(UUID(int=7), MONDAY + timedelta(days=number)) for number in range(600)]
    assert 70 < sum(days) < 130


# -- two people


def test_somebody_who_was_left_that_day_has_the_evening_that_they_would_have_had(post: Post) -> None:
    """S3, S7: the one who left had the question of that date before."""
    for day in range(8):  # what a date is differs from couple to couple
        ann, ben = post.person(f"Ann{day}"), post.person(f"Ben{day}")
        couple_id = post.link(ann, ben)
        change(post, ann, daily_minute=8 * 60)
        post.pass_to(next_question(post, ann))
        assert len(checkins(post, ann)) == 1
        post.unlink(ann, couple_id)
        evening = next_question(post, ben)
        post.pass_to(evening)
        (asked,) = checkins(post, ben)
        assert asked.closes == evening + WINDOW
        assert (asked.occasion_id is None) == (kind_of_day(couple_id, asked.on_date) == "solo")
        assert next_question(post, ben) == evening + timedelta(days=1)
        assert len(ben.shown) > 1


def test_both_are_asked_the_same_each_at_their_own_time(post: Post) -> None:
    ann, ben = post.person("Ann", "Europe/Berlin"), post.person("Ben", "America/New_York")
    post.link(ann, ben)
    for _ in range(14 * 2):
        post.pass_to(min(next_question(post, ann), next_question(post, ben)))
    anns = {each.on_date: each for each in checkins(post, ann)}
    bens = {each.on_date: each for each in checkins(post, ben)}
    shared = [on for on in anns if on in bens and anns[on].occasion_id]
    assert len(shared) >= 10
    for on in shared:
        assert anns[on].occasion_id == bens[on].occasion_id
        same = anns[on].prompt_id == bens[on].prompt_id
        found = next(each for each in occasions(post) if each.on_date == on)
        aloud = LIBRARY.prompt(found.prompt_id).aloud
        assert same == (aloud or not in_two_versions(found.couple_id, on))
        assert found.closes == times.instant(on, EVENING, "Europe/Berlin") + WINDOW
        assert bens[on].closes in (None, times.instant(on, EVENING, "America/New_York") + WINDOW)
    for on in anns.keys() & bens.keys() - set(shared):
        assert anns[on].occasion_id is None
        assert bens[on].occasion_id is None


def test_the_other_has_the_same_evenings_whoever_comes_first(post: Post) -> None:
    """S30: that the partner's question came before says nothing."""
    ann, ben = post.person("Ann"), post.person("Ben", "Asia/Tokyo")
    post.link(ann, ben)
    for _ in range(10):
        post.pass_to(min(next_question(post, ann), next_question(post, ben)))
        for box, zone in ((ann, "Europe/Berlin"), (ben, "Asia/Tokyo")):
            for each in checkins(post, box):
                assert each.closes is None or each.closes == times.instant(each.on_date, EVENING, zone) + WINDOW


def test_each_is_asked_on_their_own_days_and_shares_those_that_both_chose(post: Post) -> None:
    ann, ben = post.person("Ann"), post.person("Ben")
    post.link(ann, ben)
    change(post, ben, days=0b0010101)
    evenings(post, 28)
    bens = {each.on_date: each.occasion_id for each in checkins(post, ben)}
    assert {on.weekday() for on in bens} == {0, 2, 4}
    anns = {each.on_date: each.occasion_id for each in checkins(post, ann)}
    assert len(anns) == 28
    assert {on: anns[on] for on in bens} == bens
    assert any(bens.values())


def test_somebody_who_comes_after_the_window_is_asked_something_for_themselves(post: Post) -> None:
    """Two clocks can be so far apart that a date ends in one zone more than 48 hours after it began in the other."""
    ann, ben = post.person("Ann", "Pacific/Kiritimati"), post.person("Ben", "Pacific/Pago_Pago")
    post.link(ann, ben)
    change(post, ann, daily_minute=0)
    change(post, ben, daily_minute=23 * 60 + 59)
    for _ in range(20):
        post.pass_to(min(next_question(post, ann), next_question(post, ben)))
    assert any(each.occasion_id for each in checkins(post, ann))
    assert not any(each.occasion_id for each in checkins(post, ben)[3:])  # those before belong to Ann's past


def test_a_partner_who_cannot_be_reached_changes_nothing(post: Post) -> None:
    ann, ben = post.person("Ann"), post.person("Ben")
    couple_id = post.link(ann, ben)
    change(post, ben, unreachable=True)
    evenings(post, 14)
    for each in checkins(post, ann):
        personal = kind_of_day(couple_id, each.on_date) == "solo"
        assert (each.occasion_id is None) == personal
    assert checkins(post, ben) == []


def test_whoever_was_asked_alone_before_the_link_leaves_the_other_a_personal_day(post: Post) -> None:
    ann, ben = post.person("Ann", "Asia/Tokyo"), post.person("Ben", "America/New_York")
    evenings(post, 2, "Asia/Tokyo")
    newest = checkins(post, ann)[-1]
    post.link(ann, ben)
    evenings(post, 1, "America/New_York")
    assert checkins(post, ben)[-1].on_date == newest.on_date
    assert checkins(post, ben)[-1].occasion_id is None


def test_nothing_is_deeper_than_the_more_careful_of_two_wants_and_themes_can_be_left_out(post: Post) -> None:
    ann, ben = post.person("Ann"), post.person("Ben")
    post.link(ann, ben)
    change(post, ann, depth=1, themes_off="play,ritual")
    change(post, ben, depth=3, themes_off="support")
    evenings(post, 20)
    for each in checkins(post, ben):
        prompt = LIBRARY.prompt(each.prompt_id)
        assert prompt.theme != "support"
        if each.occasion_id:
            assert prompt.depth == 1
            assert prompt.theme not in ("play", "ritual")


def test_nothing_is_asked_twice_in_half_a_year_not_even_what_was_passed_over(post: Post) -> None:
    ann, ben = post.person("Ann"), post.person("Ben")
    post.link(ann, ben)
    for _ in range(60):
        evenings(post, 1)
        newest = checkins(post, ann)[-1]
        ann.press(AnotherQuestion(newest.id, 0))
    asked = [prompt for each in checkins(post, ann) for prompt in (each.prompt_id, *each.passed.split(","))]
    assert len(asked) == 120
    assert len(set(asked)) == 120
    assert len({LIBRARY.prompt(each).theme for each in asked}) == 7


def test_another_question_suits_the_day(post: Post) -> None:
    ann = post.person("Ann")
    evenings(post, 2)
    for changes in range(5):
        ann.press(AnotherQuestion(checkins(post, ann)[-1].id, changes))
    newest = checkins(post, ann)[-1]
    assert len(newest.passed.split(",")) == 3
    for prompt_id in (newest.prompt_id, *newest.passed.split(",")):
        assert LIBRARY.prompt(prompt_id).fits("alone")


def test_another_first_question_comes_from_the_first_ones_and_there_is_an_end_to_them(post: Post) -> None:
    box = post.person("Ann")

    def another(session: Session, number: int) -> str | None:
        person = people.person(session, box.person_id)
        asked = Checkin(person_id=person.id, kind="first", on_date=MONDAY, prompt_id="my-hour")
        asked.passed = ",".join(list(LIBRARY.english)[:number])
        found = planning.alternative(session, person, asked, library=LIBRARY, random=Random(1))
        return found.id if found else None

    assert post.do(lambda session: another(session, 0)) in {each.id for each in LIBRARY.english.values() if each.first}
    assert post.do(lambda session: another(session, 10_000)) is None


# -- when


def test_the_first_question_has_half_an_hour_to_itself(post: Post) -> None:
    early = post.person("Ann")
    assert next_question(post, early) == times.instant(NOON.date(), EVENING, "Europe/Berlin")
    evenings(post, 1)
    post.clock.move(-timedelta(minutes=20))
    late = post.person("Ben")
    assert next_question(post, late) == times.instant(NOON.date() + timedelta(days=1), EVENING, "Europe/Berlin")


def test_nobody_without_a_zone_or_a_day_is_planned() -> None:
    person = Person(chat_id=uuid4(), name_sealed=b"", language="en", agreed_on=MONDAY)
    plan_next(person, after=NOON)
    assert person.next_question is None
    person.zone, person.days = "Europe/Berlin", 0
    plan_next(person, after=NOON)
    assert person.next_question is None


def test_a_question_that_is_a_little_late_is_asked_all_the_same(post: Post) -> None:
    ann = post.person("Ann")
    due = next_question(post, ann)
    post.pass_to(due + LATE - timedelta(minutes=1))
    (asked,) = checkins(post, ann)
    assert asked.closes == due + WINDOW
    assert "Not today" in ann.last.labels


def test_a_question_that_is_too_late_is_left_out(post: Post) -> None:
    ann = post.person("Ann")
    due = next_question(post, ann)
    post.pass_to(due + LATE + timedelta(minutes=1))
    assert checkins(post, ann) == []
    assert next_question(post, ann) == due + timedelta(days=1)


@pytest.mark.parametrize("hours", [1, 2.9, 4, 24, 24 * 7, 24 * 30 + 1])
def test_after_an_outage_of_any_length_at_most_one_question_waits(post: Post, hours: float) -> None:
    """G6."""
    ann, ben = post.person("Ann"), post.person("Ben", "Asia/Tokyo")
    post.link(ann, ben)
    evenings(post, 1)
    before = len(ann.shown), len(ben.shown)
    asked = len(checkins(post, ann)), len(checkins(post, ben))
    post.pass_time(hours=hours)
    assert len(checkins(post, ann)) - asked[0] <= 1
    assert len(checkins(post, ben)) - asked[1] <= 1
    assert len(ann.shown) - before[0] <= 1
    assert len(ben.shown) - before[1] <= 1


def test_a_question_that_could_not_be_sent_for_hours_is_not_sent_any_more(post: Post) -> None:
    ann = post.person("Ann")
    post.clock.move(next_question(post, ann) - post.clock.now())
    post.do(lambda session: asking.ask_due(session, library=LIBRARY, random=Random(1), now=post.clock.now()))
    shown = len(ann.shown)
    post.clock.move(LATE)
    post.deliver()
    assert len(ann.shown) == shown
    ann.say("To the one that came.")
    assert ann.newest("Share").text.split("\n\n")[0] == ann.shown[min(ann.shown)].text.split("\n\n")[0]
    ann.command("today")
    ann.say("Ah, that.")
    assert "Kept for you." in ann.last.text


def test_whoever_flies_west_is_asked_once_for_a_date(post: Post) -> None:
    ann = post.person("Ann", "Asia/Tokyo")
    evenings(post, 2, "Asia/Tokyo")
    change(post, ann, zone="America/Los_Angeles")
    for _ in range(4):
        post.pass_to(next_question(post, ann))
    dates = [each.on_date for each in checkins(post, ann)]
    assert dates == [dates[0] + timedelta(days=number) for number in range(len(dates))]


def test_whoever_flies_east_at_midday_is_asked_that_evening(post: Post) -> None:
    ann = post.person("Ann", "America/Los_Angeles")
    evenings(post, 1, "America/Los_Angeles")
    post.pass_time(hours=16)
    change(post, ann, zone="Asia/Tokyo")
    assert next_question(post, ann) - post.clock.now() < timedelta(hours=24)


def test_a_time_that_was_planned_twice_for_a_date_asks_once(post: Post) -> None:
    ann = post.person("Ann")
    evenings(post, 1)
    asked = len(checkins(post, ann))
    post.do(lambda session: setattr(people.person(session, ann.person_id), "next_question", post.clock.now()))
    post.pass_time(seconds=1)
    assert len(checkins(post, ann)) == asked


def test_people_who_are_not_set_up_or_blocked_the_bot_are_planned_anew_without_a_question(post: Post) -> None:
    for values in ({"unreachable": True}, {"ready": False}):
        box = post.person("Ann")
        change(post, box, **values)
        before = next_question(post, box)
        post.pass_to(before)
        assert checkins(post, box) == []
        assert next_question(post, box) == before + timedelta(days=1)


def test_many_people_at_one_minute_are_asked_in_chunks(inside: Inside) -> None:
    post = Post(inside)
    boxes = [post.person(f"P{number}") for number in range(asking.CHUNK * 2)]
    post.link(boxes[0], boxes[1])
    evenings(post, 2)
    assert all(len(checkins(post, box)) == 2 for box in boxes)
    owed = post.do(lambda session: session.exec(select(Delivery).where(col(Delivery.key).startswith("daily:"))).all())
    assert len(owed) == len(boxes) * 2


def test_the_second_of_two_planners_finds_nothing_left_to_do(post: Post) -> None:
    ann = post.person("Ann")
    post.clock.move(next_question(post, ann) - post.clock.now())
    for _ in range(2):
        post.do(lambda session: asking.ask_due(session, library=LIBRARY, random=Random(1), now=post.clock.now()))
    assert len(checkins(post, ann)) == 1


class Undone(Exception):
    """Raised in a unit, so that nothing of it stays; carries what was found."""


def rehearsed(post: Post, at_once: int, now: datetime) -> list[tuple[object, ...]]:
    """Who would be asked what, so many in one go; nothing of it stays."""

    def ask(session: Session) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(asking, "CHUNK", at_once)
            random = Random(11)
            while asking.ask_due(session, library=LIBRARY, random=random, now=now):
                pass
        query = (
            select(Checkin, Occasion, Person.next_question, Delivery)
            .join(Person, col(Person.id) == Checkin.person_id)
            .join(Delivery, col(Delivery.person_id) == Checkin.person_id)
            .outerjoin(Occasion, col(Occasion.id) == Checkin.occasion_id)
            .where(col(Delivery.state) == "waiting")
            .order_by(col(Checkin.person_id), col(Checkin.turn), col(Delivery.id))
        )
        raise Undone(
            [
                (checkin.person_id, checkin.turn, checkin.on_date, checkin.prompt_id, checkin.closes, following)
                + ((owed.card, owed.due, owed.expires, owed.key.endswith(f"{checkin.id}:0")))
                + ((shared.couple_id, shared.on_date, shared.prompt_id, shared.closes) if shared else ())
                for checkin, shared, following, owed in session.exec(query)
            ]
        )

    with pytest.raises(Undone) as found:
        post.do(ask)
    rows: list[tuple[object, ...]] = found.value.args[0]
    return rows


def test_many_at_once_are_asked_what_each_alone_would_be(inside: Inside) -> None:
    """Two of a couple depend on each other, so that the one who comes second must find what the first was asked."""
    post = Post(inside)
    boxes = [post.person(f"P{number}") for number in range(14)]
    couples = [post.link(*pair) for pair in zip(boxes[:10:2], boxes[1:10:2], strict=True)]
    for minutes, box in enumerate(boxes):  # so that it is always the same person's turn
        change(post, box, daily_minute=EVENING - minutes)
    change(post, boxes[0], themes_off="play,dreams", depth=3)
    change(post, boxes[1], depth=1)
    change(post, boxes[2], quiet_from=19 * 60, quiet_to=22 * 60)
    change(post, boxes[5], days=0b1010101)
    change(post, boxes[12], days=0b0000000)
    post.unlink(boxes[6], couples[3])
    kinds, asked = set(), 0
    for day in range(24):
        if day == 12:
            change(post, boxes[13], paused=True)
        _, at = times.next_occurrence(post.clock.now(), minute=EVENING, days=EVERY_DAY, zone="Europe/Berlin")
        alone = rehearsed(post, 1, at)
        assert rehearsed(post, 64, at) == alone
        assert rehearsed(post, 5, at) == alone
        asked += len(alone)
        kinds |= {kind_of_day(couples[0], at.date())}
        post.pass_to(at)
        for box in boxes[:4]:
            if box.offers("Another question") and day % 3 == 0:
                box.tap("Another question")
    assert kinds == {"shared", "solo", "aloud"}
    assert asked > 200
    offered = post.do(
        lambda session: session.exec(select(Person.id).where(col(Person.lighter_offered_on) > MONDAY)).all()
    )
    assert boxes[4].person_id in offered


@pytest.mark.parametrize("broken", [{"zone": "Nowhere/Land"}, {"depth": 0}])
def test_who_cannot_be_asked_holds_nobody_up(inside: Inside, broken: dict[str, object]) -> None:
    post = Post(inside)
    boxes = [post.person(f"P{number}") for number in range(5)]
    post.link(boxes[0], boxes[1])

    def break_one(session: Session) -> None:
        for name, value in broken.items():
            setattr(people.person(session, boxes[2].person_id), name, value)

    post.do(break_one)
    evenings(post, 1)
    assert [len(checkins(post, box)) for box in boxes] == [1, 1, 0, 1, 1]
    assert timedelta() < next_question(post, boxes[2]) - post.clock.now() <= asking.AFTER_A_FAILURE


def test_who_cannot_be_asked_is_not_asked_in_the_middle_of_the_night(post: Post) -> None:
    ann = post.person("Ann")
    late = post.person("Late")
    change(post, late, daily_minute=23 * 60 + 40)

    def break_them(session: Session, depth: int) -> None:
        for box in (ann, late):
            people.person(session, box.person_id).depth = depth

    post.do(lambda session: break_them(session, 0))
    evening = next_question(post, ann)
    for _ in range(20):
        post.pass_time(minutes=15)
    assert next_question(post, ann) <= evening + LATE
    while post.clock.now() < evening + timedelta(hours=8):
        post.pass_time(minutes=15)
    post.do(lambda session: break_them(session, 2))
    post.pass_time(hours=8)
    assert (checkins(post, ann), checkins(post, late)) == ([], [])
    assert next_question(post, ann) == evening + timedelta(days=1)
    assert next_question(post, late) == evening + timedelta(days=1, hours=3, minutes=40)


# -- every date once (G5)


def changes(zone: str, start: int, end: int) -> list[datetime]:
    """The days on which the clocks of a zone change, as UTC noons."""
    day, found = datetime(start, 1, 1, 12, tzinfo=UTC), []
    offset = day.astimezone(rules(zone)).utcoffset()
    while day.year < end:
        day += timedelta(days=1)
        now = day.astimezone(rules(zone)).utcoffset()
        if now != offset:
            found.append(day)
        offset = now
    return found


def asked_dates(zone: str, minute: int, start: datetime, days: int) -> list[date]:
    """The dates that a person's questions stand for, as the planner goes from one to the next."""
    person = Person(chat_id=uuid4(), name_sealed=b"", language="en", agreed_on=MONDAY, zone=zone, daily_minute=minute)
    after, found = start, []
    for _ in range(days):
        plan_next(person, after=after)
        assert person.next_question is not None
        on = asking.date_of(person.next_question, person)
        person.asked_on, after = on, person.next_question
        found.append(on)
    return found


def test_each_local_date_that_exists_has_one_question() -> None:
    random, sample = Random(5), 0
    zones = sorted(zone_names())
    while sample < G5_SAMPLE:
        zone = random.choice(zones)
        start = random.randint(2011, 2035)
        for change_day in changes(zone, start, start + 2):
            for minute in random.sample(range(0, 24 * 60, 15), 24):
                found = asked_dates(zone, minute, change_day - timedelta(days=3), 6)
                steps = {later - earlier for earlier, later in pairwise(found)}
                skipped = zone in ("Pacific/Apia", "Pacific/Fakaofo") and date(2011, 12, 30) > found[0]
                assert steps == {timedelta(days=1)} or skipped, (zone, minute, found)
                sample += 6
        sample += 1


@pytest.mark.every_database
def test_two_planners_at_the_same_moment_ask_everybody_once(inside: Inside) -> None:
    post = Post(inside)
    boxes = [post.person(f"P{number}") for number in range(asking.CHUNK)]
    for first, second in zip(boxes[::2], boxes[1::2], strict=True):
        post.link(first, second)
    post.clock.move(next_question(post, boxes[0]) - post.clock.now())
    now = post.clock.now()
    done = [
        inside.units.submit(lambda session: asking.ask_due(session, library=LIBRARY, random=Random(1), now=now))
        for _ in range(4)
    ]
    assert all(each.exception(20) is None for each in done)
    assert [len(checkins(post, box)) for box in boxes] == [1] * len(boxes)
    assert len(occasions(post)) <= len(boxes) // 2


def test_whoever_was_planned_by_a_wrong_clock_is_found_back(post: Post) -> None:
    ann = post.person("Ann")
    evenings(post, 1)
    change(post, ann, asked_on=date(2027, 5, 1))
    assert next_question(post, ann).year == 2027
    post.pass_time(minutes=10)
    assert next_question(post, ann) - post.clock.now() <= timedelta(days=1, hours=1)
    asked = len(checkins(post, ann))
    evenings(post, 2)
    assert len(checkins(post, ann)) == asked + 2


def test_those_who_were_never_asked_are_found_back_as_well(post: Post) -> None:
    ann = post.person("Ann")

    def send_away(session: Session) -> None:
        people.person(session, ann.person_id).next_question = post.clock.now() + timedelta(days=400)

    post.do(send_away)
    evenings(post, 1)
    evenings(post, 1)
    assert len(checkins(post, ann)) >= 1


def test_a_question_whose_time_lies_in_quiet_hours_comes_when_they_end(post: Post) -> None:
    ann = post.person("Ann")
    ann.press(SetQuiet(NIGHT, MORNING))
    ann.command("time", "23:00")
    for day in range(2):
        _, night = times.next_occurrence(post.clock.now(), minute=23 * 60, days=EVERY_DAY, zone="Europe/Berlin")
        post.pass_to(night)
        before = len(ann.shown)
        _, morning = times.next_occurrence(night, minute=MORNING, days=EVERY_DAY, zone="Europe/Berlin")
        post.pass_to(morning - timedelta(minutes=1))
        assert len(ann.shown) == before, day
        post.pass_to(morning + timedelta(minutes=1))
        assert len(ann.shown) == before + 1, day
        assert "Not today" in ann.last.labels
