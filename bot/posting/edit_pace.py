"""How often one message may be edited. Pure."""

from datetime import UTC, datetime, timedelta

from bot.events.answers import REFRESH_AFTER

REST = REFRESH_AFTER  # between two edits of a message by ourselves
# Discord takes only so many edits of messages older than an hour, and keeps the number to itself (error 30046); what
# is known is about three in a channel in 20 seconds.
OLD, OLD_REST = timedelta(hours=1), timedelta(seconds=20)
DISCORD_BEGAN = datetime(2015, 1, 1, tzinfo=UTC)


def sent_at(message_id: int) -> datetime:
    """When a message was sent, which its id tells; aware UTC."""
    return DISCORD_BEGAN + timedelta(milliseconds=message_id >> 22)


def first_id(moment: datetime) -> int:
    """No message that was sent at that moment or later has a smaller id."""
    return int((moment - DISCORD_BEGAN) / timedelta(milliseconds=1)) << 22


def rested_at(message_id: int, edited_at: datetime) -> datetime:
    """From when on a message may be edited again, after an edit that ended at `edited_at`."""
    is_old = edited_at - sent_at(message_id) >= OLD
    return edited_at + (OLD_REST if is_old else REST)
