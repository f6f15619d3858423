"""Officers and what they do with a case.

Why: an officer has a role, an address and perhaps an agency; joins by an invitation; is away at times; is in the
middle of one thing. A case knows the clock that runs now, where it is handled, and when each station was passed, so
that queues and figures are indexed queries. Histories have more to tell. Open cases get the clock that ran for them
already (D1); new tables and columns only, so the release before goes on working.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
ROLES = "role IN ('coordinator', 'liaison', 'approver', 'supervisor', 'auditor', 'inspectorate', 'decider')"
RUNNING = sa.text("due_on IS NOT NULL")
APPEALED = sa.text("appealed_at IS NOT NULL")
OLD_KINDS = (
    "kind IN ('filed', 'added', 'attachment_stored', 'attachment_lost', 'linked', 'unlinked', "
    "'corrected', 'withdrawn', 'protected', 'erased'"
)
NEW_KINDS = (
    "'verified', 'held', 'asked', 'replied', 'disposed', 'handed_back', 'forwarded', 'numbered', 'joined', "
    "'archived', 'started', 'proposed', 'declined', 'answered', 'confirmed', 'rejected', 'lapsed', 'reopened', "
    "'rated', 'appealed', 'restored', 'extended', 'noted', 'taken', 'reclassified', 'identity_seen', "
    "'undelivered', 'reminded', 'overdue', 'escalated', 'consented'"
)
COLUMNS = (
    *("officer_id", "clock", "due_on", "settle_due_on", "days_left", "asked_at", "appealed_at", "checked_at"),
    *("disposed_at", "first_answer_at", "answered_at", "closed_at", "closing", "returns", "reopenings"),
    *("parent_report_id", "outside_code", "outside_number"),
)


def upgrade() -> None:
    _officers()
    _cases()
    with op.batch_alter_table("case_event") as batch:
        batch.drop_constraint("kind", type_="check")
        batch.create_check_constraint("kind", f"{OLD_KINDS}, {NEW_KINDS})")
    op.add_column(
        "attachment",
        sa.Column("is_from_officer", sa.Boolean(), nullable=False, server_default=sa.text("false")),
    )


def _officers() -> None:
    op.create_table(
        "officer",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("address_id", BIG, sa.ForeignKey("address.id"), nullable=False, unique=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("agency_code", sa.String(), sa.ForeignKey("agency.code")),
        sa.Column("is_deputy", sa.Boolean(), nullable=False),
        sa.Column("joined_at", INSTANT, nullable=False),
        sa.Column("suspended_at", INSTANT),
        sa.CheckConstraint(ROLES, name="role"),
    )
    op.create_index("ix_officer_agency_role", "officer", ["agency_code", "role"])
    op.create_table(
        "officer_invitation",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("code_digest", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("agency_code", sa.String(), sa.ForeignKey("agency.code"), index=True),
        sa.Column("is_deputy", sa.Boolean(), nullable=False),
        sa.Column("invited_by", BIG, sa.ForeignKey("officer.id"), index=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
        sa.CheckConstraint(ROLES, name="role"),
    )
    op.create_table(
        "invitation_attempt",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("address_id", BIG, sa.ForeignKey("address.id"), nullable=False, index=True),
        sa.Column("invitation_id", BIG, sa.ForeignKey("officer_invitation.id"), index=True),
        sa.Column("created_at", INSTANT, nullable=False),
    )
    op.create_table(
        "officer_leave",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("officer_id", BIG, sa.ForeignKey("officer.id"), nullable=False, index=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
    )
    op.create_table(
        "desk",
        sa.Column("officer_id", BIG, sa.ForeignKey("officer.id"), primary_key=True, autoincrement=False),
        sa.Column("task_sealed", sa.LargeBinary()),
        sa.Column("updated_at", INSTANT, nullable=False),
    )
    op.create_table(
        "agency_group",
        sa.Column("address_id", BIG, sa.ForeignKey("address.id"), primary_key=True, autoincrement=False),
        sa.Column("agency_code", sa.String(), sa.ForeignKey("agency.code"), nullable=False, index=True),
        sa.Column("created_at", INSTANT, nullable=False),
    )
    op.create_table(
        "proposed_answer",
        sa.Column("report_id", BIG, sa.ForeignKey("report.id"), primary_key=True, autoincrement=False),
        sa.Column("officer_id", BIG, sa.ForeignKey("officer.id"), nullable=False, index=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
    )
    op.create_table(
        "rating",
        sa.Column("report_id", BIG, sa.ForeignKey("report.id"), primary_key=True, autoincrement=False),
        sa.Column("round", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
    )


def _cases() -> None:
    with op.batch_alter_table("cases") as batch:
        batch.add_column(sa.Column("officer_id", BIG))
        batch.add_column(sa.Column("clock", sa.String()))
        for name in ("due_on", "settle_due_on"):
            batch.add_column(sa.Column(name, sa.Date()))
        batch.add_column(sa.Column("days_left", sa.Integer()))
        for name in (
            *("asked_at", "appealed_at", "checked_at", "disposed_at"),
            *("first_answer_at", "answered_at", "closed_at"),
        ):
            batch.add_column(sa.Column(name, INSTANT))
        batch.add_column(sa.Column("closing", sa.String()))
        for name in ("returns", "reopenings"):
            batch.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("parent_report_id", BIG))
        for name in ("outside_code", "outside_number"):
            batch.add_column(sa.Column(name, sa.String()))
        batch.create_foreign_key("fk_cases_officer_id_officer", "officer", ["officer_id"], ["id"])
        batch.create_foreign_key("fk_cases_parent_report_id_report", "report", ["parent_report_id"], ["id"])
        batch.create_foreign_key("fk_cases_outside_code_agency", "agency", ["outside_code"], ["code"])
        batch.create_check_constraint(
            "clock",
            "clock IN ('check', 'first_answer', 'settle', 'citizen_reply', 'citizen_data', 'outside')",
        )
        batch.create_check_constraint(
            "closing", "closing IN ('confirmed', 'silence', 'archived', 'withdrawn')"
        )
        batch.create_check_constraint("clock_while_due", "(clock IS NULL) = (due_on IS NULL)")
    op.execute("UPDATE cases SET clock = 'check', due_on = check_due_on WHERE state = 'unverified'")
    op.execute("UPDATE cases SET closing = 'withdrawn', closed_at = updated_at WHERE state = 'archived'")
    for name in ("officer_id", "parent_report_id", "outside_code", "outside_number"):
        op.create_index(f"ix_cases_{name}", "cases", [name])
    for name, column in (("ix_cases_agency_due", "agency_code"), ("ix_cases_clock_due", "clock")):
        op.create_index(name, "cases", [column, "due_on"], sqlite_where=RUNNING, postgresql_where=RUNNING)
    op.create_index(
        "ix_cases_appealed", "cases", ["appealed_at"], sqlite_where=APPEALED, postgresql_where=APPEALED
    )


def downgrade() -> None:
    op.drop_column("attachment", "is_from_officer")
    # What the older release has no word for goes; the chain of those histories is broken there, and says so.
    op.execute(f"DELETE FROM case_event WHERE kind IN ({NEW_KINDS})")  # noqa: S608 - words of ours
    with op.batch_alter_table("case_event") as batch:
        batch.drop_constraint("kind", type_="check")
        batch.create_check_constraint("kind", f"{OLD_KINDS})")
    for name in ("ix_cases_appealed", "ix_cases_clock_due", "ix_cases_agency_due"):
        op.drop_index(name, "cases")
    for name in ("outside_number", "outside_code", "parent_report_id", "officer_id"):
        op.drop_index(f"ix_cases_{name}", "cases")
    with op.batch_alter_table("cases") as batch:
        for name in ("clock_while_due", "closing", "clock"):
            batch.drop_constraint(name, type_="check")
        for name in (
            *(
                "fk_cases_outside_code_agency",
                "fk_cases_parent_report_id_report",
                "fk_cases_officer_id_officer",
            ),
        ):
            batch.drop_constraint(name, type_="foreignkey")
        for name in COLUMNS:
            batch.drop_column(name)
    for name in (
        *(
            "rating",
            "proposed_answer",
            "agency_group",
            "desk",
            "officer_leave",
            "invitation_attempt",
            "officer_invitation",
            "officer",
        ),
    ):
        op.drop_table(name)
