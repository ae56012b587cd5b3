"""Who wants their words removed after some time."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_person_retention",
        "person",
        ["retention"],
        sqlite_where=sa.text("retention > 0"),
        postgresql_where=sa.text("retention > 0"),
    )


def downgrade() -> None:
    op.drop_index("ix_person_retention", "person")
