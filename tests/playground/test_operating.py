"""The command line as somebody who sets up the machine meets it: one sentence, an exit code, never a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
TOKEN = "1:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"


def bot(folder: Path, *words: str, **settings: str) -> tuple[int, str]:
    """Run a command in `folder` with these settings; gives the exit code and what it complained about."""
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(HOUSE), "DATA_DIR": str(folder / "data"), **settings}
    command = (sys.executable, "-m", "bot", *words)
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=99, check=False)
    assert done.stdout == ""
    return done.returncode, done.stderr


@pytest.mark.parametrize("port", ["0", "70000", "-1", "eight"])
def test_a_port_that_is_none_is_refused(tmp_path: Path, port: str) -> None:
    code, sentence = bot(tmp_path, "playground", "--no-browser", PLAYGROUND_PORT=port)
    assert code == 2
    assert sentence.startswith("PLAYGROUND_PORT: ")
    assert sentence.count("\n") == 1


@pytest.mark.parametrize("words", [("playground", "--no-browser"), ("run",), ("migrate",), ()])
def test_a_data_folder_that_cannot_be_used_is_named(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "data").touch()
    token = {"BOT_TOKEN": TOKEN} if words != ("playground", "--no-browser") else {}
    code, sentence = bot(tmp_path, *words, **token)
    assert code == 2
    assert sentence.startswith("DATA_DIR: ")
    assert sentence.count("\n") == 1


@pytest.mark.parametrize("name", ["process.lock", "control.lock", "control.sock"])
def test_a_file_of_the_data_folder_that_cannot_be_used_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "data" / name).mkdir(parents=True)
    code, sentence = bot(tmp_path, "run", BOT_TOKEN=TOKEN, BOT_API_URL="http://127.0.0.1:9")
    assert code == 2
    assert sentence.splitlines()[-1].startswith("DATA_DIR: ")
    assert "Traceback" not in sentence


def test_a_folder_of_the_playground_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "data" / "playground").mkdir(parents=True)
    (tmp_path / "data" / "playground" / "bot").touch()
    code, sentence = bot(tmp_path, "playground", "--no-browser")
    assert code == 2
    assert sentence.startswith("DATA_DIR: ")


@pytest.mark.parametrize("saved", ["{broken", "{}", "[]", "\x00", '{"version": -1}'])
def test_a_state_that_cannot_be_read_is_left_alone_and_named(tmp_path: Path, saved: str) -> None:
    state = tmp_path / "data" / "playground" / "playground.json"
    state.parent.mkdir(parents=True)
    state.write_text(saved)
    code, sentence = bot(tmp_path, "playground", "--no-browser")
    assert code == 1
    assert sentence.startswith("The playground cannot start: ")
    assert str(state) in sentence
    assert sentence.count("\n") == 1
    assert state.read_text() == saved


@pytest.mark.parametrize("words", [("run",), ("migrate",)])
def test_a_server_that_does_not_answer_gets_a_sentence_without_the_password(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    away = "postgresql://bot:hush-hush@127.0.0.1:1/rows"
    code, sentence = bot(tmp_path, *words, BOT_TOKEN=TOKEN, DATABASE_URL=away)
    assert code == 1
    assert sentence.startswith("The database rows cannot be opened: ")
    assert sentence.count("\n") == 1
    assert "hush-hush" not in sentence


@pytest.mark.parametrize(
    ("setting", "value"), [("DATABASE_URL", "mysql://u:hush@h/n"), ("KEYS_URL", "hush"), ("MASTER_KEYS", "hush")]
)
def test_a_setting_that_cannot_be_read_is_named_and_not_shown(tmp_path: Path, setting: str, value: str) -> None:
    code, sentence = bot(tmp_path, "run", BOT_TOKEN=TOKEN, **{setting: value})
    assert code == 2
    assert sentence.startswith(f"{setting}: ")
    assert sentence.count("\n") == 1
    assert "hush" not in sentence


@pytest.mark.parametrize("settings", [{}, {"WEBHOOK_SECRET": ""}, {"WEBHOOK_SECRET": "hush hush"}])
def test_a_webhook_without_a_sound_secret_does_not_start(tmp_path: Path, settings: dict[str, str]) -> None:
    address = {"WEBHOOK_URL": "https://bot.example.org/updates"}
    code, sentence = bot(tmp_path, "run", BOT_TOKEN=TOKEN, **address, **settings)
    assert code == 2
    assert sentence.startswith("WEBHOOK_SECRET: ")
    assert sentence.count("\n") == 1
    assert "hush" not in sentence


def test_the_example_can_be_copied_as_it_is(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text((HOUSE / ".env.example").read_text(encoding="utf-8"), encoding="utf-8")
    assert bot(tmp_path, "run") == (2, bot(HOUSE / "tests", "run")[1])
    assert bot(tmp_path, "migrate") == (0, "")
