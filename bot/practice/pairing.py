"""How two people are linked, and how either leaves.

An invite is open, then accepted, then linked; or it ends before. How it ended is never told: to its inviter a declined
one looks open, to its invitee a refused or cancelled one looks unanswered, until its time is over for both.
"""

from datetime import datetime, timedelta
from random import Random
from secrets import token_urlsafe
from uuid import UUID

from sqlmodel import Session

from bot.practice import agreements, incoming
from bot.practice.firsts import join_first, part
from bot.practice.owing import REVEAL, owe
from bot.practice.planning import plan_weekly
from bot.practice.prompts import Library
from bot.practice.refusals import AlreadyLinked, Closed, NotLinked, NotReady, NotYours, OwnInvite, TooMany
from storage import apart, people
from storage import pairing as invites
from storage.deliveries import NEVER
from storage.tables import Chat, Couple, Invite, Membership, Person

OPEN_FOR = timedelta(hours=48)
ATTEMPTS = 5  # dead links that a chat may try within ATTEMPTS_AGE
ATTEMPTS_AGE = timedelta(hours=1)
TOKEN_BYTES = 16


def check_unlinked(session: Session, person: Person) -> None:
    """One partner at a time. Refuses: AlreadyLinked."""
    if people.open_membership(session, person_id=person.id) is not None:
        raise AlreadyLinked


def invite_partner(session: Session, person: Person, *, now: datetime) -> Invite:
    """The one invite that this person has out; made if there is none. Refuses: NotReady, AlreadyLinked."""
    if not person.ready:
        raise NotReady
    check_unlinked(session, person)
    standing = invites.invite_from(session, person_id=person.id, now=now)
    return standing or invites.add_invite(
        session, inviter_id=person.id, token=token_urlsafe(TOKEN_BYTES), expires=now + OPEN_FOR
    )


def cancel_invite(session: Session, person: Person, invite_id: UUID, *, now: datetime) -> None:
    """End an own invite; whoever accepted it is not told. Refuses: NotYours, Closed."""
    invite = _own(session, person, invite_id)
    if invite.state not in (*invites.SEEMS_OPEN, "accepted") or invite.expires <= now:
        raise Closed
    invite.state = "cancelled"


# -- the invited one


def open_link(session: Session, chat: Chat, person: Person | None, token: str, *, now: datetime) -> Invite | None:
    """The invite behind a link, None for any that leads nowhere. Refuses: AlreadyLinked, OwnInvite, TooMany."""
    if person is not None:
        check_unlinked(session, person)
    if invites.failed_attempts(session, chat_id=chat.id, since=now - ATTEMPTS_AGE) >= ATTEMPTS:
        raise TooMany
    invite = invites.invite_by_token(session, token=token)
    if invite is not None and person is not None and invite.inviter_id == person.id and _seems_open(invite, now):
        raise OwnInvite
    if invite is None or not is_live(session, invite, chat_id=chat.id, now=now):
        invites.note_failed_attempt(session, chat_id=chat.id, now=now)
        return None
    invites.note_opening(session, chat_id=chat.id, invite_id=invite.id)
    return invite


def is_live(session: Session, invite: Invite, *, chat_id: UUID, now: datetime) -> bool:
    """Whether this chat could accept the invite now."""
    if invite.state != "open" or invite.expires <= now:
        return False
    inviter = people.person(session, invite.inviter_id)
    return inviter.chat_id != chat_id and not invites.is_blocked(session, one=chat_id, other=inviter.chat_id)


def want(session: Session, chat: Chat, person: Person | None, invite_id: UUID, *, now: datetime) -> bool:
    """Accept an invite that this chat has opened; tells whether that counts now, else it does after set-up.

    Refuses: Closed, AlreadyLinked.
    """
    invite = _opened(session, chat, invite_id)
    if not is_live(session, invite, chat_id=chat.id, now=now):
        raise Closed
    if person is not None:
        check_unlinked(session, person)
    invites.want(session, chat_id=chat.id, invite_id=invite_id)
    return person is not None and person.ready and accept_wanted(session, person, now=now)


def accept_wanted(session: Session, person: Person, *, now: datetime) -> bool:
    """Let the acceptance of a person who is set up count; False if there is none, or somebody was quicker."""
    invite_id = invites.wanted(session, chat_id=person.chat_id)
    invite = _locked(session, invite_id, person) if invite_id else None
    invites.forget_wish(session, chat_id=person.chat_id)
    if invite is None or not is_live(session, invite, chat_id=person.chat_id, now=now):
        return False
    invites.withdraw(session, person_id=person.id)
    invite.state, invite.invitee_id, invite.expires = "accepted", person.id, now + OPEN_FOR
    session.add(invite)
    session.flush()
    inviter = people.person(session, invite.inviter_id)
    owe(session, inviter, "pairing.confirm", invite.id, due=now, key=f"confirm:{invite.id}", urgency=REVEAL)
    return True


def decline(session: Session, chat: Chat, invite_id: UUID, *, block: bool, now: datetime) -> None:
    """Decline an invite that this chat has opened, and those to come from its inviter as well; nobody is told.

    Refuses: Closed. Blocking is possible as long as the invite is known.
    """
    invite = _opened(session, chat, invite_id)
    inviter = people.person(session, invite.inviter_id)
    live = is_live(session, invite, chat_id=chat.id, now=now)
    if not live and not block:
        raise Closed
    if live:
        invite.state = "declined"
        session.add(invite)
        session.flush()
    invites.forget_wish(session, chat_id=chat.id)
    if block:
        _take_back_from(session, chat, invite)
        invites.block(session, chat_id=chat.id, blocked_id=inviter.chat_id)


def _take_back_from(session: Session, chat: Chat, invite: Invite) -> None:
    """Whoever blocks somebody has not accepted them, whatever stood before."""
    invitee = people.person(session, invite.invitee_id) if invite.invitee_id else None
    if invitee is not None and invitee.chat_id == chat.id and invite.state in invites.SEEMS_ACCEPTED:
        invite.state = "withdrawn"
        session.add(invite)
        session.flush()


def take_back(session: Session, person: Person) -> None:
    """Take back one's acceptance before it is confirmed; nobody is told. Refuses: Closed."""
    if not invites.withdraw(session, person_id=person.id):
        raise Closed


# -- the inviter's last word


def confirm(
    session: Session, person: Person, invite_id: UUID, *, library: Library, random: Random, now: datetime
) -> Couple:
    """Link the inviter with whoever accepted; both first answers open if both were shared.

    Refuses: NotYours, Closed; also whoever has linked elsewhere meanwhile, which ended this invite.
    """
    invite = _accepted(session, person, invite_id, now=now)
    assert invite.invitee_id is not None
    invitee = people.person(session, invite.invitee_id)
    couple = _link(session, invite, person, invitee, now=now)
    owe(session, invitee, "pairing.linked", couple.id, due=now, key=f"linked:{couple.id}", urgency=REVEAL)
    join_first(session, couple, library=library, random=random, now=now)
    return couple


def refuse(session: Session, person: Person, invite_id: UUID, *, now: datetime) -> None:
    """Do not link with whoever accepted, who is not told. Refuses: NotYours, Closed."""
    _accepted(session, person, invite_id, now=now).state = "refused"


def _link(session: Session, invite: Invite, inviter: Person, invitee: Person, *, now: datetime) -> Couple:
    invite.state = "linked"
    session.add(invite)
    session.flush()
    both = (inviter.id, invitee.id)
    invites.cancel(session, inviter_ids=both, but=invite.id)
    for person_id in both:
        invites.withdraw(session, person_id=person_id, but=invite.id)
    for person in (inviter, invitee):
        plan_weekly(person, after=now)
    return invites.add_couple(session, first=inviter, second=invitee, on=now.date())


# -- leaving


def unlink(session: Session, person: Person, couple_id: UUID, *, tell: bool, now: datetime) -> None:
    """Leave the couple at once; what was not opened never opens. Refuses: NotLinked, Closed."""
    mine = own_membership(session, person)
    couple = invites.couple(session, couple_id=mine.couple_id)
    if couple is None or mine.couple_id != couple_id:
        raise Closed
    couple.ended = True
    session.add(couple)
    for place in invites.memberships(session, couple_id=couple_id):
        place.open = False
        if place.id != mine.id:
            _leave_behind(session, place, tell=tell, now=now)
        session.add(place)
    session.flush()
    part(session, person.id, couple_id)
    agreements.end_for_couple(session, couple_id)


def own_membership(session: Session, person: Person) -> Membership:
    """The person's place in their couple. Refuses: NotLinked."""
    membership = people.open_membership(session, person_id=person.id)
    if membership is None:
        raise NotLinked
    return membership


def _leave_behind(session: Session, place: Membership, *, tell: bool, now: datetime) -> None:
    """Let the one who is left know: by a line, or at their own next tap, until when all goes on as before.

    A line waits for the end of a pause or of quiet hours, if that is known.
    """
    place.to_be_told, place.tell_at = True, None
    if tell:
        _tell(session, place, now=now)


def _tell(session: Session, place: Membership, *, now: datetime) -> None:
    """Say now, or as soon as something may come in, that the other has left."""
    other = people.person(session, place.person_id)
    opens = incoming.not_before(other, now)
    place.tell_at = None if other.unreachable or opens >= NEVER else opens
    if place.tell_at is not None and opens <= now:
        place.to_be_told, place.tell_at = False, None
        part(session, other.id, place.couple_id)
        owe(session, other, "pairing.farewell", due=now, key=f"farewell:{place.couple_id}")
    session.add(place)


def tell_due(session: Session, *, now: datetime, limit: int = 20) -> bool:
    """Tell whoever was left while nothing could come in; tells whether more may wait."""
    due = invites.to_tell(session, now=now, limit=limit)
    there = people.lock(session, *(place.person_id for place in due))
    # whoever has learned it, or deleted everything, while the lock was waited for is not among them any more
    still = [place for place in invites.to_tell(session, now=now, limit=limit) if place.person_id in there]
    apart.each(session, still, lambda place: _tell(session, place, now=now), failed=_leave_untold)
    return len(due) == limit


def _leave_untold(place: Membership) -> None:
    """Who cannot be told learns it at their own next tap, and keeps nobody else waiting."""
    place.tell_at = None


def learn_farewell(session: Session, person: Person) -> bool:
    """Whether the person has to be told now that a partner left quietly; once for all such endings."""
    untold = invites.untold_endings(session, person_id=person.id)
    for place in untold:
        place.to_be_told, place.tell_at = False, None
        session.add(place)
        session.flush()
        part(session, person.id, place.couple_id)
    return bool(untold)


# -- the end of an invite


def end_invites(session: Session, *, now: datetime, limit: int = 20) -> bool:
    """Forget invites whose time is over; tells whether more may wait."""
    over = invites.expired(session, now=now, limit=limit)
    for invite in over:
        _end(session, invite.id, now=now)
    more = invites.prune_attempts(session, before=now - ATTEMPTS_AGE)
    return more or len(over) == limit


def _end(session: Session, invite_id: UUID, *, now: datetime) -> None:
    invite = _locked(session, invite_id)
    if invite is None or invite.expires > now:
        return
    if invite.invitee_id is not None and invite.state in invites.SEEMS_ACCEPTED:
        invitee = people.person(session, invite.invitee_id)
        owe(session, invitee, "pairing.ended", due=now, key=f"ended:{invite.id}")
    invites.remove(session, invite_id=invite.id)


# -- which invite, and is it theirs


def _seems_open(invite: Invite, now: datetime) -> bool:
    return invite.expires > now and invite.state in (*invites.SEEMS_OPEN, "accepted")


def _locked(session: Session, invite_id: UUID, person: Person | None = None) -> Invite | None:
    """The invite as it is now; nobody else changes it until this unit ends."""
    invite = invites.invite(session, invite_id=invite_id)
    if invite is None:
        return None
    concerned = [invite.inviter_id, invite.invitee_id, person.id if person else None]
    people.lock(session, *{person_id for person_id in concerned if person_id is not None})
    return invites.invite(session, invite_id=invite_id)


def _own(session: Session, person: Person, invite_id: UUID) -> Invite:
    invite = _locked(session, invite_id, person)
    if invite is None:
        raise Closed
    if invite.inviter_id != person.id:
        raise NotYours
    return invite


def _accepted(session: Session, person: Person, invite_id: UUID, *, now: datetime) -> Invite:
    invite = _own(session, person, invite_id)
    if invite.state != "accepted" or invite.expires <= now:
        raise Closed
    return invite


def _opened(session: Session, chat: Chat, invite_id: UUID) -> Invite:
    """An invite that this chat has opened. Refuses: Closed."""
    invite = _locked(session, invite_id)
    if invite is None or not invites.has_opened(session, chat_id=chat.id, invite_id=invite_id):
        raise Closed
    return invite
