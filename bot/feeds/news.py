"""The rules of what is new in a feed. Pure: they say what each entry is; `bot.stories.record` writes it down.

An entry is what its identity says (`bot.feeds.entry.identity`), never its date. Where feeds do not keep their ids, it
is told again by its link, its words, or its title with its date, and only if nothing else in the feed shares those.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.feeds.memory import SEVERAL, Known, Memory, names_an_article, trail
from bot.feeds.reader import Entry
from db.names import fold

RECENT = timedelta(days=1)  # an entry dated so long before the last good look was there then, or is dated wrongly


@dataclass(frozen=True, slots=True)
class Terms:
    """What decides on new entries besides themselves.

    `posts_left` is how many posts of their own this hour still allows. `led_elsewhere`: the address now leads to
    another host. `ids_told`: moderators know that all its ids have changed before. `was_empty`: nothing was ever in it.
    """

    mode: str = "each"
    include_words: tuple[str, ...] = ()
    exclude_words: tuple[str, ...] = ()
    posts_left: int = 5
    identified_by_link: bool = False
    ids_told: bool = False
    led_elsewhere: bool = False
    was_empty: bool = False
    last_good_poll_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an entry is: `known` already, or new, with one of the decisions of `db.models.Story`.

    `story_id` is the story that it is or was; `because` is the word that filtered it.
    """

    entry: Entry
    decision: str
    because: str = ""
    story_id: int | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What a document brought, the oldest entry first. `ids_changed`: all its ids have, so nothing of it is posted.

    `learned_links`: from now on its entries are known by their links. `same_feed`: most entries are known.
    `moved_away`: the address leads to what is another feed.
    """

    verdicts: tuple[Verdict, ...]
    ids_changed: bool = False
    learned_links: bool = False
    same_feed: bool = True
    moved_away: bool = False


def first_look(entries: Iterable[Entry]) -> News:
    """All that a feed holds when it is added is old: remembered, not posted."""
    return News(tuple(Verdict(entry, "old") for entry in in_order(entries)))


def decide(entries: Sequence[Entry], known: Sequence[Known], told: Mapping[str, Collection[str]], terms: Terms) -> News:
    """What each entry of a document is.

    `known` holds at least the feed's stories that share an identity, link, words or title with an entry; `told` is
    the link keys of stories that the server was told by other feeds → the title keys they had there.
    """
    memory = Memory(entries, known)
    judged = {entry.identity: _recognised(entry, memory, terms) for entry in in_order(entries)}
    unknown = [verdict.entry for verdict in judged.values() if verdict.decision == "new"]
    by_id = [verdict for verdict in judged.values() if verdict.decision == "known"]
    changed = [entry for entry in entries if judged[entry.identity].decision in ("new", "same")]
    # What was held here before says nothing: it may be of the feed to which an address leads by mistake.
    remembered = [verdict for verdict in by_id if memory.decision(verdict.story_id) != "held"]
    nothing_known = not remembered
    matched = {entry.identity: story for entry in changed if (story := memory.alike(entry)) is not None}
    many_matched = len(changed) > 1 and 2 * len(matched) > len(changed)
    renamed = many_matched and 2 * len(changed) >= len(entries)  # else most ids last, and what is like nothing is news
    away = terms.led_elsewhere and nothing_known and bool(unknown) and not (many_matched or terms.was_empty)
    odd = nothing_known and len(entries) >= SEVERAL
    stale = odd and _stale([entry for entry in unknown if entry.identity not in matched], terms.last_good_poll_at)
    if stale and terms.was_empty:
        return first_look(entries)
    if many_matched or stale or away:
        for entry in unknown:
            story = matched.get(entry.identity)
            if story is not None:
                judged[entry.identity] = Verdict(entry, "same", story_id=story.story_id)
            elif stale or away or (renamed and not terms.ids_told):  # later, what its title tells needs no holding back
                judged[entry.identity] = Verdict(entry, "held")
    _decide_new(judged, told, memory, terms)
    return News(
        tuple(judged.values()),
        ids_changed=(renamed or stale) and not away,
        learned_links=not terms.identified_by_link and renamed and memory.lasting_links(changed),
        same_feed=2 * (len(remembered) + len(matched)) > len(entries),
        moved_away=away,
    )


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """The oldest first: by their dates if all have one, else from the document's end, for feeds list the newest first.

    Dates put them in order and decide nothing.
    """
    backwards = list(entries)[::-1]
    dated = [(entry.published, at) for at, entry in enumerate(backwards) if entry.published is not None]
    return [backwards[at] for _, at in sorted(dated)] if len(dated) == len(backwards) else backwards


def filtered_by(entry: Entry, include: Collection[str], exclude: Collection[str]) -> str | None:
    """The word for which an entry is left out, "" if it has none of the wanted ones, None if it passes.

    Whole words of title and summary count, whatever their case and accents; in scripts that set no spaces, any part.
    """
    text = f" {fold(f'{entry.title} {entry.summary}')} "
    for word in exclude:
        if _says(text, word):
            return word
    return "" if include and not any(_says(text, word) for word in include) else None


def _says(text: str, word: str) -> bool:
    key = fold(word)
    spaced = all(letter < "\u0e00" or "\u1e00" <= letter < "\u2e80" for letter in key)
    return bool(key) and (f" {key} " if spaced else key) in text


def _recognised(entry: Entry, memory: Memory, terms: Terms) -> Verdict:
    story = memory.by_identity(entry)
    if story is None and terms.identified_by_link:
        story = memory.latest_at(entry)
    if story is not None:
        return Verdict(entry, "known", story_id=story.story_id)
    story = memory.linked(entry) or memory.dated(entry)
    return Verdict(entry, "same", story_id=story.story_id) if story else Verdict(entry, "new")


def _stale(entries: Sequence[Entry], last_good_poll_at: datetime | None) -> bool:
    """Whether most of what claims to be new was published well before the last good look."""
    if last_good_poll_at is None:
        return False
    old = [entry for entry in entries if entry.published and entry.published < last_good_poll_at - RECENT]
    return 2 * len(old) > len(entries)


def _decide_new(judged: dict[str, Verdict], told: Mapping[str, Collection[str]], memory: Memory, terms: Terms) -> None:
    """Decide, oldest first, what becomes of the entries that are truly new."""
    left = terms.posts_left if terms.mode == "each" else 0
    for identity, verdict in judged.items():
        if verdict.decision != "new":
            continue
        entry = verdict.entry
        word = filtered_by(entry, terms.include_words, terms.exclude_words)
        if word is not None:
            judged[identity] = Verdict(entry, "filtered", word)
        elif _told_elsewhere(entry, told, memory):
            judged[identity] = Verdict(entry, "elsewhere")
        elif left > 0:
            judged[identity], left = Verdict(entry, "post"), left - 1
        else:
            judged[identity] = Verdict(entry, "digest")


def _told_elsewhere(entry: Entry, told: Mapping[str, Collection[str]], memory: Memory) -> bool:
    """Whether another feed of the server brought it: the same link, and the same title if others share the link."""
    if entry.link_key is None:
        return False
    titles = told.get(trail(entry.link_key), ())
    alone = len(titles) == 1 and names_an_article(entry.link_key) and memory.only_one_at(entry)
    return alone or (bool(entry.title_key) and entry.title_key in titles)
