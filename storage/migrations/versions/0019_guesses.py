"""Numbers of reports that showed nothing, beside the wrong codes of invitations.

Why: who guesses numbers was slowed down on the pages, not in a chat. The release before goes on working; to it these
rows are wrong codes, which count for an hour.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "invitation_attempt",
        sa.Column("is_number", sa.Boolean(), nullable=False, server_default=sa.text("false")),
    )


def downgrade() -> None:
    op.execute("DELETE FROM invitation_attempt WHERE is_number")
    op.drop_column("invitation_attempt", "is_number")
