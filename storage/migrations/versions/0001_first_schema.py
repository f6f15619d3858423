"""First schema: reporters and their conversations, inbox, outbox, reports with their cases, files.

Why: everything a message needs on its way, from the provider's id that ends a repeat to the row that is
sent back. What is personal is in `…_sealed` columns from the start, so that no release ever has it in clear.
Enums are text with a CHECK; times are UTC. Names of constraints follow the convention in `storage.models`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

#: 64 bits on PostgreSQL; SQLite numbers only INTEGER keys by itself
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
CHANNELS = "channel IN ('telegram', 'sms', 'console')"
LANGUAGES = "language IN ('id', 'en')"


def upgrade() -> None:
    _deployment()
    _people()
    _inbox()
    _reports()
    _outbox()


def downgrade() -> None:
    for name in (
        *("outbound", "attachment", "case_event", "cases", "report", "inbound_failure", "inbound"),
        *("conversation", "address", "reporter", "area", "category", "agency", "deployment"),
    ):
        op.drop_table(name)


def _deployment() -> None:
    op.create_table(
        "deployment",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("loaded_at", INSTANT, nullable=False),
        sa.Column("check_sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("id = 1", name="single"),
    )
    op.create_table(
        "agency",
        sa.Column("code", sa.String(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
    )
    op.create_table(
        "category",
        sa.Column("code", sa.String(), primary_key=True),
        sa.Column("agency_code", sa.String(), sa.ForeignKey("agency.code"), index=True),
    )
    op.create_table(
        "area",
        sa.Column("code", sa.String(), primary_key=True),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("parent_code", sa.String(), sa.ForeignKey("area.code"), index=True),
        sa.CheckConstraint("level IN ('regency', 'district', 'village')", name="level"),
    )


def _people() -> None:
    op.create_table(
        "reporter",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary()),
        sa.Column("consent_version", sa.String()),
        sa.Column("consented_at", INSTANT),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.CheckConstraint(LANGUAGES, name="language"),
    )
    op.create_table(
        "address",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("reporter_id", BIG, sa.ForeignKey("reporter.id"), nullable=False, index=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("identifier_hash", sa.LargeBinary(), nullable=False),
        sa.Column("identifier_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("stopped_at", INSTANT),
        sa.Column("unreachable_at", INSTANT),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.UniqueConstraint("channel", "identifier_hash"),
        sa.CheckConstraint(CHANNELS, name="channel"),
    )
    op.create_table(
        "conversation",
        sa.Column("address_id", BIG, sa.ForeignKey("address.id"), primary_key=True, autoincrement=False),
        sa.Column("progress_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("draft_touched_at", INSTANT, index=True),
        sa.Column("updated_at", INSTANT, nullable=False),
    )


def _inbox() -> None:
    op.create_table(
        "inbound",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False, index=True),
        sa.UniqueConstraint("channel", "external_id"),
        sa.CheckConstraint(CHANNELS, name="channel"),
    )
    op.create_table(
        "inbound_failure",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("payload_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("traceback_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failed_at", INSTANT, nullable=False),
        sa.Column("resolved_at", INSTANT),
        sa.UniqueConstraint("channel", "external_id"),
        sa.CheckConstraint(CHANNELS, name="channel"),
    )


def _reports() -> None:
    op.create_table(
        "report",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("draft_id", sa.String(), nullable=False),
        sa.Column("reporter_id", BIG, sa.ForeignKey("reporter.id"), nullable=False, index=True),
        sa.Column("address_id", BIG, sa.ForeignKey("address.id"), nullable=False, index=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("category_code", sa.String(), sa.ForeignKey("category.code"), nullable=False, index=True),
        sa.Column("area_code", sa.String(), sa.ForeignKey("area.code"), index=True),
        sa.Column("description_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("place_sealed", sa.LargeBinary()),
        sa.Column("location_sealed", sa.LargeBinary()),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("is_ongoing", sa.Boolean(), nullable=False),
        sa.Column("is_anonymous", sa.Boolean(), nullable=False),
        sa.Column("is_secret", sa.Boolean(), nullable=False),
        sa.Column("is_emergency", sa.Boolean(), nullable=False),
        sa.Column("accused_agency_code", sa.String(), sa.ForeignKey("agency.code"), index=True),
        sa.Column("consent_version", sa.String(), nullable=False),
        sa.Column("filed_at", INSTANT, nullable=False),
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("draft_id"),
        sa.CheckConstraint(CHANNELS, name="channel"),
        sa.CheckConstraint(LANGUAGES, name="language"),
        sa.CheckConstraint("type IN ('information', 'complaint', 'oversight', 'aspiration')", name="type"),
    )
    op.create_table(
        "cases",
        sa.Column("report_id", BIG, sa.ForeignKey("report.id"), primary_key=True, autoincrement=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("agency_code", sa.String(), sa.ForeignKey("agency.code"), index=True),
        sa.Column("check_due_on", sa.Date(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "state IN ('unverified', 'on_hold', 'returned', 'forwarded', 'duplicate', 'disposed', "
            "'in_progress', 'answered', 'settled', 'reopened', 'archived')",
            name="state",
        ),
    )
    op.create_table(
        "case_event",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("report_id", BIG, sa.ForeignKey("report.id"), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("data_sealed", sa.LargeBinary()),
        sa.Column("data_digest", sa.LargeBinary(), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("report_id", "seq"),
        sa.CheckConstraint(
            "kind IN ('filed', 'added', 'attachment_stored', 'attachment_lost', 'linked', 'unlinked', "
            "'corrected', 'withdrawn', 'protected', 'erased')",
            name="kind",
        ),
        sa.CheckConstraint("actor_kind IN ('reporter', 'officer', 'system')", name="actor_kind"),
    )
    op.create_table(
        "attachment",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("address_id", BIG, sa.ForeignKey("address.id"), nullable=False, index=True),
        sa.Column("draft_id", sa.String(), nullable=False, index=True),
        sa.Column("report_id", BIG, sa.ForeignKey("report.id"), index=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ref_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", INSTANT),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("code", sa.String()),
        sa.Column("digest", sa.String()),
        sa.Column("size", sa.Integer()),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.CheckConstraint("kind IN ('photo', 'video', 'voice', 'document')", name="kind"),
        sa.CheckConstraint("state IN ('pending', 'stored', 'lost')", name="state"),
        sa.CheckConstraint("(due_at IS NULL) = (state <> 'pending')", name="due_while_pending"),
    )
    _partial_index("ix_attachment_due", "attachment", ["due_at"], "due_at IS NOT NULL")


def _outbox() -> None:
    op.create_table(
        "outbound",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("address_id", BIG, sa.ForeignKey("address.id"), nullable=False, index=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("report_id", BIG, sa.ForeignKey("report.id"), index=True),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("payload_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", INSTANT),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("code", sa.String()),
        sa.Column("provider_id", sa.String()),
        sa.Column("parts", sa.Integer()),
        sa.Column("delivery_state", sa.String()),
        sa.Column("delivery_code", sa.String()),
        sa.Column("reported_at", INSTANT),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT),
        sa.CheckConstraint(CHANNELS, name="channel"),
        sa.CheckConstraint("priority IN ('0-direct', '1-news', '2-bulk')", name="priority"),
        sa.CheckConstraint("state IN ('pending', 'leased', 'sent', 'dead')", name="state"),
        sa.CheckConstraint("(due_at IS NULL) = (state IN ('sent', 'dead'))", name="due_while_open"),
        sa.CheckConstraint(
            "delivery_state IN ('accepted', 'sent', 'delivered', 'failed')", name="delivery_state"
        ),
    )
    _partial_index(
        "ix_outbound_due", "outbound", ["channel", "priority", "due_at", "id"], "due_at IS NOT NULL"
    )
    _partial_index("ix_outbound_queue", "outbound", ["address_id", "priority", "id"], "due_at IS NOT NULL")
    _partial_index(
        "ix_outbound_provider_id", "outbound", ["channel", "provider_id"], "provider_id IS NOT NULL"
    )


def _partial_index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
