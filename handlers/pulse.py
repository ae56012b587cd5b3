"""The pulse: four taps, each changeable until the day ends."""

from datetime import date

from bot.messages.buttons import ChangePulse, OpenPulse, ShowTrend, TapPulse
from bot.practice import pulse as practice
from bot.practice import summary
from bot.practice.refusals import Closed
from handlers.context import Context
from storage.pulse import PARTS


def pulse(context: Context) -> None:
    """/pulse: what is still to be tapped today, or all four."""
    on = practice.open_pulse(context.person, now=context.now)
    parts = practice.values_on(context.session, context.person, on).parts
    next_part = next((part for part, value in enumerate(parts) if value is None), PARTS)
    context.send("pulse.today", f"{on.toordinal()}.{next_part}")


def open_pulse(context: Context, button: OpenPulse) -> None:
    """[My pulse]."""
    pulse(context)


def tap(context: Context, button: TapPulse) -> None:
    """One of 1 to 5; the next of the four is asked for."""
    on = _day(button.day)
    practice.tap(context.session, context.person, on, button.part, button.value, now=context.now)
    context.show("pulse.today", f"{button.day}.{button.part + 1}")
    summary.show_pulse(context.session, context.person, now=context.now, key=f"u{context.arrived.update_id}:p")


def change(context: Context, button: ChangePulse) -> None:
    """[Change] [Back]."""
    practice.check_can_change(context.session, context.person, _day(button.day), now=context.now)
    if button.part not in range(PARTS):
        raise Closed
    context.show("pulse.today", f"{button.day}.{button.part}")


def show_trend(context: Context, button: ShowTrend) -> None:
    """[My trend]."""
    practice.open_pulse(context.person, now=context.now)
    context.send("pulse.trend")


def _day(ordinal: int) -> date:
    """The date of an ordinal. Refuses: Closed, for one that no button of ours carries."""
    if not date.min.toordinal() <= ordinal <= date.max.toordinal():
        raise Closed
    return date.fromordinal(ordinal)
