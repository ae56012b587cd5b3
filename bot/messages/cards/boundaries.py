"""One's own boundary cards before they open: written, looked at, shared or kept; with hints for their author alone."""

from collections.abc import Mapping, Sequence
from typing import get_args

from markupsafe import Markup, escape
from sqlmodel import Session

from bot.messages.buttons import ActOnDraft, TakeStep
from bot.messages.card import Button, Card, Gone, Reader, Rows, Style, choice, row
from bot.messages.cards.daily import parsed_id
from bot.messages.i18n import Words
from bot.messages.markup import bold, italic, lines, one_line, paragraphs, quote, spoiler
from bot.practice import agreements, boundaries, conversations
from bot.practice.partner_words import hints
from storage import boundaries as kept
from storage import conversations as weeks
from storage.boundaries import Field
from storage.tables import BoundaryCard

FIELDS: tuple[Field, ...] = get_args(Field)
IN_SHORT = 60  # characters


def write(session: Session, reader: Reader, about: str) -> Card | Gone:
    """Words are awaited for a card; `about` is its id and what of it, with a colon between."""
    card_id, _colon, what = about.partition(":")
    card = own_draft(session, reader, card_id)
    if card is None:
        return Gone()
    _ = reader.words
    now = kept.words_of(session, card, what) if what in FIELDS else None
    if now is not None and what == "words":
        now = in_form(_, card.form, now)
    back = _act(reader.words("Back"), card, "show")
    has_samples = what == "words" and card.kind != boundaries.UNSORTED
    samples = (row(_act(_("Show examples"), card, "samples")),) if has_samples else ()
    leave_out = (row(_act(_("Leave it out"), card, "show")),) if what == "count_on" and now is None else (row(back),)
    asked = _asked_words(reader, card) if what == "words" else _asked_more(reader, what)
    other = what == "words" and boundaries.can_be_of_another_kind(card, reader.known)
    another_kind = (row(_act(_("Another kind"), card, "unsort")),) if other else ()
    return Card(
        paragraphs(bold(_kind(reader, card)), asked, quote(now) if now else None, _options_so_far(session, card, what)),
        (*samples, *another_kind, *leave_out),
    )


def _options_so_far(session: Session, card: BoundaryCard, what: str) -> Markup | None:
    """What a decision has, where its words are written anew."""
    options = kept.options_of(session, card) if what in ("words", "options") else []
    return lines(*(quote(each) for each in options)) if options else None


def samples(session: Session, reader: Reader, about: str) -> Card | Gone:
    """Three examples, for inspiration."""
    card = own_draft(session, reader, about)
    if card is None or card.kind == boundaries.UNSORTED:
        return Gone()
    part = weeks.part_of(session, card.conversation_id, reader.known.id)
    assert part is not None  # the card belongs to it
    _ = reader.words
    topic = reader.library.topics.topic(part.topic, reader.known.language)
    return Card(
        paragraphs(bold(_kind(reader, card)), *(quote(each) for each in topic.samples[card.kind])),
        (row(_act(_("Back"), card, "edit")),),
    )


def draft(session: Session, reader: Reader, about: str) -> Card | Gone:
    """The card as the other would read it, what could be said more softly, and what can be done with it."""
    card = own_draft(session, reader, about)
    if card is None or card.words_sealed is None:
        return Gone()
    return Card(
        paragraphs(
            card_text(session, reader, card, plain=True),
            _advice(session, reader, card),
            _state(reader, card),
        ),
        _rows(session, reader, card),
    )


def removal(session: Session, reader: Reader, about: str) -> Card | Gone:
    """Asks once before what stands on a card is gone for good."""
    _ = reader.words
    card = own_draft(session, reader, about)
    if card is None or card.words_sealed is None:
        return Gone()
    return Card(
        paragraphs(
            bold(_kind(reader, card)),
            _("Remove this card for good? What you sent in this chat stays until you remove it there."),
        ),
        (row(_act(_("Remove for good"), card, "remove")), row(_act(_("Back"), card, "show"))),
    )


def own_draft(session: Session, reader: Reader, about: str) -> BoundaryCard | None:
    """The reader's own card as long as it is not open and their week lasts."""
    card_id = parsed_id(about)
    found = kept.card(session, card_id=card_id) if card_id else None
    if found is None or found.person_id != reader.known.id:
        return None
    part = weeks.part_of(session, found.conversation_id, reader.known.id)
    if part is None or not conversations.is_open(part, reader.now) or conversations.is_opened(session, part):
        return None
    return found


def numbered(cards: Sequence[BoundaryCard]) -> list[tuple[str, BoundaryCard]]:
    """With several cards of one person, a number tells which button belongs to which."""
    return [(f" {number}" if len(cards) > 1 else "", each) for number, each in enumerate(cards, 1)]


def draft_button(reader: Reader, card: BoundaryCard, number: str) -> Button:
    """A card of one's own side, with its state."""
    _ = reader.words
    state = _("shared") if card.shared else _("kept") if card.decided else _("not decided")
    return _act(f"{_kind(reader, card)}{number}: {state}", card, "show")


def draft_line(session: Session, reader: Reader, card: BoundaryCard, number: str) -> Markup:
    """Which card it is and what it says, in short, for its author alone."""
    words = one_line(escape(main_words(session, reader, card)).unescape(), IN_SHORT)
    return Markup("{}{}: {}").format(_kind(reader, card), number, words)


def kind_names(words: Words) -> Mapping[str, Markup]:
    """How the kinds are called, and words of which their author has not said what they are."""
    _ = words
    return {
        boundaries.UNSORTED: _("Your words"),
        "limit": _("Limit"),
        "request": _("Request"),
        "hope": _("Hope"),
        "decision": _("Decide together"),
    }


def card_text(session: Session, reader: Reader, card: BoundaryCard, *, plain: bool = False) -> Markup:
    """Everything that stands on a card; as spoilers unless `plain`."""
    _ = reader.words
    cover = quote if plain else spoiler
    options = kept.options_of(session, card)
    old = None if plain else agreements.in_place_of(session, card)  # their words stay on cards for two
    beside = [
        lines(label, cover(words))
        for field, label in line_names(_, card.kind).items()
        if (words := kept.words_of(session, card, field)) is not None
    ]
    return paragraphs(
        lines(bold(_kind(reader, card)), cover(main_words(session, reader, card))),
        lines(*(cover(each) for each in options)) if options else None,
        *beside,
        lines(_("It would take the place of this agreement:"), cover(old)) if old is not None else None,
    )


def line_names(words: Words, kind: str) -> Mapping[Field, Markup]:
    """How the lines are called that stand beside the words of a card of this kind."""
    _ = words
    every: dict[Field, Markup] = {"stays": _("Must stay:"), "bends": _("Can bend:")}
    return {"count_on": _("You can count on:"), **every} if kind == "limit" else every


def main_words(session: Session, reader: Reader, card: BoundaryCard) -> Markup | str:
    """What a card says; a limit in its form."""
    return in_form(reader.words, card.form, kept.words_of(session, card) or "")


def in_form(_: Words, form: str, what: str) -> Markup | str:
    """Words of a card; a limit's with what it begins with, without which they could mean the opposite."""
    if form == "will":
        return _("I will {what}", what=what)
    return _("I won't {what}", what=what) if form == "will_not" else what


def _kind(reader: Reader, card: BoundaryCard) -> Markup:
    return kind_names(reader.words)[card.kind]


def _asked_words(reader: Reader, card: BoundaryCard) -> Markup:
    _ = reader.words
    return {
        "limit": _("Write what you will or won't do, beginning with “I will” or “I won't”. It is read, not voted on."),
        "request": _("Write something that you'd like from your partner, as a question. No is a fine answer."),
        "hope": _("Write something that you'd like for the two of you."),
        boundaries.UNSORTED: _("Write it in other words."),
        "decision": _("Write the question on the first line, and two to four options below it, a line each."),
    }[card.kind]


def _asked_more(reader: Reader, what: str) -> Markup | None:
    _ = reader.words
    return {
        "count_on": _("And what can your partner count on from you? A line that makes this easier to live with."),
        "stays": _("What about it must stay as it is for you?"),
        "bends": _("What about it can bend?"),
        "options": _("Now two to four options, a line each."),
    }.get(what)


def _advice(session: Session, reader: Reader, card: BoundaryCard) -> Markup | None:
    """Hints, seen by their author alone; nothing waits for them."""
    _ = reader.words
    words = "\n".join(filter(None, (kept.words_of(session, card, field) for field in FIELDS)))
    found = [_hint(reader.words, name) for name in hints(words, reader.known.language)]
    return lines(*(italic(each) for each in found)) if found else None


def _hint(words: Words, name: str) -> Markup:
    _ = words
    return {
        "always": _("Softer, perhaps: one recent time, instead of all of them."),
        "never": _("Softer, perhaps: what you wish for, instead of what is missing."),
        "if_then": _("Softer, perhaps: what you will do, without the condition."),
        "must": _("Softer, perhaps: begin with “Would you…”."),
        "fault": _("Softer, perhaps: begin with what you feel."),
        "label": _("Softer, perhaps: what happened, instead of how somebody is."),
        "others": _("Softer, perhaps: speak for yourself alone."),
        "why": _("Softer, perhaps: a wish instead of the why."),
    }[name]


def _state(reader: Reader, card: BoundaryCard) -> Markup | None:
    _ = reader.words
    if card.shared:
        return _("Shared. It opens if you both finish.")
    if card.decided:
        return _("Kept for you.")
    if card.kind == boundaries.UNSORTED:
        return _("What is it? Choose below, or go on writing.")
    if boundaries.is_unclear(card):
        return _("How does your limit begin? Choose below, or write it with “I will” or “I won't”.")
    return None if boundaries.is_complete(card) else _("It needs two to four options.")


def _rows(session: Session, reader: Reader, card: BoundaryCard) -> Rows:
    _ = reader.words
    keep, edit = _act(_("Keep for me"), card, "keep"), _act(_("Edit"), card, "edit")
    if card.shared:
        return (row(_act(_("Take back"), card, "keep"), edit), _back(session, reader, card))
    more = [_act(_("Must stay"), card, "stays"), _act(_("Can bend"), card, "bends")]
    if card.kind == "limit":
        more.insert(0, _act(_("To count on"), card, "count_on"))
    decide = row(edit) if card.decided else row(keep, edit)
    last = (_act(_("Remove"), card, "ask_remove"), *_back(session, reader, card))
    if card.kind == boundaries.UNSORTED:
        return (*_kinds(reader, card), decide, last)
    return (*_first_row(reader, card), decide, tuple(more), last)


def _kinds(reader: Reader, card: BoundaryCard) -> Rows:
    names = kind_names(reader.words)
    limit, request, hope, decision = (_act(names[kind], card, kind) for kind in boundaries.KINDS)
    return (row(limit, request, hope), row(decision))


def _first_row(reader: Reader, card: BoundaryCard) -> Rows:
    """What comes first: sharing, or what is still wanting for it."""
    _ = reader.words
    if boundaries.is_complete(card):
        return (row(_act(_("Share"), card, "share", Style.PRIMARY)),)
    if card.kind == "limit":
        return (row(_act(_("I will …"), card, "will"), _act(_("I won't …"), card, "will_not")),)
    return (row(_act(_("Add the options"), card, "options")),)


def _back(session: Session, reader: Reader, card: BoundaryCard) -> tuple[Button, ...]:
    part = weeks.part_of(session, card.conversation_id, reader.known.id)
    assert part is not None  # the card belongs to it
    return row(choice(reader.words("Back"), TakeStep(part.id, "go_on")))


def _act(label: str, card: BoundaryCard, act: str, style: Style = Style.PLAIN) -> Button:
    return choice(one_line(label, 32), ActOnDraft(card.id, act, kept.mark_of(card)), style)
