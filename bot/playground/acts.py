"""What can be done from the page: one table, by name; here what is done on a phone.

Each act raises NotPossible with a sentence for the person.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.playground import attachments
from bot.playground.given import Act, Given
from bot.playground.messages import Content
from bot.playground.pairs import Letter
from bot.playground.people import Account, NotPossible
from bot.playground.room import ROOM_ACTS
from bot.playground.stage import Stage
from bot.practice.zones import is_zone

SAMPLES = Path(__file__).parent / "web" / "samples"
VOICE_SECONDS = 4
LONGEST_NAME = 64
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z")
_OFFLINE = "This phone is offline."


# -- on a phone, in the chat


def start(stage: Stage, given: Given) -> None:
    """Press START."""
    _online(stage, given).start()


def say(stage: Stage, given: Given) -> None:
    """Write; without a connection it waits in the phone."""
    text = given.text("text")
    if stage.seats.seat(given.person).offline:
        _queue(stage, given, {"do": "say", "text": text})
        return
    given.account.write(text, reply_to=given.reply_to)


def voice(stage: Stage, given: Given) -> None:
    """Send the sample voice note."""
    if stage.seats.seat(given.person).offline:
        _queue(stage, given, {"do": "voice", "text": "Voice message"})
        return
    recording = (SAMPLES / "voice.ogg").read_bytes()
    given.account.speak(VOICE_SECONDS, recording=recording, reply_to=given.reply_to)


def send(stage: Stage, given: Given) -> None:
    """Send something that is neither words nor a voice note."""
    kind = given.text("kind")
    if kind not in attachments.KINDS:
        raise NotPossible("A phone cannot send that.")
    files = stage.telegram.state.files
    what: str | Content = attachments.photo(files, (SAMPLES / "picture.jpg").read_bytes()) if kind == "photo" else kind
    _online(stage, given).send(what, reply_to=given.reply_to)


def press(stage: Stage, given: Given) -> None:
    """Tap a button that asks the bot."""
    _online(stage, given).press(given.message, given.text("data", longest=64))


def edit(stage: Stage, given: Given) -> None:
    """Change an own message."""
    _online(stage, given).edit(given.message, given.text("text"))


def react(stage: Stage, given: Given) -> None:
    """Put one reaction on a message, or take it away again."""
    account, message, emoji = _online(stage, given), given.message, given.text("emoji", longest=8)
    worn = [each.get("emoji") for each in message.reactions.get(account.id, [])]
    account.react(message, *([] if emoji in worn else [emoji]))


def read(stage: Stage, given: Given) -> None:
    """Look at the chat."""
    if not stage.seats.seat(given.person).offline:
        given.account.read()


def dismiss(stage: Stage, given: Given) -> None:
    """Do not reply to what asked for a reply."""
    given.account.handset.answers_to = None
    stage.feed.phone(given.person)


def clear(stage: Stage, given: Given) -> None:
    """Clear the history on one's own side."""
    _online(stage, given).clear_history()


# -- links


def copy(stage: Stage, given: Given) -> None:
    """Put a text into the phone's clipboard."""
    given.account.handset.clipboard = given.text("text")
    stage.feed.phone(given.person)


def follow(stage: Stage, given: Given) -> None:
    """Open a link on this phone; one to the bot starts it."""
    _online(stage, given).open(given.text("link", longest=2_000))
    stage.seats.seat(given.person).locked = False
    _drop_letters(stage, given)


def hand_over(stage: Stage, given: Given) -> None:
    """Pass a link on to the partner, who finds it on their phone."""
    sender = _online(stage, given)
    seat = stage.seats.seat(stage.seats.partner(sender.id))
    seat.letters.append(Letter(sender.name, given.text("link", longest=2_000), given.text("text", longest=2_000)))
    stage.feed.phone(seat.person)


def put_aside(stage: Stage, given: Given) -> None:
    """Close what the partner passed on, without following it."""
    _drop_letters(stage, given)


# -- the phone itself


def lock(stage: Stage, given: Given) -> None:
    """Show the lock screen, or the chat again."""
    stage.seats.seat(given.person).locked = given.flag("on")
    stage.feed.phone(given.person)


def enlarge(stage: Stage, given: Given) -> None:
    """Large text, or not."""
    stage.seats.seat(given.person).large = given.flag("on")
    stage.feed.phone(given.person)


def connect(stage: Stage, given: Given) -> None:
    """Lose the connection, or find it again: then everything that waited is sent."""
    if not given.flag("on"):
        stage.seats.freeze(given.person)
        stage.feed.phone(given.person)
        return
    for waiting in stage.seats.thaw(given.person):
        ACTS[waiting["do"]](stage, Given(stage, {**waiting, "phone": given.person}))


def block(stage: Stage, given: Given) -> None:
    """Block the bot, or let it write again."""
    account = _online(stage, given)
    account.block() if given.flag("on") else account.unblock()


def settle_in(stage: Stage, given: Given) -> None:
    """Set the owner's name, language and time zone."""
    account, seat = given.account, stage.seats.seat(given.person)
    if given.has("zone"):
        seat.zone = _zone(given)
    if given.has("language"):
        language = given.text("language", longest=16)
        if not _LANGUAGE.match(language):
            raise NotPossible("That is no language code.")
        account.user.language = language
    if given.has("name"):
        account.user.first_name = given.text("name", longest=LONGEST_NAME).strip()
    stage.feed.whole_phone(given.person)
    stage.feed.room()


ACTS: Mapping[str, Act] = {
    "start": start,
    "say": say,
    "voice": voice,
    "send": send,
    "press": press,
    "edit": edit,
    "react": react,
    "read": read,
    "dismiss": dismiss,
    "clear": clear,
    "copy": copy,
    "follow": follow,
    "hand-over": hand_over,
    "put-aside": put_aside,
    "lock": lock,
    "enlarge": enlarge,
    "connect": connect,
    "block": block,
    "settle-in": settle_in,
    **ROOM_ACTS,
}


def _online(stage: Stage, given: Given) -> Account:
    if stage.seats.seat(given.person).offline:
        raise NotPossible(_OFFLINE)
    return given.account


def _queue(stage: Stage, given: Given, waiting: dict[str, Any]) -> None:
    stage.seats.seat(given.person).outbox.append(waiting)
    stage.feed.phone(given.person)


def _drop_letters(stage: Stage, given: Given) -> None:
    stage.seats.seat(given.person).letters.clear()
    stage.feed.phone(given.person)


def _zone(given: Given) -> str:
    zone = given.text("zone", longest=LONGEST_NAME)
    if not is_zone(zone):
        raise NotPossible("I don't know that time zone. It looks like Europe/Berlin.")
    return zone
