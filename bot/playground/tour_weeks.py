"""The chapters of the tour about the weekly conversation: three weeks, from an opening to an agreement that lapses."""

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.playground.hands import Hands

if TYPE_CHECKING:  # the tour lists these chapters
    from bot.playground.tour import Tour

BREAKFAST = "Would you keep Sunday breakfast for the two of us?"
LIMIT = "I won't answer mail after eight."
DECISION = "When is our evening?\nTuesday\nThursday\nA different one each week"


async def week_comes(tour: "Tour", hands: Hands) -> None:
    """Pass the time until this person's weekly hour."""
    await tour.stage.time.to_weekly(hands.account.id)
    await hands.look()


async def a_weekly_conversation(tour: "Tour") -> None:
    """Each prepares alone; the process is killed; it opens for both at once."""
    ann, ben = tour.ann, tour.ben
    await week_comes(tour, ann)
    await tour.tell("On Sunday at six, where each of them is, a topic comes for the week, in two voices.")
    await ann.tap("Yes")
    await ann.say("You brought me tea without asking.")
    await ann.tap("Decide together")
    await ann.say(DECISION)
    await ann.tap("Share")
    await ann.tap("Add another")
    await ann.tap("Request")
    await ann.say(BREAKFAST)
    await ann.tap("Share")
    await ann.tap("I'm finished")
    await week_comes(tour, ben)
    await tour.tell("Ben sets a limit: it is read, not voted on. He adds what Ann can count on. The bot is killed.")
    await ben.tap("Yes")
    await ben.tap("Pass over")
    await ben.tap("Limit")
    await tour.stage.kill_bot()
    await ben.say(LIMIT, heard=False)
    await tour.stage.start_bot()
    await ben.settle()
    await ben.say("You will find me at dinner.")
    await ben.tap("Share")
    ben.must_never_have_seen("Sunday breakfast")
    ann.must_never_have_seen("answer mail")
    await ben.tap("I'm finished")
    for hands, words in ((ann, "answer mail after eight"), (ben, "Sunday breakfast")):
        hands.must_see(words)
        hands.must_not_be_notified_of(words)
        await hands.read()


async def two_counters(tour: "Tour") -> None:
    """A request, two other wordings, and then another week."""
    ann, ben = tour.ann, tour.ben
    await tour.tell("Ben words the request differently, Ann does too; then it is left for another week.")
    await ben.tap("Theirs: Request 2")
    await ben.tap("Counter")
    await ben.say("Every other Sunday?")
    ann.must_see("Every other Sunday?")
    await ann.tap("Counter")
    await ann.say("Or coffee in bed?")
    ben.must_see("Or coffee in bed?")
    await ben.tap("Another week")
    ann.must_see("Left for another week.")


async def a_decision(tour: "Tour") -> None:
    """Only what both marked appears, and becomes an agreement on trial."""
    ann, ben = tour.ann, tour.ben
    await tour.tell("Each marks what they could live with. Only what both marked appears, on trial for a week.")
    await ben.tap("Theirs: Decide together 1")
    await ben.tap("Thursday")
    await ben.tap("These I could live with")
    ann.must_never_have_seen("You could both live with")
    await ann.tap("Mine: Decide together 1")
    await ann.tap("Tuesday")
    await ann.tap("Thursday")
    await ann.tap("These I could live with")
    for hands in (ann, ben):
        hands.must_see("You could both live with this, on trial: Thursday")
    await ann.tap("I've read this")
    await ann.tap("Close the week")
    ann.must_see("One small thing for this week")


async def a_renewal_and_an_end(tour: "Tour") -> None:
    """The next week both renew; the week after nobody does, and nobody learns why it ended."""
    ann, ben = tour.ann, tour.ben
    await week_comes(tour, ann)
    await tour.tell("A week later both are asked privately, and both renew. Only the outcome is told.")
    await ann.tap("Renew")
    await week_comes(tour, ben)
    await ben.tap("Renew")
    await tour.stage.time.by(timedelta(days=2))
    for hands in (ann, ben):
        hands.must_see("An agreement is renewed.")
    await week_comes(tour, ann)
    await week_comes(tour, ben)
    await tour.tell("The week after, nobody renews it. It ends at its review date, and that is all that is shown.")
    await tour.stage.time.by(timedelta(days=2))
    for hands in (ann, ben):
        hands.must_see("An agreement has ended.")
    await ann.say("/agreements")
    ann.must_see("ended")
