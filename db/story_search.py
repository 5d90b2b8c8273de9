"""Queries on the stories that a server was told: the newest, by words, by track, about a place."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    Text,
    and_,
    case,
    cast,
    exists,
    extract,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from db.models import OutboxRow, Story, StoryCopy, StoryPlace

Wanted = ColumnElement[bool]
Words = InstrumentedAttribute[str]

# The key of the outbox row that told of a story: its own, or the digest's, which went out for a feed at an instant.
# Whoever removes a feed notes that key as `because`.
TOLD_IN = case(
    (Story.decision == "post", literal("story:") + cast(Story.id, Text)),
    (Story.feed_id.is_(None), Story.because),
    else_=literal("digest:")
    + cast(Story.feed_id, Text)
    + literal(":")
    + cast(cast(extract("epoch", Story.digested_at), BigInteger), Text),
)
NEWEST = (Story.first_seen_at.desc(), Story.id.desc())  # dates in feeds may be wrong by years


def told(guild_id: int, channel_ids: Collection[int]) -> Wanted:
    """The stories that a server was told in one of these channels, each by itself or in a digest."""
    there = (OutboxRow.outcome == "sent") & OutboxRow.channel_id.in_(channel_ids)
    posted = exists().where(OutboxRow.dedupe_key == TOLD_IN, there)
    return and_(Story.guild_id == guild_id, Story.announced.is_(True), posted)


def about(guild_id: int, track: str | None, place_id: int | None) -> Wanted:
    """The stories of a track, and about a place, as far as those are given."""
    found = [Story.guild_id == guild_id]
    if track is not None:
        found.append(Story.track == track)
    if place_id is not None:
        there = select(StoryPlace.story_id).where(StoryPlace.guild_id == guild_id, StoryPlace.place_id == place_id)
        found.append(Story.id.in_(there))
    return and_(*found)


def worded(words: Collection[str], *, parts: Collection[str] = (), exact: Collection[str] = ()) -> Wanted:
    """The stories that hold each of these folded `words`, begun or whole; these folded `parts`, anywhere; and these.

    `exact` is looked for as it was typed, but for capitals. No character means anything but itself.
    """
    return _holding(Story.search_key, (Story.title, Story.summary, Story.source), words, parts, exact)


def titled(words: Collection[str], *, parts: Collection[str] = (), exact: Collection[str] = ()) -> Wanted:
    """The same of their titles alone."""
    return _holding(Story.title_key, (Story.title,), words, parts, exact)


def _holding(
    key: Words, texts: Sequence[Words], words: Collection[str], parts: Collection[str], exact: Collection[str]
) -> Wanted:
    found = [(literal(" ") + key).contains(f" {word}", autoescape=True) for word in words]
    found += [key.contains(part, autoescape=True) for part in parts]
    found += [or_(*(text.icontains(piece, autoescape=True) for text in texts)) for piece in exact]
    return and_(true(), *found)


async def count(session: AsyncSession, wanted: Wanted) -> int:
    """How many such stories there are."""
    return await session.scalar(select(func.count()).select_from(Story).where(wanted)) or 0


async def piece(session: AsyncSession, wanted: Wanted, *, offset: int, limit: int) -> Sequence[Story]:
    """Some of these stories, those that were seen last first."""
    return (await session.scalars(newest(wanted, offset, limit))).all()


def newest(wanted: Wanted, offset: int, limit: int) -> Select[Story]:
    """The query of `piece`."""
    return select(Story).where(wanted).order_by(*NEWEST).offset(offset).limit(limit)


async def is_told(session: AsyncSession, guild_id: int, channel_ids: Collection[int], story_id: int) -> bool:
    """Whether the server was told a story in one of these channels."""
    return await count(session, told(guild_id, channel_ids) & (Story.id == story_id)) > 0


async def titles(session: AsyncSession, wanted: Wanted, limit: int) -> Sequence[Row[int, str, datetime]]:
    """(id, title, when it was seen) of these stories, those that were seen last first."""
    query = select(Story.id, Story.title, Story.first_seen_at).where(wanted).order_by(*NEWEST).limit(limit)
    return (await session.execute(query)).all()


async def shown_in(session: AsyncSession, guild_id: int, story_id: int) -> tuple[int, int] | None:
    """(channel id, message id) of the message that shows a story, or of the digest that told of it."""
    of_story = (StoryCopy.guild_id == guild_id) & (StoryCopy.story_id == story_id)
    copies = select(StoryCopy.channel_id, StoryCopy.message_id).where(of_story).order_by(StoryCopy.message_id).limit(1)
    copy = (await session.execute(copies)).one_or_none()
    if copy is not None:
        return copy[0], copy[1]
    sent = select(OutboxRow.channel_id, OutboxRow.message_id).join(Story, OutboxRow.dedupe_key == TOLD_IN)
    row = (await session.execute(sent.where(Story.id == story_id, Story.guild_id == guild_id))).one_or_none()
    return None if row is None or row[1] is None else (row[0], row[1])


async def latest_about(session: AsyncSession, guild_id: int, place_id: int) -> Sequence[Row[Story, int | None]]:
    """The newest story about a place in each channel where the server was told one, the newest first.

    The channel is None for stories that are yet to be posted.
    """
    of_place = (StoryPlace.guild_id == guild_id) & (StoryPlace.place_id == place_id)
    in_channel = func.row_number().over(partition_by=OutboxRow.channel_id, order_by=NEWEST)
    ranked = (
        select(Story.id, OutboxRow.channel_id, in_channel.label("place"))
        .join(StoryPlace, StoryPlace.story_id == Story.id)
        .outerjoin(OutboxRow, (OutboxRow.dedupe_key == TOLD_IN) & (OutboxRow.outcome == "sent"))
        .where(of_place, Story.guild_id == guild_id, Story.announced.is_(True))
        .subquery()
    )
    query = select(Story, ranked.c.channel_id).join(ranked, ranked.c.id == Story.id).where(ranked.c.place == 1)
    return (await session.execute(query.order_by(*NEWEST))).all()
