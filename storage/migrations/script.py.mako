"""${message}.

Why: … Does the release before go on working? It does with new tables, indexes, and columns that may be empty. If not:

    op.execute("UPDATE schema_floor SET revision = '${up_revision}'")  # and back in `downgrade`
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

revision = "${up_revision}"
down_revision = ${repr(down_revision).replace("'", '"')}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
