"""The weekly conversation for one person: the invitation, their own side, waiting, and the close."""

from collections.abc import Sequence

from markupsafe import Markup
from sqlmodel import Session

from bot.messages.buttons import BeginCard, ChangeAgreement, OpenPulse, PickSaved, PickTopic, PutOffWeek, TakeStep
from bot.messages.card import Button, Card, Gone, Reader, Rows, Style, choice, row
from bot.messages.cards.boundaries import draft_button, draft_line, kind_names, numbered
from bot.messages.cards.daily import parsed_id
from bot.messages.markup import bold, italic, lines, one_line, paragraphs, quote
from bot.practice import agreements as book
from bot.practice import boundaries, conversations, incoming, preparing
from bot.practice.topics import Topic
from storage import agreements, people
from storage import conversations as kept
from storage.reveals import seems_linked
from storage.tables import BoundaryCard, Participation

LONGEST_LABEL = 28


# -- 1: the invitation


def invitation(session: Session, reader: Reader, about: str) -> Card | Gone:
    """The topic in two voices, and every way to go on or not to."""
    _ = reader.words
    part = own_part(session, reader, about)
    if part is None:
        return Gone()
    return Card(
        paragraphs(
            _subject(session, reader, part),
            _("If being honest would not be safe this week, choose Just for me."),
        ),
        (
            row(_step(_("Yes"), part, "yes", Style.PRIMARY)),
            row(_step(_("Other topic"), part, "topics"), _step(_("Just for me"), part, "alone")),
            row(_step(_("Not this week"), part, "away"), _step(_("Later"), part, "later")),
        ),
    )


def topics(session: Session, reader: Reader, about: str) -> Card | Gone:
    """Every topic; what is chosen here, and what is not, is told to nobody."""
    _ = reader.words
    part = own_part(session, reader, about)
    if part is None:
        return Gone()
    offered = [_topic(reader, each) for each in reader.library.topics.offered(reader.known.depth)]
    buttons = [choice(each.name, PickTopic(part.id, each.id)) for each in offered]
    saved = kept.saved_topics(session, person_id=reader.known.id)
    own = [_step(_("A topic of my own"), part, "own_topic")]
    if saved:
        own.append(_step(_("From my list"), part, "list"))
    return Card(
        _("Which topic could you live with this week? Nobody is told what you pass over."),
        (*_in_rows(buttons, 3), tuple(own), row(_step(_("Back"), part, "back"))),
    )


def own_topic(session: Session, reader: Reader, about: str) -> Card | Gone:
    """A topic in one's own words is awaited."""
    _ = reader.words
    part = own_part(session, reader, about)
    if part is None:
        return Gone()
    return Card(
        _("Write your topic in a few words. Your partner reads it only if you both finish."),
        (row(_step(_("Back"), part, "back")),),
    )


def saved(session: Session, reader: Reader, about: str) -> Card | Gone:
    """The person's own list."""
    _ = reader.words
    part = own_part(session, reader, about)
    if part is None:
        return Gone()
    mine = [(each, kept.saved_words(session, each)) for each in kept.saved_topics(session, person_id=reader.known.id)]
    rows = [row(choice(one_line(words, LONGEST_LABEL), PickSaved(part.id, each.id))) for each, words in mine]
    return Card(_("Your own list, for your eyes only."), (*rows, row(_step(_("Back"), part, "back"))))


# -- not taking part, or later


def alone(session: Session, reader: Reader, about: str) -> Card | Gone:
    """[Just for me]: the same topic, for a private note."""
    _ = reader.words
    part = own_part(session, reader, about)
    if part is None:
        return Gone()
    topic = _topic(reader, part.topic)
    question = quote(kept.own_topic(session, part) or "") if part.topic_sealed else bold(topic.alone)
    return Card(
        paragraphs(
            lines(italic(_("Just for you")), question),
            _("Write what you like. Only you will ever read it, and nobody learns that you chose this."),
        ),
        (row(_step(_("Numbers for help"), part, "safety")), row(_step(_("Back"), part, "back"))),
    )


def away(session: Session, reader: Reader, about: str) -> Card | Gone:
    """[Not this week]."""
    _ = reader.words
    part = own_part(session, reader, about)
    if part is None:
        return Gone()
    return Card(
        _("Not this week, then. Nobody is told, and nothing that you wrote opens."),
        (row(_step(_("Back"), part, "back")),),
    )


def later(session: Session, reader: Reader, about: str) -> Card | Gone:
    """When should it come back?"""
    _ = reader.words
    part = own_part(session, reader, about, opened=True)
    if part is None:
        return Gone()
    labels = {"hour": _("In an hour"), "evening": _("This evening"), "tomorrow": _("Tomorrow")}
    offered = preparing.later_times(part, reader.known.zone or "UTC", now=reader.now)
    return Card(
        _("When would be good? /weekly shows it at any time."),
        (
            *(row(choice(labels[until], PutOffWeek(part.id, until))) for until in offered),
            row(_step(_("Back"), part, "show")),
        ),
    )


def put_off(session: Session, reader: Reader, about: str) -> Card | Gone:
    """It will come back."""
    _ = reader.words
    part = own_part(session, reader, about, opened=True)
    if part is None:
        return Gone()
    return Card(_("I will bring it back then. /weekly shows it before, too."), (row(_step(_("Back"), part, "show")),))


def again(session: Session, reader: Reader, about: str) -> Card | Gone:
    """It comes back, as its reader wished; gone if it was put off again."""
    _ = reader.words
    participation_id, _colon, snoozes = about.partition(":")
    part = own_part(session, reader, participation_id, opened=True)
    if part is None or snoozes != str(part.snoozes) or part.step in ("away", "closed"):
        return Gone()
    return Card(_("Here is your week again."), (row(_step(_("Go on"), part, "show", Style.PRIMARY)),))


# -- 2: my side


def thanks(session: Session, reader: Reader, about: str) -> Card | Gone:
    """An appreciation is awaited."""
    _ = reader.words
    part = own_part(session, reader, about)
    if part is None:
        return Gone()
    given = kept.appreciation(session, conversation_id=part.conversation_id, person_id=reader.known.id)
    asked = _("First, one thing that you appreciate about your partner. It is held back until you both finish.")
    later = _step(_("Later"), part, "later")
    if given is None:
        return Card(asked, (row(_step(_("Pass over"), part, "pass"), later), row(_leave(reader, part))))
    return Card(
        paragraphs(asked, quote(kept.thanks_of(session, given)), _("New words take the place of these.")),
        (
            row(_step(_("Remove my thanks"), part, "drop"), _step(_("Back"), part, "go_on")),
            row(later, _leave(reader, part)),
        ),
    )


def cards(session: Session, reader: Reader, about: str) -> Card | Gone:
    """What a person could say, what they have written so far, and finishing."""
    _ = reader.words
    part = own_part(session, reader, about)
    if part is None:
        return Gone()
    mine = numbered([card for card in _own_cards(session, reader, part) if card.words_sealed is not None])
    given = kept.appreciation(session, conversation_id=part.conversation_id, person_id=reader.known.id)
    own = kept.own_topic(session, part)
    return Card(
        paragraphs(
            _finished_so_far(reader, any(card.shared for _number, card in mine)) if mine else _what_to_say(reader),
            lines(_("Your topic, which opens with your side:"), quote(own)) if own else None,
            lines(*(draft_line(session, reader, card, number) for number, card in mine)) if mine else None,
            _("Held back until you both finish."),
        ),
        (
            *(_another(reader, part, len(mine)) if mine else _kinds(reader, part)),
            *_agenda(session, reader, part),
            *_in_rows([draft_button(reader, card, number) for number, card in mine], 1),
            row(_step(_("Change my thanks") if given else _("Add my thanks"), part, "thanks")),
            *((row(_step(_("Leave my topic out"), part, "drop_topic")),) if own else ()),
            row(_step(_("I'm finished") if mine or given else _("Nothing now"), part, "finish", Style.PRIMARY)),
            row(_step(_("Later"), part, "later"), _leave(reader, part)),
        ),
    )


def kinds(session: Session, reader: Reader, about: str) -> Card | Gone:
    """[Add another]."""
    _ = reader.words
    part = own_part(session, reader, about)
    if part is None:
        return Gone()
    return Card(_what_to_say(reader), (*_kinds(reader, part), row(_step(_("Back"), part, "show"))))


def done(session: Session, reader: Reader, about: str) -> Card | Gone:
    """Finished for now; a way back as long as it is not open."""
    _ = reader.words
    part = own_part(session, reader, about, opened=True)
    if part is None:
        return Gone()
    if conversations.is_opened(session, part):
        return Card(_("This is open for both of you."))
    stays = any(card.words_sealed is not None and not card.shared for card in _own_cards(session, reader, part))
    return Card(
        paragraphs(
            _(
                "You have finished. If you both finish, what you shared opens for both of you. If not, it tells you "
                "nothing about why."
            ),
            _("What is not shared stays with you.") if stays else None,
        ),
        (row(_step(_("Look at it again"), part, "go_on")), row(_leave(reader, part))),
    )


# -- 5: the close


def close(session: Session, reader: Reader, about: str) -> Card | Gone:
    """A small thing for the week, one to say aloud, and the pulse."""
    _ = reader.words
    part = own_part(session, reader, about, opened=True)
    if part is None:
        return Gone()
    both = kept.both(session, conversation_id=part.conversation_id, person_id=reader.known.id)
    if both is None or not both.conversation.opened:
        return Gone()
    topic = _topic(reader, conversations.settled_topic(both) or both.conversation.topic)
    return Card(
        paragraphs(
            lines(bold(_("One small thing for this week")), topic.together),
            lines(bold(_("One to say aloud")), topic.aloud),
            _("Your agreements: /agreements"),
        ),
        (
            row(choice(_("My pulse"), OpenPulse())),
            row(_step(_("Save a topic"), part, "save"), _step(_("Back"), part, "reopen")),
        ),
    )


def save(session: Session, reader: Reader, about: str) -> Card | Gone:
    """A topic for another week is awaited."""
    _ = reader.words
    part = own_part(session, reader, about, opened=True)
    if part is None:
        return Gone()
    return Card(_("Write the topic in a few words. It waits on your own list."), (row(_step(_("Back"), part, "show")),))


def listed(session: Session, reader: Reader, about: str) -> Card:
    """A topic is on the list."""
    _ = reader.words
    return Card(_("It is on your list, for another week. You find it under Other topic and in /memories."))


def nothing(session: Session, reader: Reader, about: str) -> Card:
    """/weekly when no conversation is open for this person."""
    _ = reader.words
    person = reader.known
    if people.open_membership(session, person_id=person.id) is None:
        return Card(_("The weekly conversation is for two. /invite makes a link for your partner."))
    coming = None
    if person.next_weekly is not None and not incoming.is_paused(person, person.next_weekly):
        time = reader.clock(person.weekly_minute)
        coming = _("Your next invitation comes on {day} at {time}.", day=reader.day(person.next_weekly), time=time)
    return Card(paragraphs(_("No conversation is open at the moment."), coming))


# -- what these share


def own_part(session: Session, reader: Reader, about: str, *, opened: bool = False) -> Participation | None:
    """The reader's own part while their week lasts; unless `opened`, only as long as nothing is open for both."""
    participation_id = parsed_id(about)
    found = kept.participation(session, participation_id=participation_id) if participation_id else None
    if found is None or found.person_id != reader.known.id or not conversations.is_open(found, reader.now):
        return None
    couple_id = kept.conversation(session, conversation_id=found.conversation_id).couple_id
    if not seems_linked(session, couple_id=couple_id, person_id=reader.known.id):
        return None
    return found if opened or not conversations.is_opened(session, found) else None


def _subject(session: Session, reader: Reader, part: Participation) -> Markup:
    _ = reader.words
    own = kept.own_topic(session, part)
    if own is not None:
        return lines(bold(_("Your topic for this week")), quote(own))
    topic = _topic(reader, part.topic)
    return paragraphs(
        bold(_("A topic for this week: {topic}", topic=topic.name)),
        lines(_("Somebody who needs room:"), italic(topic.room)),
        lines(_("Somebody who needs contact:"), italic(topic.contact)),
    )


def _topic(reader: Reader, topic_id: str) -> Topic:
    return reader.library.topics.topic(topic_id, reader.known.language)


def _what_to_say(reader: Reader) -> Markup:
    _ = reader.words
    return paragraphs(
        bold(_("What would you like to say?")),
        lines(
            _("Limit: what I will or won't do. It is read, not voted on."),
            _("Request: something I'd like from you. No is fine."),
            _("Hope: something I'd like for us."),
            _("Decide together: a question with two to four options."),
        ),
    )


def _finished_so_far(reader: Reader, shares: bool) -> Markup:
    _ = reader.words
    return _("Here is your side so far.") if shares else _("Here is your side so far. Nothing of it is shared.")


def _another(reader: Reader, part: Participation, written: int) -> Rows:
    return (row(_step(reader.words("Add another"), part, "add")),) if written < boundaries.MOST_CARDS else ()


def _kinds(reader: Reader, part: Participation) -> Rows:
    names = kind_names(reader.words)
    limit, request, hope, decision = (choice(names[kind], BeginCard(part.id, kind)) for kind in boundaries.KINDS)
    return (row(limit, request, hope), row(decision))


def _agenda(session: Session, reader: Reader, part: Participation) -> Rows:
    """What somebody wished to change: a request with another wording."""
    _ = reader.words
    couple_id = kept.conversation(session, conversation_id=part.conversation_id).couple_id
    wanted = [each for each in agreements.current_of(session, couple_id=couple_id) if each.agenda]
    return tuple(
        row(choice(_change_label(reader, book.wording(session, each)), ChangeAgreement(part.id, each.id)))
        for each in wanted
    )


def _change_label(reader: Reader, words: str) -> str:
    return one_line(reader.words("Change: {words}", words=words).unescape(), LONGEST_LABEL)


def _own_cards(session: Session, reader: Reader, part: Participation) -> Sequence[BoundaryCard]:
    return kept.cards_of(session, conversation_id=part.conversation_id, person_id=reader.known.id)


def _leave(reader: Reader, part: Participation) -> Button:
    return _step(reader.words("Not this week"), part, "away")


def _step(label: str, part: Participation, step: str, style: Style = Style.PLAIN) -> Button:
    return choice(label, TakeStep(part.id, step), style)


def _in_rows(buttons: list[Button], width: int) -> Rows:
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))
