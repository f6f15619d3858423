"""What officers want to be reminded of themselves.

Why: `/ingatkan` is kept until its day, whatever restarts meanwhile, and is said once. A new table only, so the release
before goes on working.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "own_reminder",
        sa.Column("report_id", BIG, sa.ForeignKey("report.id"), primary_key=True),
        sa.Column("officer_id", BIG, sa.ForeignKey("officer.id"), primary_key=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    for column in ("officer_id", "due_on"):
        op.create_index(f"ix_own_reminder_{column}", "own_reminder", [column])


def downgrade() -> None:
    op.drop_table("own_reminder")
