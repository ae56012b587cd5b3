"""Every card by its name: `<feature>.<view>`.

A card is a function `(session, reader, about) -> Card | Gone`, where `about` is the id of what it shows. It looks for
itself whether this reader may see that now. The name of a retired card stays, and shows `common.closed`.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from sqlmodel import Session

from bot.messages.card import Card, Gone, Reader
from bot.messages.cards import answers, common, daily, info, journal, pairing, refusal, reveals, rhythm, settings, setup

View: TypeAlias = Callable[[Session, Reader, str], Card | Gone]

# what comes as a nudge first; nothing else is opened by [Open]
NUDGED = frozenset({"daily.reveal"})

CARDS: Mapping[str, View] = {
    "common.closed": common.closed,
    "common.edited": common.edited,
    "common.unknown_command": common.unknown_command,
    "refusal.said": refusal.said,
    "setup.welcome": setup.welcome,
    "setup.consent": setup.consent,
    "setup.not_now": setup.not_now,
    "setup.zone": setup.zone,
    "setup.city": setup.city,
    "setup.place": setup.place,
    "setup.hours": setup.hours,
    "setup.next": setup.next_step,
    "setup.alone": setup.alone,
    "setup.where": setup.where,
    "pairing.invite": pairing.invite,
    "pairing.cancelled": pairing.cancelled,
    "pairing.invitation": pairing.invitation,
    "pairing.declined": pairing.declined,
    "pairing.waiting": pairing.waiting,
    "pairing.withdrawn": pairing.withdrawn,
    "pairing.ended": pairing.ended,
    "pairing.confirm": pairing.confirm,
    "pairing.refused": pairing.refused,
    "pairing.linked": pairing.linked,
    "pairing.leave": pairing.leave,
    "pairing.left": pairing.left,
    "pairing.farewell": pairing.farewell,
    "settings.menu": settings.settings,
    "settings.time": settings.time,
    "settings.days": settings.days,
    "settings.week": settings.week,
    "settings.language": settings.language,
    "settings.depth": settings.depth,
    "settings.themes": settings.themes,
    "settings.protection": settings.protection,
    "info.help": info.help_card,
    "info.privacy": info.privacy,
    "info.safety": info.safety,
    "info.left": info.left_question,
    "info.away": info.away,
    "daily.question": daily.question,
    "daily.snoozed": daily.snoozed,
    "daily.later": daily.later,
    "daily.put_off": daily.put_off,
    "daily.skipped": daily.skipped,
    "daily.mine": answers.mine,
    "daily.edit": answers.edit,
    "daily.replace": answers.replace,
    "daily.nothing": daily.nothing,
    "daily.reveal": reveals.reveal,
    "daily.take_back": reveals.take_back,
    "daily.voice": reveals.voice,
    "daily.stung": reveals.stung,
    "daily.rhythm": rhythm.offer,
    "daily.lighter": rhythm.lighter,
    "daily.rhythm_chosen": rhythm.chosen,
    "daily.patience": rhythm.patience,
    "journal.write": journal.write,
    "journal.kept": journal.kept,
    "journal.left": journal.left,
}
