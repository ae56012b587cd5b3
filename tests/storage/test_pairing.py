from datetime import timedelta
from uuid import UUID

import pytest

from storage import pairing as invites
from storage import people
from tests.inside import Inside, inside

__all__ = ["inside"]


@pytest.fixture
def ann(inside: Inside) -> UUID:
    return inside.person("Ann")


def test_an_invite_is_found_by_its_token_alone(inside: Inside, ann: UUID) -> None:
    invite_id, token = inside.invite(ann)
    found = inside.do(lambda session: invites.invite_by_token(session, token=token))
    assert found is not None
    assert found.id == invite_id
    assert inside.do(lambda session: invites.invite_by_token(session, token=token[:-1])) is None


def test_opening_and_blocking_twice_is_the_same_as_once(inside: Inside, ann: UUID) -> None:
    invite_id, _ = inside.invite(ann)
    one, other = inside.chat(), inside.chat_of(ann)
    for _ in range(2):
        inside.do(lambda session: invites.note_opening(session, chat_id=one.id, invite_id=invite_id))
        inside.do(lambda session: invites.block(session, chat_id=one.id, blocked_id=other.id))
    assert inside.do(lambda session: invites.has_opened(session, chat_id=one.id, invite_id=invite_id))
    assert inside.do(lambda session: invites.is_blocked(session, one=other.id, other=one.id))


def test_a_chat_wants_one_invite_at_a_time(inside: Inside, ann: UUID) -> None:
    chat, ben = inside.chat(), inside.person("Ben")
    first, second = inside.invite(ann)[0], inside.invite(ben)[0]
    inside.do(lambda session: invites.want(session, chat_id=chat.id, invite_id=first))
    inside.do(lambda session: invites.want(session, chat_id=chat.id, invite_id=second))
    assert inside.do(lambda session: invites.wanted(session, chat_id=chat.id)) == second
    assert inside.do(lambda session: invites.forget_wish(session, chat_id=chat.id))
    assert not inside.do(lambda session: invites.forget_wish(session, chat_id=chat.id))


def test_attempts_are_forgotten_in_chunks(inside: Inside) -> None:
    chat = inside.chat()
    for _ in range(3):
        inside.do(lambda session: invites.note_failed_attempt(session, chat_id=chat.id, now=inside.now))
    since = inside.now - timedelta(hours=1)
    assert inside.do(lambda session: invites.failed_attempts(session, chat_id=chat.id, since=since)) == 3
    assert inside.do(lambda session: invites.prune_attempts(session, before=inside.now, limit=2))
    assert not inside.do(lambda session: invites.prune_attempts(session, before=inside.now, limit=2))


def test_a_person_is_kept_with_a_key_of_their_own(inside: Inside, ann: UUID) -> None:
    ben = inside.person("Ben")
    assert inside.keys.data_key(ann) != inside.keys.data_key(ben)
    assert inside.do(lambda session: people.name(session, people.person(session, ann))) == "Ann"
