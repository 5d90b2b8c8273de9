"""Feeds in words: how they are followed, how they are doing, what stands in them."""

from collections.abc import Mapping, Sequence

from bot.feeds.reader import Entry
from bot.feeds.terms import FeedTerms
from bot.lookup.places import Place
from bot.stories.stories import FollowedFeed
from bot.texts import Texts
from bot.ui.cities.far_text import host_of, masked
from bot.ui.cities.place_text import short
from bot.ui.events.event_words import track_labels
from bot.ui.text import line, stamp

LONGEST_TITLE, LONGEST_ENTRY, LONGEST_SUMMARY = 60, 100, 140
LONGEST_WORDS, LONGEST_CITIES, LONGEST_PROBLEM, LONGEST_URL = 200, 200, 200, 100
LONGEST_LINK = 300
MOST_ENTRIES = 3


def mode_labels(t: Texts) -> dict[str, str]:
    """How often a feed is told of → in words, in the order in which they are offered."""
    return {
        "each": t("Each story by itself"),
        "daily": t("One message a day"),
        "weekly": t("One message a week"),
    }


def titled(feed: FollowedFeed) -> str:
    """A feed's name, safe and short."""
    return short(feed.title, LONGEST_TITLE)


def address_line(url: str) -> str:
    """A feed's address in small print, as text: it leads to a machine's document."""
    return "-# " + short(url, LONGEST_URL)


def terms_lines(terms: FeedTerms | FollowedFeed, places: Mapping[int, Place], t: Texts) -> str:
    """Where stories go and how often; then, a short line each, whatever else was chosen."""
    where = f"📬 <#{terms.channel_id}> · {mode_labels(t)[terms.mode]}"
    if terms.mode == "each":
        where += " · " + t("at most {n} an hour", n=terms.posts_an_hour)
    lines = [where]
    if terms.ping_role_id:
        lines.append(t("🔔 calls {role}", role=f"<@&{terms.ping_role_id}>"))
    if terms.track:
        lines.append(f"🏷 {track_labels(t)[terms.track]}")
    if terms.place_ids:
        names = [places[place_id].name for place_id in terms.place_ids if place_id in places]
        lines.append("📍 " + short(", ".join(names), LONGEST_CITIES))
    if terms.include_words:
        lines.append(t("🔎 only with: {words}", words=_words(terms.include_words)))
    if terms.exclude_words:
        lines.append(t("🚫 not with: {words}", words=_words(terms.exclude_words)))
    if terms.fallback_picture:
        lines.append("🖼 " + masked(t("picture of stories that have none"), terms.fallback_picture, LONGEST_LINK))
    if terms.uses_webhook:
        lines.append(t("✍️ posted under the feed's own name"))
    if terms.crosspost:
        lines.append(t("📣 passed on to servers that follow the channel"))
    return "\n".join(lines)


def state_line(feed: FollowedFeed, lost: Mapping[int, str], t: Texts) -> str:
    """How a feed is doing, in one sentence with a sign before it."""
    if feed.paused_at is not None:
        return t("⏸️ Paused {when}. `/feed resume` goes on.", when=stamp(feed.paused_at, "R"))
    problem = line(feed.problem.say(t), LONGEST_PROBLEM) if feed.problem else ""
    if feed.next_poll_at is None:
        return t("🛑 Stopped: {problem}", problem=problem)
    if feed.channel_id in lost:
        return t("📪 I can't post in its channel. Put that right, then use `/feed resume`.")
    if problem:
        return f"⚠️ {problem}"
    if feed.last_good_poll_at is not None:
        return t("✅ It works: read {when}.", when=stamp(feed.last_good_poll_at, "R"))
    return t("⏳ Not read yet.")


def entry_lines(entries: Sequence[Entry], t: Texts) -> str:
    """The newest entries, as their cards will say them, but shorter."""
    if not entries:
        return t("There is nothing in it at the moment.")
    return "\n\n".join(_entry(entry) for entry in _newest(entries)[:MOST_ENTRIES])


def _newest(entries: Sequence[Entry]) -> Sequence[Entry]:
    """By their dates if all have one, for some feeds begin with the oldest; else as the document has them."""
    dates = {entry.identity: entry.published for entry in entries if entry.published}
    if len(dates) < len(entries):
        return entries
    return sorted(entries, key=lambda entry: dates[entry.identity], reverse=True)


def _entry(entry: Entry) -> str:
    title = masked(short(entry.title, LONGEST_ENTRY), entry.link, LONGEST_LINK)
    summary = f"\n{short(entry.summary, LONGEST_SUMMARY)}" if entry.summary else ""
    small = [line(host_of(entry.link), 60), stamp(entry.published, "D") if entry.published else ""]
    shown = " · ".join(part for part in small if part)
    return f"**{title}**{summary}" + (f"\n-# {shown}" if shown else "")


def _words(lines: str) -> str:
    return short(", ".join(lines.split("\n")), LONGEST_WORDS)
