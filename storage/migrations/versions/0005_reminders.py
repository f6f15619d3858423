"""What the clock has said of a case, and until when a message is of use.

Why: every reminder is said once, whatever crashes: its row is written along with its message. A reminder that nobody
needs any more is not sent. What becomes old is found by when it was filed. A new table, an empty column and an index
only, so the release before goes on working.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("outbound", sa.Column("useful_until", INSTANT))
    op.create_table(
        "reminder",
        sa.Column("report_id", BIG, sa.ForeignKey("report.id"), primary_key=True),
        sa.Column("kind", sa.String(), primary_key=True),
        sa.Column("due_on", sa.Date(), primary_key=True),
        sa.Column("at", INSTANT, nullable=False),
    )
    op.create_index("ix_report_filed_at", "report", ["filed_at"])


def downgrade() -> None:
    op.drop_index("ix_report_filed_at", "report")
    op.drop_table("reminder")
    op.drop_column("outbound", "useful_until")
