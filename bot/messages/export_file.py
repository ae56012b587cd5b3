"""The export as a person reads it: JSON for programs (see docs/export.md), HTML for a browser, a plain list.

The page opens by itself: nothing in it is fetched from anywhere, and words are escaped by type.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from markupsafe import Markup

from bot.messages.cards.boundaries import in_form
from bot.messages.cards.pulse import both_needs
from bot.messages.i18n import Words
from bot.practice.prompts import Library
from storage.pulse import Values

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
        (_("Settings"), [(str(_("As they are now")), _settings(record)) for record in content["settings"]]),
        (_("Your answers"), [_answer(record, words, library) for record in _by_date(content["answers"])]),
        (_("What opened for you two"), [_opened(record, words, library) for record in _by_date(content["opened"])]),
        (
            _("Your private notes"),
            [(record["date"], [("quote", record["words"])]) for record in _by_date(content["notes"])],
        ),
        (_("Your weekly conversations"), [_week(record, words) for record in _by_date(content["conversations"])]),
        (_("What you agreed on"), [_agreement(record) for record in _by_date(content["agreements"])]),
        (_("Topics for another week"), [("·", [("quote", record["words"])]) for record in content["topics"]]),
        (_("Your pulse"), [_pulse(record, words) for record in _by_date(content["pulse"])]),
    ]


def _week(record: Record, words: Words) -> tuple[str, list[tuple[str, str]]]:
    _ = words
    parts = [("", str(record["topic"])), ("", str(_("You")))]
    parts += [("quote", said) for said in _said(words, record["thanks"], record["cards"])]
    parts.append(("", str(_("Your partner"))))
    parts += [("quote", said) for said in _said(words, record["partner_thanks"], record["partner_cards"])]
    return record["date"], parts


def _said(words: Words, thanks: str | None, cards: Sequence[Record]) -> list[str]:
    """An appreciation and cards, all their words in the order in which they were asked for."""
    told = [thanks, *("\n".join(_card(words, card)) for card in cards)]
    told += [said for card in cards for said in card["own_responses"]]
    return [said for said in told if said]


def _card(words: Words, card: Record) -> list[str]:
    main = in_form(words, card["form"] or "", card["words"] or "")
    more = (card[name] for name in ("count_on", "stays", "bends", "options"))
    return [said for said in (main.unescape() if isinstance(main, Markup) else main, *more) if said]


def _agreement(record: Record) -> tuple[str, list[tuple[str, str]]]:
    return record["date"], [("quote", each["words"]) for each in record["wordings"]]


def _pulse(record: Record, words: Words) -> tuple[str, list[tuple[str, str]]]:
    _ = words
    values = Values(*(record[name] for name in ("room_now", "room_wanted", "closeness_now", "closeness_wanted")))
    return record["date"], [("", str(both_needs(words, values).unescape()))]


def _settings(record: Record) -> list[tuple[str, str]]:
    return [("", f"{name}: {value}") for name, value in record.items() if name != "id" and value not in (None, "")]


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
    return record["date"], parts


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
    return record["date"], [*parts, ("", str(_("Your partner"))), ("quote", theirs)]


def _question(prompt_id: str, words: Words, library: Library) -> str:
    return library.prompt(prompt_id, words.language).question


def _by_date(records: Sequence[Record]) -> list[Record]:
    return sorted(records, key=lambda record: record["date"])


def _without_id(record: Record) -> Record:
    return {name: value for name, value in record.items() if name != "id"}
