"""What cannot become a card, a ritual, an ask or an agreement: it controls a person instead of speaking to them.

Passwords, location, reporting in, bans on seeing friends or family, touch as a duty (S20). The rules go by clauses:
each pattern names what is asked, and `unless` what turns it into its opposite, so that "I won't ask for your password"
passes. A language is a row of RULES; English is always looked at, too.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

Control: TypeAlias = Literal["passwords", "location", "reporting", "people", "touch"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What gives a pattern away, and what makes a clause harmless."""

    patterns: tuple[str, ...]
    unless: str = r"(?!)"


_NOT = (
    r"(?:n't|not|never|no longer|nobody|no one|stop|without|instead of)\s+(?:(?!unless\b|until\b|if\b|because\b|"
    r"but\b)[\w']+\s+){0,3}"
)
_LOCK = r"(?:pass-?\s?words?|pass-?\s?codes?|pins?(?: codes?| numbers?)?|log-?\s?ins?|unlock codes?|credentials)"
_DEVICE = (
    r"(?:phones?|messages|chats?|e-?mails?|texts|dms|inbox(?:es)?|browser|search history|whatsapp|call (?:log|history)|"
    r"accounts?|camera roll|socials|social media|laptop|bank statements)"
)
_GIVE = (
    r"(?:giv\w+|tell\w*|shar\w+|send\w*|show\w*|hand\w*|know\w*|have|having|get\w*|swap\w*|exchang\w+|ask\w*|want\w*|"
    r"need\w*|use|using)"
)
_WHERE = r"(?:location|whereabouts|gps|position|find my(?: \w+)?|live map)"
_ON = (
    r"(?:shar\w+|send\w*|turn\w*|switch\w*|giv\w+|show\w*|keep\w*|leav\w+|track\w*|check\w*|see\w*|follow\w*|"
    r"know\w*|activat\w+)"
)
_OFTEN = (
    r"(?:every (?:single )?(?:hour|half hour|few hours|evening|night|day|time|\d+|two|three|thirty|fifteen)|each time|"
    r"hourly|constantly|whenever you|any ?time you|at all times|all the time|always|on the hour|the whole time)"
)
_PEOPLE = (
    r"(?:friends?|family|families|mother|mom|mum|father|dad|parents?|sisters?|brothers?|cousins?|ex(?:es)?|colleagues?|"
    r"co-?workers?|men|women|guys|girls|boys|people|anyone|anybody|best friend|relatives?)"
)
_MEET = (
    r"(?:see|seeing|meet|meeting|talk(?:ing)? (?:to|with)|speak(?:ing)? (?:to|with)|visit|visiting|call|calling|text|"
    r"texting|contact|contacting|writ(?:e|ing) to|spend(?:ing)? time with|hang(?:ing)? out with|go(?:ing)? out with|"
    r"be(?:ing)? friends with|have|having|answer|answering|message|messaging)"
)
_WHOSE = r"(?:your|any|other|those|these|that|the|all|male|female|old)"
_TOUCH = r"(?:sex|intimacy|intimate|intercourse|sleep with me|make love|touch\w*|kiss\w*|cuddl\w*|in bed|your body)"

RULES: Mapping[str, Mapping[Control, Rule]] = MappingProxyType(
    {
        "en": {
            "passwords": Rule(
                (
                    rf"\b{_GIVE}\b.{{0,40}}\b{_LOCK}\b",
                    rf"\b(?:no|without) secret {_LOCK}\b|\b{_LOCK}\b.{{0,25}}\b(?:to|with) (?:me|each other)\b",
                    (
                        rf"\beach other'?s?'? {_LOCK}\b|\b(?:same|our|joint|one) {_LOCK} (?:for|on|to) (?:all|both|"
                        rf"every)"
                    ),
                    r"\b(?:phones?|devices?|accounts?) (?:stay|stays|are|is|remain) (?:always )?(?:unlocked|open)\b",
                    r"\b(?:unlock|open) your (?:phone|laptop|accounts?) (?:for|to) me\b",
                    r"\b(?:my|add my) (?:finger ?print|face)\b.{0,15}\b(?:on|to|in) your phone\b",
                ),
                rf"{_NOT}{_GIVE}\b.{{0,30}}\b{_LOCK}\b|\b(?:wi-?fi|router|guest|netflix|streaming|library|bike lock|"
                rf"printer|alarm)\b.{{0,12}}\b{_LOCK}\b|\bkeep (?:my|our|your)(?: own)? {_LOCK}\b|"
                rf"\b{_LOCK}\b.{{0,25}}\b(?:private|own business|to (?:myself|yourself|ourselves))\b",
            ),
            "location": Rule(
                (
                    rf"\b{_ON}\b.{{0,35}}\b(?:your|our|each other'?s?'?|the|live|my)(?: \w+)? ?\b{_WHERE}\b",
                    rf"\b{_ON}\b.{{0,15}}\bfind my\b",
                    (
                        rf"\b(?:live |real-?time ){_WHERE}\b|\b{_WHERE} (?:sharing|tracking|always on|on at all times|"
                        rf"stays on)\b"
                    ),
                    (
                        r"\btrack(?:ing|er)? (?:app|device|you|each other|your (?:phone|car))\b|\b(?:air ?tag|"
                        r"tracker)\b.{0,20}\b(?:bag|car|coat|keys|you)\b"
                    ),
                    (
                        r"\b(?:tell|text|let|know|say|send|show|see|ask)\b.{0,25}\b(?:exactly )?where (?:you|we|"
                        r"each of us|each other) "
                        r"(?:are|is|were|go|have been|will be)\b(?! (?:with|in|coming from|from|on this|on that|"
                        r"standing|happiest))"
                    ),
                    (
                        r"\b(?:photos?|pictures?|selfies?|video) (?:of|from|as proof of|to prove) where\b|"
                        r"\bpictures? as proof\b|"
                        r"\bvideo ?call me (?:so (?:that )?i|to show|from wherever)"
                    ),
                ),
                rf"{_NOT}{_ON}\b.{{0,35}}\b{_WHERE}\b|\b{_WHERE} (?:of|for) (?:the|a|our)\b|{_NOT}(?:track|tell|ask|"
                rf"know|say)\w*\b|"
                r"\b(?:turn|switch) off\b|\b(?:restaurant|hotel|meeting|party|house|parking)\b.{0,12}\blocation\b",
            ),
            "reporting": Rule(
                (
                    (
                        rf"\b(?:text|call|message|write|phone|ring|check in|report|send|tell|update)\b"
                        rf".{{0,40}}\b{_OFTEN}\b"
                        r".{0,40}\b(?:leave|leaving|go|going|out|arrive|are|meet|away|hour|hours|minutes|with|home|do|"
                        r"doing|talk)\b"
                    ),
                    (
                        r"\breport(?:ing)? (?:back|in|to me|everything|your)\b|\baccount (?:to me )?for (?:your|every|"
                        r"each)\b"
                    ),
                    (
                        r"\bcheck(?:ing)? in (?:with me )?(?:every|each|hourly|before|whenever|"
                        r"when you (?:leave|arrive|"
                        r"go))\b|\bhourly check-?ins?\b"
                    ),
                    (
                        r"\b(?:ask|get|need|have|obtain|request|with|without|wait for) (?:for )?(?:my|your partner's|"
                        r"each other'?s?'?) (?:permission|approval|consent)\b"
                        r"(?!.{0,20}\b(?:touch|kiss|hug|photo|post)\w*)|\bask (?:for )?permission\b|"
                        r"\bpermission to (?:go|leave|see|meet|buy|wear)\b"
                    ),
                    (
                        r"\bask(?:s|ing)? me (?:first )?(?:before|if|whether) you (?:can |may |could )?"
                        r"(?:go|leave|meet|"
                        r"see|talk|wear|spend|post|work|drive|study)\b"
                    ),
                    (
                        rf"\b(?:show me|let me (?:see|read|check|look (?:at|through|into)|go through|have)|"
                        rf"i (?:can|may|"
                        rf"will|want to|get to|"
                        rf"would like to|must be able to) (?:always )?(?:see|read|check|look (?:at|through|into)|"
                        rf"go through|open|scroll through))\b"
                        rf".{{0,20}}\byour(?: \w+)? ?{_DEVICE}\b"
                    ),
                    (
                        rf"\b(?:read|check|see|look (?:at|through|into)|go through|open|"
                        rf"access(?: to)?)\b.{{0,15}}\beach other'?s?'? {_DEVICE}\b"
                    ),
                    (
                        rf"\b(?:access to|hand over|give me) (?:all )?your {_DEVICE}\b|\bno (?:secret|private|"
                        rf"hidden) {_DEVICE}\b"
                    ),
                    (
                        r"\b(?:tell|show|say|list|know)\b.{0,20}\b(?:exactly |always )?who(?:m)? (?:else )?you (?:are|"
                        r"were|have been|will be)? ?"
                        r"(?:with|talk(?:ed|ing)? to|text(?:ed|ing)?|messages?|messaging|meet(?:ing)?|met|see(?:ing)?|"
                        r"speak(?:ing)? to|call(?:ed)?)\b"
                    ),
                    (
                        r"\b(?:proof|prove)\b.{0,25}\b(?:where|who|that you (?:were|are)|at work)\b|\b(?:show|send|"
                        r"give) me (?:the |your |all |every )*receipts?\b"
                    ),
                    r"\b(?:explain|justify)\b.{0,20}\bevery (?:minute|hour|expense|cent|penny|euro|dollar)\b",
                    (
                        r"\banswer\b.{0,20}\b(?:my )?(?:calls?|messages|texts)\b.{0,15}\b(?:immediately|at once|"
                        r"right away|within)\b"
                    ),
                ),
                rf"{_NOT}(?:report|check|ask|read|see|look|go through|show|account|call|text|explain|justify|prove|"
                rf"answer|have to|need|know|tell)\w*\b",
            ),
            "people": Rule(
                (
                    (
                        rf"\b(?:stop|quit|give up|avoid|end|refuse|"
                        rf"cut down on)\b(?: [\w']+){{0,2}} ?\b{_MEET}\b.{{0,25}}\b{_WHOSE}\b.{{0,20}}\b{_PEOPLE}\b"
                    ),
                    (
                        rf"\b(?:stop|quit|give up|avoid|drop|cut off|cut out|leave|end|break off|stay away from|"
                        rf"keep away from|keep your distance from|no longer see)\b"
                        rf"(?: all)?(?: contact with)? \b{_WHOSE}\b.{{0,20}}\b{_PEOPLE}\b"
                    ),
                    (
                        rf"\byou(?:'re| are| will| would| can| could| may| must| should| shall| do)? ?(?:not|never|n't|"
                        rf"no longer|don't|won't|can't|cannot|"
                        rf"mustn't|shouldn't|may not)(?: [\w']+){{0,3}} "
                        rf"{_MEET}\b.{{0,20}}\b(?:{_WHOSE}\b.{{0,20}}\b)?{_PEOPLE}\b(?! of mine)"
                    ),
                    (
                        rf"\b(?:wo|do|will|would|can|ca|did)(?:n't| not)? ?(?:let|allow|permit|want|like|have|tolerate|"
                        rf"accept)(?:s|ed)? (?:you|it when you|that you|you to)\b"
                        rf".{{0,20}}\b{_MEET}\b.{{0,20}}\b{_PEOPLE}\b"
                    ),
                    (
                        rf"\b(?:forbid|ban|prohibit|not allow|disallow)\w*\b.{{0,25}}\b(?:you|your|"
                        rf"{_MEET})\b.{{0,25}}\b{_PEOPLE}\b"
                    ),
                    (
                        r"\byou(?:'re| are)? (?:not |only )?allowed to\b|\bi (?:allow|permit|let) you (?:to )?(?:see|"
                        r"meet|go|visit)\b"
                    ),
                    (
                        rf"\b(?:choose|decide|pick)\b.{{0,20}}\b(?:me|us)\b.{{0,8}}\b(?:or|and|over)\b.{{0,6}}\b(?:your|"
                        rf"them|those)\b.{{0,12}}\b{_PEOPLE}\b|\bme or your {_PEOPLE}\b"
                    ),
                    (
                        rf"\b(?:block|delete|unfriend|unfollow|remove)\b.{{0,25}}\b(?:your|all|every|those|"
                        rf"that)\b.{{0,20}}\b(?:{_PEOPLE}|numbers?|contacts?|followers?)\b"
                    ),
                    (
                        rf"\bno (?:more )?(?:male |female |other |single )?(?:contact (?:with|to)|visits? (?:to|from)|"
                        rf"calls? (?:to|with|from)|evenings? with|{_PEOPLE})\b.{{0,20}}\b(?:your|{_PEOPLE}|without me|"
                        rf"in your life)\b"
                    ),
                    (
                        r"\byou\b.{0,12}\b(?:only|just) (?:go out|leave|meet|see|visit|"
                        r"talk to)\b.{0,30}\b(?:with me|if i|when i|together with me|in my presence)\b"
                    ),
                    (
                        r"\byou(?:'ll| will| may| must| shall| do)? ?(?:not|never|n't|don't|won't|"
                        r"can't)(?: [\w']+){0,2} (?:go out|leave|go anywhere|travel|party)\b.{0,25}\b(?:without me|"
                        r"without my|unless i|alone)\b"
                    ),
                    (
                        rf"\b(?:see|meet|visit|talk to|speak to|call) your {_PEOPLE}\b.{{0,20}}\b(?:only (?:with me|"
                        rf"when i|if i|once)|if i (?:agree|allow|say)|when i (?:agree|allow|say)|without me being)\b"
                    ),
                    (
                        rf"\b(?:quit|leave|give up) your (?:job|work|studies)\b|\bstay (?:at )?home (?:instead of|"
                        rf"and not|while i)\b.{{0,20}}\b(?:{_PEOPLE}|work|out)\b"
                    ),
                ),
                r"\bi (?:will|would|am going to|am) (?:not |never )?(?:ask|want|make|force|"
                r"tell)(?:ing)? you to (?:stop|choose|give up|cut)|"
                r"\bi (?:won't|will not|would never|will never|don't|do not|never)\s+(?:ask|make|force|tell|want|"
                r"expect|need)\w* you to (?:stop|choose|give up|quit|drop|cut|leave|decide|avoid)|"
                r"\bhow (?:happy|glad)\b",
            ),
            "touch": Rule(
                (
                    (
                        r"\b(?:have|having|get|want|make|do|offer|give me|need)\b.{0,20}\b(?:sex|intercourse|make love|"
                        r"intimacy)\b.{0,35}"
                        r"\b(?:every (?:day|night|week|evening|morning|time|weekend|\w+day)|each (?:day|night|week)|"
                        r"once a|twice a|\w+ times (?:a|per)|at least|whenever|"
                        r"when(?:ever)? i (?:want|like|ask|feel)|daily|no matter|even (?:if|when)|on demand|"
                        r"without exception)\b"
                    ),
                    (
                        rf"\b{_TOUCH}\b.{{0,40}}\b(?:duty|duties|obligation|obliged|whenever i|when(?:ever)? i (?:want|"
                        rf"like|ask|feel)|even (?:if|when) you|"
                        r"no matter (?:how|what|if)|on demand|my right|is owed|you owe|not (?:be )?(?:optional|"
                        r"negotiable)|as payment|in return for|in exchange for)\b"
                    ),
                    rf"\b(?:duty|obligation|obliged|owe (?:me|us|it to me)|owes|my right)\b.{{0,40}}\b{_TOUCH}\b",
                    (
                        rf"\byou (?:must|have to|should|need to|are supposed to|ought to|will always|shall|"
                        rf"always) (?:\w+ )?(?:have |give |let |be |want |allow |offer |{_TOUCH})"
                        rf".{{0,25}}\b(?:{_TOUCH}|available)\b"
                    ),
                    rf"\byou (?:must|have to|should|need to|ought to) (?:let me )?{_TOUCH}\b",
                    (
                        r"\b(?:never|not|n't|no) (?:ever )?(?:refuse|deny|reject|turn(?:ing)? me down|say(?:ing)? no|"
                        r"push(?:ing)? me away)\b.{0,30}\b(?:me|sex|intimacy|bed|touch|kiss|cuddle|night)\b"
                    ),
                    rf"\blet me (?:{_TOUCH}|have sex).{{0,25}}\b(?:when|whenever|always|any ?time|even)\b",
                ),
                r"\b(?:is|are|was|be|as) (?:never|not|no) (?:a |an |ever )?(?:duty|obligation|right)|n't (?:a|"
                r"an) (?:duty|obligation)|"
                r"(?:n't|not|never) (?:\w+ ){0,2}(?:have to|must|owe|need to|supposed to|obliged)|\bwithout (?:a |"
                r"any )?(?:duty|obligation|having to)|"
                r"\bi (?:won't|will not|will never|never) (?:refuse|push) (?:to (?:talk|listen)|you to)|\bfeel(?:s|"
                r"ing)? like a(?:n)? (?:duty|obligation)|\bno (?:duty|obligation)\b|"
                r"\b(?:may|can|could) (?:always )?(?:say no|refuse)\b",
            ),
        }
    }
)
# a line may end a clause, or go on on the next one: both are looked at
_CLAUSES = (re.compile(r"[.!?;\n]+|\bbut\b", re.IGNORECASE), re.compile(r"[.!?;]+|\bbut\b", re.IGNORECASE))
_COMPILED = {
    language: {
        name: (
            re.compile("|".join(f"(?:{each})" for each in rule.patterns), re.IGNORECASE),
            re.compile(rule.unless, re.IGNORECASE),
        )
        for name, rule in rules.items()
    }
    for language, rules in RULES.items()
}


def control_in(words: str, language: str) -> Control | None:
    """The first control pattern in these words; None if there is none."""
    plain = words.replace("\u2019", "'")
    clauses = dict.fromkeys(" ".join(clause.split()) for ends in _CLAUSES for clause in ends.split(plain))
    for each in {"en": None, language.partition("-")[0]: None}:
        for clause in clauses:
            if found := _in_clause(clause, _COMPILED.get(each, {})):
                return found
    return None


def _in_clause(clause: str, rules: Mapping[Control, tuple[re.Pattern[str], re.Pattern[str]]]) -> Control | None:
    for name, (pattern, unless) in rules.items():
        if pattern.search(clause) and not unless.search(clause):
            return name
    return None
