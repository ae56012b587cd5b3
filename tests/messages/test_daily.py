"""What the cards of the daily question say, and to whom."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from bot.messages.buttons import PickChoice, Stung
from bot.messages.card import Card, Gone
from bot.messages.cards import CARDS, common, reveals
from bot.messages.markup import LONGEST_MESSAGE, shown_units
from bot.practice import times
from bot.practice.answering import LONGEST_ANSWER
from storage import daily, people, sealing
from storage.tables import Checkin
from tests.inside import LIBRARY, Inside
from tests.messages.wording import FOREIGN, check, check_translated, shown
from tests.post import Mailbox, Post

OURS = [name for name in CARDS if name.startswith(("daily.", "journal."))]
WITHOUT_WORDS = ("daily.nothing", "daily.stung", "daily.rhythm", "daily.patience", "daily.rhythm_chosen")
EVENING = 20 * 60


@dataclass
class Two:
    """Ann and Ben with a question for both of this evening."""

    inside: Inside
    post: Post
    ann: Mailbox
    ben: Mailbox

    def show(self, card: str, to: Mailbox, about: UUID | str = "") -> Card | Gone:
        self.inside.now = self.post.clock.now()
        return self.inside.show(card, to.person_id, about)

    def newest(self, box: Mailbox) -> UUID:
        """The person's newest check-in."""
        now = self.post.clock.now()
        return self.post.do(lambda session: daily.open_checkins(session, person_id=box.person_id, now=now)[0].id)

    def checkin(self, box: Mailbox) -> Checkin:
        """The same as a row."""
        checkin_id = self.newest(box)
        return self.post.do(lambda session: session.get_one(Checkin, checkin_id))

    def reveal(self) -> UUID:
        """The id of what is open: a button of the newest card carries it."""
        button = self.ann.newest("That stung").button("That stung")
        assert isinstance(button, Stung)
        return button.reveal_id

    def evening(self, *, aloud: bool | None = None) -> None:
        """Pass to the next evening of a kind: to be said aloud, to be shared, or any."""
        for _ in range(30):
            now = self.post.clock.now()
            _, at = times.next_occurrence(now, minute=EVENING, days=127, zone="Europe/Berlin")
            self.post.pass_to(at)
            mine = self.checkin(self.ann)
            if mine.occasion_id and aloud in (None, LIBRARY.prompt(mine.prompt_id).aloud):
                return
        raise AssertionError("no such evening")


@pytest.fixture
def two(sqlite_inside: Inside) -> Two:
    post = Post(sqlite_inside)
    two = Two(sqlite_inside, post, post.person("Ann"), post.person("Ben"))
    post.link(two.ann, two.ben)
    two.evening(aloud=False)
    return two


def every_card(two: Two) -> list[Card | Gone]:
    """Each of our cards, in each of its states."""
    ann, first, cards = two.ann, two.newest(two.ann), []
    cards += [
        two.show(card, ann, first) for card in ("daily.question", "daily.later", "daily.put_off", "daily.skipped")
    ]
    cards += [two.show("daily.snoozed", ann, f"{first}:0")]
    ann.say("Mine.")
    cards += [two.show("daily.mine", ann, first), two.show("daily.edit", ann, first)]
    ann.say("More.")
    cards += [two.show("daily.replace", ann, first)]
    ann.tap("Leave it")
    for label in ("Keep for me", "Share"):
        ann.tap(label)
        cards += [two.show("daily.mine", ann, first)]
    two.ben.speak("voice")
    two.ben.tap("Share")
    opened = two.reveal()
    cards += [two.show("daily.replace", ann, first)]
    two.ben.tap("Thank you")
    cards += [two.show(card, ann, opened) for card in ("daily.reveal", "daily.take_back", "daily.voice", "daily.stung")]
    cards += [two.show("daily.mine", ann, first)]
    ann.tap("Take mine back")
    ann.tap("Take mine back")
    cards += [two.show("daily.reveal", each, opened) for each in (ann, two.ben)]
    two.evening(aloud=True)
    cards += [two.show("daily.question", ann, two.newest(ann))]
    alone = two.post.person("Cleo")
    cards += [two.show("daily.question", alone, two.newest(alone))]
    alone.say("Sea.")
    alone.tap("Share")
    cards += [two.show("daily.mine", alone, two.newest(alone))]
    cards += [two.show(card, ann) for card in (*WITHOUT_WORDS, "daily.lighter", "journal.write", "journal.left")]
    cards += [two.show("daily.rhythm_chosen", ann, rhythm) for rhythm in ("every", "three", "weekly", "same")]
    return [*cards, two.show("journal.kept", ann, "12"), two.show("journal.kept", ann)]


def test_every_card_is_short_and_warm(two: Two) -> None:
    check([each for each in every_card(two) if isinstance(each, Card) and each.voice is None])


def test_every_word_goes_through_the_catalogue(two: Two) -> None:
    cards = every_card(two)
    labels = {label for each in cards if isinstance(each, Card) for label in shown(each).labels}
    assert {"Share", "Keep for me", "Edit", "That stung", "Take mine back", "Another question"} <= labels
    two.inside.languages = FOREIGN
    two.post.rendering.languages = FOREIGN
    first = two.newest(two.ann)
    named = tuple(line for prompt in LIBRARY.english.values() for line in (prompt.question, *prompt.choices))
    found = [two.show(card, two.ann, first) for card in OURS]
    found += [two.show(card, two.ann) for card in (*WITHOUT_WORDS, "daily.lighter")]
    check_translated([each for each in found if isinstance(each, Card)], names=(*named, "Sea."))


def test_cards_are_gone_for_everybody_else(two: Two) -> None:
    """G7, for the views themselves."""
    first = two.newest(two.ann)
    two.ann.say("Mine.")
    two.ann.tap("Share")
    two.ben.say("Mine too.")
    two.ben.tap("Share")
    opened = two.reveal()
    stranger = two.post.person("Cleo")
    for name in OURS:
        if name in (*WITHOUT_WORDS, "daily.lighter", "journal.write", "journal.kept", "journal.left"):
            continue
        about = opened if name in ("daily.reveal", "daily.take_back", "daily.voice") else first
        assert isinstance(two.show(name, stranger, about), Gone), name
        assert isinstance(two.show(name, stranger, uuid4()), Gone), name
        assert isinstance(two.show(name, two.ann, "not an id"), Gone), name
    for name in ("daily.question", "daily.mine", "daily.edit", "daily.replace", "daily.snoozed"):
        assert isinstance(two.show(name, two.ben, first), Gone), name


def test_a_personal_question_says_so_and_a_shared_one_does_not(two: Two) -> None:
    question = shown(two.show("daily.question", two.ann, two.newest(two.ann))).text
    assert "Just for you" not in question
    alone = two.post.person("Cleo")
    first = two.newest(alone)
    assert "Just for you" not in shown(two.show("daily.question", alone, first)).text
    two.evening()
    assert "Just for you" in shown(two.show("daily.question", alone, two.newest(alone))).text


def test_a_question_to_say_aloud_needs_no_writing(two: Two) -> None:
    two.evening(aloud=True)
    text = shown(two.show("daily.question", two.ann, two.newest(two.ann))).text
    assert "without the phone" in text
    assert "nothing to write" in text


def test_a_question_that_is_over_is_gone(two: Two) -> None:
    first = two.newest(two.ann)
    two.post.pass_time(hours=49)
    for name in ("daily.question", "daily.later", "daily.put_off", "daily.skipped", "daily.edit", "daily.replace"):
        assert isinstance(two.show(name, two.ann, first), Gone)


def test_own_words_stay_readable_when_the_window_is_over(two: Two) -> None:
    first = two.newest(two.ann)
    two.ann.say("Mine.")
    two.post.pass_time(hours=49)
    seen = shown(two.show("daily.mine", two.ann, first))
    assert "Mine." in seen.text
    assert seen.labels == []
    assert isinstance(two.show("daily.edit", two.ann, first), Gone)


def test_a_question_put_off_is_gone_when_another_came_or_it_was_put_off_again(two: Two) -> None:
    first = two.newest(two.ann)
    assert isinstance(two.show("daily.snoozed", two.ann, f"{first}:0"), Card)
    assert isinstance(two.show("daily.snoozed", two.ann, f"{first}:1"), Gone)
    two.ann.tap("Not today")
    assert isinstance(two.show("daily.snoozed", two.ann, f"{first}:0"), Gone)
    two.ann.tap("Back")
    two.evening()
    assert isinstance(two.show("daily.snoozed", two.ann, f"{first}:0"), Gone)


def test_a_reveal_fits_into_one_message_whatever_stands_in_it(two: Two) -> None:
    """The longest answers and names, two questions, both reactions."""

    longest = sorted(LIBRARY.english.values(), key=lambda each: len(each.question))[-2:]
    checkins = [two.newest(box) for box in (two.ann, two.ben)]

    def lengthen(session: Session) -> None:
        for box, checkin_id, prompt in zip((two.ann, two.ben), checkins, longest, strict=True):
            person = people.person(session, box.person_id)
            sealing.seal(session, person, "name_sealed", "🌿" * 64, owner=person.id)
            session.get_one(Checkin, checkin_id).prompt_id = prompt.id

    two.post.do(lengthen)
    for box, letter in ((two.ann, "🌿" * (LONGEST_ANSWER // 2)), (two.ben, "<" * LONGEST_ANSWER)):
        box.say(letter)
        box.tap("Share")
    for box in (two.ann, two.ben):
        box.tap("More, when you like")
    for box in (two.ann, two.ben):
        card = two.show("daily.reveal", box, two.reveal())
        assert isinstance(card, Card)
        assert shown_units(card.text) <= LONGEST_MESSAGE
        assert "🌿" * (LONGEST_ANSWER // 2) in card.text
        assert "&lt;" * LONGEST_ANSWER in card.text


def test_questions_are_shortened_before_anything_else(two: Two) -> None:
    assert tuple(sorted(reveals.QUESTION_CUTS, reverse=True)) == reveals.QUESTION_CUTS
    worst = 2 * LONGEST_ANSWER + 2 * reveals.QUESTION_CUTS[-1] + 4 * 2 * common.LONGEST_NAME + 200
    assert worst <= LONGEST_MESSAGE


def test_words_of_somebody_whose_key_is_gone_are_no_longer_shown(two: Two) -> None:
    two.ann.say("Mine.")
    two.ann.tap("Share")
    two.ben.say("Mine too.")
    two.ben.tap("Share")
    opened = two.reveal()
    two.inside.keys.erase(two.ben.person_id)
    text = shown(two.show("daily.reveal", two.ann, opened)).text
    assert "No longer shown" in text
    assert "Mine." in text


def test_both_questions_stand_in_the_reveal_when_they_differ(two: Two) -> None:
    while True:
        two.evening(aloud=False)
        mine, theirs = (two.checkin(box) for box in (two.ann, two.ben))
        if mine.prompt_id != theirs.prompt_id:
            break
    two.ann.say("Mine.")
    two.ann.tap("Share")
    two.ben.say("Mine too.")
    two.ben.tap("Share")
    text = shown(two.show("daily.reveal", two.ann, two.reveal())).text
    assert all(LIBRARY.prompt(each.prompt_id).question in text for each in (mine, theirs))


def test_choices_stand_two_in_a_row_and_know_their_question(two: Two) -> None:
    with_choices = next(each for each in LIBRARY.english.values() if len(each.choices) == 4)
    first = two.newest(two.ann)
    two.post.do(lambda session: setattr(session.get_one(Checkin, first), "prompt_id", with_choices.id))
    card = two.show("daily.question", two.ann, first)
    assert isinstance(card, Card)
    assert [len(row) for row in card.rows] == [2, 2, 1, 2]
    assert card.rows[0][1].payload == PickChoice(first, 0, 1)


def test_the_card_of_nothing_open_tells_the_own_next_hour_only(two: Two) -> None:
    before = two.show("daily.nothing", two.ann)
    two.post.do(lambda session: setattr(people.person(session, two.ben.person_id), "daily_minute", 60))
    two.post.do(lambda session: setattr(people.person(session, two.ben.person_id), "zone", "Asia/Tokyo"))
    assert two.show("daily.nothing", two.ann) == before
    two.post.do(lambda session: setattr(people.person(session, two.ann.person_id), "next_question", None))
    assert shown(two.show("daily.nothing", two.ann)).text == "Nothing is open at the moment."


def test_a_reveal_travels_as_a_nudge(two: Two) -> None:
    two.ann.say("Mine.")
    two.ann.tap("Share")
    two.ben.say("Mine too.")
    two.ben.tap("Share")
    card = two.show("daily.reveal", two.ann, two.reveal())
    assert isinstance(card, Card)
    assert card.private
    assert "<tg-spoiler>Mine too.</tg-spoiler>" in card.text


def test_rhythm_is_not_offered_to_whoever_has_parted(two: Two) -> None:
    alone = two.post.person("Cleo")
    assert isinstance(two.show("daily.rhythm", alone), Gone)
