"""The weekly summary: the standing wish, one's own preview, and the page of two."""

from bot.messages.buttons import (
    ApprovePreview,
    AskWithdraw,
    ChooseLines,
    DecideAnew,
    LookAtPreview,
    OpenSummary,
    OwnWeek,
    RemoveLine,
    SkipPreview,
    SwitchPulseLine,
    SwitchSummary,
    TakeApprovalBack,
    TurnSummary,
    WithdrawSummary,
)
from bot.practice import summary as practice
from bot.practice import summary_page
from bot.practice.preferences import check_ready
from handlers.context import Context
from storage.tables import SummaryPreview


def summary(context: Context) -> None:
    """/summary."""
    check_ready(context.person)
    context.send("summary.menu")


def open_menu(context: Context, button: OpenSummary) -> None:
    """[Back]."""
    check_ready(context.person)
    context.show("summary.menu")


def switch(context: Context, button: SwitchSummary) -> None:
    """[Turn it on] [Turn it off]."""
    if button.on:
        practice.turn_on(context.session, context.person, now=context.now)
    else:
        practice.turn_off(context.session, context.person)
    context.show("summary.menu")


def own_week(context: Context, button: OwnWeek) -> None:
    """[My week so far], and its pages."""
    check_ready(context.person)
    context.show("summary.own", str(button.page))


# -- one's own preview


def look(context: Context, button: LookAtPreview) -> None:
    """A page of one's own lines."""
    practice.own_preview(context.session, context.person, button.preview_id)
    context.show("summary.preview", summary_page.card_about(button.preview_id, button.page))


def choose_lines(context: Context, button: ChooseLines) -> None:
    """[Remove a line]."""
    practice.open_preview(context.session, context.person, button.preview_id, now=context.now)
    context.show("summary.lines", button.preview_id.hex)


def remove_line(context: Context, button: RemoveLine) -> None:
    """A line off the page, or back."""
    preview = practice.set_line(
        context.session, context.person, button.line_id, removed=bool(button.removed), now=context.now
    )
    context.show("summary.lines", preview.id.hex)


def switch_pulse(context: Context, button: SwitchPulseLine) -> None:
    """The pulse onto the page, or off it."""
    _show(
        context,
        practice.set_pulse(context.session, context.person, button.preview_id, on=bool(button.on), now=context.now),
    )


def approve(context: Context, button: ApprovePreview) -> None:
    """[Approve]."""
    practice.approve(context.session, context.person, button.preview_id, now=context.now)
    context.show("summary.preview", summary_page.card_about(button.preview_id))


def skip(context: Context, button: SkipPreview) -> None:
    """[Skip this week]."""
    practice.skip(context.session, context.person, button.preview_id, now=context.now)
    context.show("summary.preview", summary_page.card_about(button.preview_id))


def decide_anew(context: Context, button: DecideAnew) -> None:
    """[Look again]."""
    practice.look_again(context.session, context.person, button.preview_id, now=context.now)
    context.show("summary.preview", summary_page.card_about(button.preview_id))


def take_back(context: Context, button: TakeApprovalBack) -> None:
    """[Take it back]."""
    practice.take_back(context.session, context.person, button.preview_id, now=context.now, key=_key(context))
    context.show("summary.preview", summary_page.card_about(button.preview_id))


# -- the page of two


def turn(context: Context, button: TurnSummary) -> None:
    """Another page, or [Back]."""
    summary_page.own_page(context.session, context.person, button.summary_id)
    context.show("summary.page", summary_page.card_about(button.summary_id, button.page))


def ask_withdraw(context: Context, button: AskWithdraw) -> None:
    """[Withdraw this page]: asks once."""
    summary_page.own_page(context.session, context.person, button.summary_id)
    context.show("summary.withdraw", button.summary_id.hex)


def withdraw(context: Context, button: WithdrawSummary) -> None:
    """[Withdraw this page], asked and meant."""
    summary_page.withdraw(context.session, context.person, button.summary_id, now=context.now, key=_key(context))
    context.show("summary.withdrawn")


def _show(context: Context, preview: SummaryPreview) -> None:
    context.show("summary.preview", summary_page.card_about(preview.id))


def _key(context: Context) -> str:
    return f"u{context.arrived.update_id}:y"
