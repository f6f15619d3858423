"""Following a report from a second address, and what an SMS needs: a repeated text, a late failure.

Why: a report filed by SMS can be followed from Telegram and the other way, once a code sent to its first address
is given back. A text that a phone sends twice within minutes is one message. A provider may report a failure
after it reported success: kept as a note. New tables and empty columns only, so the release before goes on working.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("outbound", sa.Column("late_code", sa.String()))
    op.add_column("conversation", sa.Column("recent_digest", sa.LargeBinary()))
    op.add_column("conversation", sa.Column("recent_at", INSTANT))
    op.create_table(
        "report_follower",
        sa.Column("report_id", BIG, sa.ForeignKey("report.id"), primary_key=True, autoincrement=False),
        sa.Column(
            "address_id", BIG, sa.ForeignKey("address.id"), primary_key=True, autoincrement=False, index=True
        ),
        sa.Column("created_at", INSTANT, nullable=False),
    )
    op.create_table(
        "link_request",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("address_id", BIG, sa.ForeignKey("address.id"), nullable=False, index=True),
        sa.Column("report_id", BIG, sa.ForeignKey("report.id"), index=True),
        sa.Column("code_digest", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("link_request")
    op.drop_table("report_follower")
    op.drop_column("conversation", "recent_at")
    op.drop_column("conversation", "recent_digest")
    op.drop_column("outbound", "late_code")
