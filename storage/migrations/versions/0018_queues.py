"""Indexes that grow with what is asked for alone.

Why: an agency's queue passed over what was not yet passed on to it, and what may be the same over all that was ever
reported of its village: both took longer with every report. The release before goes on working.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _index("ix_cases_agency_queue", "due_on IS NOT NULL AND disposed_at IS NOT NULL")
    op.drop_index("ix_cases_agency_due", "cases")
    op.create_index("ix_report_area_category", "report", ["area_code", "category_code", "id"])
    op.drop_index("ix_report_area_code", "report")


def downgrade() -> None:
    op.create_index("ix_report_area_code", "report", ["area_code"])
    op.drop_index("ix_report_area_category", "report")
    _index("ix_cases_agency_due", "due_on IS NOT NULL")
    op.drop_index("ix_cases_agency_queue", "cases")


def _index(name: str, where: str) -> None:
    op.create_index(
        name, "cases", ["agency_code", "due_on"], sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )
