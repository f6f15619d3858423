"""What can be wrong with keys and database is told in one line that says what to do."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event, text

from bot import opening
from bot.opening import Busy, CannotStart, held, open_vault, opened, require_schema, require_service
from bot.settings import Settings
from storage import migrate
from storage.crypto import Vault, new_key
from storage.db import Database
from storage.queries import deployment
from tests.fakes import postgresql
from tests.fakes.clock import MONDAY


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a fresh installation in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return Settings(database_url=f"sqlite:///{tmp_path}/kanal.db", data_dir=tmp_path / "var")


def _complaint(settings: Settings, prepare: Callable[[Database], None] = lambda _database: None) -> str:
    """The one line with which `kanal migrate` ends."""

    def use() -> None:
        with opened(settings) as database:
            prepare(database)
            migrate.upgrade(database)

    with pytest.raises(CannotStart) as caught:
        use()
    line = str(caught.value)
    assert "\n" not in line
    return line


def test_the_first_run_makes_a_key_that_later_runs_find(settings: Settings) -> None:
    """What the first process sealed the second opens; others on the machine cannot read the key."""
    sealed = open_vault(settings).seal("x")
    assert open_vault(settings).unseal(sealed) == "x"
    path = opening.keys_file(settings)
    assert path.stat().st_mode & 0o077 == 0
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_no_key_is_made_for_a_database_whose_key_is_gone(settings: Settings) -> None:
    with opened(settings) as database:
        migrate.upgrade(database)
    opening.keys_file(settings).unlink()
    assert "put the key file back" in _complaint(settings)
    assert not opening.keys_file(settings).exists()


def test_two_first_runs_at_once_end_with_one_key(settings: Settings) -> None:
    """Neither fails, and both have the same key."""
    vaults: list[Vault] = []
    threads = [threading.Thread(target=lambda: vaults.append(open_vault(settings))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sealed = [vault.seal("x") for vault in vaults]
    assert len(sealed) == 8
    assert all(vault.unseal(one) == "x" for vault in vaults for one in sealed)


@pytest.mark.parametrize("content", ["", "nonsense", "clé"])
def test_a_broken_key_file_is_named(settings: Settings, content: str) -> None:
    """An emptied or damaged file is not replaced: the data need the old key."""
    path = opening.keys_file(settings)
    path.parent.mkdir()
    path.write_text(content)
    with pytest.raises(CannotStart, match=r"data_keys: .*put the right key back"):
        open_vault(settings)
    assert path.read_text() == content


def test_a_data_dir_that_is_a_file_is_named(settings: Settings) -> None:
    """DATA_DIR must be a folder."""
    settings.data_dir.write_text("")
    with pytest.raises(CannotStart, match="make DATA_DIR a folder"):
        open_vault(settings)


def test_a_path_through_a_file_is_refused(settings: Settings, tmp_path: Path) -> None:
    """The folder of the database cannot be made."""
    (tmp_path / "file").write_text("")
    line = _complaint(settings.model_copy(update={"database_url": f"sqlite:///{tmp_path}/file/kanal.db"}))
    assert line.startswith("DATABASE_URL: File exists")


def test_a_database_that_is_a_folder_is_refused(settings: Settings, tmp_path: Path) -> None:
    """The path of a folder is not the path of a file."""
    (tmp_path / "kanal.db").mkdir()
    assert "expected a file this user can read and write" in _complaint(settings)


def test_a_database_that_is_something_else_is_refused_and_kept(settings: Settings, tmp_path: Path) -> None:
    """A wrong path must not cost anybody a file."""
    (tmp_path / "kanal.db").write_text("minutes of a meeting " * 300)
    assert "file is not a database; expected an SQLite file" in _complaint(settings)
    assert (tmp_path / "kanal.db").read_text().startswith("minutes")


def test_a_locked_database_is_told_from_a_broken_one(settings: Settings, tmp_path: Path) -> None:
    """Another program in the middle of writing is waited for, then named."""
    other = sqlite3.connect(tmp_path / "kanal.db", isolation_level=None)
    other.execute("PRAGMA journal_mode=WAL")
    other.execute("BEGIN IMMEDIATE")
    impatient = settings.model_copy(update={"database_url": f"{settings.database_url}?timeout=0.1"})
    assert "database is locked; another program holds it" in _complaint(impatient)
    other.close()


def test_a_full_disk_is_told(settings: Settings) -> None:
    """A file that may not grow stands for a disk without room."""

    def keep_small(database: Database) -> None:
        event.listen(database.engine, "connect", lambda one, _record: one.execute("PRAGMA max_page_count=5"))

    assert "disk is full; make room on the disk" in _complaint(settings, keep_small)


def test_an_empty_database_needs_a_migration(settings: Settings) -> None:
    """`kanal run` on a fresh file says which command comes first."""
    with opened(settings) as database, pytest.raises(CannotStart, match=r"is empty.*run `kanal migrate`"):
        require_schema(database)


def test_a_newer_database_is_refused_unless_it_is_fit(database: Database) -> None:
    """After a downgrade of the program nothing is touched; during a rolling upgrade the old one goes on."""
    with database.writing() as uow:
        uow.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    require_schema(database)
    with database.writing() as uow:
        uow.connection.execute(text("UPDATE schema_floor SET revision = '9999'"))
    with pytest.raises(CannotStart, match=r"at revision 9999, made by a newer Kanal"):
        require_schema(database)


def test_a_database_without_deployment_needs_setup(database: Database) -> None:
    """Migrated, but nothing is loaded."""
    with pytest.raises(CannotStart, match="run `kanal setup`"):
        require_service(database)


def test_a_deployment_of_another_release_needs_setup(database: Database) -> None:
    """After a return to an older release: its own file is to be loaded again."""
    with database.writing() as uow:
        deployment.save_loaded(uow, '{"name": "Sekadau", "colour": "red"}', "00", MONDAY)
    with pytest.raises(CannotStart, match="of another release: run `kanal setup`"):
        require_service(database)


def test_wrong_keys_are_noticed_before_anything_is_read(database: Database, database_url: str) -> None:
    """Whoever starts with other keys is told so, and not by a message that cannot be opened."""
    with database.writing() as uow:
        deployment.save_loaded(uow, "{}", "00", MONDAY)
    other = Database(database_url, Vault([new_key()]))
    try:
        with pytest.raises(CannotStart, match="DATA_KEYS: none of the keys"):
            require_service(other)
    finally:
        other.close()


def test_errors_of_statements_are_no_matter_of_opening(settings: Settings) -> None:
    """A bug must not be taken for a database out of reach."""
    with (
        pytest.raises(Exception, match="no such table"),
        opened(settings) as database,
        database.writing() as uow,
    ):
        uow.connection.execute(text("SELECT * FROM nowhere"))


def test_no_server_is_told(settings: Settings, tmp_path: Path) -> None:
    """PostgreSQL is not running."""
    line = _complaint(settings.model_copy(update={"database_url": f"postgresql:///kanal?host={tmp_path}"}))
    assert "failed" in line
    assert line.endswith("; start PostgreSQL, or mend user, password, host or name in DATABASE_URL")


def test_an_unknown_database_is_told(settings: Settings, postgresql_server: postgresql.Server) -> None:
    """The server is there, the database is not."""
    url = postgresql_server.url_of("nowhere")
    assert 'database "nowhere" does not exist' in _complaint(
        settings.model_copy(update={"database_url": url})
    )


def test_a_refused_login_is_told_without_the_password(
    settings: Settings, postgresql_server: postgresql.Server
) -> None:
    """The server's word names the user; the password stays out of it."""
    url = postgresql_server.url_of("postgres").replace("//postgres", "//stranger:hunter2", 1)
    line = _complaint(settings.model_copy(update={"database_url": url}))
    assert "stranger" in line
    assert "hunter2" not in line


def test_a_lock_is_held_once(tmp_path: Path) -> None:
    """A second process is refused while the first one runs, and not afterwards."""
    path = tmp_path / "sub" / "kanal.lock"
    with held(path, "first"), pytest.raises(Busy, match="second"), held(path, "second"):
        pass
    with held(path, "third"):
        pass


def test_a_lock_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """The path of the lock leads through a file."""
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotStart, match="must be writable"), held(tmp_path / "file" / "lock", "why"):
        pass


def test_migrating_waits_for_no_lock_of_ours(
    database: Database, database_url: str, open_database: Callable[[str], Database]
) -> None:
    """Reading is possible while another process writes."""
    with database.writing() as uow:
        deployment.save_loaded(uow, "{}", "00", MONDAY)
        assert migrate.current(open_database(database_url)) == migrate.head()


def test_no_key_is_made_in_a_folder_that_is_not_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever starts a command elsewhere by mistake would get a second, empty Kanal there."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CannotStart, match="start in the folder of Kanal"):
        open_vault(Settings(_env_file=None))
    assert not list(tmp_path.iterdir())
