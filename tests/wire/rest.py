"""The REST half: one small guild, and every route that the bot may use.

A handler takes the request and the ids in its path, and returns the JSON to answer (None is 204 No Content).
"""

from collections.abc import Callable
from typing import Any

from tests.wire import payloads
from tests.wire.gateway import Gateway
from tests.wire.messages import Messages, Refusal, Request, found
from tests.wire.payloads import APPLICATION_ID, BOT_ROLE_ID, GUILD_ID, MEMBER_PERMISSIONS, Payload
from tests.wire.replies import Replies


class Rest:
    """The guild's channels, members and commands, all by id (commands by guild id, "" for the global ones)."""

    def __init__(self) -> None:
        bot_role = payloads.role("Sister City Bot", BOT_ROLE_ID, permissions=payloads.ADMINISTRATOR, managed=True)
        self.roles = [payloads.role("@everyone", GUILD_ID, permissions=MEMBER_PERMISSIONS), bot_role]
        self.bot = payloads.member("Sister City Bot", APPLICATION_ID, roles=[BOT_ROLE_ID], bot=True)
        self.members = {APPLICATION_ID: self.bot}
        self.channels: dict[str, Payload] = {}
        self.commands: dict[str, list[Payload]] = {}
        self.gateway = Gateway(lambda: (self.bot["user"], self._guild_create()))
        self.messages = Messages(self.channels, self.members, self.gateway)
        self.replies = Replies(self.messages, self.bot["user"])

    def routes(self) -> list[tuple[str, str, Callable[..., Any]]]:
        """Method, path and handler."""
        commands, guild_commands = (
            "/applications/{app_id}/commands",
            "/applications/{app_id}/guilds/{guild_id}/commands",
        )
        messages, message = "/channels/{channel_id}/messages", "/channels/{channel_id}/messages/{message_id}"
        webhook, reply = "/webhooks/{app_id}/{token}", "/webhooks/{app_id}/{token}/messages/{message_id}"
        return [
            ("GET", "/users/@me", lambda _: self.bot["user"]),
            ("GET", "/users/{user_id}", lambda _, user_id: self._member(user_id)["user"]),
            ("POST", "/users/@me/channels", lambda request: self.direct_channel(str(request.body["recipient_id"]))),
            ("GET", "/oauth2/applications/@me", lambda _: payloads.application(self.bot["user"])),
            *[("GET", path, self.list_commands) for path in (commands, guild_commands)],
            *[("PUT", path, self.sync_commands) for path in (commands, guild_commands)],
            ("GET", "/guilds/{guild_id}", lambda _, guild_id: self._guild(guild_id)),
            ("GET", "/guilds/{guild_id}/channels", lambda _, guild_id: self._guild_channels()),
            ("GET", "/guilds/{guild_id}/roles", lambda _, guild_id: self.roles),
            ("GET", "/guilds/{guild_id}/members/{user_id}", self.get_member),
            ("GET", "/channels/{channel_id}", lambda _, channel_id: self._channel(channel_id)),
            ("GET", messages, lambda request, channel_id: self.messages.page(channel_id, request.query)),
            ("POST", messages, self.create_message),
            ("GET", message, lambda _, channel_id, message_id: self.messages.get(message_id)),
            ("PATCH", message, self.edit_message),
            ("DELETE", message, lambda _, channel_id, message_id: self.messages.delete(self.messages.get(message_id))),
            ("POST", "/interactions/{interaction_id}/{token}/callback", self.replies.first),
            ("POST", webhook, self.replies.follow_up),
            ("GET", reply, self.replies.get),
            ("PATCH", reply, self.replies.edit),
            ("DELETE", reply, self.replies.delete),
        ]

    def list_commands(self, request: Request, app_id: str, guild_id: str = "") -> list[Payload]:
        """The commands that stand."""
        return self.commands.get(guild_id, [])

    def sync_commands(self, request: Request, app_id: str, guild_id: str = "") -> list[Payload]:
        """Replace all commands; one that keeps its name and type keeps its id."""
        known = {(command["name"], command["type"]): command["id"] for command in self.commands.get(guild_id, [])}
        place = {"application_id": APPLICATION_ID} | ({"guild_id": guild_id} if guild_id else {})
        self.commands[guild_id] = []
        for sent in request.body:
            command = {"type": 1, "description": "", "version": payloads.snowflake()} | sent | place
            command["id"] = known.get((command["name"], command["type"])) or payloads.snowflake()
            self.commands[guild_id].append(command)
        return self.commands[guild_id]

    def get_member(self, request: Request, guild_id: str, user_id: str) -> Payload:
        """A member, without the permissions that roles give."""
        person = self._member(user_id)
        return payloads.bare(person) | {"user": person["user"]}

    def direct_channel(self, user_id: str) -> Payload:
        """The private channel with a user; always the same one."""
        person = self._member(user_id)["user"]
        for channel in self.channels.values():
            if channel["type"] == 1 and channel["recipients"] == [person]:
                return channel
        channel = payloads.direct_channel(payloads.snowflake(), person)
        return self.channels.setdefault(channel["id"], channel)

    def create_message(self, request: Request, channel_id: str) -> Payload:
        """Post as the bot."""
        return self.messages.create(self._channel(channel_id)["id"], self.bot["user"], request)

    def edit_message(self, request: Request, channel_id: str, message_id: str) -> Payload:
        """Edit a message of the bot; nobody may edit those of others."""
        message = self.messages.get(message_id)
        if message["author"]["id"] != APPLICATION_ID:
            raise Refusal(403, 50005, "Cannot edit a message authored by another user")
        return self.messages.edit(message, request.body, request.files)

    def _channel(self, channel_id: str) -> Payload:
        return found(self.channels, channel_id, 10003, "Unknown Channel")

    def _member(self, user_id: str) -> Payload:
        return found(self.members, user_id, 10013, "Unknown User")

    def _guild(self, guild_id: str) -> Payload:
        guild = payloads.guild("Sister Cities", self.roles)
        return found({GUILD_ID: guild}, guild_id, 10004, "Unknown Guild")

    def _guild_channels(self) -> list[Payload]:
        return [channel for channel in self.channels.values() if channel["type"] != 1]

    def _guild_create(self) -> Payload:
        none_here = ("threads", "presences", "voice_states", "stage_instances", "guild_scheduled_events")
        own = payloads.bare(self.bot) | {"user": self.bot["user"]}
        present = {"channels": self._guild_channels(), "members": [own], "member_count": len(self.members)}
        now = {"unavailable": False, "large": False, "joined_at": self.bot["joined_at"]}
        return self._guild(GUILD_ID) | {key: [] for key in none_here} | present | now
