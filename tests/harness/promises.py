"""What the bot promises, checked from outside: what the phones saw against what was done.

G1: each message is applied once. G2: each delivery ends, and what is seen twice was in flight when something broke.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from bot.playground.messages import Message
from tests.harness.records import UNSEEN
from tests.harness.stage import Act, Life, Stage

ENDS = ("sent", "expired", "blocked", "failed")
MOST_ATTEMPTS = 3
KEPT_FOR = timedelta(hours=48)
ERASES, IS_ERASED = "Delete everything", "Everything of yours is deleted"


def check_all(world: Stage) -> None:
    """Every promise that holds whatever people did; the process is dead and `world.records` were read."""
    assert not world.telegram.complaints, world.telegram.complaints
    check_inbox(world)
    check_outbox(world)
    check_copies(world)


def check_inbox(world: Stage) -> None:
    """G1: every update was handled, none was parked, and every message has its answer."""
    records = world.records
    assert not world.telegram.pending, "updates were never confirmed"
    assert not records.parked, f"updates were parked: {records.parked}"
    erased = erasures(world)
    answered = {update for owed in records.owed.values() if (update := owed.update_id) is not None}
    for act in world.acts:
        lost = [update for update in act.updates if update not in records.done]
        assert not lost, f"lost: {act}"
        if act.kind == "message" and act.number > erased.get(act.who, -1):
            silent = [update for update in act.updates if update not in answered]
            forgotten = act.who in erased and _saw_something_after(world, act)  # with the chat, when all else was gone
            assert not silent or forgotten, f"never answered: {act}"


def _saw_something_after(world: Stage, act: Act) -> bool:
    phone = next(phone for phone in world.phones if phone.name == act.who)
    states = (state for one in phone.account.messages if one.sender_id != phone.id for state in one.versions)
    return any(state.number > act.number for state in states)


def check_outbox(world: Stage) -> None:
    """G2: nothing due waits, and every delivery ended in a known way."""
    for owed in world.records.owed.values():
        if owed.state == "waiting":
            assert owed.due > world.now(), f"still waits: {owed}"
            continue
        if owed.state == UNSEEN:  # what ended is pruned two days after it was due, which may be at once
            assert owed.due < world.now() - KEPT_FOR or erasures(world), f"gone without an end: {owed}"
            continue
        assert owed.state in ENDS, f"ended strangely: {owed}"
        assert owed.state != "failed" or owed.attempts > MOST_ATTEMPTS, f"given up without reason: {owed}"


def check_copies(world: Stage) -> None:
    """G2: each delivery is one message on a phone; one more only for an attempt whose outcome nobody learned."""
    sent = [owed for owed in world.records.owed.values() if owed.state == "sent" and owed.mode == "send"]
    shown = {message.id for message in of_bot(world)}
    for owed in sent:
        assert owed.message_id in shown, f"never seen: {owed}"
    twice = [one for one, count in Counter(owed.message_id for owed in sent).items() if count > 1]
    assert not twice, f"two deliveries say they are the same message: {twice}"
    unexplained = [
        message for message in orphans(world) if not _is_explained(world, message) and not _is_erased(world, message)
    ]
    assert not unexplained, "seen, but the bot knows nothing of it: " + "; ".join(map(_describe, unexplained))


def erasures(world: Stage) -> dict[str, int]:
    """Who asked to delete everything, and when last: of what was before, the bot keeps no trace."""
    return {act.who: act.number for act in world.acts if act.kind == "press" and ERASES in act.what}


def _is_erased(world: Stage, message: Message) -> bool:
    """Sent to somebody before all that is known of them was gone."""
    phone = next(phone for phone in world.phones if phone.id == message.chat_id)
    if phone.name not in erasures(world):
        return False
    said = [state.number for one in phone.account.messages for state in one.versions if IS_ERASED in state.text]
    return not said or message.versions[0].number <= max(said)


def orphans(world: Stage) -> list[Message]:
    """The bot's messages that it never learned the number of."""
    return [message for message in of_bot(world) if message.id not in world.records.known]


def of_bot(world: Stage) -> Iterator[Message]:
    """Every message that the bot ever sent to a person."""
    for phone in world.phones:
        yield from (message for message in phone.account.messages if message.sender_id != phone.id)


def life_of(world: Stage, message: Message) -> Life:
    """During which run of the process it was sent."""
    return next(
        life for life in world.lives if life.after < message.id and (life.until is None or message.id <= life.until)
    )


def _is_explained(world: Stage, message: Message) -> bool:
    """In flight at a kill: the last of its chat in that life; or Telegram carried it out and did not say so."""
    life = life_of(world, message)
    mine = [other for other in of_bot(world) if other.chat_id == message.chat_id and life_of(world, other) is life]
    return (life.was_killed and message is mine[-1]) or message.id in world.doubtful


def _describe(message: Message) -> str:
    return f"{message.id} to {message.chat_id}: {[version.text for version in message.versions]}"
