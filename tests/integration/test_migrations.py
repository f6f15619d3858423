"""Empty → head equals the models, up and down on full tables, on both databases."""

import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from storage import migrate
from storage.db import Database
from storage.models import metadata
from tests import builders


def _shape(connection: Connection) -> dict[str, Any]:
    """All that the database knows of its tables, in a form that can be compared."""
    inspector = inspect(connection)
    return {
        name: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], column.get("default"))
                for column in inspector.get_columns(name)
            },
            "primary key": inspector.get_pk_constraint(name),
            "foreign keys": sorted(inspector.get_foreign_keys(name), key=lambda key: str(key["name"])),
            "unique": sorted(inspector.get_unique_constraints(name), key=lambda key: str(key["name"])),
            "checks": {check["name"]: check["sqltext"] for check in inspector.get_check_constraints(name)},
            "indexes": _indexes(connection, name),
        }
        for name in sorted(inspector.get_table_names())
        if name != "alembic_version"
    }


def _indexes(connection: Connection, table: str) -> list[str]:
    """The indexes as the database would make them again, their conditions included."""
    queries = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql <> '' AND tbl_name = :table",
        "postgresql": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = :table",
    }
    rows = connection.execute(text(queries[connection.dialect.name]), {"table": table}).scalars()
    return sorted(re.sub(r"\s+", " ", row) for row in rows)


def test_migrations_lead_to_what_the_models_say(empty_database: Database) -> None:
    """Alembic finds no difference between the migrated database and the models."""
    migrate.upgrade(empty_database)
    with empty_database.reading() as uow:
        context = MigrationContext.configure(uow.connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_migrations_make_the_same_checks_and_indexes_as_the_models(empty_database: Database) -> None:
    """What Alembic does not compare, CHECKs and partial indexes, agrees as well."""
    with empty_database.writing() as uow:
        metadata.create_all(uow.connection)
        modelled = _shape(uow.connection)
        metadata.drop_all(uow.connection)
    migrate.upgrade(empty_database)
    with empty_database.reading() as uow:
        assert _shape(uow.connection) == modelled


def test_every_foreign_key_has_an_index(database: Database) -> None:
    """A foreign key makes no index of its own; without one each deletion reads the whole table."""
    with database.reading() as uow:
        inspector = inspect(uow.connection)
        for table in inspector.get_table_names():
            leading = {index["column_names"][0] for index in inspector.get_indexes(table)}
            leading |= {unique["column_names"][0] for unique in inspector.get_unique_constraints(table)}
            leading.add(next(iter(inspector.get_pk_constraint(table)["constrained_columns"]), None))
            for foreign_key in inspector.get_foreign_keys(table):
                assert foreign_key["constrained_columns"][0] in leading, (table, foreign_key["name"])


def test_each_revision_goes_down_and_up_on_full_tables(database: Database) -> None:
    """With a row in every table, each step down and up again works, and so do all of them together."""
    builders.fill_every_table(database)
    revisions = sorted(path.name[:4] for path in (migrate.FOLDER / "versions").glob("[0-9]*.py"))
    for before in reversed(["base", *revisions[:-1]]):
        migrate.downgrade(database, before)
        migrate.upgrade(database, "+1")
        migrate.downgrade(database, before)
    assert migrate.current(database) is None
    with database.reading() as uow:
        assert inspect(uow.connection).get_table_names() == ["alembic_version"]
    migrate.upgrade(database)
    builders.fill_every_table(database)


def test_full_tables_are_full(database: Database) -> None:
    """The test above means something only if no table stays empty."""
    builders.fill_every_table(database)
    with database.reading() as uow:
        for table in metadata.sorted_tables:
            assert uow.connection.execute(table.select()).first() is not None, table.name


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    """`kanal migrate` may run at every start."""
    migrate.upgrade(database)
    assert migrate.current(database) == migrate.head()
    assert not migrate.is_newer(migrate.current(database))


def test_a_failed_migration_leaves_nothing_behind(empty_database: Database) -> None:
    """The whole way up is one transaction: it happens, or nothing does."""
    with empty_database.writing() as uow:
        uow.connection.execute(text("CREATE TABLE outbound (x INTEGER)"))  # in the way of the last table
    with pytest.raises(Exception, match="already exists"):
        migrate.upgrade(empty_database)
    with empty_database.reading() as uow:
        assert inspect(uow.connection).get_table_names() == ["outbound"]


def test_two_processes_migrate_one_after_the_other(
    empty_database: Database, empty_database_url: str, open_database: Callable[[str], Database]
) -> None:
    """The second waits for the first and then finds nothing to do."""
    other = open_database(empty_database_url)
    errors: list[BaseException] = []

    def upgrade(database: Database) -> None:
        try:
            migrate.upgrade(database)
        except BaseException as error:  # noqa: BLE001 - a thread's error would go unseen
            errors.append(error)

    threads = [threading.Thread(target=upgrade, args=(one,)) for one in (empty_database, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert migrate.current(other) == migrate.head()


def test_a_later_revision_is_known_as_newer(database: Database) -> None:
    """A database that a later release made is told apart from one that is behind."""
    with database.writing() as uow:
        uow.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert migrate.is_newer(migrate.current(database))
    assert not migrate.is_newer(None)


def test_foreign_keys_hold_again_after_a_migration(empty_database: Database) -> None:
    """SQLite's checks are off while tables are copied, and on again afterwards."""
    migrate.upgrade(empty_database)
    with pytest.raises(Exception, match=r"(?i)foreign key"), empty_database.writing() as uow:
        uow.connection.execute(text("INSERT INTO category (code, agency_code) VALUES ('x', 'nobody')"))
