"""The JSON shapes of Discord's objects, as the API sends them; ids are decimal strings everywhere."""

import base64
import itertools
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

Payload = dict[str, Any]

APPLICATION_ID = "1100000000000000001"  # the bot's user has the same id as its application
GUILD_ID = "1100000000000000002"  # and so has the role @everyone as its guild
OWNER_ID = "1100000000000000003"
BOT_ROLE_ID = "1100000000000000004"
# Shaped like a real token (the first part is the application id), and put together here so that none lies in the files.
TOKEN = ".".join((base64.b64encode(APPLICATION_ID.encode()).decode().rstrip("="), "local", "-" * 27))

ADMINISTRATOR = 1 << 3
MEMBER_PERMISSIONS = 1 << 10 | 1 << 11 | 1 << 14 | 1 << 16 | 1 << 31  # view, send, embed, read history, commands

EPHEMERAL = 1 << 6  # message flags: seen by one person only,
LOADING = 1 << 7  # the placeholder "is thinking...",
COMPONENTS_V2 = 1 << 15  # and made of components alone

_numbers = itertools.count()


def snowflake() -> str:
    """A new id; its upper bits tell the time, from which clients reckon when an interaction expires."""
    return str((int(time.time() * 1000) - 1_420_070_400_000) << 22 | next(_numbers))


def timestamp() -> str:
    """The present time as the API writes it (ISO 8601, UTC)."""
    return datetime.now(UTC).isoformat()


def user(name: str, user_id: int | str, *, bot: bool = False) -> Payload:
    """A user, the same in all guilds."""
    return {
        "id": str(user_id), "username": name.lower(), "global_name": name, "discriminator": "0",
        "avatar": None, "bot": bot, "flags": 0, "public_flags": 0, "primary_guild": None,
    }  # fmt: skip


def member(
    name: str, user_id: int | str, *, permissions: int = MEMBER_PERMISSIONS, roles: Iterable[int | str] = (),
    locale: str = "en-US", bot: bool = False,
) -> Payload:  # fmt: skip
    """A user as a member of the guild; `permissions` and `locale` go out with the person's interactions."""
    return {
        "user": user(name, user_id, bot=bot), "roles": [str(role) for role in roles], "permissions": str(permissions),
        "locale": locale, "nick": None, "avatar": None, "banner": None, "premium_since": None, "pending": False,
        "joined_at": "2020-01-01T00:00:00+00:00", "communication_disabled_until": None, "deaf": False, "mute": False,
        "flags": 0,
    }  # fmt: skip


def bare(person: Payload) -> Payload:
    """A member as it hangs on a message: neither the user, nor what only the person's own interactions tell."""
    return {key: value for key, value in person.items() if key not in ("user", "permissions", "locale")}


def role(name: str, role_id: int | str, *, permissions: int = 0, managed: bool = False) -> Payload:
    """A role of the guild."""
    return {
        "id": str(role_id), "name": name, "permissions": str(permissions), "managed": managed, "position": 0,
        "color": 0, "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None}, "hoist": False,
        "mentionable": False, "icon": None, "unicode_emoji": None, "description": None, "flags": 0,
    }  # fmt: skip


def text_channel(name: str, channel_id: str) -> Payload:
    """A text channel of the guild, open to everyone."""
    return {
        "id": channel_id, "type": 0, "guild_id": GUILD_ID, "name": name, "position": 0, "permission_overwrites": [],
        "nsfw": False, "parent_id": None, "topic": None, "last_message_id": None, "rate_limit_per_user": 0, "flags": 0,
    }  # fmt: skip


def direct_channel(channel_id: str, recipient: Payload) -> Payload:
    """The private channel between the bot and one user."""
    return {"id": channel_id, "type": 1, "last_message_id": None, "flags": 0, "recipients": [recipient]}


def guild(name: str, roles: list[Payload]) -> Payload:
    """The guild as `GET /guilds/{id}` answers it; GUILD_CREATE adds channels and members."""
    return {
        "id": GUILD_ID, "name": name, "owner_id": OWNER_ID, "roles": roles, "preferred_locale": "en-US", "features": [],
        "emojis": [], "stickers": [], "icon": None, "banner": None, "description": None, "nsfw_level": 0,
        "verification_level": 0, "explicit_content_filter": 0, "default_message_notifications": 1, "mfa_level": 0,
        "afk_timeout": 300, "afk_channel_id": None, "system_channel_id": None, "system_channel_flags": 0,
        "rules_channel_id": None, "premium_tier": 0, "vanity_url_code": None,
    }  # fmt: skip


def application(bot: Payload) -> Payload:
    """The application that the token belongs to."""
    return {
        "id": APPLICATION_ID, "name": bot["global_name"], "description": "", "icon": None, "type": None, "bot": bot,
        "bot_public": True, "bot_require_code_grant": False, "verify_key": "0" * 64, "flags": 0, "summary": "",
        "owner": user("Owner", OWNER_ID), "team": None,
    }  # fmt: skip


def message(channel_id: str, author: Payload, body: Payload, files: Mapping[str, bytes], **more: Any) -> Payload:
    """A new message made from the body that was posted."""
    return {
        "id": snowflake(), "channel_id": channel_id, "type": 0, "author": author, "content": body.get("content") or "",
        "timestamp": timestamp(), "edited_timestamp": None, "tts": False, "pinned": False, "mention_everyone": False,
        "mentions": [], "mention_roles": [], "embeds": body.get("embeds") or [], "flags": body.get("flags") or 0,
        "components": body.get("components") or [], "attachments": attachments(body, files),
    } | more  # fmt: skip


def attachments(body: Payload, files: Mapping[str, bytes], earlier: Iterable[Payload] = ()) -> list[Payload]:
    """What a body attaches: new files by their index (id 0 is the part `files[0]`), earlier ones by their own id."""
    kept = {attachment["id"]: attachment for attachment in earlier}
    return [
        kept.get(str(named["id"])) or _attachment(named, files[f"files[{named['id']}]"])
        for named in body.get("attachments") or []
    ]


def _attachment(named: Payload, content: bytes) -> Payload:
    url = f"https://cdn.discordapp.com/attachments/{snowflake()}/{named['filename']}"
    sizes = {"size": len(content), "url": url, "proxy_url": url}
    return {"id": snowflake(), "filename": named["filename"], "description": named.get("description", "")} | sizes


def interaction(kind: int, data: Payload, person: Payload, channel: Payload, message: Payload | None = None) -> Payload:
    """INTERACTION_CREATE: kind 2 command, 3 component, 4 autocomplete, 5 modal submit."""
    private = channel["type"] == 1
    acting = bare(person) | {"user": person["user"], "permissions": person["permissions"]}
    sender = {"user": person["user"], "context": 1} if private else {
        "member": acting, "context": 0, "guild_id": GUILD_ID, "guild_locale": "en-US",
        "guild": {"id": GUILD_ID, "locale": "en-US", "features": []},
    }  # fmt: skip
    return sender | {
        "id": snowflake(), "type": kind, "application_id": APPLICATION_ID, "token": f"interaction-{snowflake()}",
        "version": 1, "data": data, "channel_id": channel["id"], "locale": person["locale"], "entitlements": [],
        "channel": channel | {"permissions": person["permissions"]}, "attachment_size_limit": 10_485_760,
        "app_permissions": str(ADMINISTRATOR | MEMBER_PERMISSIONS),
        "authorizing_integration_owners": {"0": "0" if private else GUILD_ID},
    } | ({"message": message} if message else {})  # fmt: skip
