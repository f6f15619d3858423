"""Whether a reporter told the day.

Why: a report that names no day was stored with the day it came, and officers read that as a fact. The release before
goes on working: what it files counts as told, as do the reports it filed, of which nobody can say it any more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "report", sa.Column("is_day_told", sa.Boolean(), nullable=False, server_default=sa.text("true"))
    )


def downgrade() -> None:
    op.drop_column("report", "is_day_told")
