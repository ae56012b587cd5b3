"""S7, S11, S12, S15, S30 for the weekly page, the pulse and memories: what one does shows nowhere on the other side."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from bot.practice import summary
from storage import deliveries, people
from tests.conftest import House
from tests.couples import couple
from tests.lives import Life, Lives
from tests.phones import Phone
from tests.sundays import approves, pages, taps_the_pulse, to_sunday, wants

SUNDAY = datetime(2026, 3, 8, 19, 0, 1, tzinfo=UTC)  # 20:00 in Berlin
SECRETS = ("a green umbrella", "the old letter")


# -- S7: every way of not approving looks the same


def wants_nothing(life: Life) -> None:
    """Ann never turned it on."""
    life.ann.command("summary")
    life.ann.tap("Turn it off")


def looks_away(life: Life) -> None:
    """Ann leaves the preview as it is."""


def looks(life: Life) -> None:
    life.ann.tap("Look")


def skips(life: Life) -> None:
    life.ann.tap("Skip this week")


def skips_and_looks_again(life: Life) -> None:
    life.ann.tap("Skip this week")
    life.ann.tap("Look again")


def takes_back(life: Life) -> None:
    life.ann.tap("Look")
    life.ann.tap("Approve")
    life.ann.tap("Take it back")


def removes_everything(life: Life) -> None:
    life.ann.tap("Look")
    life.ann.tap("Remove a line")
    life.ann.press(life.ann.last.card.rows[0][0].payload)  # type: ignore[arg-type]
    life.ann.command("summary")


def approves_too_late(life: Life) -> None:
    life.ann.tap("Look")
    life.post.pass_time(hours=24)
    life.ann.tap("Approve")


def blocks(life: Life) -> None:
    def block(session: Session) -> None:
        person = people.person(session, life.ann.person_id)
        deliveries.mark_blocked(session, chat_id=person.chat_id)

    life.post.do(block)


WAYS: Mapping[str, Callable[[Life], None]] = {
    each.__name__: each
    for each in (wants_nothing, looks, skips, skips_and_looks_again, takes_back, removes_everything, blocks)
}


def a_week(ann_does: Callable[[Life], None], *, ann_first: bool, off: bool = False) -> Callable[[Life], None]:
    """Both have something open; Ben approves with his pulse, and presses what there is for two days."""

    def live(life: Life) -> None:
        for box in (life.ann, life.ben):
            box.say("Tea.")
            box.tap("Share")
        for box in (life.ben,) if off else (life.ann, life.ben):
            box.command("summary")
            box.tap("Turn it on")
        life.post.pass_to(SUNDAY)
        if ann_first and not off:
            ann_does(life)
        life.ben.command("pulse")
        for value in "2345":
            life.ben.tap(value)
        life.ben.tap("Look")
        life.ben.tap("Add my pulse")
        life.ben.tap("Approve")
        life.ben.command("summary")
        life.post.pass_time(hours=2)
        if not ann_first and not off:
            ann_does(life)
        life.ben.tap("This week's lines")
        life.post.pass_time(hours=30)
        life.ben.command("summary")
        life.ben.tap("My week so far")

    return live


# an approval that is taken back after the other's is no such way: the page was open in between
CASES = [(way, first) for way in WAYS.values() for first in (True, False) if first or way is not takes_back]


@pytest.mark.parametrize(("way", "ann_first"), CASES)
def test_every_way_of_not_approving_leaves_the_same_trace(
    lives: Lives, way: Callable[[Life], None], ann_first: bool
) -> None:
    _, with_silence = lives.lived(ann_first, a_week(looks_away, ann_first=ann_first))
    _, with_this = lives.live(a_week(way, ann_first=ann_first))
    assert with_this == with_silence


def test_a_partner_who_never_wanted_it_looks_the_same(lives: Lives) -> None:
    _, with_silence = lives.lived(True, a_week(looks_away, ann_first=True))
    _, without = lives.live(a_week(looks_away, ann_first=True, off=True))
    assert without == with_silence


def test_an_approval_that_comes_too_late_looks_the_same(lives: Lives) -> None:
    def late(life: Life) -> None:
        approves_too_late(life)

    _, with_silence = lives.live(a_week(lambda life: life.post.pass_time(hours=24) and None, ann_first=False))
    _, with_this = lives.live(a_week(late, ann_first=False))
    assert with_this == with_silence


def test_a_page_that_both_approved_does_make_a_difference(lives: Lives) -> None:
    """The check can fail."""

    def agrees(life: Life) -> None:
        life.ann.tap("Look")
        life.ann.tap("Approve")

    _, with_silence = lives.lived(False, a_week(looks_away, ann_first=False))
    _, with_this = lives.live(a_week(agrees, ann_first=False))
    assert with_this != with_silence


# -- S30: nothing tells where the other lives


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles", "Pacific/Auckland", "Pacific/Pago_Pago"])
def test_the_own_preview_comes_goes_and_is_decided_the_same_wherever_the_other_lives(lives: Lives, zone: str) -> None:
    def live_in(where: str) -> Callable[[Life], None]:
        def live(life: Life) -> None:
            def move(session: Session) -> None:
                person = people.person(session, life.ann.person_id)
                person.zone = where
                summary.turn_on(session, person, now=life.post.clock.now())

            life.post.do(move)
            life.ben.command("summary")
            life.ben.tap("Turn it on")
            life.post.pass_to(SUNDAY)
            life.ben.tap("Look")
            for _ in range(23):
                life.post.pass_time(hours=1)
                life.ben.tap("Skip this week")
                life.ben.tap("Look again")
            life.post.pass_time(hours=2)
            life.ben.command("summary")

        return live

    _, here = lives.lived("here", live_in("Europe/Berlin"))
    _, there = lives.live(live_in(zone))
    assert there == here


# -- S11, S12, S15 on two phones


async def both_want_a_page(ann: Phone, ben: Phone) -> None:
    """A couple in Berlin with something open."""
    await couple(ann, ben, cities=("Berlin", "Berlin"))
    for phone in (ann, ben):
        await phone.say("For both.")
        await phone.tap("Share")
        await wants(phone)


async def test_kept_answers_and_what_stays_private_are_on_no_page(house: House, ann: Phone, ben: Phone) -> None:
    await both_want_a_page(ann, ben)
    await house.pass_time(hours=11)
    await ann.say(SECRETS[0])
    if "Keep for me" in ann.last.labels:
        await ann.tap("Keep for me")
    await ann.tap("That stung")
    await ann.tap("Write it down just for you")
    await ann.say(SECRETS[1])
    await to_sunday(house)
    await taps_the_pulse(ann, 1, 5, 1, 5)
    await approves(ann)
    await approves(ben)
    assert pages(ben)
    seen = ben.everything()
    assert not any(secret in seen for secret in SECRETS)
    assert "5 wanted" not in seen  # her pulse was not put on the page
    await ben.say("/memories")
    assert not any(secret in ben.everything() for secret in SECRETS)


async def test_a_page_names_no_counts_times_or_moods(house: House, ann: Phone, ben: Phone) -> None:
    await both_want_a_page(ann, ben)
    await to_sunday(house)
    await approves(ann)
    await approves(ben)
    (page,) = pages(ann)
    heading, _, rest = page.text.partition("\n")
    assert heading.startswith("Your week, ")
    assert not any(letter.isdigit() for letter in rest.replace(page.text.splitlines()[3], ""))
    assert ":" not in heading


async def test_both_see_it_or_neither(house: House, ann: Phone, ben: Phone) -> None:
    await both_want_a_page(ann, ben)
    await to_sunday(house)
    await approves(ann)
    await ann.block()
    await approves(ben)
    assert pages(ben)
    await ann.unblock()
    await ann.say("/summary")
    await ann.tap("The latest page")
    assert pages(ann)
