"""Private words: who wrote what, who shared it, and on whose phone it was ever seen (G3, S11, S15)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.playground.messages import Message, Version
from tests.harness import path, weeks
from tests.harness.promises import erasures, of_bot
from tests.harness.stage import VOICE, Act, Stage
from tests.phones import Phone

SHARE = "[Share]"
A_VOICE_NOTE = "your voice note"
SHOWS_AGAIN = ("[Open]", "/today", "/memories", "[forged ")
OF_MEMORIES = frozenset({"Months", "Themes"})  # other ways to look, on every page of memories
NO_LONGER = "No longer shown"
OWN_CARDS = ("daily.mine", "daily.replace")
KEPT = "journal.kept"
REMOVAL = "[Remove for good]"
OF_WEEK = "weekly."
FINISHED = ("[I'm finished]", "[Nothing now]")


@dataclass(frozen=True)
class Showing:
    """A state of a message on one phone that holds words of somebody else."""

    said: Act
    reader: Phone
    message: Message
    version: Version


def check_words(world: Stage) -> None:
    """Nothing before both shared, nothing on a lock screen, once each, and for both or for neither."""
    for showing in showings(world):
        _check_shared(world, showing)
    for showing in _showings_of(world, said(world)):
        if _is_memory(showing):
            _check_theirs(world, showing)
    _check_notices(world)
    _check_once(world)
    _check_both(world)
    _check_own(world)
    _check_applied_once(world)
    _check_weeks(world)


def check_week(world: Stage) -> None:
    """What was held back is seen by the other, never before both have finished, and on no lock screen."""
    finished = [act.number for act in world.acts if act.kind == "press" and act.what == path.FINISHED]
    assert len(finished) == len(path.HELD_BACK), "the path has no such week"
    for phone in world.phones:
        theirs = [text for who, texts in path.HELD_BACK.items() if who != phone.name for text in texts]
        for text in theirs:
            mine = [message for message in of_bot(world) if message.chat_id == phone.id]
            shown = [version.number for message in mine for version in message.versions if text in version.text]
            assert shown, f"{phone.name} never saw {text!r}"
            assert min(shown) > max(finished), f"{phone.name} saw {text!r} too early"
        noticed = [text for text in (*theirs, path.COUNTER) if any(text in each for each in phone.notifications)]
        assert not noticed, f"on the lock screen of {phone.name}: {noticed}"


def said(world: Stage) -> list[Act]:
    """Everything that people typed which is no command: nobody else may see it unless it was shared."""
    return [each for each in _typed(world) if not is_of_week(world, each)]


def _typed(world: Stage) -> list[Act]:
    return [each for each in world.acts if each.kind == "message" and each.what[0] not in "/<"]


def is_of_week(world: Stage, act: Act) -> bool:
    """Whether a card of the weekly conversation took these words, which open in another way."""
    replies = (world.records.owed.get(f"u{update}:1") for update in act.updates)
    return any(reply is not None and reply.card.startswith(OF_WEEK) for reply in replies)


def showings(world: Stage) -> Iterator[Showing]:
    """The same of all that opens with a question of the day, without weekly pages and memories."""
    shown = (one for one in _showings_of(world, said(world)) if not _is_memory(one))
    return (one for one in shown if not one.version.text.startswith(weeks.TITLE))


def _is_memory(showing: Showing) -> bool:
    """Whether it is on a page of memories, which shows beginnings of what was open before."""
    return bool(OF_MEMORIES & {*showing.version.labels})


def _showings_of(world: Stage, acts: Sequence[Act]) -> Iterator[Showing]:
    """Every state of every message that shows one person's words to another one, in the order of the states."""
    for phone in world.phones:
        foreign = [act for act in acts if act.who != phone.name]
        for message in of_bot(world):
            if message.chat_id == phone.id:
                for version in message.versions:
                    shown = "\n".join([version.text, *map(str, version.buttons)])
                    yield from (Showing(act, phone, message, version) for act in foreign if act.what in shown)


def _check_weeks(world: Stage) -> None:
    """Words of a weekly conversation are read when both have finished, a weekly page when both have approved it."""
    for one in _showings_of(world, [act for act in _typed(world) if is_of_week(world, act)]):
        _check_pressed(world, one, *FINISHED)
    for one in _showings_of(world, _typed(world)):
        if one.version.text.startswith(weeks.TITLE):
            _check_pressed(world, one, "[Approve]")


def _check_pressed(world: Stage, showing: Showing, *labels: str) -> None:
    """Its author and its reader pressed one of these before."""
    number = showing.version.number
    ready = {act.who for act in world.acts if act.kind == "press" and act.what in labels and act.number < number}
    assert {showing.said.who, showing.reader.name} <= ready, (
        f"{showing.said} was shown to {showing.reader.name} before both pressed {labels}: {showing.version.text!r}"
    )


def _check_shared(world: Stage, showing: Showing) -> None:
    """Its author pressed [Share] under it before, and so did its reader under what stands beside it."""
    number = showing.version.number
    shares = [act for act in world.acts if act.kind == "press" and act.what == SHARE and act.number < number]
    _check_theirs(world, showing)
    own = own_part(showing.version.text)
    mine = [act for act in shares if act.who == showing.reader.name and own in act.seen]
    taken_back = own == NO_LONGER and number != _first(world, showing)
    assert own, f"{showing.said} was shown to {showing.reader.name} without an answer of their own"
    assert mine or taken_back, (
        f"{showing.reader.name} had not shared, and read {showing.said}: {showing.version.text!r}"
    )


def _check_theirs(world: Stage, showing: Showing) -> None:
    """Its author pressed [Share] under it before."""
    author, number = showing.said.who, showing.version.number
    shares = [act for act in world.acts if act.kind == "press" and act.what == SHARE and act.number < number]
    assert any(act.who == author and showing.said.what in act.seen for act in shares), (
        f"{showing.said} was never shared and was shown to {showing.reader.name}: {showing.version.text!r}"
    )


def reveals(world: Stage) -> int:
    """How many pairs of answers are open, as the phones see it."""
    pairs = {frozenset((one.said.what, own_part(one.version.text))) for one in showings(world)}
    return len(pairs)


def own_part(text: str) -> str:
    """What stands under "You" in a reveal, as it stands on the own card."""
    part = text.partition("\nYou\n")[2].partition("\n\n")[0]
    return A_VOICE_NOTE if part == "a voice note" else part


def _first(world: Stage, showing: Showing) -> int:
    """When these words were on this phone for the first time."""
    return min(one.version.number for one in showings_to(world, showing.reader, showing.said))


def _check_notices(world: Stage) -> None:
    for phone in world.phones:
        for act in _typed(world):
            if act.who != phone.name:
                seen = [text for text in phone.notifications if act.what in text]
                assert not seen, f"on the lock screen of {phone.name}: {seen}"


def _check_once(world: Stage) -> None:
    """In one message, but for those that the reader asked for themselves."""
    for phone in world.phones:
        asked = sum(act.who == phone.name and act.what.startswith(SHOWS_AGAIN) for act in world.acts)
        for act in said(world):
            if act.who != phone.name:
                messages = {one.message.id for one in showings_to(world, phone, act)}
                assert len(messages) <= 1 + asked, f"{act} was shown to {phone.name} in {len(messages)} messages"


def showings_to(world: Stage, phone: Phone, act: Act) -> list[Showing]:
    """Where one person could read what another one wrote."""
    return [one for one in showings(world) if one.reader is phone and one.said is act]


def _check_both(world: Stage) -> None:
    """Whoever read somebody's words was read by them, unless one of them has deleted everything."""
    erased = erasures(world)
    pairs = {(one.said.who, one.reader.name) for one in showings(world)}
    pairs = {pair for pair in pairs if not erased.keys() & {*pair}}
    for author, reader in pairs:
        for one in showings(world):
            if (one.said.who, one.reader.name) == (author, reader):
                own = [act for act in said(world) if act.who == reader and act.what in one.version.text]
                other = next(phone for phone in world.phones if phone.name == author)
                assert not own or any(showings_to(world, other, act) for act in own), (
                    f"{reader} read {one.said}, but {author} did not read {own}"
                )


def _check_own(world: Stage) -> None:
    """The words that were kept came back to their author, these or those that took their place."""
    for act in said(world):
        phone = next(phone for phone in world.phones if phone.name == act.who)
        later = [other.what for other in world.acts if other.who == act.who and other.number >= act.number]
        for update in act.updates:
            owed = world.records.owed.get(f"u{update}:1")
            if owed is not None and owed.card in OWN_CARDS and owed.state == "sent":
                message = next(one for one in phone.account.messages if one.id == owed.message_id)
                assert any(text in "\n".join(message.texts()) for text in later) or VOICE in later, (
                    f"{act} did not come back: {[*message.texts()]}"
                )


def _check_applied_once(world: Stage) -> None:
    """Nobody's words stand twice in one of their cards, and each private note that was confirmed was kept once.

    A note that its author removed is gone.
    """
    for phone in world.phones:
        own = [act for act in said(world) if act.who == phone.name]
        for message in of_bot(world):
            if message.chat_id == phone.id:
                twice = [act for act in own if any(text.count(act.what) > 1 for text in message.texts())]
                assert not twice, f"applied twice: {twice}"
    if erasures(world):
        return  # some of the notes are gone, and of what confirmed them nothing is known
    confirmed = [owed for owed in world.records.owed.values() if owed.card == KEPT and owed.mode == "send"]
    removals = sum(act.what == REMOVAL for act in world.acts)
    left = range(len(confirmed) - removals, len(confirmed) + 1)
    assert world.records.notes in left, f"{world.records.notes} notes for {len(confirmed)} confirmations"
