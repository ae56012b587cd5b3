"""S17, S18: help by country, as numbers to remember, each with a date and a page that it was read on; no links."""

import re

import pytest

from bot.messages.buttons import HelpElsewhere, HelpIn
from bot.messages.card import Card
from bot.messages.helplines import country_of, helplines
from tests.conftest import House
from tests.couples import set_up
from tests.inside import Inside
from tests.messages.wording import FOREIGN, check, check_translated, shown
from tests.phones import Phone

NUMBER = re.compile(r"[0-9][0-9 -]{1,16}[0-9]")
MONTH = re.compile(r"20\d\d(-[01]\d)?")
FEWEST = 15


def test_every_number_has_a_page_a_date_and_a_country() -> None:
    known = helplines()
    assert len(known.countries) >= FEWEST
    assert MONTH.fullmatch(known.checked)
    for country, line in known.countries.items():
        assert re.fullmatch(r"[A-Z]{2}", country)
        assert NUMBER.fullmatch(line.number) or re.fullmatch(r"\d{3,4}", line.number), country
        assert re.fullmatch(r"\d{3}", line.emergency), country
        assert line.source.startswith("http"), country
        assert line.source_date == "" or MONTH.fullmatch(line.source_date), country
        assert line.name, country
        assert line.hours, country


def test_a_zone_tells_the_country_and_nothing_is_asked_for() -> None:
    assert country_of("Europe/Berlin") == "DE"
    assert country_of("America/New_York") == "US"
    assert country_of("US/Eastern") == "US"
    assert country_of("Etc/UTC") == ""
    assert country_of(None) == ""


@pytest.mark.parametrize("country", sorted(helplines().countries))
def test_every_card_is_short_and_without_a_link(sqlite_inside: Inside, country: str) -> None:
    card = sqlite_inside.show("safety.help", None, f"12:{country}")
    check([card])
    line, text = helplines().countries[country], shown(card).text
    for told in (
        line.number,
        line.emergency,
        line.name,
        "Numbers as of 20",
        "neither therapy nor an emergency service",
    ):
        assert told in text
    assert isinstance(card, Card)
    assert all(button.url is None for row in card.rows for button in row)
    assert "http" not in text
    assert "www" not in text


def test_the_other_cards_are_short_and_translated(sqlite_inside: Inside) -> None:
    ann = sqlite_inside.person("Ann", "Etc/GMT+3")
    views = [("safety.help", ""), ("safety.help", "7:ZZ"), ("safety.countries", "7"), ("safety.offer", "")]
    for who in (ann, None):
        check([sqlite_inside.show(card, who, about) for card, about in views])
    sqlite_inside.languages = FOREIGN
    check_translated([sqlite_inside.show("safety.offer", ann), sqlite_inside.show("safety.help", ann)])


async def test_the_card_is_of_the_persons_country_and_another_can_be_chosen(house: House, ann: Phone) -> None:
    await set_up(ann, "Madrid")
    before = [message.id for message in ann.screen]
    await ann.say("/safety")
    assert "016" in ann.last.text
    await ann.tap("Another country")
    await ann.tap("Ireland")
    assert "1800 341 900" in ann.last.text
    await ann.tap("Another country")
    await ann.tap("None of these")
    assert "Global Network of Women's Shelters" in ann.last.text
    await ann.tap("Clear this")
    assert [message.id for message in ann.screen] == before, "both messages are gone"


async def test_a_forged_country_is_an_old_card(house: House, ann: Phone) -> None:
    from bot.messages.payload import pack

    await set_up(ann)
    for forged in (HelpIn("XX", 0), HelpIn("D", 1)):
        await ann.press(pack(forged), on=ann.last)
        assert ann.toasts[-1] == "This card is closed."
    await ann.press(pack(HelpElsewhere(-5)), on=ann.last)
    await ann.tap("Clear this")
