"""What is said to a card can be taken back, nothing displaces words that wait, and a farewell waits for the morning."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

AWAITED, HELD = sa.text("kind != 'daily.replace'"), sa.text("kind = 'daily.replace'")

TELL = sa.text("tell_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "bot_account",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bot_account")),
    )
    with op.batch_alter_table("participation") as batch:
        batch.add_column(sa.Column("topic_taken_back", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("participation") as batch:
        batch.alter_column("topic_taken_back", server_default=None)
    with op.batch_alter_table("response") as batch:
        batch.add_column(sa.Column("taken_back", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("response") as batch:
        batch.alter_column("taken_back", server_default=None)
    with op.batch_alter_table("membership") as batch:
        batch.add_column(sa.Column("tell_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_membership_tell",
        "membership",
        ["tell_at"],
        sqlite_where=TELL,
        postgresql_where=TELL,
    )
    with op.batch_alter_table("expectation") as batch:
        batch.drop_constraint("uq_expectation_person_id", type_="unique")
    op.create_index(
        "uq_expectation_awaited",
        "expectation",
        ["person_id"],
        unique=True,
        sqlite_where=AWAITED,
        postgresql_where=AWAITED,
    )
    op.create_index(
        "uq_expectation_held",
        "expectation",
        ["person_id", "about"],
        unique=True,
        sqlite_where=HELD,
        postgresql_where=HELD,
    )


def downgrade() -> None:
    op.drop_index("uq_expectation_held", "expectation")
    op.drop_index("uq_expectation_awaited", "expectation")
    # an older program keeps one row a person: words that wait for nobody's decision but their author's stay in the chat
    op.execute(
        "DELETE FROM expectation WHERE EXISTS (SELECT 1 FROM expectation AS other "
        "WHERE other.person_id = expectation.person_id AND (other.kind != 'daily.replace') > "
        "(expectation.kind != 'daily.replace'))"
    )
    op.execute(
        "DELETE FROM expectation WHERE EXISTS (SELECT 1 FROM expectation AS other "
        "WHERE other.person_id = expectation.person_id AND other.about > expectation.about)"
    )
    with op.batch_alter_table("expectation") as batch:
        batch.create_unique_constraint("uq_expectation_person_id", ["person_id"])
    op.drop_index("ix_membership_tell", "membership")
    with op.batch_alter_table("membership") as batch:
        batch.drop_column("tell_at")
    with op.batch_alter_table("response") as batch:
        batch.drop_column("taken_back")
    with op.batch_alter_table("participation") as batch:
        batch.drop_column("topic_taken_back")
    op.drop_table("bot_account")
