"""Data keys: kept apart, made to last, and gone for good when erased."""

import hmac
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from storage.database import connect
from storage.failures import DatabaseAway, DatabaseInUse
from storage.keys import KeyGone, KeyStore, LockedOut, WrongMasterKey
from storage.masters import Masters, masters_now
from storage.wrapped_keys import ForeignBackup, MissingKeyStore
from tests.postgres import Server
from tests.storage.children import child, line
from tests.storage.kept import files_may_grow_to

OLD, NEW = b"o" * 32, b"n" * 32
MASTERS = Masters((OLD,))

CREATE = """
import sys
from uuid import UUID
from storage.keys import KeyStore
from storage.masters import Masters, masters_now
keys = KeyStore(sys.argv[1], Masters((b"o" * 32,)))
for number in range(10, 10_000):
    print(number, keys.create(UUID(int=number)).hex(), flush=True)
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def keys_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a key store can be, of either kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'keys.db'}"
        return
    server: Server = request.getfixturevalue("postgres")
    url = server.fresh_database(empty=True)
    yield url
    server.drop_database(url)


@pytest.fixture
def sqlite_keys_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'keys.db'}"


Open = Callable[..., KeyStore]


@pytest.fixture
def opened(keys_url: str) -> Iterator[Open]:
    """Opens the store, and closes it at the end."""
    stores: list[KeyStore] = []

    def opening(*masters: bytes, **given: object) -> KeyStore:
        stores.append(KeyStore(keys_url, Masters(masters or (OLD,)), **given))  # type: ignore[arg-type]
        return stores[-1]

    yield opening
    for store in stores:
        store.close()


def test_a_key_is_the_same_for_ever(opened: Open) -> None:
    ann, ben = uuid4(), uuid4()
    store = opened()
    key = store.create(ann)
    assert len(key) == 32
    assert (store.data_key(ann), store.create(ann)) == (key, key)
    assert store.create(ben) != key
    store.close()
    assert opened().data_key(ann) == key


def test_nobody_has_a_key_who_was_given_none(opened: Open) -> None:
    with pytest.raises(KeyGone):
        opened().data_key(uuid4())


def test_an_erased_key_is_gone_at_once_and_for_ever(opened: Open) -> None:
    ann, ben = uuid4(), uuid4()
    store = opened()
    store.create(ann)
    kept = store.create(ben)
    store.erase(ann)
    store.erase(ann)
    with pytest.raises(KeyGone):
        store.data_key(ann)
    store.close()
    store = opened()
    with pytest.raises(KeyGone):
        store.data_key(ann)
    assert store.data_key(ben) == kept


def test_the_keys_of_the_bot_itself_cannot_be_erased(opened: Open) -> None:
    store = opened()
    for owner in (store.system, UUID(int=1)):
        with pytest.raises(ValueError, match="never erased"):
            store.erase(owner)
    assert len(store.data_key(store.system)) == 32


def test_a_telegram_id_is_found_by_what_only_this_store_can_compute(opened: Open, tmp_path: Path) -> None:
    store = opened()
    found = [store.lookup(number) for number in (1, 2, 10**15)]
    assert len(set(found)) == 3
    assert {len(one) for one in found} == {32}
    assert hmac.digest(OLD, b"1", "sha256") not in found
    store.close()
    store = opened(NEW, OLD)
    while store.rewrap():
        pass
    assert [store.lookup(number) for number in (1, 2, 10**15)] == found
    other = KeyStore(f"sqlite:///{tmp_path / 'other' / 'keys.db'}", MASTERS)
    assert other.lookup(1) != found[0]
    other.close()


def test_threads_that_ask_at_once_get_the_same_key(opened: Open) -> None:
    store, owners = opened(), [uuid4() for _ in range(10)]
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(store.create, owners * 4))
    assert made == [store.data_key(owner) for owner in owners] * 4


def test_two_processes_on_postgresql_that_ask_at_once_get_the_same_key(postgres: Server) -> None:
    url = postgres.fresh_database(empty=True)
    stores = [KeyStore(url, MASTERS) for _ in range(2)]
    for _ in range(20):
        owner, meeting = uuid4(), threading.Barrier(2)

        def create(store: KeyStore, owner: UUID = owner, meeting: threading.Barrier = meeting) -> bytes:
            meeting.wait(20)
            return store.create(owner)

        with ThreadPoolExecutor(2) as threads:
            assert len(set(threads.map(create, stores))) == 1
    for store in stores:
        store.close()
    postgres.drop_database(url)


def test_many_processes_may_open_a_new_store_at_once(postgres: Server) -> None:
    """Each time one of them makes it, and the others find it made."""
    for _ in range(5):
        url, meeting = postgres.fresh_database(empty=True), threading.Barrier(4)

        def opening(_: int, url: str = url, meeting: threading.Barrier = meeting) -> bytes:
            meeting.wait(20)
            store = KeyStore(url, MASTERS)
            found = store.lookup(7)
            store.close()
            return found

        with ThreadPoolExecutor(4) as threads:
            assert len(set(threads.map(opening, range(4)))) == 1
        postgres.drop_database(url)


def test_of_two_new_masters_that_come_at_once_only_one_is_used(postgres: Server) -> None:
    """Two machines, each with a key of its own making: one is refused, and the other goes on."""
    for _ in range(5):
        url, meeting = postgres.fresh_database(empty=True), threading.Barrier(2)

        def opening(master: bytes, url: str = url, meeting: threading.Barrier = meeting) -> str:
            meeting.wait(20)
            try:
                KeyStore(url, Masters((master,))).close()
            except WrongMasterKey:
                return "refused"
            return "opened"

        with ThreadPoolExecutor(2) as threads:
            assert sorted(threads.map(opening, [OLD, NEW])) == ["opened", "refused"]
        postgres.drop_database(url)


def rotated(url: str, here: Callable[[], Masters] | None) -> tuple[KeyStore, KeyStore]:
    """A store whose key was rotated by another process, and that one's."""
    store = KeyStore(url, MASTERS, read_again=here)
    another = KeyStore(url, Masters((NEW, OLD)))
    while another.rewrap():
        pass
    return store, another


@pytest.mark.parametrize("reads_first", [False, True])
def test_a_process_goes_on_with_the_master_to_which_another_has_rotated(postgres: Server, reads_first: bool) -> None:
    url, owner, late = postgres.fresh_database(empty=True), uuid4(), uuid4()
    before = KeyStore(url, MASTERS)
    key = before.create(owner)
    before.close()
    store, another = rotated(url, lambda: Masters((NEW,)))
    if reads_first:
        assert store.data_key(owner) == key
    assert store.create(late) == another.data_key(late), "not wrapped by a master that nobody keeps"
    assert store.data_key(owner) == key
    store.close()
    another.close()
    postgres.drop_database(url)


def masters_in_nowhere() -> Masters:
    return masters_now(Path("/nowhere"))


@pytest.mark.parametrize("here", [None, lambda: MASTERS, masters_in_nowhere])
def test_a_process_that_does_not_know_the_new_master_keeps_nothing_and_says_so(
    postgres: Server, here: Callable[[], Masters] | None
) -> None:
    url = postgres.fresh_database(empty=True)
    store, another = rotated(url, here)
    assert not store.is_locked_out
    with pytest.raises(DatabaseAway, match="Set MASTER_KEYS"):
        store.create(uuid4())
    with pytest.raises(LockedOut):
        store.create(uuid4())
    assert store.is_locked_out
    store.close()
    another.close()
    postgres.drop_database(url)


def test_a_key_that_comes_while_the_last_are_rotated_is_rotated_too(keys_url: str, opened: Open) -> None:
    store = opened(NEW, OLD)
    assert store._rows.use(Masters((OLD, NEW)).fingerprints)
    real, owner = store._rows.wrapped_by_others, uuid4()

    def nothing_yet(master: bytes, *, most: int) -> Sequence[tuple[UUID, bytes, bytes]]:
        """Another process adds a key right after it was looked for any."""
        found = real(master, most=most)
        old = MASTERS.fingerprints[0]
        store._rows.add(owner, old, MASTERS.wrap(b"k" * 32, bound_to=owner.bytes))
        store._rows.wrapped_by_others = real  # type: ignore[method-assign]
        return found

    store._rows.wrapped_by_others = nothing_yet  # type: ignore[method-assign]
    assert store.rewrap() == 1
    assert store.rewrap() == 0
    assert store._rows.masters() == {Masters((NEW,)).fingerprints[0]}
    assert store.data_key(owner) == b"k" * 32


def test_what_another_process_erased_is_gone_here_within_a_minute(postgres: Server) -> None:
    url, ticks = postgres.fresh_database(empty=True), [0.0]
    here = KeyStore(url, MASTERS, ticks=lambda: ticks[0])
    there = KeyStore(url, MASTERS)
    owner = uuid4()
    here.create(owner)
    there.erase(owner)
    ticks[0] = 61.0
    with pytest.raises(KeyGone):
        here.data_key(owner)
    here.close()
    there.close()
    postgres.drop_database(url)


def test_only_so_many_unwrapped_keys_are_kept_in_memory(opened: Open) -> None:
    store = opened(most_cached=2)
    made = {owner: store.create(owner) for owner in [uuid4() for _ in range(6)]}
    assert len(store._cache) == 2
    assert {owner: store.data_key(owner) for owner in made} == made
    assert len(store._cache) == 2


def test_an_unwrapped_key_does_not_stay_in_memory(opened: Open) -> None:
    ticks = [0.0]
    store = opened(ticks=lambda: ticks[0])
    ann, ben = uuid4(), uuid4()
    key = store.create(ann)
    ticks[0] = 61.0
    store.create(ben)
    assert set(store._cache) == {ben}
    assert store.data_key(ann) == key
    store.forget_old()
    assert set(store._cache) == {ann, ben}
    ticks[0] = 122.0
    store.forget_old()
    assert not store._cache


def test_a_wrong_master_key_is_noticed_at_once(opened: Open) -> None:
    opened().close()
    with pytest.raises(
        WrongMasterKey, match=r"^The master key does not open the key store in .+\. Set MASTER_KEYS to the key .+\.$"
    ) as refusal:
        opened(NEW)
    assert "n" * 8 not in str(refusal.value)
    assert opened().data_key(UUID(int=0))


def test_with_several_masters_the_first_wraps_and_all_unwrap(opened: Open) -> None:
    ann, ben = uuid4(), uuid4()
    store = opened()
    anns = store.create(ann)
    store.close()
    store = opened(NEW, OLD)
    bens = store.create(ben)
    assert store.data_key(ann) == anns
    store.close()
    for alone in (OLD, NEW):
        with pytest.raises(WrongMasterKey):
            opened(alone)
    store = opened(OLD, NEW)
    assert (store.data_key(ann), store.data_key(ben)) == (anns, bens)


def test_after_rewrapping_the_old_master_is_needed_no_more(opened: Open) -> None:
    store = opened()
    made = {owner: store.create(owner) for owner in [uuid4() for _ in range(7)]}
    store.close()
    steps = []
    while True:  # killed after each step, and started again
        store = opened(NEW, OLD)
        steps.append(store.rewrap(most=4))
        store.close()
        if not steps[-1]:
            break
    assert steps == [4, 4, 1, 0]  # seven, and the two of the bot itself
    store = opened(NEW)
    assert {owner: store.data_key(owner) for owner in made} == made
    store.close()
    with pytest.raises(WrongMasterKey):
        opened(OLD)


def test_a_key_that_was_put_in_anothers_place_does_not_open(keys_url: str, opened: Open) -> None:
    ann, ben = uuid4(), uuid4()
    store = opened()
    store.create(ann)
    store.create(ben)
    store.close()
    engine = connect(keys_url)
    with engine.begin() as connection:
        rows = connection.execute(text("SELECT owner, wrapped FROM data_key")).all()
        by_owner = {UUID(str(owner)): (owner, wrapped) for owner, wrapped in rows}
        swap = text("UPDATE data_key SET wrapped = :wrapped WHERE owner = :owner")
        connection.execute(swap, {"owner": by_owner[ann][0], "wrapped": by_owner[ben][1]})
    engine.dispose()
    store = opened()
    with pytest.raises(WrongMasterKey):
        store.data_key(ann)
    assert store.data_key(ben)


def test_a_store_that_is_away_says_so(postgres: Server) -> None:
    url = postgres.fresh_database(empty=True)
    store = KeyStore(url, MASTERS)
    postgres.drop_database(url)
    with pytest.raises(DatabaseAway):
        store.data_key(uuid4())
    store.close()


def test_a_failure_that_is_not_the_databases_stays_what_it_is(keys_url: str, opened: Open) -> None:
    store = opened()
    store.close()
    engine = connect(keys_url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE data_key"))
        connection.execute(text("CREATE TABLE data_key (owner VARCHAR(40))"))
    engine.dispose()
    with pytest.raises(Exception, match="master") as failure:
        opened()
    assert not isinstance(failure.value, DatabaseAway)


# -- the file


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def test_a_key_that_was_handed_out_survives_a_kill(sqlite_keys_url: str) -> None:
    with child(CREATE, sqlite_keys_url) as process:
        told = [line(process).split() for _ in range(25)]
    store = KeyStore(sqlite_keys_url, MASTERS)
    assert [store.data_key(UUID(int=int(number))).hex() for number, _ in told] == [key for _, key in told]
    store.close()


def test_only_one_process_has_the_file(sqlite_keys_url: str) -> None:
    with child(CREATE, sqlite_keys_url) as process:
        line(process)
        with pytest.raises(DatabaseInUse, match=r"keys\.db is in use"):
            KeyStore(sqlite_keys_url, MASTERS)


def test_only_the_owner_can_read_the_files(sqlite_keys_url: str, tmp_path: Path) -> None:
    store = KeyStore(sqlite_keys_url, MASTERS)
    store.create(uuid4())
    assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir() if file.is_file()} == {0o600}
    store.close()


@pytest.mark.parametrize("seed", range(3))
def test_no_file_has_a_trace_of_an_erased_key_at_any_time(sqlite_keys_url: str, tmp_path: Path, seed: int) -> None:
    random, store = Random(seed), KeyStore(sqlite_keys_url, MASTERS)
    living: dict[UUID, bytes] = {}
    dead: list[bytes] = []
    for _ in range(40):
        for _ in range(random.randrange(8)):
            owner = uuid4()
            store.create(owner)
            living[owner] = wrapped(store, owner)
        for owner in random.sample(sorted(living), min(len(living), random.randrange(6))):
            store.erase(owner)
            dead.append(living.pop(owner))
        everything = b"".join(files(tmp_path).values())
        assert not [key for key in dead if any(key[i : i + 12] in everything for i in range(0, 48, 12))]
        backup = (tmp_path / "keys.backup.db").read_bytes()
        assert all(key in backup and everything.count(key) > 1 for key in living.values()), "the search finds nothing"
    store.close()
    assert len(dead) > 30


def wrapped(store: KeyStore, owner: UUID) -> bytes:
    """What stands in the file for an owner."""
    row = store._rows.find(owner)
    assert row is not None
    return row[1]


def test_the_backup_opens_as_the_store_does(sqlite_keys_url: str, tmp_path: Path) -> None:
    store = KeyStore(sqlite_keys_url, MASTERS)
    ann, ben = uuid4(), uuid4()
    key = store.create(ann)
    store.create(ben)
    store.erase(ben)
    (tmp_path / "restored").mkdir()
    shutil.copy(tmp_path / "keys.backup.db", tmp_path / "restored" / "keys.db")
    restored = KeyStore(f"sqlite:///{tmp_path / 'restored' / 'keys.db'}", MASTERS)
    assert (restored.data_key(ann), restored.lookup(7)) == (key, store.lookup(7))
    with pytest.raises(KeyGone):
        restored.data_key(ben)
    restored.close()
    store.close()


@pytest.mark.parametrize("damage", ["missing", "older"])
def test_a_backup_that_is_not_the_stores_equal_is_written_anew(
    sqlite_keys_url: str, tmp_path: Path, damage: str
) -> None:
    backup = tmp_path / "keys.backup.db"
    store = KeyStore(sqlite_keys_url, MASTERS)
    erased = uuid4()
    store.create(erased)
    trace = wrapped(store, erased)
    store.close()
    old = backup.read_bytes()
    store = KeyStore(sqlite_keys_url, MASTERS)
    store.erase(erased)
    store.create(uuid4())
    store.close()
    now = rows(backup)
    backup.unlink() if damage == "missing" else backup.write_bytes(old)
    KeyStore(sqlite_keys_url, MASTERS).close()
    assert rows(backup) == now == rows(tmp_path / "keys.db")
    assert trace not in backup.read_bytes()


def test_a_backup_that_could_not_be_written_is_made_good_later(sqlite_keys_url: str, tmp_path: Path) -> None:
    store, backup = KeyStore(sqlite_keys_url, MASTERS), tmp_path / "keys.backup.db"
    owners = [uuid4() for _ in range(200)]
    made = owners[:100]
    for owner in made:
        store.create(owner)

    def fill_up() -> None:
        for owner in owners[100:]:
            made.append(owner)
            store.create(owner)
            store.erase(uuid4())  # keeps the log short, so that the backup is the file that does not fit

    store.erase(uuid4())
    with files_may_grow_to(backup.stat().st_size), pytest.raises(DatabaseAway):
        fill_up()
    assert store.data_key(made[-1]), "the store is as short as its backup: the test tests nothing"
    store.create(uuid4())
    store.close()
    assert len(rows(backup)) == len(made) + 3
    assert rows(backup) == rows(tmp_path / "keys.db")


def rows(path: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT * FROM data_key ORDER BY owner").fetchall()
    connection.close()
    return found


def test_a_store_of_which_only_the_backup_is_left_is_not_begun_anew(sqlite_keys_url: str, tmp_path: Path) -> None:
    KeyStore(sqlite_keys_url, MASTERS).close()
    (tmp_path / "keys.db").unlink()
    before = rows(tmp_path / "keys.backup.db")
    with pytest.raises(MissingKeyStore, match=r"^The key store .* copy .*keys\.backup\.db to .*keys\.db\.$"):
        KeyStore(sqlite_keys_url, MASTERS)
    assert rows(tmp_path / "keys.backup.db") == before


def test_a_damaged_backup_is_named(sqlite_keys_url: str, tmp_path: Path) -> None:
    KeyStore(sqlite_keys_url, MASTERS).close()
    (tmp_path / "keys.backup.db").write_text("Dear diary, " * 500)
    with pytest.raises(DatabaseAway, match=r"^The backup .*keys\.backup\.db is damaged: .*\.$"):
        KeyStore(sqlite_keys_url, MASTERS)


def test_a_folder_in_the_place_of_the_backup_is_named(sqlite_keys_url: str, tmp_path: Path) -> None:
    KeyStore(sqlite_keys_url, MASTERS).close()
    (tmp_path / "keys.backup.db").unlink()
    (tmp_path / "keys.backup.db").mkdir()
    with pytest.raises(DatabaseAway, match=r"keys\.backup\.db"):
        KeyStore(sqlite_keys_url, MASTERS)


def test_a_store_that_is_older_than_its_backup_is_written_anew_from_it(sqlite_keys_url: str, tmp_path: Path) -> None:
    """As when an operator puts an older copy back, or copies the files without the log that belongs to them."""
    store, path = KeyStore(sqlite_keys_url, MASTERS), tmp_path / "keys.db"
    erased, kept = uuid4(), uuid4()
    store.create(erased)
    store.close()
    old = path.read_bytes()
    store = KeyStore(sqlite_keys_url, MASTERS)
    key = store.create(kept)
    store.erase(erased)
    store.close()
    path.write_bytes(old)
    store = KeyStore(sqlite_keys_url, MASTERS)
    assert store.data_key(kept) == (key or store.data_key(kept))
    with pytest.raises(KeyGone):
        store.data_key(erased)
    store.close()
    assert rows(path) == rows(tmp_path / "keys.backup.db")


def test_the_backup_of_another_store_takes_the_place_of_none(sqlite_keys_url: str, tmp_path: Path) -> None:
    """As when a new bot ran in the folder before the operator puts the right store there."""
    path, person = tmp_path / "keys.db", uuid4()
    store = KeyStore(sqlite_keys_url, MASTERS)
    key = store.create(person)
    store.close()
    right = path.read_bytes()
    for file in tmp_path.glob("keys*"):
        file.unlink()
    store = KeyStore(sqlite_keys_url, MASTERS)
    for _ in range(5):
        store.create(uuid4())
    store.close()
    path.write_bytes(right)
    with pytest.raises(ForeignBackup, match=r"keys\.backup\.db is of another key store"):
        KeyStore(sqlite_keys_url, MASTERS)
    (tmp_path / "keys.backup.db").unlink()
    store = KeyStore(sqlite_keys_url, MASTERS)
    assert store.data_key(person) == key
    store.close()
