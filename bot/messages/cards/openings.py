"""What opened for both in a weekly conversation, and each card with what is said to it."""

from uuid import UUID

from markupsafe import Markup
from sqlmodel import Session

from bot.messages.buttons import ActOnCard, ActOnOpening, MarkOption, TakeStep
from bot.messages.card import Button, Card, Gone, Reader, Rows, Style, choice, row
from bot.messages.cards.boundaries import card_text, kind_names, main_words, numbered
from bot.messages.cards.common import name_of
from bot.messages.cards.daily import parsed_id
from bot.messages.markup import LONGEST_MESSAGE, bold, italic, lines, one_line, paragraphs, shown_units, spoiler, units
from bot.practice import conversations, responding
from storage import boundaries as kept
from storage import conversations as weeks
from storage.conversations import Both, Part
from storage.keys import KeyGone
from storage.tables import BoundaryCard, PrivateMark, Response

LABEL = 30
OPTION_IN_SHORT = 40  # UTF-16 units


def opening(session: Session, reader: Reader, about: str) -> Card | Gone:
    """Appreciations first, then the cards; the partner's words behind spoilers."""
    _ = reader.words
    both = _opened(session, reader, parsed_id(about))
    if both is None:
        return Gone()
    text = _opening_text(session, reader, both, in_full=True)
    in_full = shown_units(text) <= LONGEST_MESSAGE
    return Card(
        text if in_full else _opening_text(session, reader, both, in_full=False),
        _opening_rows(session, reader, both, in_full=in_full),
        private=True,
        protect=both.theirs.person.protect,
    )


def card(session: Session, reader: Reader, about: str) -> Card | Gone:
    """One card in full, with all that was said to it and what its reader can do now."""
    card_id = parsed_id(about)
    found = kept.card(session, card_id=card_id) if card_id else None
    both = _opened(session, reader, found.conversation_id) if found else None
    if found is None or both is None or not found.shared:
        return Gone()
    back = row(choice(reader.words("Back"), ActOnOpening(found.conversation_id, "show")))
    return Card(
        _card_text(session, reader, both, found),
        (*(_rows(session, reader, both, found) if not found.taken_back else ()), back),
        private=True,
        protect=both.theirs.person.protect,
    )


def counter(session: Session, reader: Reader, about: str) -> Card | Gone:
    """Another wording is awaited."""
    return _awaiting(session, reader, about, reader.words("Write how you would word it. The other answers it then."))


def heard(session: Session, reader: Reader, about: str) -> Card | Gone:
    """What was heard is awaited."""
    return _awaiting(session, reader, about, reader.words("Write in your own words what you heard."))


def take_back(session: Session, reader: Reader, about: str) -> Card | Gone:
    """Asks once before one's own card is shown to nobody any more."""
    _ = reader.words
    return _awaiting(
        session,
        reader,
        about,
        _("Take this card back? In both of your chats, “No longer shown” will stand in its place."),
        choice(_("Take it back"), ActOnCard(parsed_id(about) or UUID(int=0), "take_back", 0)),
    )


def take_said_back(session: Session, reader: Reader, about: str) -> Card | Gone:
    """The same for another wording, or for what was heard; `about` is the card, a colon and the number."""
    _ = reader.words
    card_id, _colon, number = about.partition(":")
    said = _own_said(session, reader, parsed_id(card_id), number)
    if said is None or said.taken_back:
        return Gone()
    asked = (
        _("Take your wording back? In both of your chats, “No longer shown” will stand in its place.")
        if said.kind == "counter"
        else _("Take back what you heard? In both of your chats, “No longer shown” will stand in its place.")
    )
    back = choice(_("Take it back"), ActOnCard(said.card_id, "take_said", said.number))
    return _awaiting(session, reader, card_id, asked, back)


def _own_said(session: Session, reader: Reader, card_id: UUID | None, number: str) -> Response | None:
    said = kept.responses(session, card_id=card_id) if card_id else []
    mine = (each for each in said if each.person_id == reader.known.id and each.kind in responding.SAID)
    return next((each for each in mine if str(each.number) == number), None)


def _awaiting(session: Session, reader: Reader, about: str, asked: Markup, *more: Button) -> Card | Gone:
    card_id = parsed_id(about)
    found = kept.card(session, card_id=card_id) if card_id else None
    if found is None or _opened(session, reader, found.conversation_id) is None or found.taken_back:
        return Gone()
    return Card(asked, (row(*more, choice(reader.words("Back"), ActOnCard(found.id, "show", 0))),))


def _opened(session: Session, reader: Reader, conversation_id: UUID | None) -> Both | None:
    if conversation_id is None:
        return None
    both = weeks.both(session, conversation_id=conversation_id, person_id=reader.known.id)
    return both if both is not None and both.conversation.opened else None


# -- the whole


def _opening_text(session: Session, reader: Reader, both: Both, *, in_full: bool) -> Markup:
    """With a single card of the other, all that stands on it, if that fits."""
    _ = reader.words
    single = _single(session, both) if in_full else None
    return paragraphs(
        _("Your week is open. Touch to read."),
        _subject(session, reader, both),
        _side(session, reader, both, both.theirs, single),
        _side(session, reader, both, both.mine, None),
    )


def _single(session: Session, both: Both) -> BoundaryCard | None:
    """The only card that the other shared, if it still stands."""
    theirs = conversations.shared_cards(session, both.theirs)
    return theirs[0] if len(theirs) == 1 and not theirs[0].taken_back else None


def _subject(session: Session, reader: Reader, both: Both) -> Markup | None:
    """The topic that both could live with; own words behind a spoiler, next to their author's side."""
    topic = conversations.settled_topic(both)
    return bold(reader.library.topics.topic(topic, reader.known.language).name) if topic else None


def _side(session: Session, reader: Reader, both: Both, part: Part, in_full: BoundaryCard | None) -> Markup:
    _ = reader.words
    name = italic(name_of(session, reader, part.person))
    try:
        said = [*_topic(session, reader, part), *_thanks(session, reader, part)]
        said += [_full(session, reader, both, in_full)] if in_full else _cards(session, reader, part)
    except KeyGone:  # they are leaving: the key goes first
        said = [_("No longer shown")]
    return lines(name, *(said or [_("nothing this time")]))


def _topic(session: Session, reader: Reader, part: Part) -> list[Markup]:
    own = weeks.own_topic(session, part.participation)
    if own is None:
        return []
    return [reader.words("No longer shown") if part.participation.topic_taken_back else spoiler(own)]


def _thanks(session: Session, reader: Reader, part: Part) -> list[Markup]:
    _ = reader.words
    found = weeks.appreciation(session, conversation_id=part.participation.conversation_id, person_id=part.person.id)
    if found is None:
        return []
    words = _("No longer shown") if found.taken_back else spoiler(weeks.thanks_of(session, found))
    return [Markup("{} {}").format(_("Thanks:"), words)]


def _cards(session: Session, reader: Reader, part: Part) -> list[Markup]:
    return [
        _line(session, reader, each, number) for number, each in numbered(conversations.shared_cards(session, part))
    ]


def _full(session: Session, reader: Reader, both: Both, card: BoundaryCard) -> Markup:
    outcome = _outcome(session, reader, card, in_full=True)
    return paragraphs(card_text(session, reader, card), *_said(session, reader, both, card), outcome)


def _line(session: Session, reader: Reader, card: BoundaryCard, number: str) -> Markup:
    _ = reader.words
    name = kind_names(reader.words)[card.kind]
    words = _("No longer shown") if card.taken_back else spoiler(main_words(session, reader, card))
    outcome = None if card.taken_back else _outcome(session, reader, card, in_full=False)
    return lines(Markup("{}{}: {}").format(name, number, words), outcome)


def _opening_rows(session: Session, reader: Reader, both: Both, *, in_full: bool) -> Rows:
    """With a single card of the other, what can be done with it stands here at once, if all of it is shown."""
    _ = reader.words
    theirs, mine = (numbered(conversations.shared_cards(session, part)) for part in (both.theirs, both.mine))
    rows: list[tuple[Button, ...]] = []
    single = _single(session, both) if in_full else None
    if single is not None:
        rows += _rows(session, reader, both, single)
    names = kind_names(reader.words)
    rows += [
        row(_look(_("Theirs: {kind}{number}", kind=names[each.kind], number=number), each))
        for number, each in theirs
        if not each.taken_back and each is not single
    ]
    rows += [
        row(_look(_("Mine: {kind}{number}", kind=names[each.kind], number=number), each))
        for number, each in mine
        if not each.taken_back
    ]
    conversation_id = both.conversation.id
    thanks = weeks.appreciation(session, conversation_id=conversation_id, person_id=reader.known.id)
    if thanks is not None and not thanks.taken_back:
        rows.append(row(choice(_("Take my thanks back"), ActOnOpening(conversation_id, "take_thanks_back"))))
    part = both.mine.participation
    if part.topic_sealed is not None and not part.topic_taken_back:
        rows.append(row(choice(_("Take my topic back"), ActOnOpening(conversation_id, "take_topic_back"))))
    if is_usable(reader, both):
        later = choice(_("Later"), TakeStep(both.mine.participation.id, "later"))
        rows.append(row(later, choice(_("Close the week"), ActOnOpening(conversation_id, "close"))))
    return tuple(rows)


def is_usable(reader: Reader, both: Both) -> bool:
    """Whether the reader's own week lasts."""
    return conversations.is_open(both.mine.participation, reader.now)


# -- one card


def _card_text(session: Session, reader: Reader, both: Both, card: BoundaryCard) -> Markup:
    _ = reader.words
    author = both.mine.person if card.person_id == reader.known.id else both.theirs.person
    name = italic(name_of(session, reader, author))
    try:
        if card.taken_back:
            return paragraphs(name, _("No longer shown"))
        return lines(name, _full(session, reader, both, card))
    except KeyGone:  # somebody is leaving: the key goes first
        return paragraphs(name, _("No longer shown"))


def _quoted(session: Session, reader: Reader, response: Response) -> Markup:
    """The words of a response; their author may keep words for a limited time."""
    if response.words_sealed is None or response.taken_back:
        return reader.words("No longer shown")
    return spoiler(kept.said(session, response))


def _said(session: Session, reader: Reader, both: Both, card: BoundaryCard) -> list[Markup]:
    """Counter-proposals, what was heard last, and the author's word on it."""
    _ = reader.words
    found = []
    for each in responding.counters(session, card):
        mine = each.person_id == reader.known.id
        label = _("Your wording:") if mine else _("Another wording, from {name}:", name=_other(session, reader, both))
        found.append(lines(label, _quoted(session, reader, each)))
    last, reply = responding.heard(session, card)
    if last is not None:
        mine = last.person_id == reader.known.id
        label = _("What you heard:") if mine else _("What {name} heard:", name=_other(session, reader, both))
        found.append(lines(label, _quoted(session, reader, last)))
    if reply is not None:
        found.append(_("You got it") if reply.kind == "got_it" else _("Almost"))
    return found


def _in_short(option: str) -> str:
    """At most so many units: fewer letters where they take two each."""
    return one_line(option, OPTION_IN_SHORT * len(option) // units(option))


def _done_mark(session: Session, reader: Reader, card: BoundaryCard) -> PrivateMark | None:
    """What the reader could live with, once they have said that it is all."""
    mark = kept.own_mark(session, card_id=card.id, person_id=reader.known.id)
    return mark if mark is not None and mark.done else None


def _other(session: Session, reader: Reader, both: Both) -> str:
    return name_of(session, reader, both.theirs.person)


def _outcome(session: Session, reader: Reader, card: BoundaryCard, *, in_full: bool) -> Markup | None:
    """Where a card stands: one line, never a reason; in short, six of them fit into one message."""
    _ = reader.words
    if card.kind == "decision" and (common := responding.overlap(session, card)):
        shown = common if in_full else [_in_short(common[0])]
        words = Markup(", ").join(spoiler(each) for each in shown)
        return Markup("{} {}").format(_("You could both live with this, on trial:"), words)
    if card.kind == "decision" and not card.outcome and (mark := _done_mark(session, reader, card)) is not None:
        note = _("Only what you both marked appears here.")
        if not in_full:
            return note
        mine = [words for number, words in enumerate(kept.options_of(session, card)) if mark.options >> number & 1]
        words = Markup(", ").join(spoiler(each) for each in mine)
        return lines(Markup("{} {}").format(_("You could live with this:"), words), note)
    said = {
        "agreed": _("Agreed, on trial. It stands in /agreements."),
        "parked": _("Left for another week."),
        "not_now": _("Not now."),
        "read": _("Read."),
        "differently": _("Read, and seen differently."),
        "too": _("Liked by both of you."),
        "more": _("Tell more about it some time."),
    }
    return said.get(card.outcome)


def _rows(session: Session, reader: Reader, both: Both, card: BoundaryCard) -> Rows:
    """What the reader can do with a card now; what they said themselves they can take back at any time."""
    take_back = _take_back_rows(session, reader, card)
    if not is_usable(reader, both):
        return take_back
    if card.person_id == reader.known.id:
        return (*_author_rows(session, reader, card), *take_back)
    again = row(_act(reader.words("Say what I heard"), card, "heard", 0))
    marking = card.kind == "decision"
    rows = _marking_rows(session, reader, card) if marking else _answer_rows(session, reader, card)
    return (*rows, again, *take_back)


def _take_back_rows(session: Session, reader: Reader, card: BoundaryCard) -> Rows:
    """For the card itself, another wording of one's own, and what one heard."""
    _ = reader.words
    mine = responding.can_be_taken_back(session, card, reader.known.id)
    labels = {"counter": _("Take my wording back"), "heard": _("Take back what I heard")}
    said = (row(_act(labels[each.kind], card, "ask_take_said", each.number)) for each in mine)
    if card.person_id != reader.known.id:
        return tuple(said)
    return (*said, row(_act(_("Take it back"), card, "ask_take_back", 0)))


def _author_rows(session: Session, reader: Reader, card: BoundaryCard) -> Rows:
    _ = reader.words
    rows: list[tuple[Button, ...]] = []
    last, reply = responding.heard(session, card)
    if last is not None and not last.taken_back and reply is None:
        number = last.number
        rows.append(row(_act(_("You got it"), card, "got_it", number), _act(_("Almost"), card, "almost", number)))
    if card.kind == "request":
        rows += _answer_rows(session, reader, card)
    if card.kind == "decision":
        rows += _marking_rows(session, reader, card)
    return tuple(rows)


def _answer_rows(session: Session, reader: Reader, card: BoundaryCard) -> Rows:
    """The answers that are possible now, under the wording that lies on the table."""
    _ = reader.words
    if not responding.is_to_answer(session, card, reader.known.id):
        return ()
    turn = responding.turn_of(session, card)
    if card.kind == "limit":
        read, other = _("I've read this"), _("I see it differently")
        return (row(_act(read, card, "read", turn)), row(_act(other, card, "differently", turn)))
    if card.kind == "hope":
        too, more = _("I'd like that too"), _("Tell me more some time")
        return (row(_act(too, card, "too", turn)), row(_act(more, card, "more", turn)))
    last = (
        _act(_("Counter"), card, "counter", turn)
        if responding.can_be_countered(session, card)
        else _act(_("Another week"), card, "park", turn)
    )
    not_now = () if card.outcome else (_act(_("Not now"), card, "not_now", turn),)
    return (
        row(_act(_("Agree"), card, "agree", turn), _act(_("Try one week"), card, "week", turn)),
        row(last, *not_now),
    )


def _marking_rows(session: Session, reader: Reader, card: BoundaryCard) -> Rows:
    """Each marks privately; what both marked appears, and nothing else ever does."""
    _ = reader.words
    if card.outcome or _done_mark(session, reader, card) is not None:
        return ()
    mark = kept.own_mark(session, card_id=card.id, person_id=reader.known.id)
    marked = mark.options if mark else 0
    rows = [
        row(
            choice(
                _option(words, bool(marked >> number & 1)), MarkOption(card.id, number, int(not marked >> number & 1))
            )
        )
        for number, words in enumerate(kept.options_of(session, card))
    ]
    if marked:
        rows.append(row(_act(_("These I could live with"), card, "marked", marked, Style.PRIMARY)))
    return tuple(rows)


def _option(words: str, on: bool) -> str:
    return f"✓ {one_line(words, LABEL - 2)}" if on else one_line(words, LABEL)


def _look(label: str, card: BoundaryCard) -> Button:
    return _act(label, card, "show", 0)


def _act(label: str, card: BoundaryCard, act: str, turn: int, style: Style = Style.PLAIN) -> Button:
    return choice(label, ActOnCard(card.id, act, turn), style)
