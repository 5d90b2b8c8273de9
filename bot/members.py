"""The person who acts, and what they may do."""

from dataclasses import dataclass

from bot.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a server as of this press or command: ids are Discord's, `name` is the display name."""

    id: int
    name: str
    role_ids: frozenset[int] = frozenset()
    manages_events: bool = False
    manages_server: bool = False


def require_event_moderator(member: Member, moderator_role_id: int | None) -> None:
    """Raise NotAllowed unless the member may run events here."""
    if not (member.manages_events or member.manages_server or moderator_role_id in member.role_ids):
        raise NotAllowed(
            "Events are run by moderators here. You need the Manage Events permission, or the server's moderator role."
        )


def require_moderator(member: Member, moderator_role_id: int | None) -> None:
    """Raise NotAllowed unless the member may change feeds, stories and settings here."""
    if not (member.manages_server or moderator_role_id in member.role_ids):
        raise NotAllowed(
            "This is for moderators. You need the Manage Server permission, or the server's moderator role."
        )
