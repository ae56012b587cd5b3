"""Words that suggest danger: they notify nobody and block nothing; their author alone is shown where help is."""

import re
from collections.abc import Mapping
from types import MappingProxyType

RULES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "en": (
            (
                r"\b(?:hit|hits|hitting|beat|beats|beating|slap\w*|punch\w*|chok\w*|strangl\w*|kick(?:s|ed)?|"
                r"shov\w*) (?:me|us|you|"
                r"the (?:kids|child\w*)|my)\b"
            ),
            r"\b(?:kill|hurt|harm) (?:me|you|myself|yourself|himself|herself|us|themselves)\b",
            (
                r"\b(?:afraid|scared|frightened|terrified) "
                r"(?:of (?:you|him|her|my (?:partner|husband|wife))|to go home|"
                r"for my life)\b"
            ),
            r"\b(?:suicid\w*|end my life|want to die|better off dead|self-?harm\w*)\b",
            r"\b(?:forces?|forced|forcing|raped?|rapes) (?:me|you|us)\b",
            r"\b(?:threaten\w*|blackmail\w*|stalk\w*) (?:me|you|us|to)\b",
            r"\b(?:locks?|locked) (?:me|you|us) (?:in|up|out)\b",
            r"\b(?:a|the|with a|his|her) (?:gun|knife)\b",
        )
    }
)
_COMPILED = {
    language: re.compile("|".join(f"(?:{each})" for each in rules), re.IGNORECASE) for language, rules in RULES.items()
}


def suggests_danger(words: str, language: str) -> bool:
    """Whether /safety should be offered to whoever wrote this."""
    plain = " ".join(words.replace("\u2019", "'").split())
    return any(rules.search(plain) for each, rules in _COMPILED.items() if each in ("en", language.partition("-")[0]))
