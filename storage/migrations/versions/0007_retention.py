"""What of a case its age had erased, and who is not erased yet.

Why: files, words and the contents of a history are erased so many months after a case is over, each once. What is
still to be erased is found by an index that holds nothing else, however many years lie behind. New columns without
values and indexes only, so the release before goes on working; what it had erased before was erased on request and is
erased once more, which changes nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WHAT = ("media", "texts", "audit")


def upgrade() -> None:
    for what in WHAT:
        op.add_column("cases", sa.Column(f"{what}_erased_at", sa.DateTime(timezone=True)))
        _index(
            f"ix_cases_{what}_kept",
            "cases",
            "closed_at",
            f"closed_at IS NOT NULL AND {what}_erased_at IS NULL",
        )
    _index("ix_reporter_known", "reporter", "created_at", "erased_at IS NULL")


def _index(name: str, table: str, column: str, condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_reporter_known", "reporter")
    for what in reversed(WHAT):
        op.drop_index(f"ix_cases_{what}_kept", "cases")
        op.drop_column("cases", f"{what}_erased_at")
