"""Which releases work with this schema.

Why: while a release is rolled out, processes of the release before go on, and are started again, on the schema of
the new one. Only the database can tell them whether they may. A new table only, so the release before goes on
working. Before this one nobody asked, so it begins here.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    floor = op.create_table(
        "schema_floor",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.String(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_schema_floor_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schema_floor")),
    )
    op.bulk_insert(floor, [{"id": 1, "revision": "0008"}])


def downgrade() -> None:
    op.drop_table("schema_floor")
