"""S7, S30: in the weekly conversation every way of not taking part leaves the partner the same trace, byte for byte."""

from collections.abc import Callable, Mapping

import pytest

from bot.practice import times
from tests.lives import Life, Lives
from tests.safety.test_s07_silence_looks_the_same import blocks
from tests.weeks import BERLIN, SIX, SUNDAY, finish, write

HOPE = "Private words."


def silent(life: Life) -> None:
    """Ann sees the invitation and does nothing."""


def not_this_week(life: Life) -> None:
    life.ann.tap("Not this week")


def just_for_me(life: Life) -> None:
    life.ann.tap("Just for me")
    life.ann.say(HOPE)


def puts_off(life: Life) -> None:
    life.ann.tap("Later")
    life.ann.tap("Tomorrow")


def looks_at_topics(life: Life) -> None:
    life.ann.tap("Other topic")
    life.ann.tap("A topic of my own")
    life.ann.say(HOPE)


def begins(life: Life) -> None:
    life.ann.tap("Yes")
    life.ann.say(HOPE)


def shares_and_does_not_finish(life: Life) -> None:
    write(life.ann, "Hope", HOPE, thanks=HOPE)


def keeps_and_leaves(life: Life) -> None:
    write(life.ann, "Hope", HOPE, share=False)
    life.ann.tap("Not this week", on=life.ann.last)


def finishes_and_takes_it_back(life: Life) -> None:
    write(life.ann, "Hope", HOPE)
    finish(life.ann)
    life.ann.tap("Look at it again")


def finishes_and_leaves(life: Life) -> None:
    write(life.ann, "Hope", HOPE)
    finish(life.ann)
    life.ann.tap("Not this week", on=life.ann.last)


def is_refused(life: Life) -> None:
    life.ann.tap("Yes")
    life.ann.say("Give me your password.")


def lives_elsewhere(life: Life) -> None:
    """Ann has moved: nothing tells where she is."""
    life.ann.command("zone", "America/New_York")


def chose_another_day(life: Life) -> None:
    life.ann.command("week", "Tuesday 09:00")


WAYS: Mapping[str, Callable[[Life], None]] = {
    each.__name__: each
    for each in (
        not_this_week,
        just_for_me,
        puts_off,
        looks_at_topics,
        begins,
        shares_and_does_not_finish,
        keeps_and_leaves,
        finishes_and_takes_it_back,
        finishes_and_leaves,
        is_refused,
        blocks,
        lives_elsewhere,
        chose_another_day,
    )
}


def week(ann_does: Callable[[Life], None], *, ben_first: bool) -> Callable[[Life], None]:
    """A week in which Ben says what he has to say, looks again and again, and is invited anew."""

    def live(life: Life) -> None:
        _, at = times.next_occurrence(life.post.clock.now(), minute=SIX, days=SUNDAY, zone=BERLIN)
        life.post.pass_to(at)
        if not ben_first:
            ann_does(life)
        write(life.ben, "Hope", "Dance.", thanks="The tea.")
        finish(life.ben)
        if ben_first:
            ann_does(life)
        for hours in (1, 20, 40, 12, 24):
            life.post.pass_time(hours=hours)
            life.ben.command("weekly")
            life.ben.command("agreements")
        _, at = times.next_occurrence(life.post.clock.now(), minute=SIX, days=SUNDAY, zone=BERLIN)
        life.post.pass_to(at)

    return live


FINISH = (finishes_and_takes_it_back, finishes_and_leaves)  # once Ben has finished, too, that opens it for both
ORDERS = [
    pytest.param(way, ben_first, id=f"{name}-{'ben' if ben_first else 'ann'}_first")
    for name, way in WAYS.items()
    for ben_first in ([False] if way in FINISH else [True, False])
]


@pytest.mark.parametrize(("way", "ben_first"), ORDERS)
def test_the_partner_sees_the_same_as_with_silence(lives: Lives, way: Callable[[Life], None], ben_first: bool) -> None:
    _, with_silence = lives.lived(ben_first, week(silent, ben_first=ben_first))
    _, with_this = lives.live(week(way, ben_first=ben_first))
    assert with_this == with_silence
    assert not any("Private" in text for text, _ in with_this)


def test_a_trace_does_tell_what_may_be_told(lives: Lives) -> None:
    """The check can fail: finishing does open it."""

    def finishes(life: Life) -> None:
        write(life.ann, "Hope", HOPE)
        finish(life.ann)

    _, with_silence = lives.lived(True, week(silent, ben_first=True))
    _, with_this = lives.live(week(finishes, ben_first=True))
    assert with_this != with_silence
