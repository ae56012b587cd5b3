"""Programs of our own that a test starts beside itself, to kill or to find in the way."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


@contextmanager
def child(program: str, *arguments: object) -> Iterator["subprocess.Popen[str]"]:
    """A Python program that runs beside the test; killed at the end, as by kill -9."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def line(process: "subprocess.Popen[str]") -> str:
    """The next line that the program prints."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def tell(process: "subprocess.Popen[str]", words: str) -> None:
    """Give the program a line to read."""
    assert process.stdin is not None
    process.stdin.write(words + "\n")
    process.stdin.flush()


def output_of(program: str, *arguments: object) -> str:
    """What a program prints until it ends by itself."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
