"""Buttons of linking and leaving."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from bot.messages.payload import Payload


@dataclass(frozen=True, slots=True)
class InvitePartner(Payload):
    """[Invite my partner]."""

    tag: ClassVar[str] = "iv"


@dataclass(frozen=True, slots=True)
class CancelInvite(Payload):
    """[Cancel invite]."""

    tag: ClassVar[str] = "ic"
    invite_id: UUID


@dataclass(frozen=True, slots=True)
class AcceptInvite(Payload):
    """[Accept]."""

    tag: ClassVar[str] = "ia"
    invite_id: UUID


@dataclass(frozen=True, slots=True)
class DeclineInvite(Payload):
    """[Decline], or with `block` [Decline and block]."""

    tag: ClassVar[str] = "id"
    invite_id: UUID
    block: int


@dataclass(frozen=True, slots=True)
class Withdraw(Payload):
    """[Take it back]: an acceptance before it is confirmed."""

    tag: ClassVar[str] = "iw"


@dataclass(frozen=True, slots=True)
class ConfirmLink(Payload):
    """[Yes, link us]."""

    tag: ClassVar[str] = "iy"
    invite_id: UUID


@dataclass(frozen=True, slots=True)
class RefuseLink(Payload):
    """[No] to whoever accepted."""

    tag: ClassVar[str] = "in"
    invite_id: UUID


@dataclass(frozen=True, slots=True)
class Unlink(Payload):
    """[Leave quietly], or with `tell` [Leave and tell]."""

    tag: ClassVar[str] = "ul"
    couple_id: UUID
    tell: int
