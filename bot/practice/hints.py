"""Softer ways to say it: rules that run offline and only ever suggest.

A language is a row of RULES: the name of a hint, and what gives the harder form away. A language without rules gets no
hints. What a hint says stands in `bot/messages/cards/boundaries.py`.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

NAMES = ("always", "never", "if_then", "must", "fault", "label", "others", "why")

RULES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "en": {
            "always": r"\byou(?:'re| are)? (?:just |only |almost )?always\b|\bevery (?:single )?time you\b|"
            r"\ball you (?:ever )?do\b",
            "never": r"\byou (?:just |almost |have |will |would )?never\b|\byou not once\b|\bnot once (?:have|"
            r"did) you\b",
            "if_then": r"\bif you\b.{1,80}?(?:,| then\b| i'll\b| i will\b| i'm\b| we're\b)|\bunless you\b|\bor else\b",
            "must": r"\byou (?:really |just )?(?:must|should|ought to|have to|need to|had better)\b|\byou'd better\b",
            "fault": r"\byour fault\b|\bbecause of you\b|\byou (?:make|made) me\b|\byou(?:'re| are) to blame\b",
            "label": r"\byou(?:'re| are) (?:so |too |just |such |being |a |an |really )*(?:selfish|lazy|cold|needy|"
            r"clingy|"
            r"crazy|childish|dramatic|impossible|difficult|immature|jealous|controlling|weak|boring)\b",
            "others": r"\b(?:everyone|everybody|normal (?:people|couples)|other (?:people|couples)|my (?:friends|"
            r"mother|"
            r"therapist)) (?:says?|said|thinks?|agrees?|knows?|would|can|do)\b",
            "why": r"\bwhy (?:do|did|are|can't|don't|won't|didn't) you\b|\bhow could you\b",
        }
    }
)
_COMPILED = {
    language: {name: re.compile(pattern, re.IGNORECASE | re.DOTALL) for name, pattern in rules.items()}
    for language, rules in RULES.items()
}
MOST = 2  # more than two would be a lesson


def hints(words: str, language: str) -> list[str]:
    """The names of what could be said more softly, the most useful first, two at most."""
    rules = _COMPILED.get(language) or _COMPILED.get(language.partition("-")[0], {})
    plain = " ".join(words.replace("\u2019", "'").split())
    return [name for name in NAMES if name in rules and rules[name].search(plain)][:MOST]
