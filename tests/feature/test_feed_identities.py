"""Feeds whose entries all get other names: nothing is posted again, moderators hear of it once, news still come."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from db.database import Database
from tests.articles import Article, article, articles, atom, changed, document, json_feed
from tests.feeds_server import rss
from tests.newsroom import Newsroom, newsroom

PAPER = articles(1, 6)
FRESH = article(7, datetime(2026, 11, 22, 19, 30, tzinfo=UTC))  # between the last two looks of a script
LOOKS = 3
Change = Callable[[Sequence[Article]], list[Article]]


@pytest.fixture
async def room(database: Database, now: datetime, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Newsroom]:
    async with newsroom(database, now, caplog) as room:
        yield room


@dataclass(frozen=True, slots=True)
class Script:
    """What a feed answers: when it is followed, at the looks after that, and when one article is new."""

    followed: bytes
    looks: tuple[bytes, ...]
    news: bytes
    notices: int = 1


def once(
    change: Change,
    *,
    notices: int = 1,
    before: Sequence[Article] = PAPER,
    show: Callable[[list[Article]], bytes] = document,
) -> Script:
    """All articles change at one look, and stay like that."""
    return Script(document(before), (show(change(before)),) * LOOKS, show(change([FRESH, *before])), notices)


def always(change: Callable[[Sequence[Article], int], list[Article]], *, before: Sequence[Article] = PAPER) -> Script:
    """All articles change at every look."""
    looks = tuple(document(change(before, look)) for look in range(LOOKS))
    return Script(document(before), looks, document(change([FRESH, *before], LOOKS)))


def each(guid: str = "{}", link: str = "{}") -> Change:
    """The same change to every article; `{}` stands for what was there."""
    return lambda some: changed(some, guid=guid, link=link)


def renumbered(some: Sequence[Article], first: int = 1_000) -> list[Article]:
    """Guids that count the articles, the oldest first."""
    return [replace(one, guid=str(first + len(some) - place)) for place, one in enumerate(some, 1)]


def counted_from_the_top(some: Sequence[Article]) -> list[Article]:
    """Guids that are places in the document: every new article pushes all others on."""
    return [replace(one, guid=str(place)) for place, one in enumerate(some)]


WITHOUT_GUIDS = changed(PAPER, guid="")
WITHOUT_DATES = changed(PAPER, published=None)
JUST_NOW = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
ALTERNATING = tuple(document(some) for some in (changed(PAPER, guid="{}&v=2"), PAPER) * 2)
SCRIPTS = {
    "guids from http to https": once(
        lambda some: [replace(one, guid=one.guid.replace("http:", "https:")) for one in some], notices=0
    ),
    "guids with a slash at the end": once(each(guid="{}/")),
    "guids with a tag in the query": once(each(guid="{}&source=rss")),
    "guids with a tag, no dates": once(each(guid="{}&source=rss"), before=WITHOUT_DATES),
    "guids of another domain": once(
        lambda some: [replace(one, guid=one.guid.replace("news.", "www.")) for one in some]
    ),
    "guids numbered anew": once(renumbered),
    "guids numbered otherwise": once(renumbered, before=renumbered(PAPER, 1)),
    "guids dropped": once(each(guid="")),
    "guids added": once(lambda some: renumbered(some), before=WITHOUT_GUIDS),
    "RSS becomes Atom": once(
        lambda some: [replace(one, guid=f"tag:news.example,2026:{one.link[-6:]}") for one in some], show=atom
    ),
    "RSS becomes JSON": once(renumbered, show=json_feed),
    "links of another domain, which are the guids": once(
        lambda some: [replace(one, link=one.link.replace("news.", "paper.")) for one in some], before=WITHOUT_GUIDS
    ),
    "guids and links": once(
        lambda some: [replace(one, link=f"https://paper.example/a/{one.link[-6:]}") for one in renumbered(some)]
    ),
    "guids and titles": once(lambda some: [*some[:-6], *changed(renumbered(some[-6:]), title="News: {}")]),
    "guids and dates": once(
        lambda some: (
            changed(renumbered(some), published=JUST_NOW)
            if FRESH not in some
            else [FRESH, *changed(renumbered(some[1:]), published=JUST_NOW)]
        )
    ),
    "guids, and the order turned round": once(lambda some: renumbered(some)[::-1]),
    "guids, links and titles, the dates are old": once(
        lambda some: (
            [FRESH] * (FRESH in some)
            + [
                replace(one, link=one.link + "/en", title=f"N° {number}")
                for number, one in enumerate(renumbered([o for o in some if o != FRESH]))
            ]
        )
    ),
    "two versions in turn": Script(document(PAPER), ALTERNATING, document([FRESH, *PAPER])),
    "empty, then all with other guids": Script(
        document(PAPER),
        (rss(), document(renumbered(PAPER)), rss(), document(renumbered(PAPER))),
        document(renumbered([FRESH, *PAPER])),
    ),
    "links gain a mark of where readers come from": once(
        each(link="{}?utm_source=rss&utm_medium=feed"), before=WITHOUT_GUIDS, notices=0
    ),
    "links lead to pages for telephones": once(each(link="{}/amp"), before=WITHOUT_GUIDS),
    "guids new at every look": always(lambda some, look: renumbered(some, 1_000 * (look + 2))),
    "guids and links new at every look": always(
        lambda some, look: changed(renumbered(some, 1_000 * (look + 2)), link=f"{{}}?session={look}")
    ),
}


def test_there_are_enough_scripts() -> None:
    assert sum(script.notices == 1 for script in SCRIPTS.values()) >= 12


@pytest.mark.parametrize("name", SCRIPTS)
async def test_entries_with_other_names_are_not_posted_again(room: Newsroom, name: str) -> None:
    script = SCRIPTS[name]
    url = room.server.serve("/feed", script.followed)
    await room.follow(url)
    await room.looks(url, script.looks)
    told, notices = await room.told(), await room.notices()
    await room.looks(url, [script.news] * 2)
    assert (told, notices) == ([], ["ids_changed"] * script.notices)
    assert (await room.told(), await room.notices()) == ([FRESH.title], notices)
    assert room.crashes() == []
