"""pause, quiet hours, discreet mode, retention, erasure, export."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NEW: Mapping[str, tuple[Any, Any]] = {
    "paused": (sa.Boolean(), sa.false()),
    "discreet": (sa.Boolean(), sa.false()),
    "retention": (sa.Integer(), sa.text("0")),
}
NULLABLE: Mapping[str, Any] = {
    "paused_until": sa.DateTime(timezone=True),
    "quiet_from": sa.Integer(),
    "quiet_to": sa.Integer(),
}


def upgrade() -> None:
    with op.batch_alter_table("person") as batch:
        for name, (kind, value) in NEW.items():
            batch.add_column(sa.Column(name, kind, nullable=False, server_default=value))
        for name, kind in NULLABLE.items():
            batch.add_column(sa.Column(name, kind, nullable=True))
    with op.batch_alter_table("person") as batch:
        for name in NEW:
            batch.alter_column(name, server_default=None)
    with op.batch_alter_table("delivery") as batch:
        batch.add_column(sa.Column("wanted", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "erasure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("chat_id", sa.Uuid(), nullable=False),
        sa.Column("phase", sa.String(length=8), nullable=False),
        sa.Column("cursor", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_erasure_chat_id_chat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index(op.f("ix_erasure_chat_id"), "erasure", ["chat_id"], unique=False)
    op.create_table(
        "export",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_export_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
        sa.UniqueConstraint("person_id", name=op.f("uq_export_person_id")),
    )


def downgrade() -> None:
    op.drop_table("export")
    op.drop_index(op.f("ix_erasure_chat_id"), table_name="erasure")
    op.drop_table("erasure")
    with op.batch_alter_table("delivery") as batch:
        batch.drop_column("wanted")
    with op.batch_alter_table("person") as batch:
        for name in (*NEW, *NULLABLE):
            batch.drop_column(name)
