"""A failed run in writing: what was done, what was seen, how each process ended, what it printed."""

from collections.abc import Iterator

from tests.harness.promises import life_of
from tests.harness.stage import Stage
from tests.phones import Phone


def report(world: Stage) -> str:
    """All of it, in the order of what happened."""
    return "\n".join(_lines(world))


def _lines(world: Stage) -> Iterator[str]:
    yield "== the lives of the process (newest message before, at the end; how it ended)"
    yield from (f"{life.after:>5} {life.until or '':>5}  {life.end}" for life in world.lives)
    yield "== what people did (change number, who, what, updates)"
    for act in world.acts:
        yield f"{act.number:>5}  {act.who:6} {act.what}  {act.updates.start}-{act.updates.stop - 1}"
    for phone in world.phones:
        yield f"== what {phone.name} saw (message, states with their change numbers)"
        yield from _seen(world, phone)
    yield "== deliveries"
    for owed in world.records.owed.values():
        yield f"{owed.message_id or '':>5}  {owed.mode:6} {owed.state:8} {owed.attempts} {owed.card:20} {owed.key}"
    yield "== printed"
    yield world.printed[-20_000:]


def _seen(world: Stage, phone: Phone) -> Iterator[str]:
    for message in phone.account.messages:
        mine = message.sender_id == phone.id
        mark = "" if mine or message.id in world.records.known else f"  UNKNOWN, {life_of(world, message).end}"
        for version in message.versions:
            text = version.text.replace("\n", " / ") or f"<{version.media}>"
            yield f"{message.id:>5} {version.number:>5}  {'>' if mine else ' '} {text}  {version.labels or ''}{mark}"
    yield from (f"      {toast.number:>5}  ({toast.text})" for toast in phone.account.handset.toasts)
