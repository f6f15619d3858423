"""Indexes for what was found by reading a whole table: queues of all agencies, of the inspectorate, of the decider;
people who were erased.

Why: with 100,000 open reports a coordinator's first page took a sort of them all, the inspectorate's a look at every
report there ever was. Indexes only, so the release before goes on working.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

#: index: table, columns, and the rows it holds
INDEXES = {
    "ix_cases_due": ("cases", ["due_on", "report_id"], "due_on IS NOT NULL"),
    "ix_cases_returned": ("cases", ["returns"], "returns > 0"),
    "ix_report_oversight": ("report", ["id"], "type = 'oversight'"),
    "ix_reporter_erased": ("reporter", ["erased_at"], "erased_at IS NOT NULL"),
}


def upgrade() -> None:
    for name, (table, columns, where) in INDEXES.items():
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    for name, (table, _, _) in INDEXES.items():
        op.drop_index(name, table)
