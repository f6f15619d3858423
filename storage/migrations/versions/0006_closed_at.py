"""Cases by the day they ended.

Why: what was settled in a month is counted by reading that month alone, however many years lie before it. An index
only, so the release before goes on working.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_cases_closed_at", "cases", ["closed_at"])


def downgrade() -> None:
    op.drop_index("ix_cases_closed_at", "cases")
