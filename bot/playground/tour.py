"""The tour: some weeks of two people, chapter by chapter. A feature that is new adds a chapter."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from bot.playground.hands import Hands, Missing, Pace
from bot.playground.pairs import Pair
from bot.playground.stage import Stage
from bot.playground.tour_weeks import a_decision, a_renewal_and_an_end, a_weekly_conversation, two_counters

QUESTION = "Not today"  # the label by which a daily question is known
WEEK = "Your week, "  # how a weekly page begins
MOST_DAYS = 12
MOST_WAITS = 40
FIRST_ANSWERS = {  # by a word of the first question: what Ann and Ben say
    "hour": ("The one before everybody wakes up.", "Late, when the street is quiet."),
    "drink": ("Tea, strong, and nobody talking yet.", "Coffee in the blue cup."),
    "share": ("The last piece of chocolate.", "My half of the blanket."),
    "moment": ("You, humming in the kitchen.", "The walk home, although it rained."),
}
ANY_ANSWERS = ("Something small that I had not expected.", "I had to smile when I thought of it.")
Say: TypeAlias = Callable[[str], None]


class Tour:
    """Two people, and somebody who tells what they do."""

    def __init__(self, stage: Stage, *, say: Say, pace: Pace, pair: Pair | None = None) -> None:
        self.stage = stage
        self._say = say
        first, second = (pair or stage.seats.pairs[0]).people
        self.ann, self.ben = Hands(stage, first, pace), Hands(stage, second, pace)
        self.first_answers = ANY_ANSWERS

    def hear_the_first_question(self) -> None:
        """Find answers that fit it."""
        question = self.ann.from_bot[-1].text
        fitting = (answers for word, answers in FIRST_ANSWERS.items() if word in question)
        self.first_answers = next(fitting, ANY_ANSWERS)

    async def tell(self, line: str) -> None:
        """Say what comes next, on the page too."""
        self._say(f"  {line}")
        self.stage.caption = line
        self.stage.feed.room()
        await self.ann.look(1.5)

    async def question_for(self, hands: Hands) -> int:
        """Let time pass until this person's next daily question; gives its number. Raises Missing."""
        before = _newest_question(hands)
        for _ in range(MOST_WAITS):
            if not await self.stage.time.to_next([hands.account.id]):
                raise Missing(f"nothing is planned for {hands.name}")
            if (number := _newest_question(hands)) > before:
                await hands.look()
                return number
        raise Missing(f"no question comes to {hands.name}")

    async def answered_by_ann(self, words: str) -> None:
        """Let days pass until Ann can share these words; on days just for herself she answers too. Raises Missing."""
        for _ in range(MOST_DAYS):
            number = await self.question_for(self.ann)
            await self.ann.say(words)
            if any("Share" in message.labels for message in self.ann.from_bot if message.id >= number):
                return
            await self.tell("Nothing to share today: some questions are just for oneself, some to be said aloud.")
        raise Missing("no question to share comes to Ann")


Chapter: TypeAlias = Callable[[Tour], Awaitable[None]]


async def take_the_tour(stage: Stage, *, say: Say, fast: bool) -> None:
    """Play every chapter. Raises Missing as soon as a phone does not show what it should."""
    tour = Tour(stage, say=say, pace=Pace.none() if fast else Pace.readable())
    for chapter in CHAPTERS:
        await chapter(tour)
    say("The tour has seen everything that it should.")


async def setting_up(tour: Tour) -> None:
    """From START to the first answer."""
    ann = tour.ann
    await tour.tell("Ann meets the bot. It asks for her consent, for the time where she is, and its first question.")
    await ann.start()
    await ann.tap("Begin")
    await ann.tap("I agree")
    await ann.say("Berlin")
    tour.hear_the_first_question()
    await ann.say(tour.first_answers[0])
    ann.must_see(tour.first_answers[0])
    await ann.tap("Share")


async def inviting(tour: Tour) -> None:
    """The invite, and Ben's own first answer."""
    ann, ben = tour.ann, tour.ben
    await tour.tell("She invites Ben. Her answer waits; he cannot see it, nor that there is one.")
    await ann.tap("Invite my partner")
    await ann.hand_over("Copy link", ben)
    await ben.tap("Accept")
    await ben.tap("I agree")
    await ben.say("New York")
    await ben.say(tour.first_answers[1])
    await ben.tap("Share")
    ben.must_never_have_seen(tour.first_answers[0])


async def linking(tour: Tour) -> None:
    """The inviter confirms, and the first reveal follows at once."""
    ann, ben = tour.ann, tour.ben
    await tour.tell("Ann confirms that it is him. Both have shared, so both answers open, for both at once.")
    await ann.tap("Yes, link us")
    await ann.read()
    await ben.read()
    ann.must_see(tour.first_answers[1])
    ben.must_see(tour.first_answers[0])


async def an_answer_each(tour: Tour) -> None:
    """A shared day: each at their own local time, opened together, answered with one tap."""
    ann, ben = tour.ann, tour.ben
    await tour.tell("The next question comes to Ann at eight in the evening in Berlin, to Ben at eight in New York.")
    await tour.answered_by_ann("It took me a while. It was the evening with the open window.")
    await ann.tap("Share")
    await tour.question_for(ben)
    ben.must_never_have_seen("open window")
    await ben.say("Smaller than I expected: you asked, and then you listened.")
    await ben.tap("Share")
    ann.must_see("and then you listened")
    ben.must_see("open window")
    await tour.tell("On the lock screen nothing of it could be read. Ben says thank you with one tap.")
    for hands, words in ((ann, "then you listened"), (ben, "open window")):
        hands.must_not_be_notified_of(words)
        await hands.read()
    await ben.tap("Thank you")
    ann.must_see("Thank you")


async def a_voice_note(tour: Tour) -> None:
    """Speaking instead of writing."""
    ann, ben = tour.ann, tour.ben
    await tour.answered_by_ann("I would rather say this one.")
    await tour.tell("Some things are easier said. Ben answers with a voice note; Ann finds it behind [Play].")
    await ann.tap("Share")
    await tour.question_for(ben)
    await ben.speak()
    await ben.tap("Share")
    await ann.tap("Play")
    if not any(message.media == "voice" for message in ann.from_bot):
        raise Missing("Ann should hear Ben's voice note")


async def something_kept(tour: Tour) -> None:
    """Keeping an answer looks like silence to the other."""
    ann, ben = tour.ann, tour.ben
    await tour.answered_by_ann("This one stays with me.")
    await tour.tell("Ann keeps this answer to herself. Ben shares his, and is told nothing about why nothing opens.")
    await ann.tap("Keep for me")
    await tour.question_for(ben)
    await ben.say("Mine may be read.")
    await ben.tap("Share")
    ben.must_never_have_seen("stays with me")
    ann.must_never_have_seen("Mine may be read")


async def a_killed_bot(tour: Tour) -> None:
    """The process is killed while somebody writes; nothing is lost, nothing is doubled."""
    ann, ben = tour.ann, tour.ben
    await tour.answered_by_ann("Even this arrives.")
    await ann.tap("Share")
    await tour.question_for(ben)
    await tour.tell("Now the bot's process is killed. Ben answers all the same; then the bot starts again.")
    await tour.stage.kill_bot()
    await ben.say("Nobody was there, and still it was heard.", heard=False)
    await ben.look(2)
    await tour.stage.start_bot()
    await ben.settle()
    await ben.tap("Share")
    await ann.read()
    ann.must_see("and still it was heard")
    ben.must_see("Even this arrives.")


async def a_page_of_the_week(tour: Tour) -> None:
    """A private look at one's own lines, two consents, and one page for both, with a picture."""
    ann, ben = tour.ann, tour.ben
    await tour.tell("Both would like to look back on a week together. Each turns that on for themselves.")
    for hands in (ann, ben):
        await hands.say("/summary")
        await hands.tap("Turn it on")
    await tour.tell("On Sunday evening Ann looks at her own lines, in private. She adds her pulse: four taps.")
    await tour.stage.time.to_summary(ann.account.id)
    await _approve(ann, "3324")
    ben.must_never_have_seen(WEEK)
    await tour.tell("Ben does the same on his own evening. Both have approved: the page opens, with a picture.")
    await tour.stage.time.to_summary(ben.account.id)
    await _approve(ben, "2435")
    for hands in (ann, ben):
        await hands.read()
        hands.must_see(WEEK)
        hands.must_see("You both wanted more closeness.")
        hands.must_not_be_notified_of("You both wanted")
        if not any(message.media == "photo" for message in hands.from_bot):
            raise Missing(f"{hands.name} should see the picture of the week")
    await tour.tell("What opened can be found again in the memories.")
    await ben.say("/memories")
    await ben.read()


async def _approve(hands: Hands, values: str) -> None:
    """The pulse, then the preview with it."""
    await hands.say("/pulse")
    for value in values:
        await hands.tap(value)
    await hands.tap("Look")
    await hands.tap("Add my pulse")
    await hands.tap("Approve")


async def leaving(tour: Tour) -> None:
    """The way out: two taps, no reason, at once."""
    ann = tour.ann
    await tour.tell("And there is always a way out: two taps, no reason, at once. Ben finds out at his own next tap.")
    before = len(tour.ben.from_bot)
    await ann.say("/unlink")
    await ann.tap("Leave quietly")
    if len(tour.ben.from_bot) != before:
        raise Missing("Ben should not have been told")
    await tour.ben.say("/invite")
    await tour.tell("Those were four weeks, side by side.")


CHAPTERS: Sequence[Chapter] = (
    setting_up,
    inviting,
    linking,
    an_answer_each,
    a_voice_note,
    something_kept,
    a_killed_bot,
    a_page_of_the_week,
    a_weekly_conversation,
    two_counters,
    a_decision,
    a_renewal_and_an_end,
    leaving,
)


def _newest_question(hands: Hands) -> int:
    return max((message.id for message in hands.from_bot if QUESTION in message.labels), default=0)
