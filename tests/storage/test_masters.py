"""The master keys, as they are given and as they lie in a folder."""

import os
import threading
from base64 import b64encode, urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as some

from storage.masters import BadMasterKey, Masters, MissingMasterKey, masters_from, masters_in, masters_now

KEYS = some.lists(some.binary(min_size=32, max_size=32), min_size=1, max_size=4)


@given(keys=KEYS, encode=some.sampled_from([b64encode, urlsafe_b64encode]), bare=some.booleans())
def test_keys_are_read_in_either_alphabet_padded_or_not(keys: list[bytes], encode: object, bare: bool) -> None:
    words = [encode(key).decode() for key in keys]  # type: ignore[operator]
    text = " , ".join(word.rstrip("=") if bare else word for word in words) + "\n"
    assert masters_from(text) == Masters(tuple(keys))


@pytest.mark.parametrize(
    "text", ["", " , ", "secret", "s" * 42, "secret" * 9, "schlüssel", f"{'A' * 43},secret", "A" * 45]
)
def test_what_is_no_key_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(BadMasterKey, match=r"^A master key is 32 random bytes .*\.$") as refusal:
        masters_from(text)
    assert "secret" not in str(refusal.value)


def test_keys_do_not_show_in_a_log() -> None:
    assert repr(Masters((b"k" * 32,))) == "Masters()"


def test_the_first_key_wraps_and_each_unwraps_its_own() -> None:
    old, new = Masters((b"o" * 32,)), Masters((b"n" * 32, b"o" * 32))
    by_old, by_new = old.wrap(b"secret", bound_to=b"x"), new.wrap(b"secret", bound_to=b"x")
    assert new.unwrap(old.fingerprints[0], by_old, bound_to=b"x") == b"secret"
    assert new.unwrap(new.fingerprints[0], by_new, bound_to=b"x") == b"secret"
    with pytest.raises(KeyError):
        old.unwrap(new.fingerprints[0], by_new, bound_to=b"x")
    with pytest.raises(InvalidTag):
        new.unwrap(new.fingerprints[0], by_new, bound_to=b"y")


def test_a_folder_gets_one_key_that_only_the_owner_can_read(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        made = masters_in(tmp_path / "data")
    finally:
        os.umask(before)
    assert len(made.keys) == 1
    assert masters_in(tmp_path / "data") == made
    assert (tmp_path / "data" / "master.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_processes_that_start_at_once_in_a_new_folder_have_the_same_key(tmp_path: Path) -> None:
    meeting = threading.Barrier(4)

    def start(_: int) -> Masters:
        meeting.wait(20)
        return masters_in(tmp_path / "data")

    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(start, range(4))) == {masters_now(tmp_path / "data")}


def test_two_folders_have_different_keys(tmp_path: Path) -> None:
    assert masters_in(tmp_path / "a") != masters_in(tmp_path / "b")


def test_a_key_file_that_a_crash_left_empty_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "master.key").touch()
    assert masters_in(tmp_path) == masters_in(tmp_path)


@pytest.mark.parametrize("store", ["keys.db", "keys.backup.db"])
@pytest.mark.parametrize("left", [None, "\n"])
def test_beside_a_key_store_no_new_key_is_made(tmp_path: Path, store: str, left: str | None) -> None:
    (tmp_path / store).write_text("keys")
    if left is not None:
        (tmp_path / "master.key").write_text(left)
    with pytest.raises(MissingMasterKey, match=r"^The key store .* put .*master\.key back or set MASTER_KEYS\.$"):
        masters_in(tmp_path)


def test_a_key_file_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "master.key").write_text("ключ")
    with pytest.raises(BadMasterKey):
        masters_in(tmp_path)
    assert (tmp_path / "master.key").read_text() == "ключ"
