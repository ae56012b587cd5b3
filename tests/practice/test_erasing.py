"""Steps of an erasure that seldom happen: batches, strays, a list that is replayed, and what two agreed on."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from bot.practice import erasing, exporting, incoming
from bot.practice.erasing import BATCH
from bot.practice.owing import overwrite
from storage import daily, deliveries, people, reveals
from storage import erasing as stored
from storage import exporting as exported
from storage.claiming import URGENCIES, claim
from storage.daily import Given
from storage.deliveries import Standing
from storage.tables import Delivery, Erasure, Export, Message, Occasion, Person, Reveal
from tests.inside import Inside

pytestmark = pytest.mark.every_database


@pytest.fixture
def pair(inside: Inside) -> tuple[UUID, UUID]:
    ann, ben = inside.person("Ann"), inside.person("Ben")
    inside.link(ann, ben)
    return ann, ben


def delete(inside: Inside, person_id: UUID) -> None:
    inside.do(
        lambda session: erasing.delete_person(
            session, inside.get(session, person_id), now=inside.now, key=f"k{uuid4()}"
        )
    )


def step(inside: Inside) -> bool:
    return inside.do(lambda session: erasing.go_on(session, now=inside.now))


def to_phase(inside: Inside, phase: str) -> None:
    for _ in range(50):
        if inside.do(lambda session: session.exec(select(Erasure.phase)).first()) == phase:
            return
        step(inside)
    raise AssertionError(phase)


def deliver_all(inside: Inside) -> None:
    """Everything that waits is sent."""

    def send(session: Session) -> int:
        now = inside.now
        claimed = claim(session, holder="t", now=now, until=now, limit=50, busy=(), urgencies=URGENCIES).found
        for one in claimed:
            deliveries.mark_sent(session, Standing(one, one.message_id or 900_000 + one.id, now))
        return len(claimed)

    while inside.do(send):
        pass


def show(inside: Inside, person_id: UUID, card: str, count: int) -> None:
    """Messages of the bot that stand in somebody's chat."""

    def add(session: Session) -> None:
        chat_id = people.person(session, person_id).chat_id
        for number in range(count):
            session.add(
                Message(
                    chat_id=chat_id,
                    message_id=hash((card, number)) % 10**9,
                    person_id=person_id,
                    card=card,
                    about=str(uuid4()),
                    sent_at=inside.now,
                )
            )

    inside.do(add)


def waiting(inside: Inside, mode: str) -> int:
    query = select(Delivery).where(Delivery.state == "waiting", Delivery.mode == mode)
    return inside.do(lambda session: len(session.exec(query).all()))


def test_messages_are_seen_to_a_batch_at_a_time(inside: Inside, pair: tuple[UUID, UUID]) -> None:
    ann, ben = pair
    deliver_all(inside)
    show(inside, ben, "daily.voice", BATCH + 5)
    show(inside, ann, "daily.mine", BATCH + 5)
    delete(inside, ann)
    deliver_all(inside)
    to_phase(inside, "partner")
    assert step(inside)
    assert waiting(inside, "delete") + waiting(inside, "wipe") == BATCH
    assert not step(inside), "the next batch waits for this one"
    deliver_all(inside)
    to_phase(inside, "own")
    deliver_all(inside)
    assert step(inside)
    assert not step(inside)
    deliver_all(inside)
    while inside.do(lambda session: session.exec(select(Erasure)).first()):
        step(inside)
        deliver_all(inside)
    assert inside.do(lambda session: session.exec(select(Message).where(Message.person_id == ann)).all()) == []


def test_what_telegram_will_soon_not_remove_any_more_loses_its_words(inside: Inside, pair: tuple[UUID, UUID]) -> None:
    ann, _ = pair
    deliver_all(inside)
    inside.later(hours=47, minutes=30)
    show(inside, ann, "daily.mine", 1)  # just now
    delete(inside, ann)
    to_phase(inside, "own")
    step(inside)
    late = inside.do(lambda session: session.exec(select(Delivery.mode).where(Delivery.state == "waiting")).all())
    assert late.count("delete") == 1
    assert late.count("wipe") >= 1


def test_what_reached_the_chat_meanwhile_is_removed_too(inside: Inside, pair: tuple[UUID, UUID]) -> None:
    ann, _ = pair
    chat = inside.chat_of(ann)

    def in_flight(session: Session) -> object:
        now = inside.now
        found = claim(session, holder="t", now=now, until=now, limit=50, busy=(), urgencies=URGENCIES).found
        return next(one for one in found if one.chat_id == chat.id)

    claimed = inside.do(in_flight)
    delete(inside, ann)
    to_phase(inside, "last")
    inside.do(lambda session: deliveries.mark_sent(session, Standing(claimed, 4711, inside.now)))  # type: ignore[arg-type]
    for _ in range(6):
        step(inside)
    removed = select(Delivery).where(Delivery.mode == "delete", Delivery.message_id == 4711)
    assert len(inside.do(lambda session: session.exec(removed).all())) == 1


def test_two_erasures_of_one_chat_end_both(inside: Inside) -> None:
    """Who deletes everything, comes back at once and deletes everything again."""
    ann = inside.person("Ann")
    chat = inside.chat_of(ann)
    delete(inside, ann)
    again = inside.person("Ann", chat=chat)
    delete(inside, again)
    for _ in range(60):
        deliver_all(inside)
        step(inside)
    assert inside.do(lambda session: session.exec(select(Erasure)).all()) == []
    assert inside.do(lambda session: session.exec(select(Person)).all()) == []


@pytest.mark.parametrize("settled", [False, True])
def test_the_list_erases_again_and_tells_only_whom_it_has_not_told(inside: Inside, settled: bool) -> None:
    ann = inside.person("Ann")
    chat = inside.chat_of(ann)
    deliver_all(inside)
    inside.keys.erase(ann)
    if settled:
        inside.keys.settle(ann)
    inside.do(lambda session: erasing.replay_unsettled(session, now=inside.now))
    inside.do(lambda session: erasing.replay_list(session, after=None, now=inside.now))
    inside.do(lambda session: erasing.replay_list(session, after=None, now=inside.now))
    told = select(Delivery).where(Delivery.chat_id == chat.id, Delivery.card == "erasing.closing")
    assert len(inside.do(lambda session: session.exec(told).all())) == (0 if settled else 1)
    assert inside.do(lambda session: len(session.exec(select(Erasure)).all())) == 1


def test_a_long_list_is_gone_through_in_parts(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "LISTED", 2)
    for _ in range(5):
        inside.keys.erase(uuid4())
    after, parts = None, 0
    while after := inside.do(lambda session, after=after: erasing.replay_list(session, after=after, now=inside.now)):  # type: ignore[misc]
        parts += 1
    assert parts == 2


def test_many_rows_go_in_chunks(inside: Inside, monkeypatch: pytest.MonkeyPatch, pair: tuple[UUID, UUID]) -> None:
    ann, _ = pair
    delete(inside, ann)
    monkeypatch.setattr(stored, "CHUNK", 1)
    for _ in range(80):
        deliver_all(inside)
        step(inside)
    assert inside.do(lambda session: len(session.exec(select(Person)).all())) == 1


def test_what_came_late_goes_before_the_last_rows(inside: Inside, pair: tuple[UUID, UUID]) -> None:
    ann, _ = pair
    assert inside.do(lambda session: stored.remove_last_rows(session, person_id=ann))
    assert inside.do(lambda session: people.person(session, ann).id) == ann


def test_what_two_agreed_on_ends_with_either(
    inside: Inside, monkeypatch: pytest.MonkeyPatch, pair: tuple[UUID, UUID]
) -> None:
    """As agreements are declared: here the reveals stand in for them, over two tables."""
    ann, ben = pair
    fates: Mapping[object, object] = MappingProxyType(
        {**stored.ERASED, Reveal: stored.Joint(("occasion_id", "couple_id")), Occasion: stored.Joint()}
    )
    monkeypatch.setattr(stored, "ERASED", fates)

    def share(session: Session) -> None:
        occasion_id = session.exec(select(Occasion)).one().id
        reveals.add_reveal(session, occasion_id=occasion_id)

    inside.do(share)
    delete(inside, ann)
    to_phase(inside, "partner")
    assert inside.do(lambda session: session.exec(select(Reveal)).all()) == []
    assert inside.do(lambda session: session.exec(select(Occasion)).all()) == []
    assert inside.do(lambda session: people.person(session, ben).id) == ben


def test_nothing_is_overwritten_in_the_chat_of_who_blocked_the_bot(inside: Inside, pair: tuple[UUID, UUID]) -> None:
    _, ben = pair

    def block(session: Session) -> None:
        person = people.person(session, ben)
        deliveries.mark_unreachable(session, person_id=ben)
        deliveries.mark_unreachable(session, person_id=uuid4())
        session.refresh(person)
        overwrite(session, person, "daily.reveal", "x", 5, due=inside.now, key="w")

    inside.do(block)
    assert waiting(inside, "wipe") == 0


def test_an_export_of_somebody_who_has_gone_is_empty(inside: Inside, pair: tuple[UUID, UUID]) -> None:
    ann, _ = pair
    inside.do(lambda session: exporting.ask_export(session, inside.get(session, ann), now=inside.now))
    wish = inside.do(lambda session: exporting.take_wish(session, now=inside.now))
    assert wish is not None
    delete(inside, ann)
    to_phase(inside, "partner")
    assert inside.do(lambda session: session.exec(select(Export)).all()) == []
    assert not inside.do(lambda session: exporting.is_wanted(session, wish))
    assert inside.do(lambda session: exporting.next_records(session, wish, "answers", after=None)) == []
    inside.do(lambda session: exporting.try_later(session, wish, due=inside.now))
    inside.do(lambda session: exporting.done(session, wish, message_id=None, now=inside.now))


def test_an_export_while_the_partner_is_being_erased_shows_nothing_of_theirs(
    inside: Inside, pair: tuple[UUID, UUID]
) -> None:
    ann, ben = pair

    def open_both(session: Session) -> None:
        for person_id in pair:
            checkin = daily.open_checkins(session, person_id=person_id, now=inside.now)[0]
            daily.add_answer(session, checkin, Given("Words."))
        assert checkin.occasion_id is not None
        reveals.add_reveal(session, occasion_id=checkin.occasion_id)

    inside.do(open_both)
    inside.keys.erase(ann)

    def read(session: Session) -> list[dict[str, object]]:
        return list(exported.chunk(session, inside.get(session, ben), "opened", after=None, limit=5))

    (record,) = inside.do(read)
    assert (record["words"], record["partner_words"]) == ("Words.", None)
    other = inside.person("Carl")
    assert (
        inside.do(lambda session: exported.chunk(session, inside.get(session, other), "opened", after=None, limit=5))
        == []
    )


def test_what_was_owed_before_and_comes_late_still_respects_quiet_hours(inside: Inside) -> None:
    ann = inside.person("Ann")

    def quiet(session: Session) -> list[bool]:
        person = inside.get(session, ann)
        now = inside.now
        found = claim(session, holder="t", now=now, until=now, limit=5, busy=(), urgencies=URGENCIES).found
        reply = incoming.hold_back(session, found[0], now=now)
        person.quiet_from, person.quiet_to = 13 * 60, 15 * 60
        session.add(person)
        session.flush()
        from dataclasses import replace

        late = replace(found[0], urgency=1)
        stranger = replace(late, person_id=None)
        return [reply, incoming.hold_back(session, late, now=now), incoming.hold_back(session, stranger, now=now)]

    assert inside.do(quiet) == [False, True, False]
