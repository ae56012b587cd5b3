"""`make` sets up what it needs: once at a time, and also where it was broken off before."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
ALONE = HOUSE / ".ci" / "alone.py"


def test_two_set_ups_wait_for_each_other(tmp_path: Path) -> None:
    note = "echo in >> notes; sleep 0.3; echo out >> notes"
    command = (sys.executable, str(ALONE), "lock", "sh", "-c", note)
    for process in [subprocess.Popen(command, cwd=tmp_path) for _ in range(3)]:
        assert process.wait(20) == 0
    assert (tmp_path / "notes").read_text().split() == ["in", "out"] * 3


def test_a_command_that_fails_lets_the_next_one_in(tmp_path: Path) -> None:
    for code in (3, 0):
        command = (sys.executable, str(ALONE), "lock", "sh", "-c", f"exit {code}")
        assert subprocess.run(command, cwd=tmp_path, timeout=300, check=False).returncode == code


@pytest.mark.waits_for_check
def test_a_set_up_that_was_broken_off_is_finished(tmp_path: Path) -> None:
    shutil.copy(HOUSE / "Makefile", tmp_path)
    (tmp_path / ".ci").mkdir()
    shutil.copy(ALONE, tmp_path / ".ci")
    (tmp_path / "requirements.lock").touch()
    subprocess.run((sys.executable, "-m", "venv", "--without-pip", ".venv"), cwd=tmp_path, timeout=300, check=True)
    made = ("make", "setup", f"PYTHON={sys.executable}")
    done = subprocess.run(made, cwd=tmp_path, timeout=300, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    pip = (str(tmp_path / ".venv" / "bin" / "python"), "-m", "pip", "--version")
    assert subprocess.run(pip, timeout=300, check=False, capture_output=True).returncode == 0
    assert (tmp_path / ".venv" / ".runs").exists()
