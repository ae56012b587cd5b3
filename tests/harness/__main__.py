"""The kill harness by hand: `python -m tests.harness soak | replay | path | random | backlogs | webhooks`."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from tests.harness.diary import Diary
from tests.harness.nursery import Nursery
from tests.harness.places import DATABASES, POSTGRESQL, SQLITE, Grounds
from tests.harness.proofs import NO_DATABASE, PROOFS, Proof
from tests.harness.runs import LARGE, TURNS, Figures, Runs
from tests.harness.scenario import from_json
from tests.harness.soak import Soak, to_try
from tests.postgres import postgres_server

Database = Annotated[str, typer.Option(help="sqlite, postgresql or both")]
cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@cli.command()
def soak(
    only: Annotated[str, typer.Option(help="Promises or names, as in G1,G5 or random,zones.")] = "",
    database: Database = "both",
    kills: Annotated[int, typer.Option(help="How many kills, where the figure is kills.")] = 0,
    scale: Annotated[float, typer.Option(help="This part of each figure.")] = 1.0,
    minutes: Annotated[float, typer.Option(help="Stop then; 0 for never.")] = 0,
    rounds: Annotated[int, typer.Option(help="At most so many of each; 0 for as many as it takes.")] = 0,
    seed: int | None = None,
    record: Annotated[Path, typer.Option(help="What came of it, as Markdown.")] = Path("build/soak.md"),
) -> None:
    """Try every promise at its large figure; each failure says how to play it again."""
    wanted = [each for each in only.split(",") if each]
    proofs = [each for each in PROOFS if each.is_wanted(wanted)]
    if not proofs:
        raise typer.BadParameter(f"no promise or proof is called {only}")
    number = seed if seed is not None else int(time.time())
    with _runs(database) as (runs, folder):
        large = partial(_figure, kills=kills, scale=scale)
        tried = to_try(proofs, [*runs], large=large, rounds=rounds)
        until = time.monotonic() + 60 * minutes if minutes else float("inf")
        diary = Diary(tried, number, record)
        soak = Soak(tried, runs, folder / "soak", number, until, diary.write)
        print(f"seed {number}", flush=True)
        held = soak.run()
    diary.write(ended=True)
    print(f"{diary.summary} The record: {record}")
    raise typer.Exit(0 if held else 1)


def _figure(proof: Proof, *, kills: int, scale: float) -> int:
    return kills if kills and proof.unit == "kills" else max(1, round(proof.large * scale))


@cli.command()
def replay(file: Path, database: Database = SQLITE, times: int = 1) -> None:
    """Play a scenario again that failed."""
    scenario = from_json(file.read_text(encoding="utf-8"))
    for runs in _all_runs(database):
        for _ in range(times):
            with _told(runs):
                runs.once(scenario)


@cli.command()
def path(database: Database = "both", turn: int = -1) -> None:
    """Walk the full path with kills, in one turn or in all of them, and compare."""
    for runs in _all_runs(database):
        calm = runs.along_the_path(None)
        for each in [turn] if turn >= 0 else range(TURNS):
            with _told(runs):
                assert runs.along_the_path(each) == calm, f"in turn {each} it ended differently"


@cli.command()
def backlogs(database: Database = "both") -> None:
    """Let backlogs wait, and die at each named point while they are read."""
    for runs in _all_runs(database):
        with _told(runs):
            runs.through_backlogs()


@cli.command()
def webhooks(database: Database = "both") -> None:
    """The same over a webhook, and with every other start polling."""
    for runs in _all_runs(database):
        with _told(runs):
            runs.through_webhooks()


@cli.command("random")
def at_random(
    database: Database = "both",
    kills: int = 2000,
    seed: int | None = None,
    days: int = LARGE.days,
    most_moves: int = LARGE.most_moves,
) -> None:
    """Draw scenarios until so many kills are reached; each round prints the seed that draws it again."""
    figures = Figures(1, days, most_moves)
    for runs in _all_runs(database):
        number = seed if seed is not None else int(time.time())
        while runs.kills < kills:
            print(f"{runs.kind}: seed {number}", flush=True)
            with _told(runs):
                runs.at_random(figures, number=number)
            number += 1


@contextmanager
def _told(runs: Runs) -> Iterator[None]:
    started = time.monotonic()
    yield
    print(f"{runs.kind}: {runs.kills} kills, {runs.updates} updates, {time.monotonic() - started:.1f} s", flush=True)


def _all_runs(database: str) -> Iterator[Runs]:
    with _runs(database) as (runs, _):
        yield from (each for kind, each in runs.items() if kind not in NO_DATABASE)


@contextmanager
def _runs(database: str) -> Iterator[tuple[dict[str, Runs], Path]]:
    """Runs on each kind of database, and under "-" for what needs none; and a folder to work in."""
    folder = Path(tempfile.mkdtemp(prefix="kills-"))
    kinds = DATABASES if database == "both" else (database,)
    server = postgres_server(folder) if POSTGRESQL in kinds else None
    nursery = Nursery()
    try:
        grounds = Grounds(folder, server)
        runs = {kind: Runs(kind, grounds, nursery) for kind in kinds}
        yield {**runs, **{kind: Runs(SQLITE, grounds, nursery) for kind in NO_DATABASE}}, folder
    finally:
        nursery.close()
        if server is not None:
            server.stop()


if __name__ == "__main__":
    cli()
