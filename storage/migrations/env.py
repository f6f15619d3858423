"""Run by Alembic: migrates the connection that `storage.migrate` hands over."""

from alembic import context

from storage.models import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
    compare_type=True,
    # the caller's transaction is the only one
    transactional_ddl=False,
)
context.run_migrations()
