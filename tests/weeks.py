"""Weeks: what tests of the weekly conversation begin with."""

from dataclasses import dataclass
from uuid import UUID

from bot.messages.card import Card
from bot.practice import times
from tests.inside import Inside
from tests.post import Mailbox, Post, Shown

SUNDAY = 64
SIX = 18 * 60
BERLIN = "Europe/Berlin"
COUNT_ON = "You will find me at dinner."


@dataclass
class Weeks:
    """Ann and Ben, both in Berlin, who are invited on Sundays at six."""

    inside: Inside
    post: Post
    ann: Mailbox
    ben: Mailbox
    couple_id: UUID

    def sunday(self, zone: str = BERLIN, *, days: int = SUNDAY, minute: int = SIX) -> None:
        """Pass to the next weekly time, day by day, as time does."""
        _, at = times.next_occurrence(self.post.clock.now(), minute=minute, days=days, zone=zone)
        while (at - self.post.clock.now()).days >= 1:
            self.post.pass_time(days=1)
        self.post.pass_to(at)

    def one_card_each(self) -> None:
        """Ann requests, Ben sets a limit; both finish, and it opens."""
        write(self.ann, "Request", "Would you keep Sunday for us?", thanks="The tea on Monday.")
        finish(self.ann)
        write(self.ben, "Limit", "I won't answer mail after eight.", COUNT_ON)
        finish(self.ben)


def linked(inside: Inside, *, zones: tuple[str, str] = (BERLIN, BERLIN)) -> Weeks:
    """A couple on a Wednesday."""
    post = Post(inside)
    ann, ben = post.person("Ann", zones[0]), post.person("Ben", zones[1])
    return Weeks(inside, post, ann, ben, post.link(ann, ben))


def write(box: Mailbox, kind: str, *texts: str, thanks: str | None = None, share: bool = True) -> None:
    """From the invitation, or one's own side, to a card that is shared or kept."""
    if box.last.labels[:1] == ["Yes"]:
        box.tap("Yes")
        if thanks is None:
            box.tap("Pass over")
        else:
            box.say(thanks)
    if kind not in box.last.labels:
        box.tap("Add another")
    box.tap(kind)
    for text in texts:
        box.say(text)
    box.tap("Share" if share else "Keep for me", on=box.last)
    if not share:
        box.tap("Back", on=box.last)


def finish(box: Mailbox) -> None:
    """[I'm finished], or [Nothing now]."""
    if box.last.labels[:1] == ["Yes"]:
        box.tap("Yes")
        box.tap("Pass over")
    label = "I'm finished" if "I'm finished" in box.last.labels else "Nothing now"
    box.tap(label, on=box.last)


def opening(box: Mailbox) -> Shown:
    """The newest message that shows what opened."""
    return next(each for each in reversed(box.shown.values()) if "Your week is open" in each.text)


def states(box: Mailbox) -> list[Card]:
    """Every state of every message of a chat."""
    return [state for message in box.shown.values() for state in message.states]
