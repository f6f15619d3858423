"""When a report's reporter is told that the Ombudsman may take it over, and whether they agreed.

Why: the day is fixed when the report is filed, as every promise is, and found by an index. Cases of before get theirs
by the days that held then: 60, and one more, as their local day may lie ahead of UTC's. Empty columns and an index
only, so the release before goes on working; what it files meanwhile has no such day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NOT_OFFERED = sa.text("due_on IS NOT NULL AND offered_at IS NULL")
#: by dialect: 61 days after a report was filed
FILL = {
    "sqlite": "UPDATE cases SET ombudsman_on = "
    "(SELECT date(report.filed_at, '+61 days') FROM report WHERE report.id = cases.report_id)",
    "postgresql": "UPDATE cases SET ombudsman_on = (SELECT CAST(report.filed_at AT TIME ZONE 'UTC' AS date) + 61 "
    "FROM report WHERE report.id = cases.report_id)",
}


def upgrade() -> None:
    op.add_column("cases", sa.Column("ombudsman_on", sa.Date()))
    op.add_column("cases", sa.Column("offered_at", INSTANT))
    op.add_column("cases", sa.Column("consented_at", INSTANT))
    op.execute(FILL[op.get_bind().dialect.name])
    op.create_index(
        "ix_cases_ombudsman",
        "cases",
        ["ombudsman_on"],
        sqlite_where=NOT_OFFERED,
        postgresql_where=NOT_OFFERED,
    )


def downgrade() -> None:
    op.drop_index("ix_cases_ombudsman", "cases")
    for column in ("consented_at", "offered_at", "ombudsman_on"):
        op.drop_column("cases", column)
