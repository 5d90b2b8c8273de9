"""Every table. Constraints carry the invariants, so that a mistake in the code becomes an error, not a wrong row.

Discord's ids are BigInteger columns that end in `_id` and have no foreign key (`guild_id`, `channel_id`, …); ours do.
"""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC instant; a naive one is refused. SQLite has no zones, so UTC is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime must not reach the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class Base(DeclarativeBase):
    """SQLite's batch migrations need constraints with names, hence the convention."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[Any] = {datetime: UtcDateTime, str: Text}


def one_of(column: str, *values: str, optional: bool = False) -> CheckConstraint:
    """A check that a text column holds one of these words."""
    words = ", ".join(f"'{value}'" for value in values)
    rule = f"{column} IN ({words})" + (f" OR {column} IS NULL" if optional else "")
    return CheckConstraint(rule, name=column)


Discord = BigInteger  # a snowflake: 64 bits
TRACKS = ("youth_education", "arts_culture", "government_relations", "community_development", "business_trade")
OUTBOX_KINDS = (
    *("event", "promotion", "offer", "lapsed", "reminder", "change", "thanks", "live", "notice"),
    *("story", "digest", "story_edit", "crosspost", "feed_notice"),
)


class SeedVersion(Base):
    """Which seed is loaded: one row."""

    __tablename__ = "seed_version"
    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[str]
    loaded_at: Mapped[datetime]
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)


class Place(Base):
    """A city, county, province or country. The id is the GeoNames id, or one from 900000001 up where there is none."""

    __tablename__ = "places"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    geoname_id: Mapped[int | None] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]
    region: Mapped[str | None]  # the first-level division, in words: "Alabama"
    country_code: Mapped[str]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    population: Mapped[int | None]
    timezone: Mapped[str | None]  # IANA name
    origin: Mapped[str]
    __table_args__ = (
        one_of("kind", "city", "county", "province", "country"),
        one_of("origin", "seed", "moderator"),
        CheckConstraint("length(country_code) = 2", name="country_code"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="both_coordinates"),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
    )


class PlaceName(Base):
    """A name a place is found by; `key` is the folded form (`db.names.fold`).

    Kinds: the `name` it goes by, an `alias` that people use, a machine's `romanised` spelling of one.
    """

    __tablename__ = "place_names"
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str]
    kind: Mapped[str]
    __table_args__ = (one_of("kind", "name", "alias", "romanised"),)


class Partnership(Base):
    """One tie between two places; the smaller id is always `place_a_id`, so a pair is one row.

    `guild_id` is empty for what every server sees; a server's own correction of the same pair wins there.
    `signed` and `as_of` are ISO dates of any precision: 2017, 2017-07, 2017-07-03.
    """

    __tablename__ = "partnerships"
    id: Mapped[int] = mapped_column(primary_key=True)
    guild_id: Mapped[int | None] = mapped_column(Discord)
    place_a_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    place_b_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    kind: Mapped[str]
    state: Mapped[str]
    confidence: Mapped[str]
    signed: Mapped[str | None]
    as_of: Mapped[str | None]
    sources: Mapped[str]  # short codes with the year of the text: "wikipedia:2026 wikidata:2016"
    notes: Mapped[str]  # pages that say so and remarks on doubts, in short
    origin: Mapped[str]
    __table_args__ = (
        CheckConstraint("place_a_id < place_b_id", name="ordered_pair"),
        one_of("kind", "sister", "friendship", "partner", "pact", "unknown"),
        one_of("state", "active", "suspended", "ended", "unknown"),
        one_of("confidence", "confirmed", "unconfirmed"),
        one_of("origin", "seed", "moderator"),
        CheckConstraint("length(signed) IN (4, 7, 10)", name="signed"),
        CheckConstraint("length(as_of) IN (4, 7, 10)", name="as_of"),
        CheckConstraint("origin <> 'seed' OR guild_id IS NULL", name="seed_is_for_all"),
        Index(
            "uq_partnerships_pair_for_all",
            "place_a_id",
            "place_b_id",
            unique=True,
            sqlite_where=guild_id.is_(None),
            postgresql_where=guild_id.is_(None),
        ),
        Index(
            "uq_partnerships_pair_in_guild",
            "guild_id",
            "place_a_id",
            "place_b_id",
            unique=True,
            sqlite_where=guild_id.is_not(None),
            postgresql_where=guild_id.is_not(None),
        ),
        Index(None, "place_a_id"),
        Index(None, "place_b_id"),
    )


class TieChange(Base):
    """What a server's moderator changed of a tie, and the tie as it was from then on; kept for `/city tie history`."""

    __tablename__ = "tie_changes"
    id: Mapped[int] = mapped_column(primary_key=True)
    guild_id: Mapped[int] = mapped_column(Discord)
    place_a_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    place_b_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    action: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str]
    confidence: Mapped[str]
    signed: Mapped[str | None]
    as_of: Mapped[str | None]
    sources: Mapped[str]
    notes: Mapped[str]
    changed_by_user_id: Mapped[int] = mapped_column(Discord)
    changed_at: Mapped[datetime]
    __table_args__ = (
        one_of("action", "add", "edit", "end", "withdraw"),
        CheckConstraint("place_a_id < place_b_id", name="ordered_pair"),
        Index(None, "guild_id", "place_a_id", "place_b_id"),
    )


class GuildSettings(Base):
    """What a server's moderators chose; an empty column is asked for when it is needed."""

    __tablename__ = "guild_settings"
    guild_id: Mapped[int] = mapped_column(Discord, primary_key=True, autoincrement=False)
    home_place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    timezone: Mapped[str | None]
    events_channel_id: Mapped[int | None] = mapped_column(Discord)
    stories_channel_id: Mapped[int | None] = mapped_column(Discord)
    moderator_role_id: Mapped[int | None] = mapped_column(Discord)
    locale: Mapped[str] = mapped_column(default="en-US")
    reminder_minutes: Mapped[str] = mapped_column(default="1440,60", server_default="1440,60")  # before the start
    notices_channel_id: Mapped[int | None] = mapped_column(Discord)  # where moderators are told what needs them


class MemberSettings(Base):
    """What a person chose for themselves, in every server."""

    __tablename__ = "member_settings"
    user_id: Mapped[int] = mapped_column(Discord, primary_key=True, autoincrement=False)
    reminders_by_dm: Mapped[bool] = mapped_column(default=False)
    timezone: Mapped[str | None]  # IANA name; empty: the server's


class Feed(Base):
    """An RSS, Atom or JSON feed that a server follows; due at `next_poll_at`, held by a lease while it is fetched."""

    __tablename__ = "feeds"
    id: Mapped[int] = mapped_column(primary_key=True)
    guild_id: Mapped[int] = mapped_column(Discord)
    channel_id: Mapped[int] = mapped_column(Discord)
    url: Mapped[str]
    title: Mapped[str]
    added_by_user_id: Mapped[int] = mapped_column(Discord)
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    first_polled_at: Mapped[datetime | None]  # empty: the next good poll remembers everything and posts nothing
    last_good_poll_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]  # JSON: the sentence, as the catalogue has it, and its values
    next_poll_at: Mapped[datetime | None]  # empty: stopped
    lease_until: Mapped[datetime | None]
    host: Mapped[str] = mapped_column(default="", server_default=text("''"))  # of the address: servers are spared by it
    channel_kind: Mapped[str] = mapped_column(default="text", server_default="text")
    crosspost: Mapped[bool] = mapped_column(default=False, server_default=false())  # to the servers that follow
    uses_webhook: Mapped[bool] = mapped_column(default=False, server_default=false())  # posts bear the source's name
    mode: Mapped[str] = mapped_column(default="each", server_default="each")
    ping_role_id: Mapped[int | None] = mapped_column(Discord)
    track: Mapped[str | None]
    include_words: Mapped[str] = mapped_column(default="", server_default=text("''"))  # one a line; empty: all stories
    exclude_words: Mapped[str] = mapped_column(default="", server_default=text("''"))  # one a line
    fallback_picture: Mapped[str | None]  # address of the picture of stories that have none
    posts_an_hour: Mapped[int] = mapped_column(default=5, server_default="5")  # the rest goes into one message
    paused_at: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    outage_told_at: Mapped[datetime | None]  # moderators know; they are told again when it is over
    identified_by_link: Mapped[bool] = mapped_column(default=False, server_default=false())  # learned: ids do not last
    ids_told_at: Mapped[datetime | None]  # when moderators were told that all its ids had changed
    moved_url: Mapped[str | None]  # where its server says it is for good
    moved_since: Mapped[datetime | None]
    moved_times: Mapped[int] = mapped_column(default=0, server_default="0")  # how often it said so, in a row
    digest_due_at: Mapped[datetime | None]  # when the stories that wait for it are posted in one message
    __table_args__ = (
        UniqueConstraint("guild_id", "url"),
        CheckConstraint("failures >= 0", name="failures"),
        one_of("channel_kind", "text", "forum", "announcement"),
        one_of("mode", "each", "daily", "weekly"),
        one_of("track", *TRACKS, optional=True),
        CheckConstraint("posts_an_hour BETWEEN 1 AND 60", name="posts_an_hour"),
        Index(None, "next_poll_at"),
        Index(None, "digest_due_at"),
        Index(None, "host"),
    )


class FeedPlace(Base):
    """A city that every story of a feed is about, whatever its words name."""

    __tablename__ = "feed_places"
    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id", ondelete="CASCADE"), primary_key=True)
    guild_id: Mapped[int] = mapped_column(Discord)


class FeedDraft(Base):
    """A feed that somebody looks at before the server follows it; `choices` is JSON of what they chose."""

    __tablename__ = "feed_drafts"
    id: Mapped[int] = mapped_column(primary_key=True)
    guild_id: Mapped[int] = mapped_column(Discord)
    user_id: Mapped[int] = mapped_column(Discord)
    url: Mapped[str]
    choices: Mapped[str]
    created_at: Mapped[datetime]
    __table_args__ = (Index(None, "created_at"),)


class Story(Base):
    """An entry that was seen in a feed. It stays after it leaves the feed, so that it is never posted again.

    Decisions: a `post` of its own, told in a `digest`, `old` when the feed was added, `filtered` by its words,
    told from `elsewhere` in the server, the `same` as one that had another id, `held` back because all ids had changed.
    """

    __tablename__ = "stories"
    id: Mapped[int] = mapped_column(primary_key=True)
    guild_id: Mapped[int] = mapped_column(Discord)
    feed_id: Mapped[int | None] = mapped_column(ForeignKey("feeds.id", ondelete="SET NULL"))
    identity: Mapped[str]
    source: Mapped[str]
    title: Mapped[str]
    link: Mapped[str | None]
    summary: Mapped[str]
    picture: Mapped[str | None]
    published_at: Mapped[datetime | None]
    first_seen_at: Mapped[datetime]
    announced: Mapped[bool]  # the server is told of it: the decision is `post` or `digest`
    decision: Mapped[str] = mapped_column(default="post", server_default="post")
    because: Mapped[str] = mapped_column(default="", server_default=text("''"))  # the word that filtered it
    link_key: Mapped[str | None]  # the link without what varies (`bot.feeds.entry.canonical_link`)
    title_key: Mapped[str] = mapped_column(default="", server_default=text("''"))  # the title, folded
    search_key: Mapped[str] = mapped_column(default="", server_default=text("''"))  # title, summary and source, folded
    track: Mapped[str | None]
    digested_at: Mapped[datetime | None]  # when it went into a digest; empty: it waits for one
    edits: Mapped[int] = mapped_column(default=0, server_default="0")  # how often its article changed after the post
    __table_args__ = (
        UniqueConstraint("feed_id", "identity"),
        one_of("decision", "post", "digest", "old", "filtered", "elsewhere", "same", "held"),
        one_of("track", *TRACKS, optional=True),
        CheckConstraint("announced = (decision IN ('post', 'digest'))", name="announced"),
        Index(None, "guild_id", "first_seen_at"),
        Index(None, "guild_id", "link_key"),
    )


class StoryCopy(Base):
    """A message that shows a story's card; in a forum it opens a thread whose id is also the message's."""

    __tablename__ = "story_copies"
    message_id: Mapped[int] = mapped_column(Discord, primary_key=True, autoincrement=False)
    guild_id: Mapped[int] = mapped_column(Discord)
    channel_id: Mapped[int] = mapped_column(Discord)  # where the message is: of a forum's post, its thread
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id", ondelete="CASCADE"))
    webhook_id: Mapped[int | None] = mapped_column(Discord)  # who posted it, if not the bot itself
    thread_id: Mapped[int | None] = mapped_column(Discord)  # where it is discussed
    __table_args__ = (Index(None, "story_id"),)


class LostChannel(Base):
    """A channel where Discord let the bot post no more: what is due there waits until a moderator says to try again."""

    __tablename__ = "lost_channels"
    channel_id: Mapped[int] = mapped_column(Discord, primary_key=True, autoincrement=False)
    guild_id: Mapped[int] = mapped_column(Discord)
    lost_at: Mapped[datetime]
    error: Mapped[str]  # Discord's words
    __table_args__ = (Index(None, "guild_id"),)


class Event(Base):
    """An event, from its draft on. A draft keeps what was typed, so that a slip costs nothing."""

    __tablename__ = "events"
    id: Mapped[int] = mapped_column(primary_key=True)
    guild_id: Mapped[int] = mapped_column(Discord)
    status: Mapped[str]
    title: Mapped[str]
    typed_when: Mapped[str]
    typed_capacity: Mapped[str]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    timezone: Mapped[str]  # IANA name in which the times were typed
    location: Mapped[str]
    description: Mapped[str]
    capacity: Mapped[int | None]
    host_user_id: Mapped[int] = mapped_column(Discord)
    host_name: Mapped[str]
    created_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(default="meeting", server_default="meeting")
    track: Mapped[str | None]
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id", ondelete="SET NULL"))  # the city it is in
    second_language: Mapped[str | None]  # of the two texts below: "hu", "pt-BR"
    second_title: Mapped[str] = mapped_column(default="", server_default=text("''"))
    second_description: Mapped[str] = mapped_column(default="", server_default=text("''"))
    max_guests: Mapped[int] = mapped_column(default=0, server_default="0")  # that one member may bring
    answer_role_id: Mapped[int | None] = mapped_column(Discord)  # who may answer; empty: everyone
    opens_at: Mapped[datetime | None]  # answers before are refused
    deadline: Mapped[datetime | None]  # answers after are refused, but for taking one back
    volunteers: Mapped[str] = mapped_column(default="", server_default=text("''"))  # wanted: "driver:2 interpreter:1"
    picture_alt: Mapped[str | None]  # what the picture shows, for who cannot see it; empty: there is no picture
    hide_roster: Mapped[bool] = mapped_column(default=False, server_default=false())
    offer_hours: Mapped[int] = mapped_column(default=2, server_default="2")  # near the start; 0: seats are just given
    cancel_reason: Mapped[str] = mapped_column(default="", server_default=text("''"))
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")  # iCalendar's: counts changes
    reminder_minutes: Mapped[str | None]  # before the start: "1440,60"; empty text: none, NULL: the server's
    ping_role_id: Mapped[int | None] = mapped_column(Discord)
    wants_thread: Mapped[bool] = mapped_column(default=False, server_default=false())
    thread_id: Mapped[int | None] = mapped_column(Discord)
    attendee_role_id: Mapped[int | None] = mapped_column(Discord)
    check_in_code: Mapped[str | None]
    __table_args__ = (
        one_of("status", "draft", "open", "cancelled"),
        one_of("kind", "meeting", "festival", "delegation", "trade_mission", "virtual_signing", "webinar"),
        one_of("track", *TRACKS, optional=True),
        CheckConstraint("capacity > 0", name="capacity"),
        CheckConstraint("max_guests BETWEEN 0 AND 20", name="max_guests"),
        CheckConstraint("offer_hours BETWEEN 0 AND 24", name="offer_hours"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("status = 'draft' OR (starts_at IS NOT NULL AND ends_at IS NOT NULL)", name="has_times"),
        Index(None, "guild_id", "status", "starts_at"),
    )


class EventPicture(Base):
    """The picture on an event's card, as it is sent to Discord."""

    __tablename__ = "event_pictures"
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[bytes]  # WebP


class EventTemplate(Base):
    """An event's settings under a name, to make others like it; `fields` is JSON of column → value."""

    __tablename__ = "event_templates"
    id: Mapped[int] = mapped_column(primary_key=True)
    guild_id: Mapped[int] = mapped_column(Discord)
    name: Mapped[str]
    fields: Mapped[str]
    saved_by_user_id: Mapped[int] = mapped_column(Discord)
    saved_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("guild_id", "name"),)


class EventChore(Base):
    """Something the bot has to do about an event at its time; an empty `due_at` says that it is done.

    Names: `reminder:1440` (minutes before the start), `offers`, `roles`, `picture`, `start`, `end`, `thread`.
    """

    __tablename__ = "event_chores"
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    guild_id: Mapped[int] = mapped_column(Discord)
    due_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    __table_args__ = (Index(None, "due_at"),)


class Answer(Base):
    """A member's answer to an event. `turn` counts up within the event: the queue order of those who wait."""

    __tablename__ = "answers"
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(Discord, primary_key=True, autoincrement=False)
    guild_id: Mapped[int] = mapped_column(Discord)
    standing: Mapped[str]
    display_name: Mapped[str]  # as of the press; erased with the answer
    turn: Mapped[int]
    answered_at: Mapped[datetime]
    guests: Mapped[int] = mapped_column(default=0, server_default="0")
    volunteer_role: Mapped[str | None]
    offered_until: Mapped[datetime | None]  # an offered seat is held until then
    note: Mapped[str] = mapped_column(default="", server_default=text("''"))  # to the organiser
    has_role: Mapped[bool] = mapped_column(default=False, server_default=false())  # was given the attendee role
    checked_in_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("event_id", "turn"),
        one_of("standing", "going", "offered", "waiting", "maybe", "no"),
        one_of("volunteer_role", "host_family", "interpreter", "driver", optional=True),
        CheckConstraint("guests >= 0", name="guests"),
        CheckConstraint("(standing = 'offered') = (offered_until IS NOT NULL)", name="offered_until"),
    )


class StoryPlace(Base):
    """A place that a story is about: named in its title or summary."""

    __tablename__ = "story_places"
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id", ondelete="CASCADE"), primary_key=True)
    guild_id: Mapped[int] = mapped_column(Discord)
    __table_args__ = (Index(None, "guild_id", "place_id"),)


class EventPlace(Base):
    """A place that an event is about: named in its title, location or description."""

    __tablename__ = "event_places"
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id", ondelete="CASCADE"), primary_key=True)
    guild_id: Mapped[int] = mapped_column(Discord)
    __table_args__ = (Index(None, "guild_id", "place_id"),)


class CardCopy(Base):
    """A message that shows an event's card; `refresh_at` is when it is due to be edited."""

    __tablename__ = "card_copies"
    message_id: Mapped[int] = mapped_column(Discord, primary_key=True, autoincrement=False)
    guild_id: Mapped[int] = mapped_column(Discord)
    channel_id: Mapped[int] = mapped_column(Discord)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    refresh_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)  # edits in a row that did not succeed
    __table_args__ = (Index(None, "event_id"), Index(None, "refresh_at"))


class LivePost(Base):
    """A message that lists what is on, and is edited whenever that changes."""

    __tablename__ = "live_posts"
    message_id: Mapped[int] = mapped_column(Discord, primary_key=True, autoincrement=False)
    guild_id: Mapped[int] = mapped_column(Discord)
    channel_id: Mapped[int] = mapped_column(Discord)
    refresh_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    __table_args__ = (UniqueConstraint("guild_id", "channel_id"), Index(None, "refresh_at"))


class OutboxRow(Base):
    """Something the bot is to say on its own account; rendered when it is sent.

    `dedupe_key` names the occasion, so that no occasion is queued twice. The nonce is random, never the row id:
    a restored backup would use ids again, and Discord would swallow the new message as a repeat.
    """

    __tablename__ = "outbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    guild_id: Mapped[int] = mapped_column(Discord)
    channel_id: Mapped[int] = mapped_column(Discord)
    kind: Mapped[str]
    object_id: Mapped[int]
    user_id: Mapped[int | None] = mapped_column(Discord)  # the one member a notice is for
    detail: Mapped[str] = mapped_column(
        default="", server_default=text("''")
    )  # what a notice is about, if not all is in rows
    locale: Mapped[str]
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    nonce: Mapped[int] = mapped_column(BigInteger, unique=True)
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    lease_owner: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    first_tried_at: Mapped[datetime | None]  # no message of it can be older
    refusals: Mapped[int] = mapped_column(default=0)  # the attempts that will not succeed by waiting
    done_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    message_id: Mapped[int | None] = mapped_column(Discord)
    last_error: Mapped[str | None]
    __table_args__ = (
        one_of("kind", *OUTBOX_KINDS),
        one_of("outcome", "sent", "gone", "parked", optional=True),
        CheckConstraint("(done_at IS NULL) = (outcome IS NULL)", name="outcome_when_done"),
        CheckConstraint("nonce > 0", name="nonce"),
        Index(None, "done_at", "channel_id", "id"),
    )
