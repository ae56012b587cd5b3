"""What the bot sends, and what it does when somebody acts: as in its handlers, one request a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from benchmarks.scaling.assumptions import FOLLOWS, TAKES
from bot.practice import asking, conversations, summary
from bot.practice.daily import SNOOZE_LASTS
from storage.claiming import REPLY, REVEAL, SCHEDULED

FOR_EVER = 1 << 40


@dataclass(frozen=True)
class Kind:
    """One request to Telegram."""

    name: str
    urgency: int
    counts_as: str
    lasts: float = FOR_EVER  # seconds after which it is not worth sending


KINDS: Sequence[Kind] = (
    Kind("question", SCHEDULED, "questions", asking.LATE.total_seconds()),
    Kind("snoozed", SCHEDULED, "questions", SNOOZE_LASTS.total_seconds()),
    Kind("invitation", SCHEDULED, "invitations", conversations.LATE.total_seconds()),
    Kind("preview", SCHEDULED, "previews", summary.OPEN_FOR.total_seconds()),
    *(Kind(name, REPLY, "replies") for name in ("changed", "when", "later", "skipped", "mine", "editing", "decided")),
    *(Kind(name, REPLY, "replies") for name in ("reacted", "step", "done", "declined", "responded", "lines")),
    *(Kind(name, REPLY, "replies") for name in ("approved", "shown")),
    *(Kind(name, REVEAL, "nudges") for name in ("reveal_nudge", "opening_nudge", "page_nudge", "picture_nudge")),
    *(Kind(name, REVEAL, "contents") for name in ("reveal", "opening", "page", "picture")),
    *(Kind(name, REVEAL, "edits") for name in ("mine_anew", "done_anew", "reaction", "response")),
)
GROUPS: Sequence[str] = tuple(dict.fromkeys(kind.counts_as for kind in KINDS))
NUMBER: Mapping[str, int] = MappingProxyType({kind.name: number for number, kind in enumerate(KINDS)})

# what people do -> the reply that it gets
REPLIES: Mapping[str, str] = MappingProxyType(
    {
        "answer": "mine",
        "change": "changed",
        "later": "when",
        "put_off": "later",
        "skip": "skipped",
        "share": "decided",
        "keep": "decided",
        "edit": "editing",
        "react": "reacted",
        "begin": "step",
        "decline": "declined",
        "step": "step",
        "finish": "done",
        "respond": "responded",
        "look": "lines",
        "approve": "approved",
        "pass": "approved",
        "browse": "shown",
    }
)
ACTS: Sequence[str] = tuple(REPLIES)
ACT: Mapping[str, int] = MappingProxyType({name: number for number, name in enumerate(ACTS)})
AGAIN = len(ACTS)  # no act: a question that was put off comes back

# what opens once both have done it: each of the two gets all of these
OPENS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "share": ("reveal_nudge", "reveal"),
        "finish": ("opening_nudge", "opening"),
        "approve": ("page_nudge", "page", "picture_nudge", "picture"),
    }
)
# and what changes on a card of whoever had done it first; the other's card is their reply
CHANGES: Mapping[str, str] = MappingProxyType({"share": "mine_anew", "finish": "done_anew"})
# what appears on the partner's card without a sound
SHOWS: Mapping[str, str] = MappingProxyType({"react": "reaction", "respond": "response"})

URGENCY = np.array([kind.urgency for kind in KINDS])
LASTS = np.array([kind.lasts for kind in KINDS], dtype=np.int64)
SHORTEST = int(LASTS.min())
GROUP = np.array([GROUPS.index(kind.counts_as) for kind in KINDS])
REPLY_TO = np.array([NUMBER[REPLIES[act]] for act in ACTS] + [NUMBER["snoozed"]])

PARTS = 1000
NOTHING = -1


def _chances() -> np.ndarray:
    """For each kind, what a thousand people who got it do."""
    table = np.full((len(KINDS), PARTS), NOTHING, dtype=np.int16)
    for kind, follows in FOLLOWS.items():
        place = 0
        for act, part in follows.items():
            end = place + round(part * PARTS)
            table[NUMBER[kind], place:end] = ACT[act]
            place = end
    return table


CHANCES = _chances()
MEDIAN_LOG = np.array([np.log(TAKES[kind.name][0]) if kind.name in TAKES else 0.0 for kind in KINDS])
SIGMA = np.array([TAKES[kind.name][1] if kind.name in TAKES else 0.0 for kind in KINDS])
