"""How the bot never speaks: one lint for every English text that a person may read."""

import re
from collections.abc import Mapping

_SIGNS = "[\U0001f000-\U0001faff☀-✒✔-➿⬀-⯿⌚-⏿]"  # the plain ✓ is a mark, not an emoji
_EMOJI = re.compile(f"(?:[\U0001f1e6-\U0001f1ff]{{2}}|{_SIGNS})(?:\ufe0f|[\U0001f3fb-\U0001f3ff]|\u200d{_SIGNS})*")
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)

_BANNED: Mapping[str, tuple[str, ...]] = {
    "a streak": (r"streaks?", r"(days?|weeks?|times) in a row", r"keep it up"),
    "what was missed": (r"(you|have|has|you've) missed", r"missed (a |the |your )?(question|day|answer|week|it)"),
    "a reminder of a duty": (
        r"(don't|do not|never) forget",
        r"remember to",
        r"(friendly|gentle) reminder",
        r"overdue",
    ),
    "should": (r"should(n't)?(?! (I|it|this|the bot)\b)", r"ought to", r"supposed to"),
    "must": (r"must(?! stay\b)", r"(?<!would )(?<!if )(?<!when )you('ve| have)? (need|have|got) to"),
    "hurry": (
        r"hurry up",
        r"(as soon as|while) you (still )?can",
        r"as soon as possible|asap",
        r"now or never|last chance",
        r"before it'?s too late",
        r"what are you waiting for",
    ),
    "a countdown": (
        r"countdown|deadline",
        r"(only|just) \d+ (more )?(minutes?|hours?|days?)",
        r"\d+ (minutes?|hours?|days?) (left|to go)",
        r"time is running|running out of time",
    ),
    "pressing": (
        r"(haven't|hasn't|has not|have not|yet to) (yet )?(answer|reply|respond|share)(e?d)?",
        r"(is|are) waiting for you|keep (them|your partner|the other) waiting",
        r"please (answer|reply|respond)",
        r"just (answer|say|tell|try|do)",
        r"be honest|at last you|finally you",
        r"why (don't|didn't|haven't|won't|can't) you",
    ),
    "loss": (r"(you'll|you will|you may|you might|don't|will be) (lose|lost)", r"gone for ?ever"),
    "shame": (
        r"shame|ashamed|guilt|guilty|lazy|selfish|failure",
        r"fail(ed)? (to|them|your)|disappointed (in|with|by)",
        r"let (them|your partner|somebody|everybody) down",
        r"your fault|(to|your) blame",
    ),
    "an accusation": (
        r"you('ve| have| are|'re)? (always|never)(?! (have|need) to\b)",
        r"(they|your partner) (always|never)(?! (sees?|learns?|reads?|hears?|gets?|knows?)\b)",
        r"as usual",
        r"if you really (loved|cared)",
    ),
    "praise of performance": (
        r"well done|(good|great|nice) job|congrat\w*|amazing|awesome",
        r"level up|badges?|leaderboard|your score|earn(ed)? (\w+ )?points",
    ),
    "comparison": (
        r"(other|most|real|healthy|happy|good|normal) (couples|people do)",
        r"more than your partner (did|does)",
    ),
    "a label": (r"hyper-?independen\w*|avoidant|attachment|codependen\w*|narciss\w*|toxic|clingy|needy",),
    "a clinical word": (r"trauma\w*|disorders?|symptoms?|diagnos\w*|dysfunction\w*|coping|triggers?|patholog\w*",),
    "cuteness": (
        r"yay|oops|uh-oh|woohoo|hooray|lovebirds?|sweetie|sweethearts?|hubby|wifey|soul ?mates?",
        r"(better|other) half",
    ),
    "a gender": (r"he|she|him|her|his|hers|himself|herself|husband|wife|boyfriend|girlfriend|guys|ladies",),
    "control": (
        r"(give|tell|share|show|send|hand over|swap|exchange)\b.{0,30}\b(passwords?|passcodes?|location|whereabouts)",
        r"(show|give|hand over)( \w+){0,2} (their|your) (phone|messages)",
        r"(check|go through|look (at|through|into)) their (phone|messages)",
        r"(tell|ask|know|say)\b.{0,20}\b(where|who) (you|they) (are|were|have been)",
        r"ask (for )?permission|(not|you are) allowed to",
        r"report (in|back)|keep track of|prove (it|that|your)",
        r"stop (seeing|meeting)",
        r"owes? (you|me|them|your partner) (touch|sex|intimacy)",
    ),
}
_PATTERNS = {
    name: re.compile("|".join(rf"\b(?:{each})(?!\w)" for each in patterns), re.IGNORECASE | re.DOTALL)
    for name, patterns in _BANNED.items()
} | {"an exclamation": re.compile("!"), "a smiley": re.compile(r"[:;]-?[)(DP](?!\w)")}


def complaints(text: str) -> list[str]:
    """What is wrong with the tone of this English text (HTML tags allowed), each with the words that gave it away."""
    plain = _TAG.sub(" ", text).replace("\u2019", "'")
    found = [
        f"{name}: {match.group().strip()!r}" for name, pattern in _PATTERNS.items() if (match := pattern.search(plain))
    ]
    emoji = list(_EMOJI.finditer(plain))
    if len(emoji) > 1:
        found.append(f"more than one emoji: {''.join(each.group() for each in emoji)!r}")
    elif emoji and plain[: emoji[0].start()].strip():
        found.append(f"an emoji that is not at the start: {emoji[0].group()!r}")
    return found
