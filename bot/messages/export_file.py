"""The export as a person reads it: JSON for programs (see docs/export.md), HTML for a browser, a plain list.

The page opens by itself: nothing in it is fetched from anywhere, and words are escaped by type.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeAlias

from markupsafe import Markup

from bot.messages import dates
from bot.messages.cards.boundaries import in_form, kind_names, line_names
from bot.messages.cards.pulse import both_needs
from bot.messages.cards.settings import as_they_are
from bot.messages.i18n import Words
from bot.practice import times
from bot.practice.prompts import Library
from storage.pulse import Values
from storage.tables import Person

Record: TypeAlias = Mapping[str, Any]
Content: TypeAlias = Mapping[str, Sequence[Record]]

FORMAT = 1
TREND = "pulse.png"
_PAGE = Markup(
    "<!doctype html>\n<html lang='{language}'>\n<head>\n<meta charset='utf-8'>\n<title>{title}</title>\n"
    "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'; "
    "media-src 'self' file:; img-src 'self' file: data:\">\n"
    "<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
    "<style>body{{font:16px/1.5 sans-serif;max-width:42em;margin:2em auto;padding:0 1em}}"
    "blockquote{{margin:.5em 0;padding:.2em 1em;border-left:3px solid #999;white-space:pre-wrap}}"
    "small{{color:#666}}</style>\n</head>\n<body>\n<h1>{title}</h1>\n{parts}\n</body>\n</html>\n"
)


def as_json(content: Content, *, made: str) -> str:
    """Everything, for programs; `made` is an ISO date."""
    sections = {name: [_without_id(record) for record in records] for name, records in content.items()}
    return json.dumps({"format": FORMAT, "made": made, **sections}, ensure_ascii=True, indent=2)


def as_page(content: Content, words: Words, library: Library, *, has_trend: bool = False) -> str:
    """The page for a browser; the trend is a picture beside it."""
    _ = words
    parts = [_section(title, lines) for title, lines in _told(content, words, library)]
    if has_trend:
        parts.append(Markup("<img src='{}' alt='{}' style='max-width:100%'>").format(TREND, _("Your pulse")))
    return str(
        _PAGE.format(language=words.language, title=_("Side by Side: what is yours"), parts=Markup("\n").join(parts))
    )


def as_list(content: Content, words: Words, library: Library) -> str:
    """The same without any markup."""
    told = []
    for title, lines in _told(content, words, library):
        told += [title.unescape().upper(), ""]
        told += ["\n".join((heading, *(f"  {said}" for _name, said in parts), "")) for heading, parts in lines]
    return "\n".join(told)


def _section(title: Markup, lines: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> Markup:
    entries = [
        Markup("<h3>{}</h3>\n{}").format(heading, Markup("\n").join(_part(name, said) for name, said in parts))
        for heading, parts in lines
    ]
    return Markup("<h2>{}</h2>\n{}").format(title, Markup("\n").join(entries))


def _part(name: str, said: str) -> Markup:
    if name == "file":
        return Markup("<audio controls src='{}'></audio>").format(said)
    if name == "quote":
        return Markup("<blockquote>{}</blockquote>").format(said)
    return Markup("<p><small>{}</small></p>").format(said)


def _told(
    content: Content, words: Words, library: Library
) -> list[tuple[Markup, list[tuple[str, list[tuple[str, str]]]]]]:
    """Every section with a heading and parts for each of its records."""
    _ = words
    return [
        (_("Settings"), [(str(_("As they are now")), _settings(record, words)) for record in content["settings"]]),
        (_("Your answers"), [_answer(record, words, library) for record in _by_date(content["answers"])]),
        (_("What opened for you two"), [_opened(record, words, library) for record in _by_date(content["opened"])]),
        (
            _("Your private notes"),
            [(_day(record["date"], words), [("quote", record["words"])]) for record in _by_date(content["notes"])],
        ),
        (_("Your weekly conversations"), [_week(record, words) for record in _by_date(content["conversations"])]),
        (_("What you agreed on"), [_agreement(record, words) for record in _by_date(content["agreements"])]),
        (_("Topics for another week"), [("·", [("quote", record["words"])]) for record in content["topics"]]),
        (_("Your pulse"), [_pulse(record, words) for record in _by_date(content["pulse"])]),
    ]


def _week(record: Record, words: Words) -> tuple[str, list[tuple[str, str]]]:
    _ = words
    parts = [("", str(record["topic"])), ("", str(_("You"))), *_side(words, record["thanks"], record["cards"])]
    parts += [("", str(_("Your partner"))), *_side(words, record["partner_thanks"], record["partner_cards"])]
    return _day(record["date"], words), parts


def _side(words: Words, thanks: str | None, cards: Sequence[Record]) -> Iterator[tuple[str, str]]:
    """An appreciation, and each card with what this person said to it."""
    if thanks:
        yield "quote", thanks
    for card in cards:
        if told := "\n".join(_card(words, card)):
            yield "", str(kind_names(words)[card["kind"]])
            yield "quote", told
        for said in card["own_responses"]:
            yield "", str(words("You said to it:"))
            yield "quote", said


def _card(words: Words, card: Record) -> Iterator[str]:
    main = in_form(words, card["form"] or "", card["words"] or "")
    yield from filter(None, [main.unescape() if isinstance(main, Markup) else main])
    yield from (f"· {option}" for option in (card["options"] or "").splitlines())
    for name, label in line_names(words, card["kind"]).items():
        if card[name]:
            yield f"{label.unescape()} {card[name]}"


def _paused(record: Record, words: Words) -> Markup:
    _ = words
    if not record["paused_until"]:
        return _("Paused.")
    until = times.local_date(datetime.fromisoformat(record["paused_until"]), record["zone"] or "UTC")
    return _("Paused until {day}.", day=dates.in_full(words, until))


def _day(on: str, words: Words) -> str:
    """A date of a record as people write it."""
    return dates.in_full(words, date.fromisoformat(on))


def _agreement(record: Record, words: Words) -> tuple[str, list[tuple[str, str]]]:
    return _day(record["date"], words), [("quote", each["words"]) for each in record["wordings"]]


def _pulse(record: Record, words: Words) -> tuple[str, list[tuple[str, str]]]:
    _ = words
    values = Values(*(record[name] for name in ("room_now", "room_wanted", "closeness_now", "closeness_wanted")))
    return _day(record["date"], words), [("", str(both_needs(words, values).unescape()))]


def _settings(record: Record, words: Words) -> list[tuple[str, str]]:
    _ = words
    person = Person(**{name: value for name, value in record.items() if name in Person.model_fields and name != "id"})
    named = [_("Name: {name}", name=record["name"])] if record["name"] else []
    told = [*named, *as_they_are(words, person)]
    if record["paused"]:
        told.append(_paused(record, words))
    return [("", line.unescape()) for line in told]


def _answer(record: Record, words: Words, library: Library) -> tuple[str, list[tuple[str, str]]]:
    _ = words
    parts = [("", _question(record["prompt"], words, library))]
    if record["words"]:
        parts.append(("quote", record["words"]))
    if record.get("file"):
        parts.append(("file", record["file"]))
    elif record["voice"]:
        parts.append(("", str(_("a voice note that could not be fetched"))))
    given = record["words"] or record["voice"] or record.get("file")
    parts.append(("", str(_("shared") if record["shared"] else _("kept for you") if given else _("not answered"))))
    return _day(record["date"], words), parts


def _opened(record: Record, words: Words, library: Library) -> tuple[str, list[tuple[str, str]]]:
    _ = words
    gone = str(_("No longer shown"))
    spoken = str(_("a voice note"))
    theirs = record["partner_words"] or (spoken if record["partner_voice_note"] else gone)
    parts = [
        ("", _question(record["prompt"], words, library)),
        ("", str(_("You"))),
        ("quote", record["words"] or (spoken if record["voice_note"] else gone)),
    ]
    if record["partner_prompt"] not in (None, record["prompt"]):
        parts.append(("", _question(record["partner_prompt"], words, library)))
    return _day(record["date"], words), [*parts, ("", str(_("Your partner"))), ("quote", theirs)]


def _question(prompt_id: str, words: Words, library: Library) -> str:
    return library.prompt(prompt_id, words.language).question


def _by_date(records: Sequence[Record]) -> list[Record]:
    return sorted(records, key=lambda record: record["date"])


def _without_id(record: Record) -> Record:
    return {name: value for name, value in record.items() if name != "id"}
