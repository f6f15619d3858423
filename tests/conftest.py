"""What tests share: databases of both kinds, a clock that stands still, and no way out of this machine."""

import itertools
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
import structlog

from bot.writer import Writer
from handlers.loading import load_deployment
from handlers.service import Service
from storage import migrate
from storage.crypto import Vault
from storage.db import Database
from tests import builders
from tests.deployment import sekadau
from tests.fakes import outside, postgresql
from tests.fakes.clock import MONDAY, FakeClock

SQLITE, POSTGRESQL = "sqlite", "postgresql"
#: the migrated PostgreSQL database that one test after another uses
WORN = "kanal_worn"
IS_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}

outside.guard()
# Plain lines, shown with a test that fails: the default draws tracebacks with all values, at a second apiece.
structlog.configure(
    processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()],
    cache_logger_on_first_use=False,
)
_numbers = itertools.count(1)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a test that was skipped fail in CI: there everything has to be proven."""
    report = yield
    if report.skipped and IS_CI and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"CI skips nothing: {report.longreprtext}"
    return report


@pytest.fixture(autouse=True)
def _stay_on_this_machine() -> Iterator[None]:
    outside.attempts.clear()
    yield
    assert not outside.attempts, outside.attempts


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def key() -> str:
    """A data key; made for the tests, of no use elsewhere."""
    return builders.KEY


@pytest.fixture(scope="session")
def vault(key: str) -> Vault:
    return Vault([key])


@pytest.fixture(scope="session")
def postgresql_server(vault: Vault) -> Iterator[postgresql.Server]:
    """A running PostgreSQL with a migrated database. Where there is none, tests skip."""
    try:
        with postgresql.serving() as server:
            database = Database(server.create(WORN), vault)
            migrate.upgrade(database)
            database.close()
            yield server
            server.drop(WORN)
    except postgresql.NoPostgresqlError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory, vault: Vault) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "kanal.db"
    database = Database(f"sqlite:///{path}", vault)
    migrate.upgrade(database)
    database.close()
    return path


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def kind(request: pytest.FixtureRequest) -> str:
    """Which database a test runs on: it runs on both."""
    return str(request.param)


@pytest.fixture
def empty_database_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables."""
    if kind == SQLITE:
        yield f"sqlite:///{tmp_path / 'kanal.db'}"
        return
    server: postgresql.Server = request.getfixturevalue("postgresql_server")
    name = f"kanal_{next(_numbers)}"
    yield server.create(name)
    server.drop(name)


@pytest.fixture
def database_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated, empty database."""
    if kind == SQLITE:
        path = tmp_path / "kanal.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    server: postgresql.Server = request.getfixturevalue("postgresql_server")
    yield server.url_of(WORN)
    server.empty(WORN, migrate.head())


@pytest.fixture
def open_database(vault: Vault) -> Iterator[Callable[[str], Database]]:
    """Opens databases, as another process would, and closes them after the test."""
    opened: list[Database] = []

    def open_one(url: str) -> Database:
        opened.append(Database(url, vault))
        return opened[-1]

    yield open_one
    for database in opened:
        database.close()


@pytest.fixture
def empty_database(empty_database_url: str, open_database: Callable[[str], Database]) -> Database:
    return open_database(empty_database_url)


@pytest.fixture
def database(database_url: str, open_database: Callable[[str], Database]) -> Database:
    """A migrated, empty database: each test that asks for it runs on SQLite and on PostgreSQL."""
    return open_database(database_url)


@pytest.fixture
def writer(database: Database) -> Iterator[Writer]:
    """A running writer on the test's database."""
    one = Writer(database)
    one.start()
    yield one
    one.stop()


@pytest.fixture(scope="session")
def service() -> Service:
    """The reference deployment, ready to answer."""
    return Service.of(sekadau())


@pytest.fixture
def loaded(database: Database, service: Service) -> Database:
    """The test's database with the reference deployment in it."""
    with database.writing() as uow:
        load_deployment(uow, service.deployment, MONDAY)
    return database
