import re
from collections import Counter
from datetime import date, timedelta
from itertools import combinations, cycle
from random import Random

import pytest

from bot.messages.library import load
from bot.practice.prompts import REST, THEMES, Kind, Prompt
from tests.guards.tone import complaints

LIBRARY = load()  # an id used twice, a text too long or an unknown field has already failed here
ASKED = [prompt for prompt in LIBRARY.english.values() if not prompt.retired]
ENOUGH = {1: 8, 2: 6, 3: 3}
COUPLE: tuple[Kind, ...] = ("shared", "shared", "shared", "solo", "shared", "shared", "aloud")
PARTNER = re.compile(
    r"\b(partners?|couple|the other('s)?|each other|one another|(you|for) two|two of you|both of you|between you)\b",
    re.IGNORECASE,
)
ALOUD = re.compile(r"^(Aloud\b|Tell each other, without the phone:)")
NOT_HERE = re.compile(
    r"\b(touch\w*|kiss\w*|cuddl\w*|hug\w*|caress\w*|sex\w*|naked|intima\w*|massage|orgasm|desire|turn(s|ed)? on"
    r"|child(hood)?|parents?|mother|father|abus\w*|violen\w*|worst|hurts?|wound\w*|god|pray\w*|wine|beer|christmas)\b",
    re.IGNORECASE,
)


def texts(prompt: Prompt) -> tuple[str, ...]:
    return (prompt.question, *prompt.choices)


def test_every_prompt_keeps_the_tone() -> None:
    assert [(each.id, said) for each in ASKED for text in texts(each) for said in complaints(text)] == []


def test_every_prompt_is_short_and_ends_well() -> None:
    def fine(question: str) -> bool:
        sentences = re.findall(r"[.?](?=[' ]|$)", question)
        return len(question.split()) <= 32 and len(sentences) <= 3 and bool(re.search(r"[.?…]'?$", question))

    assert [each.id for each in ASKED if not fine(each.question)] == []


def test_no_daily_prompt_asks_something_intimate_or_digs_in_a_wound() -> None:
    assert [each.id for each in ASKED if any(map(NOT_HERE.search, texts(each)))] == []


def test_no_prompt_for_a_person_on_their_own_speaks_of_a_partner() -> None:
    assert [each.id for each in ASKED if each.alone and any(map(PARTNER.search, texts(each)))] == []


def test_what_is_to_be_said_aloud_says_so() -> None:
    assert [each.id for each in ASKED if each.aloud != bool(ALOUD.search(each.question))] == []


def test_no_two_prompts_ask_nearly_the_same() -> None:
    words = {each.id: set(re.findall(r"[a-z']{4,}", each.question.lower())) for each in ASKED if not each.aloud}
    alike = [(a, b) for a, b in combinations(words, 2) if len(words[a] & words[b]) > 0.6 * len(words[a] | words[b])]
    assert alike == []
    assert Counter(each.question for each in ASKED).most_common(1)[0][1] == 1


@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_has_enough_of_every_depth_and_kind(theme: str) -> None:
    here = [each for each in ASKED if each.theme == theme]
    counts = Counter(each.depth for each in here if each.shared)
    assert all(counts[depth] >= least for depth, least in ENOUGH.items()), counts
    assert any(each.solo and not each.shared for each in here)
    assert any(each.aloud for each in here)
    assert any(each.alone for each in here)


def test_there_are_enough_of_every_flag() -> None:
    firsts = [each for each in ASKED if each.first]
    assert 3 <= len(firsts) <= 4
    assert sum(bool(each.choices) for each in firsts) >= 2
    assert sum(each.aloud for each in ASKED) >= 26
    assert sum(each.solo and not each.shared for each in ASKED) >= 26
    assert sum(each.alone for each in ASKED) >= 180


@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("days", [COUPLE, ("alone",)], ids=["a couple", "on their own"])
def test_a_question_every_day_for_half_a_year_repeats_none(days: tuple[Kind, ...], depth: int) -> None:
    random, on, seen, recent = Random(depth), date(2025, 1, 1), dict[str, date](), list[str]()
    for kind in (kind for kind, _ in zip(cycle(days), range(REST.days), strict=False)):
        prompt = LIBRARY.choose(
            random=random, depth=depth, themes_off=set(), seen=seen, recent_themes=recent[:14], on=on, kind=kind
        )
        assert prompt.id not in seen
        seen[prompt.id] = on
        recent.insert(0, prompt.theme)
        on += timedelta(days=1)


def test_every_translation_has_words_of_its_own() -> None:
    same = [
        (language, prompt.id)
        for language, prompts in LIBRARY.translated.items()
        for prompt in prompts.values()
        if prompt.question == LIBRARY.prompt(prompt.id).question
    ]
    assert same == []
