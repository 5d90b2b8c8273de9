"""What the outbox posts about events, by kind: rendered when it is sent, and dropped where nothing is left to say."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

import discord
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dates.clocks import waking_time
from bot.errors import NotFound
from bot.events.leavers import free_seats, has_left
from bot.events.page import YOUTH, EventCard, event_card
from bot.events.reminders import CONCERNED
from bot.events.rsvp import SEATED, Given, Standing
from bot.events.surroundings import Surroundings, surroundings
from bot.events.threads import UNKNOWN_CHANNEL, forget_thread
from bot.posting.channel_post import post
from bot.posting.job import GONE, Done, Job, Later
from bot.texts import texts
from bot.ui.events import notices
from bot.ui.events.event_card import event_view
from db import event_chores, events
from db.models import CardCopy

if TYPE_CHECKING:
    from bot.client import SisterCityBot

View = discord.ui.LayoutView


class EventPosts:
    """Posts about events; raises what Discord answers."""

    def __init__(self, bot: "SisterCityBot") -> None:
        self.bot = bot
        seat = self._seat
        self._kinds: dict[str, Callable[[Job, EventCard, datetime], Awaitable[Done]]] = {
            "event": self._event,
            "promotion": seat,
            "offer": seat,
            "lapsed": seat,
            "reminder": self._reminder,
            "change": self._change,
            "thanks": self._thanks,
            "notice": self._notice,
        }

    async def send(self, job: Job, now: datetime) -> Done:
        """Say what the job is for, if the event is still there and it is still true. Raises Later."""
        try:
            card = await self.bot.events.card(job.guild_id, job.object_id)
        except NotFound:
            return GONE
        return await self._kinds[job.kind](job, card, now)

    async def _event(self, job: Job, card: EventCard, now: datetime) -> Done:
        """The card with its picture; the first one calls the role that the organiser chose."""
        view, ping = event_view(card), None
        role_id = (await self._around(job)).ping_role_id
        if role_id is not None and job.dedupe_key == f"event:{card.id}" and card.status == "open":
            view = notices.below(f"<@&{role_id}>", view)
            ping = discord.AllowedMentions(everyone=False, users=False, roles=[discord.Object(role_id)])
        picture = await self.bot.events.picture(job.guild_id, card.id) if card.picture_alt is not None else None
        file = discord.File(BytesIO(picture), "event.webp", description=card.picture_alt) if picture else None
        return replace(await post(self.bot, job, view, ping, file), shown=card)

    async def _seat(self, job: Job, card: EventCard, now: datetime) -> Done:
        """A word to the one member whose place in line changed, if they are still there and it is still so."""
        user_id = job.user_id or 0
        given = next((named.given for named in card.answers if named.given.user_id == user_id), None)
        if given is None or not _still_so(job.kind, card, given, now):
            return GONE
        if await has_left(self.bot, job.guild_id, user_id):
            await free_seats(self.bot, job.guild_id, [card.id], user_id)
            return GONE
        t, url = texts(job.locale), (await self._around(job)).card_url

        def view(mention: str = "") -> View:
            if job.kind == "offer" and given.offered_until is not None:
                return notices.offer_notice(card, given.offered_until, t, mention, url)
            if job.kind == "promotion":
                return notices.promotion_notice(card, t, mention, url)
            return notices.lapsed_notice(card, now, t, mention, url)

        try:
            return await self._direct(job, view())
        except discord.Forbidden:
            if card.hide_roster:
                return await self._post_near(job, card, notices.seat_moved_notice(card, t, url))
            return await self._post_near(job, card, view(f"<@{user_id}>"), [user_id])

    async def _reminder(self, job: Job, card: EventCard, now: datetime) -> Done:
        if card.status != "open" or now >= card.starts_at or job.detail["start"] != int(card.starts_at.timestamp()):
            return GONE
        t, around = texts(job.locale), await self._around(job)
        if job.user_id is not None:
            return await self._remind_directly(job, card, around, now)
        users = _named(job, card, SEATED)
        if users is None:
            return GONE
        return await self._post_near(job, card, notices.reminder_notice(card, t, users, around.card_url), users)

    async def _remind_directly(self, job: Job, card: EventCard, around: Surroundings, now: datetime) -> Done:
        """To a member who wants it, by day; closed direct messages are no matter, for the channel has it."""
        coming = any(named.given.user_id == job.user_id for named in card.standing(*SEATED))
        if not coming or not around.wants_reminders or card.track == YOUTH:
            return GONE
        due_at = waking_time(now, around.member_zone)
        if due_at > now:
            if due_at >= card.starts_at:
                return GONE
            raise Later(due_at)
        try:
            return await self._direct(job, notices.reminder_notice(card, texts(job.locale), (), around.card_url))
        except discord.Forbidden as error:
            return Done("gone", error=str(error))

    async def _change(self, job: Job, card: EventCard, now: datetime) -> Done:
        cancelled = bool(job.detail.get("cancelled"))
        if cancelled is (card.status == "open") or now >= card.ends_at:
            return GONE
        users = _named(job, card, CONCERNED)
        if users is None:
            return GONE
        t, url = texts(job.locale), (await self._around(job)).card_url
        if cancelled:
            view = notices.cancelled_notice(card, t, users, url)
        else:
            view = notices.change_notice(card, job.detail.get("changed", ()), t, users, url)
        return await self._post_near(job, card, view, users)

    async def _thanks(self, job: Job, card: EventCard, now: datetime) -> Done:
        users: list[int] = [] if card.hide_roster else job.detail.get("users", [])
        view = notices.thanks_notice(card, job.detail["came"], texts(job.locale), users)
        return await self._post_near(job, card, view, users)

    async def _notice(self, job: Job, card: EventCard, now: datetime) -> Done:
        return await self._post_near(
            job,
            card,
            notices.moderator_notice(card, job.detail["text_key"], texts(job.locale), job.detail.get("channel", 0)),
        )

    async def _around(self, job: Job) -> Surroundings:
        async with self.bot.database.read() as session:
            return await surroundings(session, job.guild_id, job.object_id, job.user_id)

    async def _post_near(self, job: Job, card: EventCard, view: View, users: Sequence[int] = ()) -> Done:
        """Post where the job says; beside the card if that is gone, as a thread is which somebody deleted."""
        ping = discord.AllowedMentions(everyone=False, roles=False, users=[discord.Object(user) for user in users])
        try:
            return await post(self.bot, job, view, ping)
        except discord.NotFound as error:
            beside = (await self._around(job)).channel_id
            if error.code != UNKNOWN_CHANNEL or beside in (None, job.channel_id):
                raise
        if job.channel_id == card.thread_id:
            await forget_thread(self.bot, job.guild_id, card.id)
        return await post(self.bot, replace(job, channel_id=beside), view, ping)

    async def _direct(self, job: Job, view: View) -> Done:
        direct = await self.bot.create_dm(discord.Object(job.user_id or 0))
        message = await direct.send(view=view, nonce=job.nonce, allowed_mentions=discord.AllowedMentions.none())
        return Done("sent", message.id, direct.id)


def _named(job: Job, card: EventCard, standings: Collection[Standing]) -> list[int] | None:
    """Whom a message to many mentions: those it was queued for who still stand so; nobody where names are hidden.

    None: there were some, and none of them is left.
    """
    users = job.detail.get("users", [])
    if card.hide_roster or not users:
        return []
    standing = {named.given.user_id for named in card.standing(*standings)}
    return [user_id for user_id in users if user_id in standing] or None


def _still_so(kind: str, card: EventCard, given: Given, now: datetime) -> bool:
    """Whether what a notice tells a member is true yet, and of use."""
    if card.status != "open" or now >= card.starts_at:
        return False
    if kind == "offer":
        return given.offered_until is not None and now < given.offered_until
    return given.standing is (Standing.GOING if kind == "promotion" else Standing.NO)


async def remember_copy(session: AsyncSession, job: Job, done: Done, message_id: int, now: datetime) -> None:
    """The message shows the event from now on; it is due for an edit if answers came in while it was sent."""
    event = await events.event(session, job.guild_id, job.object_id, lock=True)
    changed = event is not None and await event_card(session, event) != done.shown
    if event is not None and event.wants_thread and event.thread_id is None:
        await event_chores.plan(session, event.id, event.guild_id, "thread", now)
    await session.merge(
        CardCopy(
            message_id=message_id,
            guild_id=job.guild_id,
            channel_id=job.channel_id,
            event_id=job.object_id,
            # After a crash the first message comes back, as it was rendered then.
            refresh_at=now if changed or job.attempts > 1 else None,
        )
    )
