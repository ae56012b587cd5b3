"""Pausing, quiet hours, discreet mode, retention, and whom one has blocked."""

from bot.messages.buttons import PauseFor, Resume, SetDiscreet, SetQuiet, SetRetention, Unblock
from bot.practice import control, preferences
from handlers.context import Context


def pause(context: Context) -> None:
    """/pause, alone or with a day."""
    preferences.check_ready(context.person)
    if context.text:
        control.pause_until(context.session, context.person, context.text, now=context.now)
    context.show("control.pause")


def pause_for(context: Context, button: PauseFor) -> None:
    """A day, or [Until I say so]."""
    control.pause_for(context.session, context.person, button.days, now=context.now)
    context.show("control.pause")


def resume(context: Context, button: Resume) -> None:
    """[End the pause]."""
    control.resume(context.session, context.person)
    context.show("control.resumed")


def set_quiet(context: Context, button: SetQuiet) -> None:
    """Quiet hours, or none."""
    control.keep_quiet(context.session, context.person, button.start, button.end)
    context.show("settings.quiet")


def set_discreet(context: Context, button: SetDiscreet) -> None:
    """Discreet mode on or off."""
    control.keep_discreet(context.person, on=bool(button.on))
    context.show("settings.discreet")


def set_retention(context: Context, button: SetRetention) -> None:
    """How long one's own words are kept; asks once before words go."""
    if button.sure or not control.removes_more(context.person, button.days):
        control.keep_words_for(context.person, button.days)
        context.show("settings.retention")
    else:
        context.show("control.shorter", str(button.days))


def unblock(context: Context, button: Unblock) -> None:
    """[Unblock …]."""
    control.unblock(context.session, context.person, button.block_id)
    context.show("settings.blocks")
