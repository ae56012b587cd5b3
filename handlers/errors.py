"""The one place that turns a refusal into a sentence."""

from bot.practice import refusals
from bot.practice.refusals import Refusal
from handlers.context import Context

CODES: dict[type[Refusal], str] = {
    refusals.Closed: "closed",
    refusals.NotYours: "closed",
    refusals.NotReady: "not_ready",
    refusals.TooLong: "too_long",
    refusals.TooLongForCard: "too_long_for_card",
    refusals.ControlsPasswords: "controls_passwords",
    refusals.ControlsLocation: "controls_location",
    refusals.ControlsReporting: "controls_reporting",
    refusals.ControlsPeople: "controls_people",
    refusals.ControlsTouch: "controls_touch",
    refusals.FewOptions: "few_options",
    refusals.MostCards: "most_cards",
    refusals.WrongKind: "wrong_kind",
    refusals.OnlyWords: "only_words",
    refusals.UnclearTime: "unclear_time",
    refusals.UnclearZone: "unclear_zone",
    refusals.UnclearDay: "unclear_day",
    refusals.UnclearDate: "unclear_date",
    refusals.UnclearLanguage: "unclear_language",
    refusals.DeadInvite: "dead_invite",
    refusals.OwnInvite: "own_invite",
    refusals.AlreadyLinked: "already_linked",
    refusals.NotLinked: "not_linked",
    refusals.TooMany: "too_many",
    refusals.LastOne: "last_one",
    refusals.NothingOpen: "nothing_open",
}


def say(context: Context, refusal: Refusal) -> None:
    """Answer a refusal: a button's over the chat, a message's as a message."""
    from bot.messages.cards import refusal as sentences  # noqa: PLC0415

    code = CODES[type(refusal)]
    if context.arrived.callback_id is not None:
        context.say(sentences.sentence(context.words, code), alert=True)
    else:
        context.send("refusal.said", code)
