"""Weeks: what tests of the weekly conversation begin with."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import select

from bot.messages.card import Card
from bot.practice import times
from storage.tables import BoundaryCard
from tests.inside import Inside
from tests.post import Mailbox, Post, Shown

SUNDAY = 64
SIX = 18 * 60
BERLIN = "Europe/Berlin"
COUNT_ON = "You will find me at dinner."
ASKED = "Would you keep Sunday for us?"


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
        write(self.ann, "Request", ASKED, thanks="The tea on Monday.")
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


def everything(weeks: Weeks) -> None:
    """Two weeks in which every card of the conversation and of the book is shown once."""
    ann, ben = weeks.ann, weeks.ben
    for command in ("weekly", "agreements"):
        ann.command(command)
    weeks.sunday()
    ann.tap("Other topic")
    ann.tap("A topic of my own")
    ann.tap("Back", on=ann.last)
    ann.tap("Just for me")
    ann.tap("Back", on=ann.last)
    ann.tap("Later", on=ann.last)
    ann.tap("In an hour")
    weeks.post.pass_time(hours=1)
    ann.tap("Go on")
    ann.tap("Not this week", on=ann.last)
    ann.tap("Back", on=ann.last)
    write(ann, "Request", "Would you sing?", thanks="The tea.")
    for kind, texts in (("Limit", ("I won't cook.", "Bread.")), ("Decide together", ("Where?\nLake\nHills",))):
        write(ann, kind, *texts)
    ann.tap("Limit 2: shared")
    ann.tap("Back", on=ann.last)
    finish(ann)
    ben.tap("Yes")
    ben.say("The bread.")
    ben.tap("Limit")
    ben.say("cook on Mondays, how could you, and I am afraid of you")
    ben.tap("I will …")
    ben.say("At dinner.")
    ben.tap("Edit")
    ben.tap("Show examples")
    ben.tap("Back", on=ben.last)
    ben.say("I will sleep.")
    ben.tap("Must stay")
    ben.say("The night.")
    ben.tap("Can bend")
    ben.say("The hour.")
    ben.tap("Keep for me")
    ben.tap("Back", on=ben.tap("Remove"))
    ben.tap("Share")
    finish(ben)
    _answer_everything(weeks)
    _review_everything(weeks)


def _answer_everything(weeks: Weeks) -> None:
    ann, ben = weeks.ann, weeks.ben
    ben.tap("Theirs: Request 1", on=opening(ben))
    ben.tap("Counter", on=ben.last)
    ben.say("Would you hum?")
    ben.tap("Theirs: Decide together 3", on=ben.last)
    ben.tap("Lake")
    ben.tap("These I could live with")
    ben.tap("Say what I heard", on=_with(ben, "Theirs: Limit 2", "Say what I heard"))
    ben.say("No cooking.")
    ann.tap("Almost")
    heard = _with(ben, "Theirs: Limit 2", "Take back what I heard")
    for label in ("Take back what I heard", "Back", "Back"):
        ben.tap(label, on=heard)
    ann.tap("Take it back", on=ann.last)
    ann.tap("Back", on=ann.last)
    ann.tap("Try one week")
    ann.tap("Mine: Decide together 3", on=opening(ann))
    ann.tap("Lake")
    ann.tap("These I could live with")
    ann.tap("I see it differently")
    ann.tap("Close the week")
    ann.tap("Save a topic")
    ann.say("The garden")


def _with(box: Mailbox, label: str, wanted: str) -> Shown:
    """The message in which a button leads to another one."""
    message = box.tap(label, on=opening(box))
    assert wanted in message.labels
    return message


def _review_everything(weeks: Weeks) -> None:
    ann, ben = weeks.ann, weeks.ben
    weeks.sunday()
    ann.tap("Other topic", on=ann.newest("Other topic"))
    ann.tap("From my list")
    ann.tap("Renew")
    ben.tap("Change")
    weeks.post.pass_time(days=1)
    weeks.post.pass_time(days=2)
    ann.command("agreements")
    ann.tap("1")
    ann.tap("End it now")
    ann.tap("End it now", on=ann.last)


def open_with(sunday: Weeks, kind: str, *texts: str) -> Weeks:
    """Ann's card is open for both."""
    write(sunday.ann, kind, *texts)
    finish(sunday.ann)
    finish(sunday.ben)
    return sunday


def card(weeks: Weeks) -> BoundaryCard:
    """The only card."""
    return weeks.post.do(lambda session: session.exec(select(BoundaryCard)).one())
