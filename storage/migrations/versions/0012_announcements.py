"""What officers were told that is about no report.

Why: the warning that next year's joint leave is missing comes once in so many working days, whatever restarts
meanwhile. A new table only, so the release before goes on working.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "announcement",
        sa.Column("kind", sa.String(), primary_key=True),
        sa.Column("said_on", sa.Date(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("announcement")
