"""Everything that walks over all of a person's rows knows every table: a new one has to say what becomes of it."""

from pathlib import Path

from sqlalchemy import Date

from bot.messages.cards import CARDS, NUDGED
from bot.practice import erasing as practice
from bot.practice.retention import SHOWN
from storage import erasing, exporting, retention
from storage.erasing import ERASED, Goes, GoesAtOnce, GoesLast, GoesWith, Joint, Shared
from storage.exporting import EXPORTED, SECTIONS
from storage.retention import EXPIRING, Emptied, Kept, Removed, sealed_columns
from storage.rows import core
from storage.tables import Table, UtcDateTime

TABLES = {
    mapper.class_
    for mapper in Table._sa_registry.mappers  # type: ignore[attr-defined]
}


def test_the_guard_sees_the_tables() -> None:
    assert {core(table).name for table in TABLES} == set(Table.metadata.tables)


def test_every_table_says_what_becomes_of_it_when_a_person_is_erased() -> None:
    assert set(ERASED) == TABLES
    for table, fate in ERASED.items():
        if isinstance(fate, GoesWith):
            column = core(table).columns[fate.by]
            assert column.foreign_keys, table
            assert not column.nullable, table
        if isinstance(fate, Goes | GoesLast | GoesAtOnce):
            assert fate.by in core(table).columns, table
        if isinstance(fate, Joint | Shared):
            assert leads_to(table, fate.couple) == "couple", table


def test_nobody_is_left_behind_by_a_column_that_points_at_them() -> None:
    """Whatever must have a person goes with that person; what may be without one loses the pointer."""
    for table, fate in ERASED.items():
        for column in core(table).columns:
            if any(key.column.table.name == "person" for key in column.foreign_keys) and not column.nullable:
                assert isinstance(fate, Goes | GoesLast), table
                assert fate.by == column.name, f"{table} points at a person by {column.name}, and nobody said so"


def test_every_column_with_words_says_how_long_they_are_kept() -> None:
    worded = {table for table in TABLES if sealed_columns(table)}
    assert set(EXPIRING) == worded
    for table, rule in EXPIRING.items():
        if isinstance(rule, Emptied):
            assert all(core(table).columns[name].nullable for name in sealed_columns(table)), table
        if isinstance(rule, Emptied | Removed):
            assert table in SHOWN, f"{table} is shown somewhere, and stays there"
            assert rule.by in core(table).columns
            assert leads_to(table, rule.dated) == table_of_date(table, rule.dated)
        if isinstance(rule, Kept):
            assert rule.why


def test_every_table_is_in_the_export_or_says_why_not() -> None:
    assert set(EXPORTED) == TABLES
    for table, where in EXPORTED.items():
        assert where in SECTIONS or where.startswith("not: "), table


def test_what_words_a_person_wrote_they_can_take_along() -> None:
    """Words that expire are a person's own: they are in a section."""
    for table, rule in EXPIRING.items():
        if isinstance(rule, Emptied | Removed):
            assert EXPORTED[table] in SECTIONS, table


def test_every_card_that_carries_a_partners_words_is_cleaned_when_they_are_erased() -> None:
    assert set(practice.SHOWN_TO_PARTNERS) | practice.SPOKEN_TO_PARTNERS >= NUDGED
    named = {*practice.SHOWN_TO_PARTNERS, *practice.SHOWN_TO_PARTNERS.values(), *practice.SPOKEN_TO_PARTNERS}
    named |= practice.ABOUT_INVITES | practice.WORDLESS
    assert named <= set(CARDS)


def test_cards_for_strangers_are_known_to_be_wordless() -> None:
    """What a handler sends to somebody who is no person must not be taken for a stray of an erased one."""
    strangers = {
        *(
            name
            for name in CARDS
            if name.startswith(("info.", "safety.")) and name not in ("info.away", "safety.offer")
        ),
        *("setup.welcome", "setup.consent", "setup.not_now", "pairing.invitation", "pairing.declined"),
    }
    assert strangers <= practice.WORDLESS


def test_the_three_lists_have_a_file_each() -> None:
    files = {Path(module.__file__ or "").name for module in (erasing, exporting, retention)}
    assert files == {"erasing.py", "exporting.py", "retention.py"}


def leads_to(table: type[Table], path: tuple[str, ...]) -> str:
    """The table in which the last column of a path stands, or which it points at."""
    at = core(table)
    for name in path[:-1]:
        at = next(iter(at.columns[name].foreign_keys)).column.table
    last = at.columns[path[-1]]
    pointed = next(iter(last.foreign_keys), None)
    return pointed.column.table.name if pointed is not None else at.name


def table_of_date(table: type[Table], path: tuple[str, ...]) -> str:
    at = core(table)
    for name in path[:-1]:
        at = next(iter(at.columns[name].foreign_keys)).column.table
    assert isinstance(at.columns[path[-1]].type, Date | UtcDateTime)
    return at.name
