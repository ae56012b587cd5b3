"""What a round with several processes is judged by can fail: each promise is broken here once, on paper."""

from collections.abc import Mapping, Sequence
from random import Random

import pytest

from bot.playground.calls import Call
from tests.harness.doors import START, Written
from tests.harness.several import Plan
from tests.harness.together import FROZEN, Asked, Ended, Evidence, Trouble

ANN, BEN = 501, 502
ONE, OTHER = 8001, 8002  # doors
RATE = 10
SENT = Ended("sent", 1)
AGAIN = Ended("sent", 2)
ASKED = (Asked(ANN, START, 1, 0.0), Asked(BEN, START, 2, 0.1), Asked(ANN, 31, 3, 0.2), Asked(BEN, 32, 4, 0.3))
KILLED = Trouble(ONE, "killed", 1.6, 3.0)
ENDED = {1: SENT, 2: SENT, 3: SENT, 4: SENT}


def wrote(at: float, chat: int, answers: int, *, door: int = ONE, took_effect: bool = True) -> Written:
    return Written(door, answers, Call("sendMessage", {}, at, chat, took_effect=took_effect))


WRITTEN = (wrote(1.0, ANN, START), wrote(1.1, BEN, START), wrote(1.5, ANN, 31), wrote(1.7, BEN, 32))


def judge(
    written: Sequence[Written] = WRITTEN,
    *,
    troubles: Sequence[Trouble] = (),
    ended: Mapping[int, Ended] = ENDED,
    asked: Sequence[Asked] = ASKED,
) -> None:
    Evidence(asked, written, troubles, ended, RATE, lag=0.0).check()


def test_one_answer_to_each_is_well() -> None:
    judge()


def test_a_request_that_was_not_carried_out_is_no_answer() -> None:
    judge((*WRITTEN[:3], wrote(1.6, BEN, 32, took_effect=False), WRITTEN[3]))
    with pytest.raises(AssertionError, match="never answered"):
        judge((*WRITTEN[:3], wrote(1.6, BEN, 32, took_effect=False)))


def test_what_has_no_delivery_is_lost() -> None:
    with pytest.raises(AssertionError, match="lost"):
        judge(ended={1: SENT, 2: SENT, 3: SENT})


def test_what_nobody_asked_for_is_noticed() -> None:
    with pytest.raises(AssertionError, match="nobody asked"):
        judge((*WRITTEN, wrote(1.8, ANN, 99)))


def test_twice_is_well_after_whoever_wrote_the_first_was_killed() -> None:
    judge((*WRITTEN, wrote(22.0, ANN, 31, door=OTHER)), troubles=[KILLED], ended={**ENDED, 3: AGAIN})


def test_twice_is_well_if_whoever_wrote_the_second_was_frozen_before_the_first() -> None:
    frozen = Trouble(OTHER, FROZEN, 1.2, 24.0)
    judge((*WRITTEN, wrote(24.1, ANN, 31, door=OTHER)), troubles=[frozen], ended={**ENDED, 3: AGAIN})


def test_a_sleeper_that_writes_all_that_it_had_claimed_is_noticed() -> None:
    frozen = Trouble(OTHER, FROZEN, 0.5, 24.0)
    asked = tuple(Asked(1000 + number, START, number, 0.0) for number in range(9))
    once = [wrote(1.0 + number / RATE, each.chat, START) for number, each in enumerate(asked)]
    ended = {each.update_id: AGAIN for each in asked}
    late = [wrote(24.1 + number / RATE, each.chat, START, door=OTHER) for number, each in enumerate(asked)]
    judge([*once, *late[:3]], asked=asked, troubles=[frozen], ended=ended)
    with pytest.raises(AssertionError, match="9 were written after their claim"):
        judge([*once, *late], asked=asked, troubles=[frozen], ended=ended)


def test_a_sleeper_may_write_what_another_lost_meanwhile() -> None:
    troubles = [Trouble(OTHER, FROZEN, 0.5, 24.0), Trouble(ONE, "killed", 2.0, 3.0)]
    asked = tuple(Asked(1000 + number, START, number, 0.0) for number in range(9))
    once = [wrote(1.0 + number / RATE, each.chat, START) for number, each in enumerate(asked)]
    late = [wrote(24.1 + number / RATE, each.chat, START, door=OTHER) for number, each in enumerate(asked)]
    judge([*once, *late], asked=asked, troubles=troubles, ended={each.update_id: AGAIN for each in asked})


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(None, id="nothing went wrong"),
        pytest.param(Trouble(OTHER, "killed", 1.6, 3.0), id="another was killed"),
        pytest.param(Trouble(ONE, "killed", 0.2, 0.9), id="killed before it wrote"),
        pytest.param(Trouble(ONE, "killed", 23.0, 25.0), id="killed when it was written twice already"),
        pytest.param(Trouble(ONE, "killed", 21.9, 25.0), id="killed long after the claim had ended"),
    ],
)
def test_twice_without_reason_is_noticed(trouble: Trouble | None) -> None:
    troubles = [trouble] if trouble else []
    with pytest.raises(AssertionError, match="without reason"):
        judge((*WRITTEN, wrote(22.0, ANN, 31, door=OTHER)), troubles=troubles, ended={**ENDED, 3: AGAIN})


def test_more_messages_than_attempts_are_noticed() -> None:
    with pytest.raises(AssertionError, match="2 times in 1 attempts"):
        judge((*WRITTEN, wrote(22.0, ANN, 31, door=OTHER)), troubles=[KILLED])


def test_attempts_that_nothing_explains_are_noticed() -> None:
    with pytest.raises(AssertionError, match="claimed again and again"):
        judge(ended={**ENDED, 3: AGAIN})


def test_out_of_order_is_noticed() -> None:
    with pytest.raises(AssertionError, match="out of order"):
        judge((wrote(1.6, ANN, START), *WRITTEN[1:]))


def test_what_is_in_doubt_may_be_overtaken() -> None:
    asked = (*ASKED, Asked(ANN, 33, 5, 0.4))
    written = (*WRITTEN[:2], WRITTEN[3], wrote(4.0, ANN, 33), wrote(61.6, ANN, 31, door=OTHER))
    judge(written, troubles=[KILLED], ended={**ENDED, 3: AGAIN, 5: SENT}, asked=asked)


@pytest.mark.parametrize("end", [Ended("waiting", 1), Ended("failed", 2), Ended("expired", 1)])
def test_an_end_that_is_none_is_noticed(end: Ended) -> None:
    with pytest.raises(AssertionError, match="ended badly"):
        judge(ended={**ENDED, 3: end}, troubles=[KILLED])


def test_a_pace_that_is_too_fast_is_noticed() -> None:
    many = tuple(Asked(1000 + number, START, number, 0.0) for number in range(3 * RATE))
    ended = {each.update_id: SENT for each in many}
    judge([wrote(number / RATE, each.chat, START) for number, each in enumerate(many)], asked=many, ended=ended)
    with pytest.raises(AssertionError, match="messages in 1"):
        judge([wrote(number / 25, each.chat, START) for number, each in enumerate(many)], asked=many, ended=ended)


def test_a_long_silence_is_noticed() -> None:
    asked = (*ASKED, Asked(ANN, 33, 5, 60.0))
    ended = {**ENDED, 5: SENT}
    with pytest.raises(AssertionError, match="nobody was answered"):
        judge((*WRITTEN, wrote(60.5, ANN, 33)), asked=asked, ended=ended)


def test_somebody_who_waits_too_long_is_noticed() -> None:
    with pytest.raises(AssertionError, match="waited for"):
        judge((*WRITTEN[:3], wrote(500.0, BEN, 32)))


def test_each_seed_draws_another_round_and_always_the_same_one() -> None:
    plans = [Plan.draw(Random(seed)) for seed in range(40)]
    assert plans[7] == Plan.draw(Random(7))
    assert {each.processes for each in plans} == {2, 3, 4}
    assert {each.is_hooked for each in plans} == {True, False}
    assert {how for each in plans for how in each.troubles} == {"killed", "died", FROZEN}
