"""What is remembered of a feed, and how an entry is found in it that has lost its id. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.feeds.reader import Entry
from db.names import fold

SHIFT = timedelta(days=1)
AN_UPDATE = timedelta(hours=12)  # within which an article gets another title, date and id at once
SEVERAL = 3  # entries in a document from which on it is odd that none of them is known


@dataclass(frozen=True, slots=True)
class Known:
    """A story of a feed as far as the rules need it; `words` are its title and summary, folded."""

    story_id: int
    identity: str
    decision: str
    link_key: str | None = None
    title_key: str = ""
    words: str = ""
    published: datetime | None = None


class Memory:
    """The stories of a feed beside a document of it."""

    def __init__(self, document: Sequence[Entry], known: Iterable[Known]) -> None:
        self._stories = {story.story_id: story for story in known}
        self._present = {entry.identity for entry in document}
        self._identities = {story.identity: story for story in self._stories.values()}
        unknown = [entry for entry in document if entry.identity not in self._identities]
        self._links = _Index(unknown, self._stories.values(), _link_of)
        self._titles = _Index(unknown, self._stories.values(), lambda one: one.title_key)
        self._words = _Index(unknown, self._stories.values(), words_of)
        self._one_address = len({_link_of(entry) for entry in document}) == 1
        self._renamed = len(document) >= SEVERAL and len(unknown) == len(document) and not self._one_address

    def by_identity(self, entry: Entry) -> Known | None:
        """The story of this identity."""
        return self._identities.get(entry.identity)

    def latest_at(self, entry: Entry) -> Known | None:
        """The story that this feed had at the entry's link, whatever else is there."""
        stories = self._links.stories(entry)
        return (originals(stories) or stories)[-1] if stories else None

    def linked(self, entry: Entry) -> Known | None:
        """The one story at the entry's link, if it has left the feed and no other entry leads there.

        With another title and a later date it may be the next one of a page that always shows the latest. It counts as
        an update for some hours, or as long as no id in the document lasts; where all lead to one page, never.
        """
        story = self._links.only(entry, self._present)
        if story is None or self._renamed or story.title_key == entry.title_key:
            return story
        if story.published is None or entry.published is None:
            return None if self._one_address else story
        update = timedelta() if self._one_address else AN_UPDATE
        return story if entry.published <= story.published + update else None

    def dated(self, entry: Entry) -> Known | None:
        """The one story of this title that has left the feed, if it was published at the very same moment."""
        story = self._titles.only(entry, self._present)
        return story if story and story.published and story.published == entry.published else None

    def alike(self, entry: Entry) -> Known | None:
        """The one story of this link, or of this title or words and about the same date, that has left the feed.

        That is enough if many entries have one. A column has the same title every week, but not the same date.
        """
        spoken = (index.only(entry, self._present) for index in (self._titles, self._words))
        return self.linked(entry) or next((story for story in spoken if story and _about_when(story, entry)), None)

    def only_one_at(self, entry: Entry) -> bool:
        """Whether nothing else of this feed has the entry's link."""
        return self._links.alone(entry) and not self._links.stories(entry)

    def lasting_links(self, entries: Sequence[Entry]) -> bool:
        """Whether the ids of most of these have changed before as well, and their links have not."""
        again = [entry for entry in entries if any(one.decision == "same" for one in self._links.stories(entry))]
        return 2 * len([entry for entry in again if self.linked(entry)]) > len(entries)

    def decision(self, story_id: int | None) -> str:
        """What was decided on a story when it was new."""
        return self._stories[story_id].decision if story_id in self._stories else ""


class _Index:
    """Stories and entries by something that both have; what is empty is not looked at."""

    def __init__(
        self, document: Iterable[Entry], stories: Iterable[Known], key_of: Callable[[Entry | Known], str]
    ) -> None:
        self._key_of = key_of
        self._entries = Counter(map(key_of, document))
        self._stories: defaultdict[str, list[Known]] = defaultdict(list)
        for story in sorted(stories, key=lambda story: story.story_id):
            self._stories[key_of(story)].append(story)

    def stories(self, entry: Entry) -> list[Known]:
        key = self._key_of(entry)
        return self._stories.get(key, []) if key else []

    def alone(self, entry: Entry) -> bool:
        return self._entries[self._key_of(entry)] == 1

    def only(self, entry: Entry, present: set[str]) -> Known | None:
        stories = self.stories(entry)
        if not self.alone(entry) or any(story.identity in present for story in stories):
            return None
        first = originals(stories)
        return first[0] if len(first) == 1 else None


def _about_when(story: Known, entry: Entry) -> bool:
    """Whether both may have been published at one time: an import may shift dates by some hours."""
    if story.published is None or entry.published is None:
        return True
    return abs(story.published - entry.published) <= SHIFT


def originals(stories: Iterable[Known]) -> list[Known]:
    """The stories without those that only are another id of one of them."""
    return [story for story in stories if story.decision != "same"]


def names_an_article(link_key: str) -> bool:
    """Whether a link (`bot.feeds.entry.canonical_link`) leads to more than a site's front page."""
    return bool(link_key.removeprefix("//").partition("/")[2])


def trail(link_key: str) -> str:
    """A link key without the slash at its end, which sites put there and take away."""
    return link_key.rstrip("/")


def _link_of(one: Entry | Known) -> str:
    return trail(one.link_key) if one.link_key and names_an_article(one.link_key) else ""


def words_of(one: Entry | Known) -> str:
    """The title and summary, folded."""
    return one.words if isinstance(one, Known) else fold(f"{one.title} {one.summary}")
