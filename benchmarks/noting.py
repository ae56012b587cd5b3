"""`python -m benchmarks.noting run`: the bot, which notes in the file NOTED when it writes each message to Telegram.

Telegram's side of a busy machine reads in bursts what was written evenly; this is the bot's side.
"""

import os
import time
from array import array
from pathlib import Path
from typing import Any

from bot.__main__ import cli
from bot.wire.pacing import Pace

FILE = "NOTED"


def main() -> None:
    """Be the bot until it ends; then write the monotonic seconds of all messages."""
    noted, wrote = array("d"), Pace.wrote

    def note(*given: Any, **more: Any) -> Any:
        noted.append(time.monotonic())
        return wrote(*given, **more)

    Pace.wrote = note  # type: ignore[method-assign]
    try:
        cli()
    finally:
        Path(os.environ[FILE]).write_bytes(noted.tobytes())


def read(path: Path) -> array:
    """What was noted."""
    noted = array("d")
    noted.frombytes(path.read_bytes())
    return noted


if __name__ == "__main__":
    main()
