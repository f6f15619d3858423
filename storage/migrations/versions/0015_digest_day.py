"""The digests of a day follow an index.

Why: each run of the reminders asks whose was made today, of a table that grows by a row for each officer and day. An
index only, so the release before goes on working.
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_digest_starts_on", "digest", ["starts_on"])


def downgrade() -> None:
    op.drop_index("ix_digest_starts_on", "digest")
