"""What two phones show in the end, without what differs from run to run."""

import re
from collections.abc import Iterable

from bot.messages.library import load
from bot.playground.messages import Message
from tests.harness.path import JUST_FOR_YOU
from tests.harness.stage import Stage
from tests.phones import Phone

Line = tuple[str, str, tuple[str, ...]]
_HOW = re.compile(
    r"Tap one, or answer in your own words or with a voice note\.|Answer in your own words, or with a voice note\."
    r"|One to say aloud, to each other, without the phone\n?|There is nothing to write\. A line[^\n]*"
)
_BLANK = re.compile(r"\n{2,}")


class Teller:
    """Tells what phones show; knows all questions, to leave them out."""

    def __init__(self) -> None:
        library = load()
        prompts = library.english.values()
        topics = [text for each in library.topics.english.values() for text in (each.room, each.contact)]
        self._questions = sorted([*(prompt.question for prompt in prompts), *topics], key=len, reverse=True)
        self._topics = re.compile("|".join(rf"^{each.name}$" for each in library.topics.english.values()), re.MULTILINE)
        self._choices = {choice for prompt in prompts for choice in prompt.choices}

    def story(self, world: Stage, phone: Phone) -> list[Line]:
        """Each message in sight: whose, its words, its buttons. Copies that the bot does not know of are left out."""
        return [
            ("own" if message.sender_id == phone.id else "bot", self._plain(message.text), self._labels(message))
            for message in phone.screen
            if self._counts(world, phone, message)
        ]

    def _counts(self, world: Stage, phone: Phone, message: Message) -> bool:
        known = message.sender_id == phone.id or message.id in world.records.known
        return known and JUST_FOR_YOU not in message.text

    def _plain(self, text: str) -> str:
        for question in self._questions:
            text = text.replace(question, "")
        text = _HOW.sub("", text)
        text = self._topics.sub("", re.sub(r"(A topic for this week:) .*", r"\1", text))
        text = re.sub(r"(start=|/start )\S{20,}", r"\1<token>", text)
        return _BLANK.sub("\n", text).strip()

    def _labels(self, message: Message) -> tuple[str, ...]:
        return tuple(_times_left_out(label for label in message.labels if label not in self._choices))


def _times_left_out(labels: Iterable[str]) -> Iterable[str]:
    return (label for label in labels if not re.fullmatch(r"\d\d:\d\d", label))
