"""/settings with its views, and the typed shortcuts."""

from bot.messages.buttons import (
    OpenSettings,
    SetDay,
    SetDepth,
    SetLanguage,
    SetProtection,
    SetRhythm,
    SetTheme,
    SetTime,
    SetWeek,
)
from bot.practice import asking, preferences
from bot.practice.refusals import Closed, UnclearLanguage
from handlers import setup
from handlers.context import Context
from storage import expectations

VIEWS = (
    *("menu", "time", "days", "week", "language", "depth", "themes", "protection"),
    *("quiet", "discreet", "retention", "blocks"),
)


def settings(context: Context) -> None:
    """/settings."""
    _view(context, "menu")


def open_view(context: Context, button: OpenSettings) -> None:
    """A button of the settings, [Back] among them."""
    if button.view not in VIEWS:
        raise Closed
    _view(context, button.view)


def _view(context: Context, view: str, about: str = "") -> None:
    """Show a view; what was asked before is left."""
    preferences.check_ready(context.person)
    expectations.forget(context.session, person_id=context.person.id)
    context.show(f"settings.{view}", about)


def _await_words(context: Context, kind: str) -> None:
    expectations.await_words(context.session, person_id=context.person.id, kind=kind)


# -- when


def time(context: Context) -> None:
    """/time, alone or with a time."""
    if context.text:
        say_time(context)
    else:
        _view(context, "time")
        _await_words(context, preferences.DAILY_TIME)


def say_time(context: Context) -> None:
    """A typed time. Refuses: UnclearTime."""
    preferences.say_time(context.person, context.text, context.arrived.language_code, now=context.now)
    _show_time(context)


def set_time(context: Context, button: SetTime) -> None:
    """A time for the daily question."""
    preferences.keep_time(context.person, button.minute, now=context.now)
    _show_time(context)


def _show_time(context: Context) -> None:
    _view(context, "time", "now" if asking.comes_now(context.person, now=context.now) else "")


def set_rhythm(context: Context, button: SetRhythm) -> None:
    """[Every day] [Three a week] [Weekly only]."""
    preferences.keep_rhythm(context.person, button.rhythm, now=context.now)
    _view(context, "days")


def set_day(context: Context, button: SetDay) -> None:
    """A day on or off."""
    preferences.switch_day(context.person, button.day, on=bool(button.on), now=context.now)
    _view(context, "days")


def week(context: Context) -> None:
    """/week, alone or with a day and a time."""
    if context.text:
        say_week(context)
    else:
        _view(context, "week")
        _await_words(context, preferences.WEEKLY_TIME)


def say_week(context: Context) -> None:
    """A typed day and time. Refuses: UnclearDay."""
    preferences.say_week(context.person, context.text, context.arrived.language_code, now=context.now)
    _view(context, "week")


def set_week(context: Context, button: SetWeek) -> None:
    """A day or a time for the weekly occasion."""
    preferences.keep_week(context.person, day=button.day, minute=button.minute, now=context.now)
    _view(context, "week")


# -- where, and in which language


def zone(context: Context) -> None:
    """/zone, alone or with a city, a zone or the time that it is."""
    if context.text:
        _ = context.person
        setup.say_zone(context)
    else:
        setup.ask_zone(context)


def language(context: Context) -> None:
    """/language, alone or with one."""
    _ = context.person
    if context.text:
        _speak(context, context.languages.named(context.text))
    else:
        context.show("settings.language")


def set_language(context: Context, button: SetLanguage) -> None:
    """A language."""
    _speak(context, button.language if button.language in context.languages.words else None)


def _speak(context: Context, language: str | None) -> None:
    if language is None:
        raise UnclearLanguage
    context.person.language = language
    context.show("settings.language")


# -- what


def set_depth(context: Context, button: SetDepth) -> None:
    """How deep questions may go."""
    preferences.keep_depth(context.person, button.depth)
    _view(context, "depth")


def set_theme(context: Context, button: SetTheme) -> None:
    """A theme on or off."""
    preferences.switch_theme(context.person, button.theme, on=bool(button.on))
    _view(context, "themes")


def set_protection(context: Context, button: SetProtection) -> None:
    """Forwarding protection on or off."""
    preferences.keep_protection(context.person, on=bool(button.on))
    _view(context, "protection")
