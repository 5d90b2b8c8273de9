"""How long before the start members are reminded, in words."""

from bot.texts import Texts

WEEK, DAY, HOUR = 7 * 24 * 60, 24 * 60, 60  # minutes


def before(minutes: int, t: Texts) -> str:
    """A number of minutes in the unit that people would use: "24 hours", "1 week"."""
    if minutes % WEEK == 0:
        return t.plural("{n} week", "{n} weeks", minutes // WEEK)
    if minutes % DAY == 0 and minutes > DAY:
        return t.plural("{n} day", "{n} days", minutes // DAY)
    if minutes % HOUR == 0:
        return t.plural("{n} hour", "{n} hours", minutes // HOUR)
    return t.plural("{n} minute", "{n} minutes", minutes)


def all_before(stored: str, t: Texts) -> str:
    """The reminders of a column, "1440,60", in words; "none" where it is empty."""
    return ", ".join(before(int(minutes), t) for minutes in stored.split(",") if minutes) or t("none")
