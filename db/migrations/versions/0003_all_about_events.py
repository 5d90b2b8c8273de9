"""Kinds, tracks, guests, offers, chores and all else that an event can have."""

import sqlalchemy as sa
from alembic import op

from db import models

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

EVENT_CHECKS = {
    "kind": "kind IN ('meeting', 'festival', 'delegation', 'trade_mission', 'virtual_signing', 'webinar')",
    "track": (
        "track IN ('youth_education', 'arts_culture', 'government_relations', 'community_development', "
        "'business_trade') OR track IS NULL"
    ),
    "max_guests": "max_guests BETWEEN 0 AND 20",
    "offer_hours": "offer_hours BETWEEN 0 AND 24",
}
ANSWER_CHECKS = {
    "standing": "standing IN ('going', 'offered', 'waiting', 'maybe', 'no')",
    "volunteer_role": "volunteer_role IN ('host_family', 'interpreter', 'driver') OR volunteer_role IS NULL",
    "guests": "guests >= 0",
    "offered_until": "(standing = 'offered') = (offered_until IS NOT NULL)",
}
OUTBOX_KINDS = (
    "kind IN ('event', 'story', 'promotion', 'offer', 'lapsed', 'reminder', 'change', 'thanks', 'live', 'notice')"
)


def upgrade() -> None:
    op.create_table(
        "event_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("saved_by_user_id", sa.BigInteger(), nullable=False),
        sa.Column("saved_at", models.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_templates")),
        sa.UniqueConstraint("guild_id", "name", name=op.f("uq_event_templates_guild_id_name")),
    )
    op.create_table(
        "live_posts",
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("refresh_at", models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("lease_until", models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_live_posts")),
        sa.UniqueConstraint("guild_id", "channel_id", name=op.f("uq_live_posts_guild_id_channel_id")),
    )
    with op.batch_alter_table("live_posts") as batch:
        batch.create_index(batch.f("ix_live_posts_refresh_at"), ["refresh_at"], unique=False)

    op.create_table(
        "member_settings",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reminders_by_dm", sa.Boolean(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_member_settings")),
    )
    op.create_table(
        "event_chores",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("due_at", models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("lease_until", models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_event_chores_event_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "name", name=op.f("pk_event_chores")),
    )
    with op.batch_alter_table("event_chores") as batch:
        batch.create_index(batch.f("ix_event_chores_due_at"), ["due_at"], unique=False)

    op.create_table(
        "event_pictures",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_pictures_event_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_pictures")),
    )
    with op.batch_alter_table("answers") as batch:
        batch.drop_constraint(op.f("ck_answers_standing"), type_="check")
        batch.add_column(sa.Column("guests", sa.Integer(), server_default="0", nullable=False))
        batch.add_column(sa.Column("volunteer_role", sa.Text(), nullable=True))
        batch.add_column(sa.Column("offered_until", models.UtcDateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False))
        batch.add_column(sa.Column("has_role", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch.add_column(sa.Column("checked_in_at", models.UtcDateTime(timezone=True), nullable=True))
        for name, rule in ANSWER_CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_answers_{name}"), rule)

    with op.batch_alter_table("events") as batch:
        batch.add_column(sa.Column("kind", sa.Text(), server_default="meeting", nullable=False))
        batch.add_column(sa.Column("track", sa.Text(), nullable=True))
        batch.add_column(sa.Column("place_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("second_language", sa.Text(), nullable=True))
        batch.add_column(sa.Column("second_title", sa.Text(), server_default=sa.text("''"), nullable=False))
        batch.add_column(sa.Column("second_description", sa.Text(), server_default=sa.text("''"), nullable=False))
        batch.add_column(sa.Column("max_guests", sa.Integer(), server_default="0", nullable=False))
        batch.add_column(sa.Column("answer_role_id", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("opens_at", models.UtcDateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("deadline", models.UtcDateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("volunteers", sa.Text(), server_default=sa.text("''"), nullable=False))
        batch.add_column(sa.Column("picture_alt", sa.Text(), nullable=True))
        batch.add_column(sa.Column("hide_roster", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch.add_column(sa.Column("offer_hours", sa.Integer(), server_default="2", nullable=False))
        batch.add_column(sa.Column("cancel_reason", sa.Text(), server_default=sa.text("''"), nullable=False))
        batch.add_column(sa.Column("sequence", sa.Integer(), server_default="0", nullable=False))
        batch.add_column(sa.Column("reminder_minutes", sa.Text(), nullable=True))
        batch.add_column(sa.Column("ping_role_id", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("wants_thread", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch.add_column(sa.Column("thread_id", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("attendee_role_id", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("check_in_code", sa.Text(), nullable=True))
        for name, rule in EVENT_CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_events_{name}"), rule)
        batch.create_foreign_key(batch.f("fk_events_place_id"), "places", ["place_id"], ["id"], ondelete="SET NULL")

    with op.batch_alter_table("guild_settings") as batch:
        batch.add_column(sa.Column("reminder_minutes", sa.Text(), server_default="1440,60", nullable=False))

    with op.batch_alter_table("outbox") as batch:
        batch.drop_constraint(op.f("ck_outbox_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_outbox_kind"), OUTBOX_KINDS)
        batch.add_column(sa.Column("detail", sa.Text(), server_default=sa.text("''"), nullable=False))


def downgrade() -> None:
    op.execute("DELETE FROM outbox WHERE kind NOT IN ('event', 'story', 'promotion')")
    with op.batch_alter_table("outbox") as batch:
        batch.drop_constraint(op.f("ck_outbox_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_outbox_kind"), "kind IN ('event', 'story', 'promotion')")
        batch.drop_column("detail")

    with op.batch_alter_table("guild_settings") as batch:
        batch.drop_column("reminder_minutes")

    with op.batch_alter_table("events") as batch:
        for name in EVENT_CHECKS:
            batch.drop_constraint(op.f(f"ck_events_{name}"), type_="check")
        batch.drop_constraint(batch.f("fk_events_place_id"), type_="foreignkey")
        batch.drop_column("check_in_code")
        batch.drop_column("attendee_role_id")
        batch.drop_column("thread_id")
        batch.drop_column("wants_thread")
        batch.drop_column("ping_role_id")
        batch.drop_column("reminder_minutes")
        batch.drop_column("sequence")
        batch.drop_column("cancel_reason")
        batch.drop_column("offer_hours")
        batch.drop_column("hide_roster")
        batch.drop_column("picture_alt")
        batch.drop_column("volunteers")
        batch.drop_column("deadline")
        batch.drop_column("opens_at")
        batch.drop_column("answer_role_id")
        batch.drop_column("max_guests")
        batch.drop_column("second_description")
        batch.drop_column("second_title")
        batch.drop_column("second_language")
        batch.drop_column("place_id")
        batch.drop_column("track")
        batch.drop_column("kind")

    op.execute("UPDATE answers SET standing = 'waiting', offered_until = NULL WHERE standing = 'offered'")
    with op.batch_alter_table("answers") as batch:
        for name in ANSWER_CHECKS:
            batch.drop_constraint(op.f(f"ck_answers_{name}"), type_="check")
        batch.create_check_constraint(op.f("ck_answers_standing"), "standing IN ('going', 'waiting', 'maybe', 'no')")
        batch.drop_column("checked_in_at")
        batch.drop_column("has_role")
        batch.drop_column("note")
        batch.drop_column("offered_until")
        batch.drop_column("volunteer_role")
        batch.drop_column("guests")

    op.drop_table("event_pictures")
    with op.batch_alter_table("event_chores") as batch:
        batch.drop_index(batch.f("ix_event_chores_due_at"))

    op.drop_table("event_chores")
    op.drop_table("member_settings")
    with op.batch_alter_table("live_posts") as batch:
        batch.drop_index(batch.f("ix_live_posts_refresh_at"))

    op.drop_table("live_posts")
    op.drop_table("event_templates")
