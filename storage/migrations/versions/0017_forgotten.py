"""Whose erasure is finished.

Why: the job that finishes erasures looked at everybody who was ever erased, every hour. The release before goes on
working: whom it erases has no mark yet, and so is found.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reporter", sa.Column("forgotten_at", sa.DateTime(timezone=True)))
    op.drop_index("ix_reporter_erased", "reporter")
    _index("ix_reporter_unforgotten", "erased_at IS NOT NULL AND forgotten_at IS NULL")


def downgrade() -> None:
    op.drop_index("ix_reporter_unforgotten", "reporter")
    _index("ix_reporter_erased", "erased_at IS NOT NULL")
    op.drop_column("reporter", "forgotten_at")


def _index(name: str, where: str) -> None:
    op.create_index(
        name, "reporter", ["erased_at"], sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )
