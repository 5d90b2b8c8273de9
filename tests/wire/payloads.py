"""The JSON shapes of Discord's objects, with the fields that discord.py reads; ids are decimal strings everywhere."""

import base64
import itertools
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

Payload = dict[str, Any]

APPLICATION_ID = "1100000000000000001"  # the bot's user has the same id as its application
GUILD_ID = "1100000000000000002"  # and so has the role @everyone as its guild
BOT_ROLE_ID = "1100000000000000003"
# Shaped like a real one (the first part is the application id), and put together here so that none lies in the files.
TOKEN = ".".join((base64.b64encode(APPLICATION_ID.encode()).decode().rstrip("="), "local", "-" * 27))

ADMINISTRATOR = 1 << 3
MEMBER_PERMISSIONS = 1 << 10 | 1 << 11 | 1 << 16 | 1 << 31  # view channels, send, read history, use commands
CROSSPOSTED, EPHEMERAL, COMPONENTS_V2 = 1 << 0, 1 << 6, 1 << 15  # message flags
TEXT, DIRECT, NEWS, THREAD, FORUM = 0, 1, 5, 11, 15  # types of channels

_numbers = itertools.count()


def snowflake() -> str:
    """A new id; its upper bits tell the time, from which clients reckon when an interaction expires."""
    return str((int(time.time() * 1000) - 1_420_070_400_000) << 22 | next(_numbers))


def member(name: str, user_id: int | str, *, permissions: int = MEMBER_PERMISSIONS, bot: bool = False) -> Payload:
    """A user as a member of the guild; `permissions` and `locale` go out with the person's interactions."""
    user = {"id": str(user_id), "username": name.lower(), "global_name": name, "discriminator": "0", "avatar": None}
    about = {"joined_at": "2020-01-01T00:00:00+00:00", "flags": 0, "permissions": str(permissions), "locale": "en-US"}
    return about | {"user": user | {"bot": bot}, "roles": [BOT_ROLE_ID] if bot else []}


APPLICATION = {  # what the token belongs to
    "id": APPLICATION_ID, "name": "Sister City Bot", "description": "", "icon": None, "bot_public": True,
    "bot_require_code_grant": False, "verify_key": "", "owner": member("Owner", 1)["user"],
}  # fmt: skip


def guild(channels: Iterable[Payload], bot: Payload) -> Payload:
    """GUILD_CREATE: without the members intent the bot alone stands among the members."""
    plain = {"position": 0, "color": 0, "colors": {"primary_color": 0}, "hoist": False, "mentionable": False}
    everyone = plain | {"id": GUILD_ID, "name": "@everyone", "permissions": str(MEMBER_PERMISSIONS), "managed": False}
    own = plain | {"id": BOT_ROLE_ID, "name": "Bot", "permissions": str(ADMINISTRATOR), "managed": True}
    public = [channel for channel in channels if channel["type"] in (TEXT, NEWS, FORUM)]
    threads = [channel for channel in channels if channel["type"] == THREAD]
    here = {"channels": public, "threads": threads, "roles": [everyone, own], "members": [bot], "member_count": 1}
    return here | {"id": GUILD_ID, "name": "Sister Cities", "preferred_locale": "en-US", "unavailable": False}


def message(channel_id: str, author: Payload, body: Payload) -> Payload:
    """A new message made from the body that was posted."""
    return {
        "id": snowflake(), "channel_id": channel_id, "type": 0, "author": author, "content": body.get("content") or "",
        "timestamp": datetime.now(UTC).isoformat(), "edited_timestamp": None, "tts": False, "pinned": False,
        "mention_everyone": False, "mentions": [], "mention_roles": [], "embeds": [], "attachments": [],
        "components": body.get("components") or [], "flags": body.get("flags") or 0,
    }  # fmt: skip


def interaction(kind: int, data: Payload, person: Payload, channel: Payload, message: Payload | None) -> Payload:
    """INTERACTION_CREATE: what a member did in a channel, and the message if it was on one."""
    return {
        "id": snowflake(), "type": kind, "application_id": APPLICATION_ID, "token": f"interaction-{snowflake()}",
        "version": 1, "data": data, "guild_id": GUILD_ID, "channel_id": channel["id"], "member": person, "context": 0,
        "guild": {"id": GUILD_ID, "locale": "en-US", "features": []}, "guild_locale": "en-US",
        "channel": channel | {"permissions": person["permissions"]}, "locale": person["locale"], "entitlements": [],
        "app_permissions": str(ADMINISTRATOR), "authorizing_integration_owners": {"0": GUILD_ID},
        "attachment_size_limit": 10_485_760,
    } | ({"message": message} if message else {})  # fmt: skip
