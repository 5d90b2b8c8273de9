"""Feeds with choices, stories that are told once and found again, channels that were lost."""

from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op

from db import models
from db.names import fold

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TRACKS = "'youth_education', 'arts_culture', 'government_relations', 'community_development', 'business_trade'"
FEED_CHECKS = {
    "channel_kind": "channel_kind IN ('text', 'forum', 'announcement')",
    "mode": "mode IN ('each', 'daily', 'weekly')",
    "track": f"track IN ({TRACKS}) OR track IS NULL",
    "posts_an_hour": "posts_an_hour BETWEEN 1 AND 60",
}
STORY_CHECKS = {
    "decision": "decision IN ('post', 'digest', 'old', 'filtered', 'elsewhere', 'same', 'held')",
    "track": f"track IN ({TRACKS}) OR track IS NULL",
    "announced": "announced = (decision IN ('post', 'digest'))",
}
KINDS_BEFORE = "'event', 'promotion', 'offer', 'lapsed', 'reminder', 'change', 'thanks', 'live', 'notice', 'story'"
KINDS = f"{KINDS_BEFORE}, 'digest', 'story_edit', 'crosspost', 'feed_notice'"

MOMENT = models.UtcDateTime(timezone=True)
NOTHING = sa.text("''")


def feed_columns() -> list[sa.Column[Any]]:
    """What feeds gain."""
    return [
        sa.Column("host", sa.Text(), server_default=NOTHING, nullable=False),
        sa.Column("channel_kind", sa.Text(), server_default="text", nullable=False),
        sa.Column("crosspost", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("uses_webhook", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("mode", sa.Text(), server_default="each", nullable=False),
        sa.Column("ping_role_id", sa.BigInteger(), nullable=True),
        sa.Column("track", sa.Text(), nullable=True),
        sa.Column("include_words", sa.Text(), server_default=NOTHING, nullable=False),
        sa.Column("exclude_words", sa.Text(), server_default=NOTHING, nullable=False),
        sa.Column("fallback_picture", sa.Text(), nullable=True),
        sa.Column("posts_an_hour", sa.Integer(), server_default="5", nullable=False),
        sa.Column("paused_at", MOMENT, nullable=True),
        sa.Column("failing_since", MOMENT, nullable=True),
        sa.Column("outage_told_at", MOMENT, nullable=True),
        sa.Column("identified_by_link", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("ids_told_at", MOMENT, nullable=True),
        sa.Column("moved_url", sa.Text(), nullable=True),
        sa.Column("moved_since", MOMENT, nullable=True),
        sa.Column("moved_times", sa.Integer(), server_default="0", nullable=False),
        sa.Column("digest_due_at", MOMENT, nullable=True),
    ]


def story_columns() -> list[sa.Column[Any]]:
    """What stories gain."""
    return [
        sa.Column("decision", sa.Text(), server_default="post", nullable=False),
        sa.Column("because", sa.Text(), server_default=NOTHING, nullable=False),
        sa.Column("link_key", sa.Text(), nullable=True),
        sa.Column("title_key", sa.Text(), server_default=NOTHING, nullable=False),
        sa.Column("search_key", sa.Text(), server_default=NOTHING, nullable=False),
        sa.Column("track", sa.Text(), nullable=True),
        sa.Column("digested_at", MOMENT, nullable=True),
        sa.Column("edits", sa.Integer(), server_default="0", nullable=False),
    ]


def upgrade() -> None:
    _create_tables()
    with op.batch_alter_table("guild_settings") as batch:
        batch.add_column(sa.Column("notices_channel_id", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("feeds") as batch:
        for column in feed_columns():
            batch.add_column(column)
        for name, rule in FEED_CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_feeds_{name}"), rule)
        for indexed in ("digest_due_at", "host"):
            batch.create_index(batch.f(f"ix_feeds_{indexed}"), [indexed], unique=False)
    with op.batch_alter_table("stories") as batch:
        for column in story_columns():
            batch.add_column(column)
        batch.create_index(batch.f("ix_stories_guild_id_link_key"), ["guild_id", "link_key"], unique=False)
    _fill_in()
    with op.batch_alter_table("stories") as batch:  # only now do the rows that were there keep these rules
        for name, rule in STORY_CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_stories_{name}"), rule)
    with op.batch_alter_table("outbox") as batch:
        batch.drop_constraint(op.f("ck_outbox_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_outbox_kind"), f"kind IN ({KINDS})")
        batch.add_column(sa.Column("first_tried_at", MOMENT, nullable=True))


def _create_tables() -> None:
    op.create_table(
        "feed_places",
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_feed_places_feed_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_feed_places_place_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("feed_id", "place_id", name=op.f("pk_feed_places")),
    )
    op.create_table(
        "feed_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_drafts")),
    )
    op.create_table(
        "story_copies",
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("webhook_id", sa.BigInteger(), nullable=True),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_story_copies_story_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_story_copies")),
    )
    op.create_table(
        "lost_channels",
        sa.Column("channel_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("lost_at", MOMENT, nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("channel_id", name=op.f("pk_lost_channels")),
    )
    for table, indexed in (("feed_drafts", "created_at"), ("story_copies", "story_id"), ("lost_channels", "guild_id")):
        op.create_index(op.f(f"ix_{table}_{indexed}"), table, [indexed], unique=False)


def _fill_in() -> None:
    """What the rows that are there already hold in the new columns."""
    connection = op.get_bind()
    connection.execute(sa.text("UPDATE stories SET decision = 'old' WHERE NOT announced"))
    connection.execute(sa.text("UPDATE feeds SET last_error = NULL"))  # was a sentence; the next look writes it anew
    for row in connection.execute(sa.text("SELECT id, url FROM feeds")).all():
        host = urlsplit(row.url).hostname or ""
        connection.execute(sa.text("UPDATE feeds SET host = :host WHERE id = :id"), {"host": host, "id": row.id})
    write = sa.text("UPDATE stories SET title_key = :title, search_key = :words WHERE id = :id")
    for row in connection.execute(sa.text("SELECT id, title, summary, source FROM stories")).all():
        words = fold(f"{row.title} {row.summary} {row.source}")
        connection.execute(write, {"title": fold(row.title), "words": words, "id": row.id})


def downgrade() -> None:
    op.execute("DELETE FROM outbox WHERE kind IN ('digest', 'story_edit', 'crosspost', 'feed_notice')")
    with op.batch_alter_table("outbox") as batch:
        batch.drop_constraint(op.f("ck_outbox_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_outbox_kind"), f"kind IN ({KINDS_BEFORE})")
        batch.drop_column("first_tried_at")
    with op.batch_alter_table("stories") as batch:
        for name in STORY_CHECKS:
            batch.drop_constraint(op.f(f"ck_stories_{name}"), type_="check")
        batch.drop_index(batch.f("ix_stories_guild_id_link_key"))
        for column in story_columns():
            batch.drop_column(column.name)
    with op.batch_alter_table("feeds") as batch:
        for name in FEED_CHECKS:
            batch.drop_constraint(op.f(f"ck_feeds_{name}"), type_="check")
        for indexed in ("digest_due_at", "host"):
            batch.drop_index(batch.f(f"ix_feeds_{indexed}"))
        for column in feed_columns():
            batch.drop_column(column.name)
    with op.batch_alter_table("guild_settings") as batch:
        batch.drop_column("notices_channel_id")
    for table in ("lost_channels", "story_copies", "feed_drafts", "feed_places"):
        op.drop_table(table)
