from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest

from bot.messages.card import Card, Gone
from bot.practice import pairing
from storage import pairing as invites
from tests.inside import Inside
from tests.messages.wording import FOREIGN, check, check_translated, shown


@pytest.fixture
def ann(sqlite_inside: Inside) -> UUID:
    return sqlite_inside.person("Ann")


@pytest.fixture
def ben(sqlite_inside: Inside) -> UUID:
    return sqlite_inside.person("Ben")


def every_card(inside: Inside, ann: UUID, ben: UUID) -> list[Card | Gone]:
    invite_id, _ = inside.invite(ann)
    cards = [inside.show("pairing.invite", ann, invite_id), inside.show("pairing.invitation", ben, invite_id)]
    inside.accepted(ann, ben)
    cards += [inside.show("pairing.waiting", ben), inside.show("pairing.confirm", ann, invite_id)]
    couple_id = inside.confirm(ann, invite_id)
    cards += [inside.show("pairing.linked", ann, couple_id), inside.show("pairing.leave", ben)]
    inside.unlink(ann, couple_id)
    alone = ("cancelled", "declined", "withdrawn", "ended", "refused", "left", "farewell")
    cards += [inside.show(f"pairing.{name}", ann) for name in alone]
    return [*cards, inside.show("pairing.declined", None, "blocked")]


def test_every_card_is_short_and_warm(sqlite_inside: Inside, ann: UUID, ben: UUID) -> None:
    check(every_card(sqlite_inside, ann, ben))


def test_every_word_goes_through_the_catalogue(sqlite_inside: Inside, ann: UUID, ben: UUID) -> None:
    sqlite_inside.languages = FOREIGN
    check_translated(every_card(sqlite_inside, ann, ben))


def test_the_link_can_be_shared_and_copied(sqlite_inside: Inside, ann: UUID) -> None:
    invite_id, token = sqlite_inside.invite(ann)
    card = sqlite_inside.show("pairing.invite", ann, invite_id)
    assert isinstance(card, Card)
    (share, copy), (cancel,) = card.rows
    assert copy.copy == f"https://t.me/side_by_side_bot?start={token}"
    assert share.url is not None
    address = urlsplit(share.url)
    assert (address.netloc, address.path) == ("t.me", "/share/url")
    assert parse_qs(address.query)["url"] == [copy.copy]
    assert cancel.payload is not None


def test_a_declined_invite_looks_the_same_to_its_inviter(sqlite_inside: Inside, ann: UUID, ben: UUID) -> None:
    invite_id, token = sqlite_inside.invite(ann)
    before = sqlite_inside.show("pairing.invite", ann, invite_id)
    chat = sqlite_inside.chat_of(ben)
    sqlite_inside.open(ben, token)
    sqlite_inside.do(lambda session: pairing.decline(session, chat, invite_id, block=True, now=sqlite_inside.now))
    assert sqlite_inside.show("pairing.invite", ann, invite_id) == before


def test_only_the_inviter_sees_the_link_and_the_question(sqlite_inside: Inside, ann: UUID, ben: UUID) -> None:
    invite_id, _ = sqlite_inside.invite(ann)
    assert isinstance(sqlite_inside.show("pairing.invite", ben, invite_id), Gone)
    assert isinstance(sqlite_inside.show("pairing.confirm", ann, invite_id), Gone)
    sqlite_inside.accepted(ann, ben)
    assert isinstance(sqlite_inside.show("pairing.invite", ann, invite_id), Gone)
    assert isinstance(sqlite_inside.show("pairing.confirm", ben, invite_id), Gone)
    assert isinstance(sqlite_inside.show("pairing.confirm", ann, uuid4()), Gone)
    sqlite_inside.later(hours=48)
    assert isinstance(sqlite_inside.show("pairing.confirm", ann, invite_id), Gone)


def test_an_invitation_that_ended_on_its_way_says_so(sqlite_inside: Inside, ann: UUID, ben: UUID) -> None:
    invite_id, _ = sqlite_inside.invite(ann)
    sqlite_inside.later(hours=48)
    assert "doesn't work any more" in shown(sqlite_inside.show("pairing.invitation", ben, invite_id)).text
    assert "doesn't work any more" in shown(sqlite_inside.show("pairing.invitation", None, uuid4())).text


def test_cards_about_a_couple_are_gone_with_it(sqlite_inside: Inside, ann: UUID, ben: UUID) -> None:
    couple_id = sqlite_inside.link(ann, ben)
    assert isinstance(sqlite_inside.show("pairing.ended", ben), Gone)
    assert isinstance(sqlite_inside.show("pairing.waiting", ben), Gone)
    sqlite_inside.unlink(ann, couple_id)
    for who in (ann, ben):
        assert isinstance(sqlite_inside.show("pairing.linked", who, couple_id), Gone)
        assert isinstance(sqlite_inside.show("pairing.leave", who), Gone)
    sqlite_inside.link(ben, ann)
    assert isinstance(sqlite_inside.show("pairing.linked", ann, couple_id), Gone)


def test_somebody_without_a_name_can_invite(sqlite_inside: Inside, ann: UUID, ben: UUID) -> None:
    nameless = sqlite_inside.person("")
    invite_id, _ = sqlite_inside.invite(nameless)
    assert "Someone named … invites you" in shown(sqlite_inside.show("pairing.invitation", ben, invite_id)).text


def test_the_plain_token_is_in_no_row(sqlite_inside: Inside, ann: UUID) -> None:
    invite_id, token = sqlite_inside.invite(ann)
    found = sqlite_inside.do(lambda session: invites.invite(session, invite_id=invite_id))
    assert found is not None
    assert token.encode() not in found.token_hash + found.token_sealed
