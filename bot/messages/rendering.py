"""Makes the card of a delivery for its reader, at the moment it is sent."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from bot.messages.buttons import OpenCard, OpenHere
from bot.messages.card import Card, Gone, Reader
from bot.messages.cards import CARDS, NUDGED, common
from bot.messages.cards.daily import parsed_id
from bot.messages.i18n import Languages
from bot.practice import incoming
from bot.practice.prompts import Library
from storage import daily as kept
from storage.claiming import REVEAL, Claimed
from storage.tables import Person


@dataclass(slots=True)
class Rendering:
    """Knows the words, the prompts and the time."""

    languages: Languages
    library: Library
    now: Callable[[], datetime]
    bot_name: str = ""  # learned from Telegram at the start

    def prepare(self, session: Session, claimed: Iterable[Claimed]) -> None:
        """Read together what the cards of all of these will look at."""
        daily = [parsed_id(each.about.partition(":")[0]) for each in claimed if each.card in kept.CARDS]
        if ids := [each for each in daily if each is not None]:
            kept.read_together(session, ids)

    def card(self, session: Session, claimed: Claimed) -> Card | Gone:
        """The card for its reader now; Gone if its person is gone or the card's name is not known."""
        view = CARDS.get(claimed.card)
        person = session.get(Person, claimed.person_id) if claimed.person_id else None
        if view is None or (claimed.person_id and person is None):
            return Gone()
        card = view(session, self._reader(claimed, person), claimed.about)
        assert isinstance(card, Gone) or not card.private or claimed.card in NUDGED, "[Open] would not open it"
        return self._softly(_discreetly(card, person), claimed, person)

    def _softly(self, card: Card | Gone, claimed: Claimed, person: Person | None) -> Card | Gone:
        """At night, what comes because of the other comes without a sound; quiet hours hold it altogether."""
        if isinstance(card, Gone) or person is None or claimed.urgency != REVEAL:
            return card
        return replace(card, silent=True) if incoming.is_night(person, self.now()) else card

    def nudge(self, claimed: Claimed) -> Card:
        """The content-free notification with [Open]."""
        what = OpenCard(claimed.card, claimed.about) if claimed.card in NUDGED else OpenHere(claimed.id)
        return common.nudge(self.languages.speak(claimed.language), what)

    def closed(self, claimed: Claimed) -> Card:
        """What stands where a card is gone."""
        return common.closed_card(self.languages.speak(claimed.language))

    def _reader(self, claimed: Claimed, person: Person | None) -> Reader:
        return Reader(
            chat_id=claimed.chat_id,
            person=person,
            words=self.languages.speak(person.language if person else claimed.language),
            library=self.library,
            now=self.now(),
            bot_name=self.bot_name,
            languages=tuple(self.languages.words),
        )


def _discreetly(card: Card | Gone, person: Person | None) -> Card | Gone:
    """In discreet mode every card comes behind a nudge; a voice note cannot, and was asked for by [Play]."""
    if isinstance(card, Gone) or person is None or not person.discreet or card.voice is not None:
        return card
    return replace(card, private=True)
