"""Pacts of counties, machine-made names, who changed a tie and why, the places that stories and events are about."""

import sqlalchemy as sa
from alembic import op

from db import models

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("partnerships") as batch:
        batch.drop_constraint(op.f("ck_partnerships_kind"), type_="check")
        batch.create_check_constraint(
            op.f("ck_partnerships_kind"), "kind IN ('sister', 'friendship', 'partner', 'pact', 'unknown')"
        )
    with op.batch_alter_table("place_names") as batch:
        batch.drop_constraint(op.f("ck_place_names_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_place_names_kind"), "kind IN ('name', 'alias', 'romanised')")
    op.create_table(
        "tie_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("place_a_id", sa.Integer(), nullable=False),
        sa.Column("place_b_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Text(), nullable=False),
        sa.Column("signed", sa.Text(), nullable=True),
        sa.Column("as_of", sa.Text(), nullable=True),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("changed_by_user_id", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", models.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("action IN ('add', 'edit', 'end', 'withdraw')", name=op.f("ck_tie_changes_action")),
        sa.CheckConstraint("place_a_id < place_b_id", name=op.f("ck_tie_changes_ordered_pair")),
        sa.ForeignKeyConstraint(["place_a_id"], ["places.id"], name=op.f("fk_tie_changes_place_a_id")),
        sa.ForeignKeyConstraint(["place_b_id"], ["places.id"], name=op.f("fk_tie_changes_place_b_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tie_changes")),
    )
    op.create_index(
        op.f("ix_tie_changes_guild_id_place_a_id_place_b_id"),
        "tie_changes",
        ["guild_id", "place_a_id", "place_b_id"],
        unique=False,
    )
    for noun, table in (("story", "stories"), ("event", "events")):
        op.create_table(
            f"{noun}_places",
            sa.Column(f"{noun}_id", sa.Integer(), nullable=False),
            sa.Column("place_id", sa.Integer(), nullable=False),
            sa.Column("guild_id", sa.BigInteger(), nullable=False),
            sa.ForeignKeyConstraint(
                [f"{noun}_id"], [f"{table}.id"], name=op.f(f"fk_{noun}_places_{noun}_id"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(
                ["place_id"], ["places.id"], name=op.f(f"fk_{noun}_places_place_id"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint(f"{noun}_id", "place_id", name=op.f(f"pk_{noun}_places")),
        )
        op.create_index(
            op.f(f"ix_{noun}_places_guild_id_place_id"), f"{noun}_places", ["guild_id", "place_id"], unique=False
        )


def downgrade() -> None:
    for table in ("event_places", "story_places", "tie_changes"):
        op.drop_table(table)
    op.execute("UPDATE partnerships SET kind = 'unknown' WHERE kind = 'pact'")
    with op.batch_alter_table("partnerships") as batch:
        batch.drop_constraint(op.f("ck_partnerships_kind"), type_="check")
        batch.create_check_constraint(
            op.f("ck_partnerships_kind"), "kind IN ('sister', 'friendship', 'partner', 'unknown')"
        )
    op.execute("UPDATE place_names SET kind = 'alias' WHERE kind = 'romanised'")
    with op.batch_alter_table("place_names") as batch:
        batch.drop_constraint(op.f("ck_place_names_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_place_names_kind"), "kind IN ('name', 'alias')")
