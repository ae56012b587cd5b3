"""Words that may speak of danger. They block nothing and tell nobody; their author is shown where help is.

No list is complete. Better once too often: whoever reads the offer needlessly loses a second. Nothing is kept of it.
"""

import re
from collections.abc import Sequence
from functools import cache

# English, in the first person or about a partner; a form in brackets may be missing.
PATTERNS: Sequence[str] = (
    # being hurt
    r"(?<!it )(hits?|hitting|beats?|beating|punche[sd]|slap(s|ped)|kick(s|ed)) me",
    r"(chok(es|ed|ing)|strangl(es|ed|ing)) me",
    r"(push(es|ed)|shov(es|ed)|grabb?(s|ed)|hurts?|bruised|burnt|burned) me",
    r"(threw|throws|throwing) ((a|the|his|her|their) )?\w+ at me",
    r"black eye|bruises? (on|from|all over)|broke my (arm|nose|rib|finger|jaw|wrist|phone)",
    # being forced
    r"(forc(es|ed|ing)|mak(es|ing)|made) me (to )?(have sex|sleep with|touch|undress)",
    r"rap(ed|es|ing)( me)?|sexually assault\w*|against my will|won't (let|take) no",
    # being threatened
    r"(he|she|they|you) threaten(s|ed)?( me)?|blackmail\w* me",
    r"threat(en(s|ed|ing)?|s)? (to (kill|hurt|hit|take|leave me with nothing)|me\b)",
    r"(will|would|going to|gonna|wants? to) (kill|hurt|hit|beat) (me|us|the (kids|children))",
    r"(has|have|with|pulled|got) (a|the|his|her|their) (gun|knife)",
    # being held and watched
    r"(won't|doesn't|does not|wouldn't|will not|never) lets? me (leave|go out|see|talk|call|work|have money)",
    r"(lock(s|ed)|shut(s)?) me (in|up|out)|took (away )?my (phone|keys|passport|money|card)s?",
    r"(track(s|ing|ed)|follow(s|ing|ed)|stalk(s|ing|ed)|spie[sd] on|spying on) me",
    # being afraid
    r"(afraid|scared|frightened|terrified) (of|to) (you|him|her|them|go home|my (husband|wife|partner))",
    r"(afraid|scared|frightened) (for my life|at home|in my own home)",
    r"not safe (at home|here|with)|unsafe (at home|with)",
    r"walk(ing)? on eggshells",
    # not wanting to live
    r"(kill|hurt|harm|hurting|harming|cut|cutting) myself|end (my life|it all)|suicid\w+",
    r"(don't|do not|didn't) want to (live|be alive|be here any ?more|wake up)|better off (dead|without me)|want to die",
)


@cache
def _heard() -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{each})(?!\w)" for each in PATTERNS), re.IGNORECASE)


def is_heard_in(words: str) -> bool:
    """Whether these words may speak of danger."""
    return _heard().search(words.replace("\u2019", "'")) is not None
