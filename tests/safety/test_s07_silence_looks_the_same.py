"""S7, S10, S31: no card, and no time of a delivery, lets a partner tell apart why nothing opens.

Skipped, kept, undecided, put off, unread, taken back, paused, in quiet hours, travelled, blocked: all the same.
"""

from collections.abc import Callable, Mapping, Sequence

import pytest
from sqlmodel import Session

from bot.messages.buttons import PauseFor, Resume, SetDiscreet, SetQuiet, SetRetention, SetRhythm
from bot.practice import preferences
from storage import deliveries, people
from storage.tables import Person
from tests.lives import Life, Lives

ZONE = "Europe/Berlin"


def silent(life: Life) -> None:
    """Ann sees the question and does nothing."""


def keeps(life: Life) -> None:
    life.ann.say("Private words.")
    if "Keep for me" in life.ann.last.labels:
        life.ann.tap("Keep for me")


def decides_nothing(life: Life) -> None:
    life.ann.say("Private words.")


def skips(life: Life) -> None:
    life.ann.tap("Not today")


def puts_off(life: Life) -> None:
    life.ann.tap("Later")
    life.ann.tap("Tomorrow")


def takes_back(life: Life) -> None:
    life.ann.say("Private words.")
    if "Share" in life.ann.last.labels:
        life.ann.tap("Share")
        life.ann.tap("Take back")


def writes_on_and_on(life: Life) -> None:
    for words in ("One.", "Two.", "Three."):
        life.ann.say(words)


def pauses(life: Life) -> None:
    """Ann lets nothing come in."""
    life.ann.press(PauseFor(0))


def pauses_and_comes_back(life: Life) -> None:
    life.ann.press(PauseFor(1))
    life.post.pass_time(seconds=0)
    life.ann.press(Resume())


def is_quiet(life: Life) -> None:
    life.ann.press(SetQuiet(19 * 60, 9 * 60))


def is_discreet(life: Life) -> None:
    life.ann.press(SetDiscreet(1))


def travels(life: Life) -> None:
    life.ann.command("zone", "Tokyo")


def asks_for_help(life: Life) -> None:
    life.ann.command("safety")
    life.ann.say("I am afraid of him.")


def takes_along(life: Life) -> None:
    life.ann.command("export")


def keeps_words_for_a_month(life: Life) -> None:
    life.ann.press(SetRetention(30, 1))


def blocks(life: Life) -> None:
    """Ann blocks the bot."""

    def block(session: Session) -> None:
        person = people.person(session, life.ann.person_id)
        deliveries.mark_blocked(session, chat_id=person.chat_id)

    life.post.do(block)


def of_days(mask: int) -> Callable[[Life], None]:
    def asked_on(life: Life) -> None:
        """Ann is asked on some days only."""
        life.post.do(lambda session: preferences.keep_days(person_of(session, life), mask, now=life.post.clock.now()))

    asked_on.__name__ = f"asked_on_{mask:07b}"
    return asked_on


def person_of(session: Session, life: Life) -> Person:
    return people.person(session, life.ann.person_id)


def quietly_gone(life: Life) -> None:
    """Ann has left, and Ben has not touched anything since."""
    if life.couple_id is not None and life.post.do(lambda session: person_is_linked(session, life)):
        life.post.unlink(life.ann, life.couple_id)


def person_is_linked(session: Session, life: Life) -> bool:
    return people.open_membership(session, person_id=life.ann.person_id) is not None


WAYS: Mapping[str, Callable[[Life], None]] = {
    each.__name__: each
    for each in (
        *(keeps, decides_nothing, skips, puts_off, takes_back, writes_on_and_on, blocks),
        *(pauses, pauses_and_comes_back, is_quiet, is_discreet, travels),
        *(asks_for_help, takes_along, keeps_words_for_a_month),
        *(of_days(21), of_days(16)),
    )
}


def days(ann_does: Callable[[Life], None]) -> Callable[[Life], None]:
    """Six days on which Ben shares whatever he can, and presses what an answer offers."""

    def live(life: Life) -> None:
        for _ in range(6):
            life.evening()
            ann_does(life)
            life.ben.say("Tea.")
            if "Share" in life.ben.last.labels:
                life.ben.tap("Share")
            life.ben.command("today")
            life.post.pass_time(hours=3)
        life.post.pass_time(hours=50)

    return live


def hours(ann_does: Callable[[Life], None], times: list[tuple[object, int]]) -> Callable[[Life], None]:
    """Three days hour by hour; notes when each message of Ben's came, and how many states it had by then."""

    def live(life: Life) -> None:
        begun = life.post.clock.now()
        for hour in range(72):
            life.post.pass_time(hours=1)
            if hour in (12, 36):
                ann_does(life)
            if hour % 24 == 14 and life.ben.offers("Not today"):
                life.ben.say("Tea.")
            passed = round((life.post.clock.now() - begun).total_seconds() / 3600)
            times.append((passed, sum(len(each.states) for each in life.ben.shown.values())))

    return live


def untouched(ann_does: Callable[[Life], None], first: list[str]) -> Callable[[Life], None]:
    """Eight days on which Ben does nothing, once he has put one question off; notes what he saw before them."""

    def live(life: Life) -> None:
        life.evening()
        life.ben.tap("Later")
        life.ben.tap("In an hour")
        first[:] = [state.text.unescape() for each in life.ben.shown.values() for state in each.states]
        for _ in range(8):
            ann_does(life)
            life.post.pass_time(hours=2)
            life.evening()

    return live


@pytest.fixture(scope="module")
def with_silence(lives: Lives) -> Sequence[tuple[object, int]]:
    """When Ben's messages come while Ann is silent."""
    times: list[tuple[object, int]] = []
    lives.live(hours(silent, times))
    return times


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_the_partners_deliveries_come_at_the_same_times(
    lives: Lives, with_silence: Sequence[tuple[object, int]], way: Callable[[Life], None]
) -> None:
    with_this: list[tuple[object, int]] = []
    lives.live(hours(way, with_this))
    assert with_this == with_silence


@pytest.mark.parametrize("rhythm", ["three", "weekly"])
def test_in_another_rhythm_silence_pause_and_block_look_the_same(lives: Lives, rhythm: str) -> None:
    """Which days two share follows from both rhythms; why nothing opens on them does not."""

    def in_rhythm(ann_does: Callable[[Life], None]) -> Callable[[Life], None]:
        def live(life: Life) -> None:
            life.ann.command("help")
            life.ann.press(SetRhythm(rhythm))
            days(ann_does)(life)

        return live

    _, with_silence = lives.live(in_rhythm(silent))
    for way in (skips_if_asked, pauses, blocks, is_quiet):
        _, with_this = lives.live(in_rhythm(way))
        assert with_this == with_silence, way.__name__


def skips_if_asked(life: Life) -> None:
    if life.ann.offers("Not today"):
        life.ann.tap("Not today")


ALOUD = "<i>One to say aloud, to each other, without the phone</i>\n"
NOTHING_TO_WRITE = "There is nothing to write. A line or a voice note here is welcome, too."


def test_whoever_does_nothing_cannot_tell_a_quiet_leave_from_silence(lives: Lives) -> None:
    """But for the weekly question that speaks of the two: nothing scheduled may, once they have left (S2)."""
    before: list[str] = []
    _, with_silence = lives.live(untouched(silent, before))
    _, with_this = lives.live(untouched(quietly_gone, before))
    assert [alone(*each) for each in with_this] == [alone(*each) for each in with_silence]
    brought_back = with_this[len(before)]  # what Ben put off himself, and wants to see again
    assert (ALOUD in brought_back[0]) == (ALOUD in before[0])
    assert not any(ALOUD in text for text, _ in with_this[len(before) + 1 :])


def alone(text: str, labels: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """A question as it is asked for oneself."""
    return text.replace(ALOUD, "").replace(NOTHING_TO_WRITE, "…!"), labels


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_the_partner_sees_the_same_as_with_silence(lives: Lives, way: Callable[[Life], None]) -> None:
    _, with_silence = lives.lived("days", days(silent))
    _, with_this = lives.live(days(way))
    assert with_this == with_silence
    assert not any("Private" in text for text, _ in with_this)


def test_a_trace_does_tell_what_may_be_told(lives: Lives) -> None:
    """The check can fail: an answer that is shared does reach the partner."""

    def shares(life: Life) -> None:
        life.ann.say("For both.")
        if "Share" in life.ann.last.labels:
            life.ann.tap("Share")

    _, with_silence = lives.lived("days", days(silent))
    _, with_this = lives.live(days(shares))
    assert with_this != with_silence
