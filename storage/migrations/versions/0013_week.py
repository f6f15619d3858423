"""The week that a case's agency works.

Why: some offices work six days, and what was promised counts by the week that held then. An empty column only, which
means the deployment's own week, as all cases of before were counted; so the release before goes on working.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("week", sa.String()))


def downgrade() -> None:
    op.drop_column("cases", "week")
