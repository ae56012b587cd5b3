"""Cards about being linked: the invite, its acceptance, the confirmation, and leaving."""

from urllib.parse import urlencode
from uuid import UUID

from markupsafe import Markup
from sqlmodel import Session

from bot.messages.buttons import (
    AcceptInvite,
    CancelInvite,
    ConfirmLink,
    DeclineInvite,
    InvitePartner,
    RefuseLink,
    StartAlone,
    Unlink,
    WhereAmI,
    Withdraw,
)
from bot.messages.card import Button, Card, Gone, Reader, Style, choice, row
from bot.messages.cards import refusal
from bot.messages.markup import bold, paragraphs
from bot.practice import pairing
from storage import pairing as invites
from storage import people
from storage.tables import Invite, Person

SHARE_PAGE = "https://t.me/share/url"


def invite(session: Session, reader: Reader, about: str) -> Card | Gone:
    """An own invite with its link; one that was declined looks the same."""
    _ = reader.words
    found = _invite(session, about)
    if found is None or found.inviter_id != reader.known.id or not _is_out(found, reader):
        return Gone()
    link = f"https://t.me/{reader.bot_name}?start={invites.token(session, found)}"
    words = _("Would you like to try this with me? Short questions, each of us in private.").unescape()
    share = f"{SHARE_PAGE}?{urlencode({'url': link, 'text': words})}"
    return Card(
        paragraphs(
            _("This link is for one person, once, for 48 hours. Before anything is linked, I ask you who accepted."),
            link,
        ),
        (
            row(Button(str(_("Share link")), url=share), Button(str(_("Copy link")), copy=link)),
            row(choice(_("Cancel invite"), CancelInvite(found.id))),
        ),
    )


def _is_out(found: Invite, reader: Reader) -> bool:
    return found.state in invites.SEEMS_OPEN and found.expires > reader.now


def cancelled(session: Session, reader: Reader, about: str) -> Card:
    """An own invite was cancelled."""
    _ = reader.words
    return Card(_("This link leads nowhere now."), (row(choice(_("Invite my partner"), InvitePartner())),))


def invitation(session: Session, reader: Reader, about: str) -> Card:
    """What somebody reads who opened a link, before anything else."""
    _ = reader.words
    found = _invite(session, about)
    if found is None or not pairing.is_live(session, found, chat_id=reader.chat_id, now=reader.now):
        return Card(refusal.sentences(_)["dead_invite"])
    return Card(
        paragraphs(
            _(
                "Someone named {name} invites you to answer short questions, each in private. What you both share "
                "opens for both at once; nothing else is shown.",
                name=bold(_name(session, people.person(session, found.inviter_id))),
            ),
            _("A name proves nothing. If unsure, ask them another way first."),
        ),
        (
            row(
                choice(_("Accept"), AcceptInvite(found.id), Style.PRIMARY),
                choice(_("Decline"), DeclineInvite(found.id, 0)),
            ),
            row(choice(_("Decline and block"), DeclineInvite(found.id, 1))),
        ),
    )


def declined(session: Session, reader: Reader, about: str) -> Card:
    """An invitation was declined; with `about`, its sender is blocked as well."""
    _ = reader.words
    blocked = _("Links from the same person lead nowhere for you from now on.") if about else None
    return Card(paragraphs(_("Declined. Nobody is told."), blocked, _("You can also start on your own: /start")))


def waiting(session: Session, reader: Reader, about: str) -> Card | Gone:
    """An acceptance that is to be confirmed."""
    _ = reader.words
    found = invites.invite_waited_for(session, person_id=reader.known.id, now=reader.now)
    if found is None:
        return Gone()
    return Card(
        _(
            "You accepted. Whoever invited you is asked to confirm that it is you; once they do, you are linked, and I "
            "tell you both. You need not wait: everything for yourself works already."
        ),
        (row(choice(_("Take it back"), Withdraw())),),
    )


def withdrawn(session: Session, reader: Reader, about: str) -> Card:
    """One's own acceptance was taken back."""
    _ = reader.words
    return Card(
        _("Taken back. Nobody is linked, and nobody is told."),
        (row(choice(_("Invite my partner"), InvitePartner())), row(choice(_("Start on my own"), StartAlone()))),
    )


def ended(session: Session, reader: Reader, about: str) -> Card | Gone:
    """An acceptance was not confirmed in time."""
    _ = reader.words
    if people.open_membership(session, person_id=reader.known.id) is not None:
        return Gone()
    return Card(
        _("The invite that you accepted has ended without a link. This can have many reasons."),
        (row(choice(_("Invite my partner"), InvitePartner())), row(choice(_("Start on my own"), StartAlone()))),
    )


def confirm(session: Session, reader: Reader, about: str) -> Card | Gone:
    """Is it the person you meant?"""
    _ = reader.words
    found = _invite(session, about)
    if found is None or found.inviter_id != reader.known.id or found.invitee_id is None:
        return Gone()
    if found.state != "accepted" or found.expires <= reader.now:
        return Gone()
    return Card(
        _(
            "Someone named {name} accepted. Is it the person you meant? If unsure, ask them another way first.",
            name=bold(_name(session, people.person(session, found.invitee_id))),
        ),
        (
            row(
                choice(_("Yes, link us"), ConfirmLink(found.id), Style.SUCCESS),
                choice(_("No"), RefuseLink(found.id)),
            ),
        ),
    )


def refused(session: Session, reader: Reader, about: str) -> Card:
    """[No] was pressed."""
    _ = reader.words
    return Card(
        _("Nobody is linked, and they are not told. A new link is made by the button below."),
        (row(choice(_("Invite my partner"), InvitePartner())),),
    )


def linked(session: Session, reader: Reader, about: str) -> Card | Gone:
    """Two people are linked from now on."""
    _ = reader.words
    partner = people.partner_of(session, person_id=reader.known.id)
    mine = people.open_membership(session, person_id=reader.known.id)
    if partner is None or mine is None or str(mine.couple_id) != about:
        return Gone()
    return Card(
        paragraphs(
            _("You and {name} are linked.", name=bold(_name(session, partner))),
            _("Questions come at an hour of your own. Nothing opens until both of you share. /unlink ends it."),
        )
    )


def leave(session: Session, reader: Reader, about: str) -> Card | Gone:
    """The two ways to leave."""
    _ = reader.words
    mine = people.open_membership(session, person_id=reader.known.id)
    if mine is None:
        return Gone()
    return Card(
        paragraphs(
            _("Either way the link ends at once, without a reason, and what has not opened never opens."),
            _("Quietly: the other learns it when they next write here. Or I tell them now, in one neutral line."),
        ),
        (
            row(choice(_("Leave quietly"), Unlink(mine.couple_id, 0), Style.DANGER)),
            row(choice(_("Leave and tell"), Unlink(mine.couple_id, 1))),
            row(choice(_("Back"), WhereAmI())),
        ),
    )


def left(session: Session, reader: Reader, about: str) -> Card:
    """The reader has left."""
    _ = reader.words
    return Card(
        _(
            "The link has ended. Nothing about the other reaches either of you any more. Your own questions go on; "
            "/settings changes them."
        )
    )


def farewell(session: Session, reader: Reader, about: str) -> Card:
    """The one neutral line for the other."""
    _ = reader.words
    return Card(_("You are no longer linked with anybody here. What is yours stays yours."))


def _invite(session: Session, about: str) -> Invite | None:
    return invites.invite(session, invite_id=UUID(about))


def _name(session: Session, person: Person) -> Markup | str:
    return people.name(session, person) or "…"
