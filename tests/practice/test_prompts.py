from collections import Counter
from collections.abc import Iterable
from dataclasses import FrozenInstanceError
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.practice.prompts import REST, THEMES, Kind, Library, Prompt

TODAY = date(2025, 6, 1)
RECENTLY = TODAY - timedelta(days=10)


def prompt(name: str, theme: str = "play", depth: int = 1, **more: Any) -> Prompt:
    return Prompt(id=name, theme=theme, depth=depth, question=f"{name}?", **more)


def library(*prompts: Prompt) -> Library:
    return Library({each.id: each for each in prompts})


def wish(**changes: Any) -> dict[str, Any]:
    """What choose and alternative ask for, on a plain day."""
    plain = {
        "random": Random(1),
        "depth": 3,
        "themes_off": set(),
        "seen": {},
        "recent_themes": (),
        "on": TODAY,
        "kind": "shared",
    }
    return plain | changes


def chosen(of: Library, times: int = 60, **changes: Any) -> Counter[str]:
    """The ids that come up, with as many different states of chance."""
    return Counter(of.choose(**wish(random=Random(each), **changes)).id for each in range(times))


def every_theme(*depths: int, each: int = 1) -> list[Prompt]:
    return [prompt(f"{theme}-{d}-{n}", theme, d) for theme in THEMES for d in depths for n in range(each)]


def ids(prompts: Iterable[Prompt]) -> set[str]:
    return {each.id for each in prompts}


def test_the_same_chance_gives_the_same_question() -> None:
    of = library(*every_theme(1, 2, 3, each=4))
    assert of.choose(**wish(random=Random(7))) == of.choose(**wish(random=Random(7)))
    assert len(chosen(of)) > 10


def test_no_question_is_deeper_than_allowed() -> None:
    of = library(*every_theme(1, 2, 3))
    assert {of.prompt(each).depth for each in chosen(of, depth=1)} == {1}
    assert {of.prompt(each).depth for each in chosen(of, depth=2)} == {1, 2}


@pytest.mark.parametrize(("depth", "least", "most"), [(2, 240, 360), (3, 540, 660)])
def test_easier_questions_are_mixed_in(depth: int, least: int, most: int) -> None:
    of = library(*every_theme(1, 2, 3))
    drawn = chosen(of, times=900, depth=depth)
    easier = sum(times for each, times in drawn.items() if of.prompt(each).depth < depth)
    assert least < easier < most


def test_where_a_depth_has_nothing_left_the_nearest_easier_one_serves() -> None:
    of = library(prompt("light"), prompt("personal", depth=2), prompt("tender", depth=3))
    assert set(chosen(of, seen={"tender": RECENTLY, "light": RECENTLY})) == {"personal"}


def test_a_theme_that_was_not_used_lately_comes_first() -> None:
    of = library(*every_theme(1))
    assert {each for seed in range(20) for each in chosen(of, 1, recent_themes=THEMES[1:])} == {"self-awareness-1-0"}


def test_of_used_themes_one_of_the_longest_rested_comes() -> None:
    of = library(*every_theme(1))
    newest_first = tuple(reversed(THEMES)) * 2
    assert {of.prompt(each).theme for each in chosen(of, recent_themes=newest_first)} == set(THEMES[:3])


def test_no_weekday_is_tied_to_one_theme() -> None:
    of, random, recent = library(*every_theme(1)), Random(3), list[str]()
    for _ in range(7 * 26):
        recent.insert(0, of.choose(**wish(random=random, recent_themes=recent[:14])).theme)
    assert len(set(recent[::7])) == len(THEMES)
    assert min(Counter(recent).values()) >= 20


def test_a_theme_that_is_exhausted_gives_way_to_the_next() -> None:
    of = library(prompt("tea"), prompt("soup", "support"))
    assert set(chosen(of, recent_themes=("support",), seen={"tea": RECENTLY})) == {"soup"}


def test_nothing_comes_again_within_half_a_year() -> None:
    of = library(prompt("tea"), prompt("soup"))
    assert set(chosen(of, seen={"tea": TODAY - REST})) == {"soup"}
    assert set(chosen(of, seen={"tea": TODAY - REST - timedelta(days=1)})) == {"tea", "soup"}


def test_what_was_seen_on_a_later_local_date_counts_as_seen() -> None:
    of = library(prompt("tea"), prompt("soup"))
    assert set(chosen(of, seen={"tea": TODAY + timedelta(days=1)})) == {"soup"}


def test_if_all_were_seen_the_one_seen_longest_ago_comes() -> None:
    of = library(prompt("tea"), prompt("soup", "support"), prompt("rain", depth=2))
    seen = {"tea": RECENTLY, "soup": TODAY, "rain": RECENTLY - timedelta(days=1)}
    assert set(chosen(of, seen=seen)) == {"rain"}
    assert set(chosen(of, seen=seen, depth=1)) == {"tea"}


def test_a_theme_switched_off_stays_away_even_if_the_others_are_exhausted() -> None:
    of = library(prompt("tea"), prompt("soup", "support"))
    assert set(chosen(of, themes_off={"support"}, seen={"tea": RECENTLY})) == {"tea"}


def test_themes_switched_off_come_if_nothing_else_is_left() -> None:
    of = library(prompt("tea"), prompt("soup", "support", 2))
    assert set(chosen(of, themes_off=set(THEMES))) == {"tea", "soup"}
    assert set(chosen(of, themes_off={"play"}, depth=1)) == {"tea"}


KINDS = library(
    prompt("both"),
    prompt("two", solo=False, alone=False),
    prompt("private", shared=False),
    prompt("paired", alone=False),
    prompt("voice", solo=False, shared=False, alone=False, aloud=True),
    prompt("old", retired=True),
)


@pytest.mark.parametrize(
    ("kind", "fitting"),
    [
        ("shared", {"both", "two", "paired"}),
        ("solo", {"private"}),
        ("aloud", {"voice"}),
        ("alone", {"both", "private"}),
    ],
)
def test_each_kind_of_day_has_its_questions(kind: Kind, fitting: set[str]) -> None:
    assert set(chosen(KINDS, kind=kind)) == fitting


def test_a_private_day_takes_what_two_could_be_asked_only_if_nothing_private_is_left() -> None:
    assert set(chosen(KINDS, kind="solo", seen={"private": RECENTLY})) == {"both", "paired"}


def test_a_private_day_respects_a_theme_that_is_off() -> None:
    of = library(prompt("tea", shared=False), prompt("soup", "support"))
    assert set(chosen(of, kind="solo", themes_off={"play"})) == {"soup"}


def test_a_kind_without_any_question_is_told() -> None:
    with pytest.raises(LookupError, match="no aloud prompt of depth 2 or less"):
        library(prompt("tea")).choose(**wish(kind="aloud", depth=2))


def test_another_question_is_none_of_those_offered_today() -> None:
    of = library(*(prompt(each) for each in ("tea", "soup", "rain", "snow")))
    drawn = {of.alternative(current="tea", offered={"soup"}, **wish(random=Random(each))) for each in range(20)}
    assert ids(each for each in drawn if each) == {"rain", "snow"}


def test_another_question_prefers_another_theme() -> None:
    of = library(*every_theme(1, each=2))
    drawn = (of.alternative(current="play-1-0", offered=(), **wish(random=Random(each))) for each in range(40))
    assert "play" not in {each.theme for each in drawn if each}


def test_another_question_may_have_been_seen_if_all_were_but_not_today() -> None:
    of = library(prompt("tea"), prompt("soup"), prompt("rain"))
    seen = {"tea": TODAY, "soup": RECENTLY, "rain": TODAY}
    found = of.alternative(current="tea", offered=("rain",), **wish(seen=seen))
    assert found == of.prompt("soup")


def test_after_the_last_one_there_is_no_other_question() -> None:
    of = library(prompt("tea"), prompt("soup"))
    assert of.alternative(current="tea", offered=("soup",), **wish()) is None


def test_an_own_prompt_can_be_exchanged_as_well() -> None:
    assert library(prompt("tea")).alternative(current="9f0c", offered=(), **wish()) == prompt("tea")


def test_the_first_question_is_a_first_one_while_there_is_one() -> None:
    of = library(prompt("tea", first=True), prompt("soup", first=True), prompt("rain"), prompt("deep", depth=2))
    assert ids(of.first(random=Random(each), avoid=()) for each in range(20)) == {"tea", "soup"}
    assert of.first(random=Random(1), avoid={"tea"}).id == "soup"
    assert of.first(random=Random(1), avoid={"tea", "soup"}).id == "rain"


def test_the_first_question_makes_sense_to_one_and_to_two() -> None:
    with pytest.raises(LookupError):
        KINDS.first(random=Random(1), avoid={"both"})


def test_a_retired_prompt_still_has_its_words() -> None:
    assert KINDS.prompt("old").question == "old?"
    with pytest.raises(KeyError):
        KINDS.prompt("never-was")


def test_a_prompt_speaks_the_readers_language_where_it_can() -> None:
    tee, cha = Prompt("tea", "play", 1, "Tee?"), Prompt("tea", "play", 1, "Chá?")
    of = Library({"tea": prompt("tea"), "soup": prompt("soup")}, {"de": {"tea": tee}, "pt_BR": {"tea": cha}})
    assert of.prompt("tea", "de") == of.prompt("tea", "de-AT") == tee
    assert of.prompt("tea", "pt-br") == cha
    assert of.prompt("tea", "pt") == of.prompt("tea", "fr") == of.prompt("tea") == prompt("tea")
    assert of.prompt("soup", "de") == prompt("soup")


def test_a_library_stays_as_it_was_made() -> None:
    source = {"tea": prompt("tea")}
    of = Library(source)
    source["soup"] = prompt("soup")
    assert set(of.english) == {"tea"}
    with pytest.raises(FrozenInstanceError):
        of.english = source  # type: ignore[misc]
    with pytest.raises(TypeError):
        of.english["soup"] = prompt("soup")  # type: ignore[index]


SOME = library(*every_theme(1, 2, 3, each=2))


@given(
    seed=st.integers(),
    depth=st.integers(1, 3),
    off=st.sets(st.sampled_from(THEMES)),
    recent=st.lists(st.sampled_from(THEMES), max_size=20),
    seen=st.dictionaries(st.sampled_from(sorted(SOME.english)), st.dates(TODAY - 2 * REST, TODAY)),
)
def test_every_choice_keeps_the_rules(
    seed: int, depth: int, off: set[str], recent: list[str], seen: dict[str, date]
) -> None:
    found = SOME.choose(
        random=Random(seed), depth=depth, themes_off=off, seen=seen, recent_themes=recent, on=TODAY, kind="shared"
    )
    allowed = [p for p in SOME.english.values() if p.depth <= depth and (p.theme not in off or off == set(THEMES))]
    rested = [p for p in allowed if p.id not in seen or TODAY - seen[p.id] > REST]
    assert found in (rested or allowed)
    assert rested or seen[found.id] == min(seen[p.id] for p in allowed)
