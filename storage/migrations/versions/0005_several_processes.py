"""Which process wrote to a chat just now."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("chat") as batch:
        batch.add_column(sa.Column("kept_for", sa.String(length=32), nullable=True))
        batch.add_column(sa.Column("kept_until", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("chat") as batch:
        batch.create_index(
            "ix_chat_kept",
            ["kept_for"],
            sqlite_where=sa.text("kept_for IS NOT NULL"),
            postgresql_where=sa.text("kept_for IS NOT NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("chat") as batch:
        batch.drop_index("ix_chat_kept")
    with op.batch_alter_table("chat") as batch:
        batch.drop_column("kept_until")
        batch.drop_column("kept_for")
