"""The pulse, the weekly summary, and the search in memories."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "summary",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("couple_id", sa.Uuid(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["couple_id"], ["couple.id"], name=op.f("fk_summary_couple_id_couple")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary")),
        sa.UniqueConstraint("couple_id", "week", name=op.f("uq_summary_couple_id_week")),
    )
    op.create_table(
        "memory_search",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("below", sa.Integer(), nullable=False),
        sa.Column("found", sa.String(length=2000), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_memory_search_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memory_search")),
        sa.UniqueConstraint("person_id", name=op.f("uq_memory_search_person_id")),
    )
    with op.batch_alter_table("memory_search", schema=None) as batch_op:
        batch_op.create_index(
            "ix_memory_search_going_on",
            ["id"],
            unique=False,
            sqlite_where=sa.text("NOT done"),
            postgresql_where=sa.text("NOT done"),
        )

    op.create_table(
        "pulse",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("values_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_pulse_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse")),
        sa.UniqueConstraint("person_id", "on_date", name=op.f("uq_pulse_person_id_on_date")),
    )
    op.create_table(
        "summary_wish",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("next_preview", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_summary_wish_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary_wish")),
        sa.UniqueConstraint("person_id", name=op.f("uq_summary_wish_person_id")),
    )
    with op.batch_alter_table("summary_wish", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_summary_wish_next_preview"), ["next_preview"], unique=False)

    op.create_table(
        "summary_preview",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("couple_id", sa.Uuid(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("closes", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("pulse_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["couple_id"], ["couple.id"], name=op.f("fk_summary_preview_couple_id_couple")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_summary_preview_person_id_person")),
        sa.ForeignKeyConstraint(["pulse_id"], ["pulse.id"], name=op.f("fk_summary_preview_pulse_id_pulse")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary_preview")),
        sa.UniqueConstraint("person_id", "week", name=op.f("uq_summary_preview_person_id_week")),
    )
    with op.batch_alter_table("summary_preview", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_summary_preview_closes"), ["closes"], unique=False)
        batch_op.create_index("ix_summary_preview_couple_id_week", ["couple_id", "week"], unique=False)

    op.create_table(
        "summary_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("preview_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["preview_id"], ["summary_preview.id"], name=op.f("fk_summary_line_preview_id_summary_preview")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary_line")),
    )
    with op.batch_alter_table("summary_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_summary_line_about"), ["about"], unique=False)
        batch_op.create_index(batch_op.f("ix_summary_line_preview_id"), ["preview_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("summary_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_summary_line_preview_id"))
        batch_op.drop_index(batch_op.f("ix_summary_line_about"))

    op.drop_table("summary_line")
    with op.batch_alter_table("summary_preview", schema=None) as batch_op:
        batch_op.drop_index("ix_summary_preview_couple_id_week")
        batch_op.drop_index(batch_op.f("ix_summary_preview_closes"))

    op.drop_table("summary_preview")
    with op.batch_alter_table("summary_wish", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_summary_wish_next_preview"))

    op.drop_table("summary_wish")
    op.drop_table("pulse")
    with op.batch_alter_table("memory_search", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_memory_search_going_on", sqlite_where=sa.text("NOT done"), postgresql_where=sa.text("NOT done")
        )

    op.drop_table("memory_search")
    op.drop_table("summary")
