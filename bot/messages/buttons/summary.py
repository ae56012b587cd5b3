"""Buttons of the weekly summary."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from bot.messages.payload import Payload


@dataclass(frozen=True, slots=True)
class OpenSummary(Payload):
    """[Back] to /summary."""

    tag: ClassVar[str] = "yo"


@dataclass(frozen=True, slots=True)
class SwitchSummary(Payload):
    """[Turn on] [Turn off]: the standing wish."""

    tag: ClassVar[str] = "yw"
    on: int


@dataclass(frozen=True, slots=True)
class OwnWeek(Payload):
    """[My week so far], for oneself alone."""

    tag: ClassVar[str] = "yk"
    page: int


@dataclass(frozen=True, slots=True)
class LookAtPreview(Payload):
    """The own lines of a week, page by page, whatever was decided about them."""

    tag: ClassVar[str] = "yb"
    preview_id: UUID
    page: int


@dataclass(frozen=True, slots=True)
class ChooseLines(Payload):
    """[Remove a line]: which?"""

    tag: ClassVar[str] = "yl"
    preview_id: UUID


@dataclass(frozen=True, slots=True)
class RemoveLine(Payload):
    """A line off the page, or back onto it."""

    tag: ClassVar[str] = "yr"
    line_id: UUID
    removed: int


@dataclass(frozen=True, slots=True)
class SwitchPulseLine(Payload):
    """The pulse onto the page, or off it."""

    tag: ClassVar[str] = "yp"
    preview_id: UUID
    on: int


@dataclass(frozen=True, slots=True)
class ApprovePreview(Payload):
    """[Approve]."""

    tag: ClassVar[str] = "ya"
    preview_id: UUID


@dataclass(frozen=True, slots=True)
class SkipPreview(Payload):
    """[Skip this week]."""

    tag: ClassVar[str] = "ys"
    preview_id: UUID


@dataclass(frozen=True, slots=True)
class DecideAnew(Payload):
    """[Look again] after skipping."""

    tag: ClassVar[str] = "yn"
    preview_id: UUID


@dataclass(frozen=True, slots=True)
class TakeApprovalBack(Payload):
    """[Take it back] after approving."""

    tag: ClassVar[str] = "yt"
    preview_id: UUID


@dataclass(frozen=True, slots=True)
class TurnSummary(Payload):
    """Another page of the summary, or [Back] to it."""

    tag: ClassVar[str] = "yg"
    summary_id: UUID
    page: int


@dataclass(frozen=True, slots=True)
class AskWithdraw(Payload):
    """[Withdraw this page]: asks once."""

    tag: ClassVar[str] = "yq"
    summary_id: UUID


@dataclass(frozen=True, slots=True)
class WithdrawSummary(Payload):
    """[Withdraw this page], asked and meant."""

    tag: ClassVar[str] = "yx"
    summary_id: UUID
