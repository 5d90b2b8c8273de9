"""What a message about an event needs to know beside the card: where the card is, whom to ping, who wants what."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.dates.clocks import zone_of
from bot.guilds import load_server
from db import card_copies, events, member_settings


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`card_url` is empty and `channel_id` that for events where no card is posted; the last two are a member's."""

    card_url: str
    channel_id: int | None
    ping_role_id: int | None
    wants_reminders: bool
    member_zone: ZoneInfo


async def surroundings(session: AsyncSession, guild_id: int, event_id: int, user_id: int | None) -> Surroundings:
    """All that, from rows; `user_id` is the member a message is for, if it is for one."""
    event = await events.event(session, guild_id, event_id)
    server = await load_server(session, guild_id)
    copies = await card_copies.copies(session, [event_id])
    member = await member_settings.settings(session, user_id or 0)
    where = f"{guild_id}/{copies[0].channel_id}/{copies[0].message_id}" if copies else ""
    return Surroundings(
        f"https://discord.com/channels/{where}" if where else "",
        copies[0].channel_id if copies else server.events_channel_id,
        event.ping_role_id if event else None,
        member.reminders_by_dm,
        zone_of(member.timezone or server.timezone or (event.timezone if event else "UTC")),
    )
