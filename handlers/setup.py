"""From /start to the first question; /zone leads here as well, and /cancel leads out."""

from bot.messages.buttons import Agree, AskTimes, Begin, NotNow, PickTime, PickZone, StartAlone, Welcome, WhereAmI
from bot.messages.markup import one_line
from bot.practice import answering, control, daily, pairing, preferences, setup
from bot.practice.refusals import Closed
from handlers.context import Context
from storage import expectations
from storage import pairing as invites
from storage.tables import Invite

LONGEST_CODE = 16


def start(context: Context) -> None:
    """/start, alone or with the token of a link."""
    if context.text:
        _open_link(context, context.text)
    else:
        where(context)


def _open_link(context: Context, token: str) -> None:
    invite = pairing.open_link(context.session, context.chat, context.stranger, token, now=context.now)
    if invite is not None:
        context.send("pairing.invitation", invite.id)
        return
    context.send("refusal.said", "dead_invite")
    if context.stranger is not None and _waits(context) is not None:
        context.send("pairing.waiting")


def where(context: Context) -> None:
    """Where somebody is: a stranger at the beginning, others in the middle of it or beyond."""
    person = context.stranger
    if person is None:
        wish = invites.wanted(context.session, chat_id=context.chat.id)
        context.show("setup.consent" if wish else "setup.welcome")
    elif not person.ready:
        ask_zone(context)
    elif (invite := _out(context)) is not None and invite.state == "accepted":
        context.show("pairing.confirm", invite.id)
    elif (first := setup.unanswered_first(context.session, person)) is not None:
        context.show(*daily.state_card(context.session, first))
    elif _waits(context) is not None:
        context.show("pairing.waiting")
    else:
        context.show("setup.where")


def _out(context: Context) -> Invite | None:
    return invites.invite_from(context.session, person_id=context.person.id, now=context.now)


def _waits(context: Context) -> Invite | None:
    return invites.invite_waited_for(context.session, person_id=context.person.id, now=context.now)


def where_am_i(context: Context, button: WhereAmI) -> None:
    """[Back] to where one is."""
    where(context)


def welcome(context: Context, button: Welcome) -> None:
    """[Back] to the first card."""
    where(context)


def begin(context: Context, button: Begin) -> None:
    """[Begin]."""
    if context.stranger is None:
        context.show("setup.consent")
    else:
        where(context)


def not_now(context: Context, button: NotNow) -> None:
    """[Not now]: an invitation that was accepted is left as well."""
    if context.stranger is None:
        invites.forget_wish(context.session, chat_id=context.chat.id)
        context.show("setup.not_now")
    else:
        where(context)


def agree(context: Context, button: Agree) -> None:
    """[I agree]: from here on the person exists."""
    if context.stranger is None:
        name = one_line(context.arrived.name)
        context.stranger = setup.agree(
            context.session, context.chat, name=name, language=context.language, now=context.now
        )
    where(context)


# -- the time zone


def ask_zone(context: Context) -> None:
    """Ask what time it is; typed words will answer that."""
    expectations.await_words(context.session, person_id=context.person.id, kind=preferences.ZONE)
    context.show("setup.zone", f"0:{account_language(context)}")


def account_language(context: Context) -> str:
    """The language code of the account: it tells more about the place than the language the bot writes in."""
    return (context.arrived.language_code or "")[:LONGEST_CODE]


def turn_times(context: Context, button: AskTimes) -> None:
    """[Another time], and the pages that follow."""
    if _is_over(context, button.moving):
        raise Closed
    context.show("setup.zone", f"{button.page}:{account_language(context)}")


def pick_time(context: Context, button: PickTime) -> None:
    """A time that it is now. Refuses: Closed."""
    if not _is_over(context, button.moving):
        _at(context, button.offset)
    else:
        _again(context, preferences.is_at(context.person, button.offset, now=context.now))


def pick_zone(context: Context, button: PickZone) -> None:
    """A city with the same clock. Refuses: Closed."""
    if not _is_over(context, button.moving):
        _live_in(context, button.zone)
    else:
        _again(context, button.zone == context.person.zone)


def _is_over(context: Context, moving: int) -> bool:
    """Whether this is an old button of a set-up that is done."""
    return context.person.ready and not moving


def _again(context: Context, holds: bool) -> None:
    """A second tap on what was chosen says again when things come; what was not chosen then is closed."""
    if not holds:
        raise Closed
    context.show("setup.hours")


def say_zone(context: Context) -> None:
    """A typed time, city or zone. Refuses: UnclearZone."""
    text, language = context.text, account_language(context) or None
    minute = preferences.typed_minute(text, language)
    if minute is not None:
        _at(context, preferences.offset_of(minute, context.now))
        return
    places = preferences.places_named(text, language)
    if len(places) == 1:
        _live_in(context, places[0].zone)
        return
    preferences.hold_place(context.session, context.person, text)
    context.show("setup.place", account_language(context))


def _at(context: Context, offset: int) -> None:
    language = account_language(context)
    places = preferences.places_at(offset, language or None, now=context.now)
    if len(places) == 1:
        _live_in(context, places[0].zone)
    else:
        context.show("setup.city", f"{offset}:{language}")


def _live_in(context: Context, zone: str) -> None:
    person = context.person
    if person.ready:
        control.move(context.session, person, zone, now=context.now)
        expectations.forget(context.session, person_id=person.id)
        context.show("settings.menu")
        return
    context.show("setup.hours")
    setup.settle_in(context.session, person, zone, library=context.library, random=context.random, now=context.now)


# -- afterwards


def start_alone(context: Context, button: StartAlone) -> None:
    """[Start on my own]."""
    setup.start_alone(context.session, context.person, now=context.now)
    context.show("setup.alone")


def cancel(context: Context) -> None:
    """/cancel."""
    if context.stranger is None:
        wish = invites.forget_wish(context.session, chat_id=context.chat.id)
        context.send("info.left", "invite" if wish else "nothing")
        return
    edited = answering.edited(context.session, context.person)
    left = setup.leave(context.session, context.person)
    if edited is not None:  # it is not shared any more, and its card says so
        context.send("daily.mine", edited)
    else:
        context.send("info.left", left)
