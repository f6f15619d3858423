"""What gathered for an officer, sent once for each day, week and month.

Why: an officer gets one message in the morning, whatever crashes: its row is written along with it. A new table only,
so the release before goes on working.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "digest",
        sa.Column("officer_id", BIG, sa.ForeignKey("officer.id"), primary_key=True),
        sa.Column("period", sa.String(), primary_key=True),
        sa.Column("starts_on", sa.Date(), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("period IN ('day', 'week', 'month')", name="period"),
    )


def downgrade() -> None:
    op.drop_table("digest")
