"""What the words of a boundary card mean: how a limit begins, which lines are options; nothing is stored here."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from bot.practice.partner_words import let_pass
from bot.practice.refusals import FewOptions, TooLongForCard

FEWEST_OPTIONS, MOST_OPTIONS = 2, 4
LONGEST: Mapping[str, int] = MappingProxyType(  # UTF-16 units, so that both people's cards fit into one message
    {"words": 450, "count_on": 200, "stays": 200, "bends": 200, "option": 80}
)
# in which words a limit may begin; a language without a row is asked for the form by two buttons
BEGINNINGS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {"en": {"will_not": r"i (?:won't|will not|will no longer|will never)\s+", "will": r"(?:i will|i'll)\s+"}}
)
_WRITTEN: Mapping[str, str] = MappingProxyType({"will": "I will ", "will_not": "I won't "})
_STARTS = {
    language: {form: re.compile(start, re.IGNORECASE) for form, start in forms.items()}
    for language, forms in BEGINNINGS.items()
}
# an “I” that would stand twice, but for forms of which “I will” makes no sentence either way
_SUBJECTS = {
    "en": re.compile(
        r"i\s+(?!\s|(?:am|was|can|cannot|could|would|should|must|may|might|shall|do|did|have|had)\b|\w+n['’]t\b)",
        re.IGNORECASE,
    )
}


def form_of(words: str, language: str) -> tuple[str, str]:
    """How a limit begins, "will", "will_not" or "" if that is not in its words, and the rest of it."""
    plain = words.replace("\u2019", "'")
    for form, start in _STARTS.get(_primary(language), {}).items():
        if found := start.match(plain):
            return form, words[found.end() :]
    return "", words


def knows_beginnings(language: str) -> bool:
    """Whether the bot recognizes in this language how a limit begins."""
    return _primary(language) in BEGINNINGS


def with_beginning(form: str, words: str) -> str:
    """A limit as it is looked through; other cards have no form."""
    return _WRITTEN.get(form, "") + words


def without_subject(words: str, language: str) -> str:
    """What follows “I will”: not another “I”."""
    subject = _SUBJECTS.get(_primary(language))
    return words[found.end() :] if subject and (found := subject.match(words)) else words


def let_pass_with(form: str, words: str, language: str) -> str:
    """Through the door for words to a partner; a limit together with the words that it begins with.

    Refuses: OnlyWords, TooLongForCard, Controls.
    """
    beginning = with_beginning(form, "")
    whole = let_pass(words and beginning + words, language=language, longest=LONGEST["words"] + len(beginning))
    return whole[len(beginning) :]


def options_in(lines: list[str], language: str) -> list[str]:
    """The options of a decision, one a line, without marks of lists. Refuses: FewOptions, TooLongForCard, Controls."""
    found = [line.strip().lstrip("-•*").strip() for line in lines]
    options = [let_pass(each, language=language, longest=LONGEST["option"]) for each in found if each]
    if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS or len(set(options)) < len(options):
        raise FewOptions
    return options


def as_decision(words: str, language: str) -> str:
    """What was written before it became a decision; one question where the lines below the first are no options."""
    try:
        options_in(words.splitlines()[1:], language)
    except (FewOptions, TooLongForCard):
        return " ".join(words.split())
    return words


def _primary(language: str) -> str:
    return language.partition("-")[0]
