"""Words and voice notes: which question they answer, and what becomes of those that come when there is an answer."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from bot.practice.daily import (
    is_answered,
    is_superseded,
    newest_asked,
    own_answer,
    own_checkin,
    stop_editing,
    times_changed,
    turn_in_chat,
)
from bot.practice.prompts import Library
from bot.practice.refusals import Closed, NothingOpen, Refusal, TooLong
from storage import daily, expectations
from storage.daily import Given
from storage.reveals import is_revealed
from storage.tables import Answer, Checkin, Person

REVEAL = "daily.reveal"  # the card
LONGEST_ANSWER = 1700  # UTF-16 units, so that two of them fit into one message
EDIT = "daily.edit"  # what may be awaited


def asked_for(session: Session, person: Person, *, replied_to: int | None, now: datetime) -> Checkin:
    """The check-in that words belong to: the one they reply to, else the newest. Refuses: NothingOpen, Closed."""
    if replied_to is not None:
        card, about = daily.shown_in(session, person=person, message_id=replied_to)
        if card == REVEAL:
            raise Closed
        if card in daily.CARDS:
            return own_checkin(session, person, UUID(about.partition(":")[0]), now=now)
    checkin = newest_asked(session, person.id, now=now)
    if checkin is None or is_revealed(session, occasion_id=checkin.occasion_id):
        raise NothingOpen
    return checkin


def is_reply(session: Session, person: Person, replied_to: int | None) -> bool:
    """Whether words reply to a card of the daily question."""
    if replied_to is None:
        return False
    card, _ = daily.shown_in(session, person=person, message_id=replied_to)
    return card == REVEAL or card in daily.CARDS


def is_meant_for_another(session: Session, person: Person, replied_to: int | None) -> bool:
    """Whether words reply to a daily question while the bot has asked for something else."""
    if replied_to is None:
        return False
    card, about = daily.shown_in(session, person=person, message_id=replied_to)
    awaited = expectations.awaited(session, person_id=person.id)
    if card not in daily.CARDS or awaited is None:
        return False
    return awaited.kind != EDIT or not awaited.about.startswith(about.partition(":")[0])


def give_answer(session: Session, checkin: Checkin, given: Given) -> bool:
    """Keep an answer; if there is one already, hold the new one and tell with False that the bot has to ask.

    More words while it asks go together with those that are held. Refuses: TooLong.
    """
    if is_answered(session, checkin):
        before = daily.held(session, person_id=checkin.person_id, about=checkin.id)
        given = together(before, given) if before else given
        check_length(given.words)
        daily.hold(session, person_id=checkin.person_id, about=checkin.id, given=given)
        return False
    check_length(given.words)
    _keep_first(session, checkin, given)
    return True


def pick_choice(
    session: Session, person: Person, checkin_id: UUID, *, changes: int, number: int, library: Library, now: datetime
) -> Checkin:
    """Answer with one of the question's choices, unless the card was old or there is an answer already.

    Refuses: NotYours, Closed.
    """
    checkin = own_checkin(session, person, checkin_id, now=now)
    choices = library.prompt(checkin.prompt_id, person.language).choices
    if changes == times_changed(checkin) and not is_answered(session, checkin):
        if not 0 <= number < len(choices):
            raise Closed
        _keep_first(session, checkin, Given(words=choices[number]))
    return checkin


# -- changing it


def start_edit(session: Session, person: Person, checkin_id: UUID, *, now: datetime) -> bool:
    """Wait for new words. What was shared is not shared meanwhile: nothing opens while its author changes it.

    Waits for nothing and tells with False while words are held for it: where those belong is asked first.
    Refuses: NotYours, Closed.
    """
    checkin = own_checkin(session, person, checkin_id, now=now)
    answer = own_answer(session, checkin)
    if answer.shared:
        answer.shared = answer.decided = False
    if daily.held(session, person_id=person.id, about=checkin_id) is not None:
        return False
    about = f"{checkin_id}:{turn_in_chat(session, person.id, now=now)}"
    expectations.await_words(session, person_id=person.id, kind=EDIT, about=about)
    return True


def edited(session: Session, person: Person) -> UUID | None:
    """The check-in whose answer is being edited."""
    awaited = expectations.awaited(session, person_id=person.id)
    return UUID(awaited.about.partition(":")[0]) if awaited is not None and awaited.kind == EDIT else None


def awaited_checkin(session: Session, person: Person, *, now: datetime) -> Checkin | None:
    """The check-in whose answer is awaited, if it can still be changed and no newer question has come since."""
    awaited = expectations.awaited(session, person_id=person.id)
    assert awaited is not None  # it is why somebody asks
    checkin_id, _colon, turn = awaited.about.partition(":")
    try:
        checkin = own_checkin(session, person, UUID(checkin_id), now=now)
    except Refusal:
        return None
    if not turn:  # an edit that was begun by an earlier version
        return None if is_superseded(session, checkin, now=now) else checkin
    return checkin if turn_in_chat(session, person.id, now=now) <= int(turn) else None


def replace_answer(session: Session, checkin: Checkin, given: Given) -> None:
    """Put new words in the place of the old ones; whether to share is to be decided again. Refuses: TooLong, Closed."""
    check_length(given.words)
    stop_editing(session, checkin)
    daily.change_answer(session, own_answer(session, checkin), checkin, given)
    checkin.skipped = False


# -- words that came unasked


def replace_with_held(session: Session, person: Person, checkin_id: UUID, *, mark: int, now: datetime) -> bool:
    """[Replace my answer]; False if the button stood under other words than are held now, which then stay so.

    Refuses: NotYours, Closed.
    """
    checkin = own_checkin(session, person, checkin_id, now=now)
    given = _held(session, checkin)
    if seen := _is_seen(session, checkin, mark):
        put_held(session, checkin, given)
    return seen


def add_held(session: Session, person: Person, checkin_id: UUID, *, mark: int, now: datetime) -> bool:
    """[Add to my answer], where that can be; False as above, or if they do not fit. Refuses: NotYours, Closed."""
    checkin = own_checkin(session, person, checkin_id, now=now)
    given, answer = _held(session, checkin), own_answer(session, checkin)
    if not _is_seen(session, checkin, mark) or not can_be_added(session, answer, given):
        return False
    put_held(session, checkin, together(Given(words=daily.words_of(session, answer) or ""), given))
    return True


def leave_answer(session: Session, person: Person, checkin_id: UUID, *, mark: int, now: datetime) -> bool:
    """[Leave it]: what was held is let go; False as above. Refuses: NotYours, Closed."""
    checkin = own_checkin(session, person, checkin_id, now=now)
    _held(session, checkin)
    if seen := _is_seen(session, checkin, mark):
        daily.let_go(session, person_id=person.id, about=checkin.id)
    return seen


def put_held(session: Session, checkin: Checkin, given: Given) -> None:
    """Put words that waited in the place of the answer; they wait no more. Refuses: TooLong, Closed."""
    replace_answer(session, checkin, given)
    daily.let_go(session, person_id=checkin.person_id, about=checkin.id)


def _is_seen(session: Session, checkin: Checkin, mark: int) -> bool:
    """Whether a button stood under the words that are held now."""
    return daily.mark_of_held(session, person_id=checkin.person_id, about=checkin.id) == mark


def can_be_added(session: Session, answer: Answer, given: Given) -> bool:
    """Whether the held words could stand behind those of the answer."""
    words = daily.words_of(session, answer)
    return words is not None and not given.voice and length(together(Given(words=words), given).words) <= LONGEST_ANSWER


def together(first: Given, second: Given) -> Given:
    """Both as one; a voice note stands alone and takes the place of what was there."""
    typed = ",".join(part for part in (first.typed, second.typed) if part)
    if first.voice or second.voice:
        return Given(second.words, second.voice, typed)
    return Given(words=f"{first.words}\n{second.words}".strip(), typed=typed)


def length(words: str) -> int:
    """The length as Telegram counts it, in UTF-16 units."""
    return len(words.encode("utf-16-le", "surrogatepass")) // 2


def check_length(words: str) -> None:
    """Refuse with TooLong what would not fit into a reveal."""
    if length(words) > LONGEST_ANSWER:
        raise TooLong


def _keep_first(session: Session, checkin: Checkin, given: Given) -> None:
    daily.add_answer(session, checkin, given)
    if checkin.skipped:  # to set what stands there already would make the session look at it
        checkin.skipped = False


def _held(session: Session, checkin: Checkin) -> Given:
    found = daily.held(session, person_id=checkin.person_id, about=checkin.id)
    if found is None:
        raise Closed
    return found
