"""One's own boundary cards, as long as they are not open: begun, written, and shared or kept."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Literal, TypeAlias, get_args
from uuid import UUID

from sqlmodel import Session

from bot.practice import weekly_words
from bot.practice.card_words import (
    LONGEST,
    as_decision,
    form_of,
    knows_beginnings,
    let_pass_with,
    options_in,
    with_beginning,
    without_subject,
)
from bot.practice.conversations import preparing
from bot.practice.partner_words import let_pass, refuse_control
from bot.practice.refusals import Closed, MostCards, NotYours, OnlyWords
from bot.practice.weekly_words import What
from storage import agreements, boundaries, conversations
from storage.boundaries import Field
from storage.tables import BoundaryCard, Participation, Person

Kind: TypeAlias = Literal["limit", "request", "hope", "decision"]
KINDS: tuple[Kind, ...] = get_args(Kind)
UNSORTED = ""  # words whose author has not chosen a kind
FORMS = ("will", "will_not")
MOST_CARDS = 3
_MORE: Mapping[Field, What] = MappingProxyType({"count_on": "count_on+", "stays": "stays+", "bends": "bends+"})
_KIND_OF: Mapping[str, Kind] = MappingProxyType({"options": "decision", "count_on": "limit"})


def begin_card(
    session: Session,
    person: Person,
    participation_id: UUID,
    kind: str,
    *,
    agreement_id: UUID | None = None,
    now: datetime,
) -> BoundaryCard:
    """A new card, or the one that has no words yet, or no kind while words for it go on.

    Refuses: NotYours, Closed, MostCards; Controls, TooLongForCard for words that were written before.
    """
    part = preparing(session, person, participation_id, now=now)
    if kind not in KINDS:
        raise Closed
    if agreement_id is None and (before := _just_written(session, person, part, now=now)) is not None:
        return choose_kind(session, person, before.id, kind, now=now)
    if agreement_id is not None:
        _check_changeable(session, part, agreement_id)
    card = _blank_card(session, person, part, kind, agreement_id=agreement_id)
    weekly_words.await_words(session, person, "words", card.id, now=now)
    return card


def _just_written(session: Session, person: Person, part: Participation, *, now: datetime) -> BoundaryCard | None:
    """The card without a kind to which words would go on: a kind that is chosen now is meant for it."""
    found = weekly_words.awaited(session, person, now=now)
    card = boundaries.card(session, card_id=found.about) if found is not None and found.what == "words+" else None
    return card if card and card.kind == UNSORTED and card.conversation_id == part.conversation_id else None


def begin_with_words(
    session: Session, person: Person, participation_id: UUID, words: str, *, now: datetime
) -> BoundaryCard:
    """A card of words that came before a kind was chosen. Refuses: as above; OnlyWords, TooLongForCard, Controls."""
    part = preparing(session, person, participation_id, now=now)
    card = _blank_card(session, person, part, UNSORTED)
    return write_words(session, person, card.id, words, now=now)


def _blank_card(
    session: Session, person: Person, part: Participation, kind: str, *, agreement_id: UUID | None = None
) -> BoundaryCard:
    """A card without words: a new one, or one that is there already. Refuses: MostCards."""
    cards = conversations.cards_of(session, conversation_id=part.conversation_id, person_id=person.id)
    card = next((each for each in cards if each.words_sealed is None), None)
    if card is None and len(cards) >= MOST_CARDS:
        raise MostCards
    part.step = "cards"
    card = card or boundaries.add_card(
        session,
        conversation_id=part.conversation_id,
        person_id=person.id,
        number=max((each.number for each in cards), default=0) + 1,
        kind=kind,
        agreement_id=agreement_id,
    )
    card.kind, card.agreement_id = kind, agreement_id
    return card


def _check_changeable(session: Session, part: Participation, agreement_id: UUID) -> None:
    """Only what is on the agenda of this couple can be changed. Refuses: Closed."""
    conversation = conversations.conversation(session, conversation_id=part.conversation_id)
    agreement = agreements.agreement(session, agreement_id=agreement_id)
    if agreement is None or agreement.couple_id != conversation.couple_id or agreement.state != "current":
        raise Closed


def own_draft(session: Session, person: Person, card_id: UUID, *, now: datetime) -> tuple[BoundaryCard, Participation]:
    """An own card that is not open, and the part it belongs to. Refuses: NotYours, Closed."""
    card = boundaries.card(session, card_id=card_id)
    if card is None or card.person_id != person.id:
        raise NotYours
    return card, preparing(session, person, part_of(session, person, card).id, now=now)


def look_at(session: Session, person: Person, card_id: UUID, *, now: datetime) -> BoundaryCard:
    """Back to the card, where words go on; of one that is decided they would be another one's.

    Refuses: NotYours, Closed.
    """
    card, part = own_draft(session, person, card_id, now=now)
    if card.decided or card.words_sealed is None:
        await_card(session, person, part, now=now)
    else:
        weekly_words.await_words(session, person, _asks(card), card.id, now=now)
    return card


def await_card(session: Session, person: Person, part: Participation, *, now: datetime) -> None:
    """What is typed now begins a card, as long as the person is at their cards and there is room for one."""
    if part.step == "cards" and len(written(session, person, part)) < MOST_CARDS:
        weekly_words.await_words(session, person, "card", part.id, now=now)
    else:
        weekly_words.forget(session, person)


def written(session: Session, person: Person, part: Participation) -> list[BoundaryCard]:
    """The person's cards with words on them."""
    cards = conversations.cards_of(session, conversation_id=part.conversation_id, person_id=person.id)
    return [card for card in cards if card.words_sealed is not None]


def part_of(session: Session, person: Person, card: BoundaryCard) -> Participation:
    """The part that a person's own card belongs to."""
    part = conversations.part_of(session, card.conversation_id, person.id)
    assert part is not None  # the card was begun there
    return part


def is_unclear(card: BoundaryCard) -> bool:
    """Whether its author has not said what their words are: their kind, or how a limit begins."""
    return card.words_sealed is not None and (card.kind == UNSORTED or (card.kind == "limit" and not card.form))


def is_complete(card: BoundaryCard) -> bool:
    """Whether the card can be shared: it is clear what it is, and a decision has its options."""
    if card.words_sealed is None or is_unclear(card):
        return False
    return card.kind != "decision" or card.options_sealed is not None


# -- writing it


def write_words(session: Session, person: Person, card_id: UUID, words: str, *, now: datetime) -> BoundaryCard:
    """What the card says. Refuses: NotYours, Closed, OnlyWords, TooLongForCard, Controls, FewOptions."""
    card, part = own_draft(session, person, card_id, now=now)
    if card.kind == "decision":
        _write_decision(session, person, card, words)
    else:
        card.form, words = form_of(words, person.language) if card.kind == "limit" else ("", words)
        boundaries.write(session, card, "words", let_pass_with(card.form, words, person.language))
    _written(session, person, card, part)
    _await_next(session, person, card, now=now)
    return card


def _written(session: Session, person: Person, card: BoundaryCard, part: Participation) -> None:
    """What was written is read as a whole: nothing controls in pieces, and whoever writes has not finished.

    Refuses: Controls.
    """
    main = with_beginning(card.form, boundaries.words_of(session, card) or "")
    options = boundaries.options_of(session, card)
    beside = (boundaries.words_of(session, card, field) for field in _MORE)
    refuse_control("\n".join(filter(None, (main, *options, *beside))), person.language)
    for option in options:
        refuse_control(f"{main}\n{option}", person.language)
    reopen(part)


def reopen(part: Participation) -> None:
    """Who changes something after they had finished finishes again."""
    if part.step == "done":
        part.step = "cards"


def go_on_writing(
    session: Session, person: Person, card_id: UUID, what: Field | Literal["options"], words: str, *, now: datetime
) -> BoundaryCard:
    """More of these, below what stands; a limit in its form replaces one without.

    Refuses: as above.
    """
    card, part = own_draft(session, person, card_id, now=now)
    if card.decided or card.words_sealed is None:
        raise Closed
    if not words:
        raise OnlyWords
    if what == "options" or (what == "words" and card.kind == "decision"):
        options = "\n".join((*boundaries.options_of(session, card), words))
        return write_options(session, person, card_id, options, now=now)
    whole = _below(session, card, what, words)
    if what != "words":
        return write_more(session, person, card_id, what, whole, now=now)
    if is_unclear(card):
        replaces = card.kind == "limit" and bool(form_of(words, person.language)[0])
        return write_words(session, person, card_id, words if replaces else whole, now=now)
    boundaries.write(session, card, "words", let_pass_with(card.form, whole, person.language))
    _written(session, person, card, part)
    _await(session, person, card, "words+", now=now)
    return card


def _below(session: Session, card: BoundaryCard, field: Field, words: str) -> str:
    return "\n".join(filter(None, (boundaries.words_of(session, card, field), words)))


def write_more(
    session: Session, person: Person, card_id: UUID, field: Field, words: str, *, now: datetime
) -> BoundaryCard:
    """A line beside it: what can be counted on, what must stay, what can bend. Refuses: as above."""
    card, part = own_draft(session, person, card_id, now=now)
    boundaries.write(session, card, field, let_pass(words, language=person.language, longest=LONGEST[field]))
    _written(session, person, card, part)
    _await(session, person, card, _MORE[field] if is_complete(card) else _asks(card), now=now)
    return card


def write_options(session: Session, person: Person, card_id: UUID, words: str, *, now: datetime) -> BoundaryCard:
    """The options of a decision, a line each. Refuses: as above."""
    card, part = own_draft(session, person, card_id, now=now)
    boundaries.write_options(session, card, options_in(words.splitlines(), person.language))
    _written(session, person, card, part)
    _await(session, person, card, "options+", now=now)
    return card


def choose_kind(session: Session, person: Person, card_id: UUID, kind: str, *, now: datetime) -> BoundaryCard:
    """[Limit] [Request] … for what was written before. Refuses: NotYours, Closed, Controls, TooLongForCard."""
    card, part = own_draft(session, person, card_id, now=now)
    reopen(part)
    words = boundaries.words_of(session, card)
    if kind not in KINDS or words is None or _is_settled(card, card.kind, kind):
        raise Closed
    if card.kind == kind:  # a second tap
        _await_next(session, person, card, now=now)
        return card
    card.kind, card.decided = kind, False
    words = as_decision(words, person.language) if kind == "decision" else words
    return write_words(session, person, card_id, words, now=now)


def can_be_of_another_kind(card: BoundaryCard, person: Person) -> bool:
    """Whether its author may choose its kind anew: not where “won't” could not be written into the words."""
    if card.kind == UNSORTED or card.words_sealed is None or card.agreement_id is not None:
        return False
    return not card.form or knows_beginnings(person.language)


def choose_anew(session: Session, person: Person, card_id: UUID, *, now: datetime) -> BoundaryCard:
    """[Another kind]: what it says is words without a kind again; lines beside it stay. Refuses: NotYours, Closed.

    A card that changes an agreement stays a request. What the other can count on is shown on a limit alone.
    """
    card, part = own_draft(session, person, card_id, now=now)
    if not can_be_of_another_kind(card, person):
        raise Closed
    main = with_beginning(card.form, boundaries.words_of(session, card) or "")
    whole = "\n".join((main, *boundaries.options_of(session, card)))
    card.kind, card.form, card.shared, card.decided, card.options_sealed = UNSORTED, "", False, False, None
    reopen(part)
    boundaries.write(session, card, "words", whole)
    _await_next(session, person, card, now=now)
    return card


def choose_form(session: Session, person: Person, card_id: UUID, form: str, *, now: datetime) -> BoundaryCard:
    """[I will …] [I won't …]: what a limit begins with. Refuses: NotYours, Closed, Controls, TooLongForCard."""
    card, part = own_draft(session, person, card_id, now=now)
    if form not in FORMS or card.kind != "limit" or card.words_sealed is None or _is_settled(card, card.form, form):
        raise Closed
    card.form = form
    words = without_subject(boundaries.words_of(session, card) or "", person.language)
    boundaries.write(session, card, "words", let_pass_with(form, words, person.language))
    _written(session, person, card, part)
    _await_next(session, person, card, now=now)
    return card


def _is_settled(card: BoundaryCard, chosen: str, choice: str) -> bool:
    """Whether an old button would choose anew what stands: nobody shares, or has shared, what they did not see."""
    return bool(chosen) and (card.decided or chosen != choice)


def show_samples(session: Session, person: Person, card_id: UUID, *, now: datetime) -> BoundaryCard:
    """[Show examples], of a kind; words are awaited as before. Refuses: NotYours, Closed."""
    card = ask_for(session, person, card_id, "words", now=now)
    if card.kind == UNSORTED:
        raise Closed
    return card


def ask_for(session: Session, person: Person, card_id: UUID, what: What, *, now: datetime) -> BoundaryCard:
    """[Edit] [Must stay] [Can bend]: wait for words; nothing of the card is shared meanwhile. Refuses: as above."""
    card, part = own_draft(session, person, card_id, now=now)
    if _KIND_OF.get(what, card.kind) != card.kind or (card.words_sealed is None and what != "words"):
        raise Closed
    card.shared = card.decided = False
    part.step = "cards"
    weekly_words.await_words(session, person, what, card.id, now=now)
    return card


def wanted_next(card: BoundaryCard) -> Literal["count_on", "options"] | None:
    """A limit wants a line that the other can count on, a decision its options; else nothing more is asked for."""
    if card.kind == "limit" and card.form and card.count_on_sealed is None:
        return "count_on"
    return "options" if card.kind == "decision" and card.options_sealed is None else None


def _asks(card: BoundaryCard) -> What:
    """What the card itself asks for: options, else more words."""
    return "options" if wanted_next(card) == "options" else "words+"


def _await_next(session: Session, person: Person, card: BoundaryCard, *, now: datetime) -> None:
    """What words that follow are for: what the card still wants, else more of them."""
    _await(session, person, card, wanted_next(card) or "words+", now=now)


def _await(session: Session, person: Person, card: BoundaryCard, wanted: What, *, now: datetime) -> None:
    weekly_words.await_words(session, person, wanted, card.id, now=now)


def _write_decision(session: Session, person: Person, card: BoundaryCard, words: str) -> None:
    """A question on the first line, and the options below it, which may also come later."""
    question, *options = [line.strip() for line in words.splitlines() if line.strip()] or [""]
    boundaries.write(session, card, "words", let_pass_with("", question, person.language))
    if options:
        boundaries.write_options(session, card, options_in(options, person.language))


# -- deciding


def share_card(session: Session, person: Person, card_id: UUID, *, mark: int, now: datetime) -> BoundaryCard:
    """[Share]: it opens once both have finished. Refuses: NotYours, Closed.

    With the `mark` of other words than those that stand now, nothing is done: nobody shares what they did not see.
    """
    card, part = own_draft(session, person, card_id, now=now)
    if not is_complete(card):
        raise Closed
    if mark == boundaries.mark_of(card) and not card.shared:
        card.shared = card.decided = True
        reopen(part)
        await_card(session, person, part, now=now)
    return card


def keep_card(session: Session, person: Person, card_id: UUID, *, now: datetime) -> BoundaryCard:
    """[Keep for me], and taking back before the opening. Refuses: NotYours, Closed."""
    card, part = own_draft(session, person, card_id, now=now)
    if card.words_sealed is None:
        raise Closed
    card.shared, card.decided = False, True
    reopen(part)
    await_card(session, person, part, now=now)
    return card
