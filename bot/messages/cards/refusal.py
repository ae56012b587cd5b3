"""What the bot says when something cannot be done."""

from collections.abc import Mapping

from markupsafe import Markup
from sqlmodel import Session

from bot.messages.card import Card, Reader
from bot.messages.i18n import Words


def said(session: Session, reader: Reader, code: str) -> Card:
    """A refusal as a message."""
    return Card(Markup(sentences(reader.words)[code]))


def sentence(words: Words, code: str) -> str:
    """A refusal as plain text, for a toast; at most 200 characters."""
    return sentences(words)[code].unescape()


def sentences(words: Words) -> Mapping[str, Markup]:
    """Every refusal's sentence, by its code."""
    _ = words
    return {
        "closed": _("This card is closed."),
        "not_ready": _("Press /start first: I explain what this is, or go on where we were."),
        "not_saved": _("I couldn't save that. Please send it again."),
        "not_removed": _("Telegram keeps me from removing what is older than two days. You can still delete it."),
        "too_long": _("That is longer than I can keep in one answer. Please shorten it to about 1,700 characters."),
        "too_long_for_card": _("That is longer than fits on a card. Please shorten it to a few lines."),
        "controls_passwords": _(
            "Passwords and unlocked phones cannot be asked for here: what is private stays with each of you. You can "
            "write about what you need instead, in other words."
        ),
        "controls_location": _(
            "Knowing where somebody is cannot be agreed on here: it watches a person instead of asking them. You can "
            "write about what worries you instead."
        ),
        "controls_reporting": _(
            "Reporting in, permission and reading messages cannot be agreed on here: nobody answers to the other. You "
            "can write about what you miss instead."
        ),
        "controls_people": _(
            "Whom somebody sees, and where they go, cannot be agreed on here: it is each one's own. You can write "
            "about time for the two of you instead."
        ),
        "controls_touch": _(
            "Touch cannot be agreed on as a duty: no stays possible, each time. You can write about what you long for "
            "instead."
        ),
        "few_options": _("Please write two to four different options, a line each, at most 80 characters."),
        "most_cards": _("Three cards are enough for one week. You can change or keep one of those."),
        "wrong_kind": _("I can keep words or a voice note, nothing else. Would you put it into words?"),
        "only_words": _("Here I can keep written words only."),
        "unclear_time": _("I couldn't read that as a time. Please write it like 19:45."),
        "unclear_zone": _("I can't tell where that is. A larger city nearby helps, or a zone such as Europe/Berlin."),
        "unclear_day": _("I couldn't read that. Please write a weekday and a time, like Sunday 18:00."),
        "unclear_date": _("I couldn't read that as a day to come. Please write it like 2026-12-31."),
        "unclear_language": _("I don't speak that language yet. /language shows those I do."),
        "dead_invite": _("This link doesn't work any more. You can ask for a new one, or start on your own: /start"),
        "own_invite": _("This is your own link. It is for your partner: forward it to them."),
        "already_linked": _("You are linked with somebody already. One link at a time is possible; /unlink ends it."),
        "not_linked": _("This needs a partner. /invite makes a link for yours."),
        "too_many": _("That was a lot in a short time. Please wait a little."),
        "last_one": _("At least one of these stays on."),
        "nothing_open": _("There is no question open at the moment. /today shows where you are."),
    }
