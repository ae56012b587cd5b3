"""A check that cannot fail proves nothing: each guarantee is broken in a copy of the program, and its test must fail.

A break is one line of the copy. If the line is not there any more, this file has to follow.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.guards.warm_pytest import WarmPytest

ROOT = Path(__file__).parents[2]
COPIED = ("bot", "handlers", "schedules", "storage", "tests", "pyproject.toml")
WITHIN = 600.0  # seconds, on a machine that has other things to do
FAILED = 1  # pytest's exit code for tests that failed, as opposed to those that could not run
PATH = "tests/test_kills.py::test_the_full_path_ends_the_same_though_it_dies_in_every_step"
BACKLOG = "tests/test_kills.py::test_a_backlog_is_applied_once_and_in_order_wherever_it_dies"
REVEALS = "tests/test_kills.py::test_every_reveal_is_seen_once_by_both_though_it_dies_on_the_way"


@dataclass(frozen=True)
class Break:
    """What is broken, by which line in place of which, and the test that notices."""

    name: str
    file: str
    line: str
    instead: str
    noticed_by: str


BREAKS = (
    Break(
        "words are taken for markup",
        "bot/messages/markup.py",
        '    return Markup("<blockquote>{}</blockquote>").format(text)',
        '    return Markup(f"<blockquote>{text}</blockquote>")',
        "tests/messages/test_markup.py::test_names_and_words_stay_text_on_every_card",
    ),
    Break(
        "a backup of a postgresql is of several instants",
        "storage/backups.py",
        'isolation_level="REPEATABLE READ"',
        'isolation_level="READ COMMITTED"',
        "tests/storage/test_backups.py::test_while_others_write_it_is_of_one_instant[postgresql]",
    ),
    Break(
        "a backup takes its place before it is complete",
        "storage/whole_files.py",
        '    part = path.with_name(f"{path.name}.part")',
        "    part = path",
        "tests/test_backups.py::test_killed_at_any_moment_a_whole_backup_stands",
    ),
    Break(
        "marks wait for people whom another unit has locked",
        "storage/deliveries.py",
        "    return [each for each in arrived if each.claimed.id in ids and each.claimed.person_id in {None, *there}]",
        "    return [each for each in arrived if each.claimed.id in ids]",
        "tests/wire/test_marking.py::test_what_another_unit_has_locked_is_waited_for_alone",
    ),
    Break(
        "an answer that was added is not seen in its unit",
        "storage/daily.py",
        "    _read(session).pop(to.id, None)",
        "    _read(session)",
        "tests/storage/test_daily.py::test_an_answer_is_seen_at_once_by_whoever_had_read_that_there_was_none",
    ),
    Break(
        "a pause holds nothing",
        "bot/practice/incoming.py",
        "    return person.paused_until or NEVER if is_paused(person, at) else at",
        "    return at",
        "tests/safety/test_s31_a_pause_stops_everything.py::test_nothing_comes_in_until_the_person_says_so",
    ),
    Break(
        "a key outlives its person",
        "storage/keys.py",
        "            self._rows.remove(owner)",
        "            pass",
        "tests/safety/test_s13_s16_deleting.py::test_not_a_byte_is_left_in_any_file",
    ),
    Break(
        "an export takes what the partner took back",
        "storage/exporting.py",
        "    if answer.taken_back:",
        "    if not answer:",
        "tests/safety/test_s14_the_export.py::test_what_was_taken_back_or_deleted_is_not_in_it",
    ),
    Break(
        "a flood is let in",
        "handlers/flood.py",
        "        if len(sent.updates) < MOST or abs(at - sent.updates[0][0]) >= WITHIN:",
        "        if True:",
        "tests/wire/test_flood.py::test_so_many_a_minute_are_let_in_and_then_it_is_said_once",
    ),
    Break(
        "updates are taken again and again",
        "storage/updates.py",
        "    return insert_if_new(session, ProcessedUpdate, update_id=update_id, at=now)",
        "    return insert_if_new(session, ProcessedUpdate, update_id=update_id, at=now) or True",
        "tests/storage/test_updates.py::test_an_update_is_taken_once",
    ),
    Break(
        "postgresql does not tell whether a row was new",
        "storage/rows.py",
        ".on_conflict_do_nothing().execution_options(preserve_rowcount=True)",
        ".on_conflict_do_nothing()",
        "tests/storage/test_updates.py::test_an_update_is_taken_once[postgresql]",
    ),
    Break(
        "one who shares opens both answers",
        "bot/practice/reveals.py",
        "all(_shares(side) for side in sides)",
        "any(_shares(side) for side in sides)",
        "tests/handlers/test_daily.py::test_a_kept_answer_never_opens",
    ),
    Break(
        "a week opens whether or not both have finished",
        "bot/practice/conversations.py",
        "    if conversation.opened or not finished or now >= conversation.closes:",
        "    if conversation.opened or now >= conversation.closes:",
        "tests/practice/test_conversations_machine.py::test_every_order_of_steps_on_sqlite",
    ),
    Break(
        "what is being edited stays shared",
        "bot/practice/boundaries.py",
        "    card.shared = card.decided = False",
        "    card.decided = False",
        "tests/practice/test_conversations_machine.py::test_every_order_of_steps_on_sqlite",
    ),
    Break(
        "one who approves opens the page",
        "bot/practice/summary.py",
        'all(each.state == "approved" and now < each.closes for each in both)',
        'any(each.state == "approved" and now < each.closes for each in both)',
        "tests/handlers/test_summary.py::test_one_skips_and_nothing_comes_and_nobody_is_named",
    ),
    Break(
        "a page is not looked at again after its nudge",
        "bot/practice/summary_page.py",
        "    if found is None or found.withdrawn:",
        "    if found is None:",
        "tests/handlers/test_summary.py::test_withdrawn_while_the_nudge_is_on_its_way_nothing_is_shown",
    ),
    Break(
        "an agreement that ended stays on the page",
        "bot/messages/cards/summary_lines.py",
        '    if version is None or found is None or found.state == "ended":',
        "    if version is None or found is None:",
        "tests/handlers/test_summary_weeks.py::test_what_ends_or_is_taken_back_is_no_longer_shown",
    ),
    Break(
        "one who finishes opens the week",
        "bot/practice/conversations.py",
        'all(each.participation.step == "done" for each in parts)',
        'any(each.participation.step == "done" for each in parts)',
        "tests/handlers/test_conversations.py::test_nothing_is_seen_before_both_have_finished",
    ),
    Break(
        "control patterns go to the partner",
        "bot/practice/partner_words.py",
        "    if found := control_in(words, language):",
        "    if (found := control_in(words, language)) and False:",
        "tests/safety/test_s20_control_cannot_become_a_card.py::test_no_text_on_its_way_to_a_partner_can_control",
    ),
    Break(
        "old buttons agree to another wording",
        "bot/practice/responding.py",
        "    if turn != turn_of(session, card) or card.outcome == given:",
        "    if card.outcome == given:",
        "tests/practice/test_responding.py::test_what_is_agreed_is_the_wording_on_the_table",
    ),
    Break(
        "nobody notices that sqlite rolled back the batch",
        "storage/committing.py",
        '        raise DatabaseAway("SQLite has rolled back the whole transaction.") from error',
        "        return",
        "tests/storage/test_committing.py",
    ),
    Break(
        "a batch that was lost is not run again",
        "storage/committing.py",
        "        if begun and len(jobs) > 1:",
        "        if False:",
        "tests/storage/test_committing.py::test_an_interrupted_statement_has_the_whole_batch_run_again",
    ),
    Break(
        "sealed words open anywhere",
        "storage/sealing.py",
        """    return owner.bytes + "\\0".join((str(table.__tablename__), column, str(identity))).encode()""",
        """    return b"anywhere\"""",
        "tests/storage/test_sealing.py::test_words_do_not_open_in_any_other_place",
    ),
    Break(
        "messages are not counted",
        "bot/wire/pacing.py",
        "            self._written.append(now)",
        "            pass",
        "tests/wire/test_pacing.py::test_never_more_than_the_rate_in_any_second_and_nearly_as_many",
    ),
    Break(
        "a message takes its place in the pace though its claim has ended",
        "bot/wire/pacing.py",
        "                check()\n                self.wrote(chat, asyncio.get_running_loop().time())",
        "                self.wrote(chat, asyncio.get_running_loop().time())\n                check()",
        "tests/wire/test_pacing.py::test_who_may_not_write_any_more_takes_no_place_from_others",
    ),
    Break(
        "each of several processes keeps a pace of its own",
        "bot/app.py",
        "        shared = per_second > 0 and not is_sqlite(self._engine)",
        "        shared = False",
        "tests/test_several_processes.py::test_all_together_keep_the_pace",
    ),
    Break(
        "each of several processes gives a chat an allowance",
        "bot/wire/shared_pace.py",
        "    chats_kept = KEPT",
        "    chats_kept = None",
        "tests/test_several_processes.py::test_a_chat_has_one_allowance_whoever_writes_to_it",
    ),
    Break(
        "a chat is claimed whoever holds it",
        "storage/claiming.py",
        "        _chat.c.claimed_until.is_(None),",
        "        _chat.c.id.is_not(None),",
        "tests/storage/test_claiming.py",
    ),
    Break(
        "what Telegram puts off is overtaken",
        "storage/deliveries.py",
        "    if release(session, claimed) if until is None else claiming.hold(session, claimed, until=until):",
        "    if release(session, claimed):",
        "tests/storage/test_claiming.py::test_nothing_overtakes_in_its_chat_what_has_to_wait",
    ),
    Break(
        "a lease is taken from whoever holds it",
        "storage/leases.py",
        "    WHERE held.holder = excluded.holder",
        "    WHERE true",
        "tests/storage/test_leases.py",
    ),
    Break(
        "a pause that Telegram asked for is kept by one chat only",
        "bot/wire/pacing.py",
        "            self._all_paused = max(self._all_paused, now + seconds)",
        "            pass",
        "tests/wire/test_pacing.py::test_a_refused_chat_waits_alone_but_two_make_all_wait",
    ),
    Break(
        "what a jump of the clock passed over is counted one by one",
        "schedules/clock.py",
        "        return self._since + (passed + 1) * self._interval",
        "        return (previous_fire_time or now) + self._interval",
        "tests/schedules/test_clock.py::test_what_a_jump_forward_passed_over_is_one_occasion",
    ),
    Break(
        "rows that were moved are not compared",
        "storage/copying.py",
        "        if wanted != {row[key.name]: dict(row) for row in found}:",
        "        if False:",
        "tests/storage/test_moving.py::test_what_does_not_arrive_as_it_is_undoes_the_move",
    ),
    Break(
        "couples are not locked",
        "storage/people.py",
        '    if not person_ids or session.get_bind().dialect.name != "postgresql":',
        "    if True:",
        "tests/safety/test_s11_both_or_neither.py::test_two_who_share_at_the_same_moment_open_it_once",
    ),
    Break(
        "updates are taken again and again, as the phones see it",
        "storage/updates.py",
        "    return insert_if_new(session, ProcessedUpdate, update_id=update_id, at=now)",
        "    return insert_if_new(session, ProcessedUpdate, update_id=update_id, at=now) or True",
        f"{PATH}[0-sqlite]",
    ),
    Break(
        "updates are acknowledged before the commit",
        "bot/wire/receiver.py",
        "                await self._intake.take(raw)",
        "                self._early = asyncio.create_task(self._intake.take(raw))",
        f"{BACKLOG}[sqlite]",
    ),
    Break(
        "a webhook acknowledges before the commit",
        "bot/wire/webhook.py",
        "            await self._intake.take([raw])",
        "            self._early = asyncio.ensure_future(self._intake.take([raw]))",
        "tests/test_kills.py::test_a_backlog_that_comes_over_a_webhook_is_applied_once_and_in_order_wherever_it_dies[sqlite]",
    ),
    Break(
        "a webhook does not look at the secret",
        "bot/wire/webhook.py",
        "        is_secret = hmac.compare_digest(given, self._secret.encode())",
        "        is_secret = hmac.compare_digest(given, given)",
        "tests/wire/test_webhook_strangers.py::test_a_stranger_learns_nothing_and_does_nothing",
    ),
    Break(
        "a webhook says that it is done while the database is away",
        "bot/wire/webhook.py",
        "        except DatabaseAway:\n            return web.Response(status=503, headers=SOON)",
        "        except DatabaseAway:\n            return web.Response()",
        "tests/wire/test_webhook.py::test_while_the_database_is_away_telegram_is_told_to_come_again",
    ),
    Break(
        "chats are not served in order",
        "bot/wire/turns.py",
        "        heappush(waiting, (number, next(self._arrival), turn))",
        "        heappush(waiting, (next(self._arrival), number, turn))",
        "tests/wire/test_turns.py",
    ),
    Break(
        "a partner's words are sent instead of edited in",
        "bot/wire/travel.py",
        "        if not (isinstance(job.card, Card) and job.card.private):",
        "        if not (isinstance(job.card, Card) and job.card.private and self.ending):",
        f"{REVEALS}[sqlite]",
    ),
    Break(
        "what waits behind a message in its chat is forgotten",
        "bot/wire/sender.py",
        "        if not stands or claimed.followed or passed_over:",
        "        if not stands or passed_over:",
        "tests/wire/test_sender.py::test_two_messages_to_one_chat_follow_each_other_at_once[sqlite]",
    ),
    Break(
        "what came while a message was on its way to the same chat is forgotten",
        "bot/wire/sender.py",
        "        if not stands or claimed.followed or passed_over:",
        "        if not stands or claimed.followed:",
        "tests/wire/test_sender.py::test_what_came_while_another_message_was_on_its_way_follows_at_once[sqlite]",
    ),
)


@pytest.fixture(scope="module")
def warm() -> Iterator[WarmPytest]:
    warm = WarmPytest()
    yield warm
    warm.close()


@pytest.mark.waits_for_check
@pytest.mark.parametrize("broken", BREAKS, ids=[each.name.replace(" ", "_") for each in BREAKS])
def test_what_is_broken_is_noticed(broken: Break, warm: WarmPytest, tmp_path: Path) -> None:
    copy, log = tmp_path / "copy", tmp_path / "log"
    make_copy(copy)
    break_it(copy, broken)
    words = ["-x", "-q", "-p", "no:cacheprovider", f"--basetemp={tmp_path / 'out'}", broken.noticed_by]
    code = warm.run(copy, log, words, within=WITHIN)
    told = log.read_text(encoding="utf-8", errors="replace")
    assert code == FAILED, told[-3000:]
    summary = told.strip().splitlines()[-1]
    assert " failed" in summary, told[-3000:]
    assert " error" not in summary, told[-3000:]


def make_copy(copy: Path) -> None:
    """With what was compiled, which is still true of every file but the broken one."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name)
        else:
            shutil.copy2(source, copy / name)


def break_it(copy: Path, broken: Break) -> None:
    file = copy / broken.file
    text = file.read_text(encoding="utf-8")
    assert text.count(broken.line) == 1, f"{broken.file} has no such single line any more: {broken.line}"
    file.write_text(text.replace(broken.line, broken.instead), encoding="utf-8")
    for compiled in (file.parent / "__pycache__").glob(f"{file.stem}.*"):
        compiled.unlink()
