"""Inviting, accepting, confirming and leaving."""

from bot.messages.buttons import (
    AcceptInvite,
    CancelInvite,
    ConfirmLink,
    DeclineInvite,
    InvitePartner,
    RefuseLink,
    Unlink,
    Withdraw,
)
from bot.practice import pairing
from handlers.context import Context
from handlers.setup import where


def invite(context: Context) -> None:
    """/invite: the one link, or the question who accepted it."""
    found = pairing.invite_partner(context.session, context.person, now=context.now)
    context.show("pairing.confirm" if found.state == "accepted" else "pairing.invite", found.id)


def press_invite(context: Context, button: InvitePartner) -> None:
    """[Invite my partner]."""
    invite(context)


def cancel_invite(context: Context, button: CancelInvite) -> None:
    """[Cancel invite]."""
    pairing.cancel_invite(context.session, context.person, button.invite_id, now=context.now)
    context.show("pairing.cancelled")


def accept(context: Context, button: AcceptInvite) -> None:
    """[Accept]: counts at once for somebody who is set up, else after set-up."""
    counts = pairing.want(context.session, context.chat, context.stranger, button.invite_id, now=context.now)
    if counts:
        context.show("pairing.waiting")
    else:
        where(context)


def decline(context: Context, button: DeclineInvite) -> None:
    """[Decline] and [Decline and block]."""
    pairing.decline(context.session, context.chat, button.invite_id, block=bool(button.block), now=context.now)
    context.show("pairing.declined", "blocked" if button.block else "")


def withdraw(context: Context, button: Withdraw) -> None:
    """[Take it back]."""
    pairing.take_back(context.session, context.person)
    context.show("pairing.withdrawn")


def confirm(context: Context, button: ConfirmLink) -> None:
    """[Yes, link us]."""
    couple = pairing.confirm(
        context.session,
        context.person,
        button.invite_id,
        library=context.library,
        random=context.random,
        now=context.now,
    )
    context.show("pairing.linked", couple.id)


def refuse(context: Context, button: RefuseLink) -> None:
    """[No]."""
    pairing.refuse(context.session, context.person, button.invite_id, now=context.now)
    context.show("pairing.refused")


def unlink(context: Context) -> None:
    """/unlink: the two ways to leave."""
    pairing.own_membership(context.session, context.person)
    context.show("pairing.leave")


def leave(context: Context, button: Unlink) -> None:
    """[Leave quietly] and [Leave and tell]."""
    pairing.unlink(context.session, context.person, button.couple_id, tell=bool(button.tell), now=context.now)
    context.show("pairing.left")
