"""Drafts that are recalled, files as others see them, and what a person's rights need.

Why: a draft left alone is recalled twice, so it must be known how often it was. A picture is shown without its
metadata, as a copy and as a thumbnail of that copy. Somebody who is not understood gets a person: that wish is a
row until somebody takes it up. Who has their data erased keeps their reports' numbers, but not their address. New
tables and empty columns only, so the release before goes on working.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("conversation", sa.Column("recalls", sa.Integer(), nullable=False, server_default="0"))
    for name in ("media_type", "shown_digest", "thumbnail_digest"):
        op.add_column("attachment", sa.Column(name, sa.String()))
    op.add_column("attachment", sa.Column("shown_size", sa.Integer()))
    op.add_column("reporter", sa.Column("erased_at", INSTANT))
    op.create_table(
        "human_request",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("address_id", BIG, sa.ForeignKey("address.id"), nullable=False, index=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("resolved_at", INSTANT),
    )


def downgrade() -> None:
    op.drop_table("human_request")
    op.drop_column("reporter", "erased_at")
    for name in ("shown_size", "thumbnail_digest", "shown_digest", "media_type"):
        op.drop_column("attachment", name)
    op.drop_column("conversation", "recalls")
