import re
from pathlib import Path

import pytest

from bot.playground.storing import FolderInUse, FolderLock, write_durably


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    write_durably(path, "one")
    write_durably(path, "two")
    assert path.read_text() == "two"
    assert [each.name for each in tmp_path.iterdir()] == ["state.json"]


def test_a_folder_is_used_by_one_playground_at_a_time(tmp_path: Path) -> None:
    first = FolderLock(tmp_path / "playground")
    first.say("http://127.0.0.1:8765/")
    with pytest.raises(FolderInUse, match=re.escape("http://127.0.0.1:8765/")):
        FolderLock(tmp_path / "playground")
    first.release()
    FolderLock(tmp_path / "playground").release()
