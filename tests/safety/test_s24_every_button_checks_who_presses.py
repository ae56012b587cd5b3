"""S24, G7: every button checks who presses it, for which couple, in which state."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.messages.buttons import DeleteAll
from bot.messages.payload import pack
from bot.playground.messages import Message
from tests.conftest import House
from tests.couples import a_day_passes, couple, keep, link, open_answers, set_up
from tests.handlers.test_conversations import to_week
from tests.phones import Phone

VIEWS = ("Depth", "Themes", "Days", "Forwarding", "Quiet hours", "Keeping words", "Blocked people", "Discreet mode")
SECRETS = ("the lake at night", "a green umbrella", "soup without salt", "an empty train")


@dataclass(frozen=True)
class Seen:
    """Callback data that once stood on somebody's phone."""

    owner: str
    data: str


def buttons_ever(phone: Phone) -> set[Seen]:
    found = set()
    for message in phone.account.messages:
        for version in message.versions:
            found |= {
                Seen(phone.name, button["callback_data"]) for button in version.buttons if "callback_data" in button
            }
    return found


async def press_all(house: House, phone: Phone, on: Message, seen: Iterable[str]) -> None:
    """Press button after button, with a minute's rest before it would be a flood.

    But for [Delete everything]: it carries nothing, deletes whoever presses it, and the rest would be a stranger's.
    """
    for number, data in enumerate(data for data in seen if data != pack(DeleteAll())):
        phone.account.press(on, data)
        if number % 20 == 19:
            await house.settle()
            await house.pass_time(seconds=61)
    await house.settle()
    await house.pass_time(seconds=61)


def face(phone: Phone) -> list[tuple[int, str, tuple[str, ...]]]:
    """All that a chat shows of the bot."""
    return [(message.id, message.html, tuple(message.labels)) for message in phone.from_bot]


async def a_full_life(house: House, ann: Phone, ben: Phone) -> set[Seen]:
    """Use whatever there is, so that as many buttons as possible have been seen."""
    await ann.start()
    await ann.tap("Privacy")
    await set_up(ann)
    await ann.say("/invite")
    await set_up(ben, "New York")
    await ben.open(ann.link("Copy link"))
    await ben.tap("Accept")
    await ann.tap("Yes, link us")
    await open_answers(ann, ben, words=(SECRETS[0], SECRETS[1]))
    await ben.tap("Thank you")
    await ann.tap("That stung")
    await a_day_passes(house)
    await ann.tap("Later")
    await keep(ben, SECRETS[2])
    await ann.say(SECRETS[3])
    await house.pass_time(seconds=61)
    for command in ("/settings", "/time", "/week", "/zone", "/language", "/unlink", "/today", "/safety", "/pause"):
        await ann.say(command)
        await ben.say(command)
    await house.pass_time(seconds=61)
    await ann.say("/delete")
    await ann.say("/help")
    for label in VIEWS:
        await ann.say("/settings")
        await ann.tap(label)
    return buttons_ever(ann) | buttons_ever(ben)


async def others_press(house: House, ann: Phone, ben: Phone, seen: set[Seen]) -> None:
    """A stranger, somebody alone, and a person of another couple press all of these: nothing happens."""
    stranger, alone, carl, dora = (house.phone(name) for name in ("Sue", "Al", "Carl", "Dora"))
    await stranger.start()
    await set_up(alone)
    await couple(carl, dora)
    before = face(ann), face(ben)
    for other in (stranger, alone, carl):
        await press_all(house, other, other.last, sorted(button.data for button in seen))
        assert (face(ann), face(ben)) == before, other.name
        for secret in SECRETS:
            assert secret not in other.everything(), other.name


async def test_nobody_elses_button_does_anything(house: House, ann: Phone, ben: Phone) -> None:
    """A stranger, somebody alone, and a person of another couple press every button of a couple."""
    seen = await a_full_life(house, ann, ben)
    assert len(seen) > 40
    await others_press(house, ann, ben, seen)


async def test_an_ex_partner_can_do_nothing_with_old_buttons(house: House, ann: Phone, ben: Phone) -> None:
    seen = await a_full_life(house, ann, ben)
    await ann.say("/unlink")
    await ann.tap("Leave and tell")
    before = face(ann)
    await press_all(house, ben, ben.from_bot[0], sorted(button.data for button in seen))
    assert face(ann) == before
    assert SECRETS[3] not in ben.everything()


async def test_a_partner_cannot_press_what_belongs_to_the_other(house: House, ann: Phone, ben: Phone) -> None:
    seen = await a_full_life(house, ann, ben)
    own = {button.data for button in seen if button.owner == ben.name}
    before = face(ann)
    await press_all(house, ben, ben.from_bot[0], sorted({button.data for button in seen} - own))
    assert SECRETS[3] not in ben.everything()
    kept = [line for line in before if SECRETS[3] in line[1]]
    assert [line for line in face(ann) if SECRETS[3] in line[1]] == kept


async def test_every_button_pressed_twice_and_late_leaves_one_effect(house: House, ann: Phone, ben: Phone) -> None:
    await set_up(ann)
    await set_up(ben)
    await link(ann, ben)
    await open_answers(ann, ben)
    for phone in (ann, ben):
        seen = sorted(button.data for button in buttons_ever(phone))
        await press_all(house, phone, phone.last, [data for data in seen for _ in range(2)])
    for phone in (ann, ben):
        assert phone.account.handset.toasts is not None
        assert not any("couldn't save" in message.text for message in phone.from_bot)


async def test_an_unknown_button_says_that_the_card_is_closed(house: House, ann: Phone) -> None:
    await set_up(ann)
    for data in ("x", "0:o:daily.reveal:1", "1:o:daily.reveal:not-an-id", "1:o:nosuch.card:1", "1:zz", "9" * 60):
        await ann.press(data, on=ann.last)
        assert ann.toasts[-1] == "This card is closed." or "closed" in ann.last.text, data


async def test_a_forged_open_shows_nothing_but_what_waits_behind_a_nudge(house: House, ann: Phone, ben: Phone) -> None:
    """Clients can be made to press anything; the sender has to live through it."""
    await set_up(ann)
    for card in ("info.safety:abc", "refusal.said:nosuch", "setup.zone:x", "pairing.leave:", "journal.kept:1"):
        await ann.press(f"1:o:{card}", on=ann.last)
        assert ann.toasts[-1] == "This card is closed.", card
    await ben.start()
    assert ben.from_bot


async def a_week(house: House, ann: Phone, ben: Phone) -> None:
    """A couple with an open week, one that is being prepared, and an agreement."""
    await couple(ann, ben, cities=("Berlin", "Berlin"))
    await to_week(house)
    await ann.tap("Other topic")
    await ann.tap("Back")
    await ann.tap("Yes")
    await ann.say(SECRETS[0])
    await ann.tap("Decide together")
    await ann.say(f"{SECRETS[1]}?\nYes\nNo")
    await ann.tap("Share")
    await ann.tap("Add another")
    await ann.tap("Request")
    await ann.say("Would you sing?")
    await ann.tap("Share")
    await ann.tap("I'm finished")
    await ben.tap("Yes")
    await ben.tap("Pass over")
    await ben.tap("Nothing now")
    await ben.tap("Theirs: Decide together 1")
    await ben.tap("Yes")
    await ben.tap("Back")
    await ben.tap("Theirs: Request 2")
    await ben.tap("Try one week")
    await to_week(house)
    await ann.say("/agreements")
    await ann.tap("1")
    await ann.tap("Yes")
    await ann.say(SECRETS[2])
    await ann.tap("Hope")
    await ann.say(SECRETS[3])


async def test_nobody_elses_button_of_a_week_does_anything(house: House, ann: Phone, ben: Phone) -> None:
    await a_week(house, ann, ben)
    await others_press(house, ann, ben, buttons_ever(ann) | buttons_ever(ben))


async def test_a_partner_cannot_press_what_is_being_prepared(house: House, ann: Phone, ben: Phone) -> None:
    await a_week(house, ann, ben)
    own = {button.data for button in buttons_ever(ben)}
    prepared = [line for line in face(ann) if SECRETS[3] in line[1]]
    for button in sorted(buttons_ever(ann), key=lambda each: each.data):
        if button.data not in own:
            ben.account.press(ben.from_bot[0], button.data)
    await house.settle()
    for secret in SECRETS[2:]:
        assert secret not in ben.everything()
    assert [line for line in face(ann) if SECRETS[3] in line[1]] == prepared
