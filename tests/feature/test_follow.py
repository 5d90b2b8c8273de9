"""`/feed add`: what is shown before anything is followed, what Follow keeps, and who may press it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import discord
import pytest
from sqlalchemy import func, select

from bot.errors import BadInput, NotFound
from bot.feeds.drafts import MOST_DRAFTS, MOST_FEEDS, By
from bot.feeds.follow import follow_draft
from bot.members import Member
from bot.stories.stories import FollowedFeed
from db.models import Feed, FeedDraft, FeedPlace, OutboxRow, Story
from tests.feature.announcing import another_server, button_ids, forged, only_text
from tests.feature.conftest import World, words
from tests.feature.following import as_text, follow, last, preview
from tests.feeds_server import FeedsServer, item, rss

CHOIR = item("Choir from Székesfehérvár", "https://news.example/choir", guid="1", summary="They sang.")
TREES = item("Cherry trees for Hitachi", "https://news.example/trees", guid="2", summary="One. Two. Three.")
TEA = item("Tea in Hitachi", "https://news.example/tea", guid="3")
BELLS = item("Bells ring in both cities", "https://news.example/bells", guid="4")
NOT_ALLOWED = "This is for moderators. You need the Manage Server permission, or the server's moderator role."
GONE = "This was followed or put aside already, or is more than a day old. Please use `/feed add`."
NOTHING_YET = "-# Nothing is followed yet. Stories already in it will not be posted, only those that come later."
HITACHI, PLZEN = 2112708, 3068160


@pytest.fixture
async def server() -> AsyncIterator[FeedsServer]:
    """A feed server on loopback."""
    async with FeedsServer() as server:
        yield server


async def count(world: World, table: type) -> int:
    async with world.bot.database.read() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def the_feed(world: World) -> Feed:
    async with world.bot.database.read() as session:
        return (await session.scalars(select(Feed))).one()


async def test_what_was_found_is_shown_privately_and_nothing_is_kept_but_a_draft(
    world: World, server: FeedsServer
) -> None:
    url = server.serve("/feed", rss(BELLS, TEA, TREES, CHOIR))
    shown = await preview(world, url)
    assert words(shown) == (
        "### Sister City News\n"
        f"-# {as_text(url)}\n"
        "**The newest in it**\n"
        "**[Bells ring in both cities](https://news.example/bells)**\n"
        "-# news.example\n\n"
        "**[Tea in Hitachi](https://news.example/tea)**\n"
        "-# news.example\n\n"
        "**[Cherry trees for Hitachi](https://news.example/trees)**\n"
        "One. Two.\n"
        "-# news.example\n"
        f"📬 <#{world.stories.id}> · Each story by itself · at most 5 an hour\n"
        f"{NOTHING_YET}\n"
        "[Follow]\n"
        "[Not now]"
    )
    assert [await count(world, table) for table in (Feed, Story, OutboxRow, FeedDraft)] == [0, 0, 0, 1]


async def test_follow_remembers_all_that_is_there_at_that_moment(world: World, server: FeedsServer) -> None:
    shown = await preview(world, server.serve("/feed", rss(CHOIR)))
    server.serve("/feed", rss(TREES, CHOIR))  # one more comes before the press
    said = words(last(await world.mod.click(shown, label="Follow")))
    assert said == (
        f"Following **Sister City News**. Stories already in it are not posted; each new one appears in "
        f"{world.stories.mention}."
    )
    assert [await count(world, table) for table in (Feed, Story, OutboxRow, FeedDraft)] == [1, 2, 0, 0]


async def test_every_choice_is_shown_and_kept(world: World, server: FeedsServer) -> None:
    readers = world.guild.create_role("Readers", mentionable=True)
    options: dict[str, Any] = {
        "mode": "daily",
        "ping": readers,
        "track": "arts_culture",
        "cities": f"id:{HITACHI}; Plzeň, CZ;",
        "include": "choir,  cherry trees, Choir",
        "exclude": "soccer",
        "picture": "https://news.example/logo.png",
        "webhook": True,
        "posts_an_hour": 3,
    }
    shown = await preview(world, server.serve("/feed", rss(CHOIR)), **options)
    told = words(shown)
    said = words(last(await world.mod.click(shown, label="Follow")))
    feed = await the_feed(world)
    async with world.bot.database.read() as session:
        places = list(await session.scalars(select(FeedPlace.place_id).order_by(FeedPlace.place_id)))

    assert (
        f"\n📬 <#{world.stories.id}> · One message a day\n"
        f"🔔 calls <@&{readers.id}>\n"
        "🏷 Arts & Culture\n"
        "📍 Hitachi, Plzeň\n"
        "🔎 only with: choir, cherry trees\n"
        "🚫 not with: soccer\n"
        "🖼 [picture of stories that have none](https://news.example/logo.png)\n"
        "✍️ posted under the feed's own name\n"
    ) in told
    assert said == (
        "Following **Sister City News**. Stories already in it are not posted; new ones appear together in "
        f"<#{world.stories.id}>, in one message at 9 in the morning: every day."
    )
    assert places == [HITACHI, PLZEN]
    kept = (feed.mode, feed.ping_role_id, feed.track, feed.include_words, feed.exclude_words, feed.fallback_picture)
    assert kept == (
        *("daily", readers.id, "arts_culture", "choir\ncherry trees", "soccer", "https://news.example/logo.png"),
    )
    assert (feed.uses_webhook, feed.crosspost, feed.posts_an_hour, feed.channel_kind) == (True, False, 3, "text")


async def test_not_now_follows_nothing_and_a_draft_is_used_once(world: World, server: FeedsServer) -> None:
    url = server.serve("/feed", rss(CHOIR))
    put_aside, followed = await preview(world, url), await preview(world, url)
    ids = [button_ids(shown)["Follow"] for shown in (put_aside, followed)]
    said = words(last(await world.mod.click(put_aside, label="Not now")))
    await world.mod.click(followed, label="Follow")
    again = [only_text(await forged(world.mod, followed, custom_id)) for custom_id in ids]
    assert (said, again) == ("Nothing was followed.", [GONE, GONE])
    assert [await count(world, table) for table in (Feed, FeedDraft)] == [1, 0]


async def test_a_draft_lasts_a_day(world: World, server: FeedsServer) -> None:
    url = server.serve("/feed", rss(CHOIR))
    shown = await preview(world, url)
    world.clock[0] += timedelta(days=1, seconds=1)
    assert only_text(await world.mod.click(shown, label="Follow")) == GONE
    await preview(world, url)
    assert await count(world, FeedDraft) == 1  # the old one was swept out


async def test_a_server_keeps_the_newest_drafts_only(world: World, server: FeedsServer) -> None:
    await let_drafts_be(world, MOST_DRAFTS + 5)
    await preview(world, server.serve("/feed", rss(CHOIR)))
    assert await count(world, FeedDraft) == MOST_DRAFTS


async def test_only_the_one_who_looked_may_press_and_only_while_a_moderator(world: World, server: FeedsServer) -> None:
    await let_members_use_feed(world)
    url = server.serve("/feed", rss(CHOIR))
    there = await another_server(world)
    shown, elsewhere = await preview(world, url), await preview(there, url)
    rights = world.guild.create_role("More moderators", permissions=discord.Permissions(manage_guild=True))
    other = world.guild.add_member(world.env.create_user("Other"), roles=[rights])
    for actor, message in ((other, shown), (there.mod, elsewhere)):
        for button in (button_ids(shown)["Follow"], button_ids(shown)["Not now"], "feed-found:1"):
            assert only_text(await forged(actor, message, button)) == GONE
    for button in button_ids(shown).values():
        assert only_text(await forged(world.alice, shown, button)) == NOT_ALLOWED
    assert [await count(world, table) for table in (Feed, FeedDraft)] == [0, 2]
    for number in ("999999999999999999", "0"):
        assert only_text(await forged(world.mod, shown, f"feed-draft:{number}:follow")) == GONE


async def test_a_site_with_several_feeds_offers_them_all(world: World, server: FeedsServer) -> None:
    news = server.serve("/news.xml", rss(CHOIR, title="News"))
    events = server.serve("/events.xml", rss(TREES, title="Events"))
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{url}">' for url in (news, events))
    page = server.serve("/", f"<html><head>{links}</head></html>".encode(), content_type="text/html")
    shown = await preview(world, page)
    first = words(shown).split("\n")
    await world.mod.select(shown, ["1"])
    second = words(shown).split("\n")
    said = words(last(await world.mod.click(shown, label="Follow")))

    assert first[:4] == [
        *("### News", f"-# {as_text(news)}", "**The newest in it**"),
        "**[Choir from Székesfehérvár](https://news.example/choir)**",
    ]
    assert second[:2] == ["### Events", f"-# {as_text(events)}"]
    assert said.startswith("Following **Events**.")
    assert (await the_feed(world)).url == events
    assert words(await preview(world, page)).startswith("### News\n")  # what is followed already is not offered
    await follow(world, news)
    assert words(await preview(world, page)) == (
        f"This server follows {news} already. `/feed list` shows where it is posted."
    )


async def test_a_menu_is_not_trusted(world: World, server: FeedsServer) -> None:
    shown = await preview(world, server.serve("/feed", rss(CHOIR)))
    old = "This is from before an update of the bot. Please use the command again."
    assert only_text(await forged(world.mod, shown, "feed-found:1")) == old
    assert only_text(await forged(world.mod, shown, "feed-draft:1:eat")) == old


async def test_what_the_bot_lacks_is_shown_and_must_be_put_right_before_follow(
    world: World, server: FeedsServer
) -> None:
    me = world.guild.me
    assert me is not None
    mute = discord.PermissionOverwrite(send_messages=False, manage_webhooks=False)
    muted = world.guild.create_text_channel("muted", overwrites={me: mute})
    shown = await preview(world, server.serve("/feed", rss(CHOIR)), channel=muted, webhook=True)
    told = words(shown)
    refused = only_text(await world.mod.click(shown, label="Follow"))
    channel = world.bot.get_channel(muted.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.set_permissions(channel.guild.me, overwrite=None)
    said = words(last(await world.mod.click(shown, label="Follow")))

    assert f"⚠️ In <#{muted.id}> I still need: Send Messages, Manage Webhooks." in told.split("\n")
    assert refused == f"I can't post in <#{muted.id}> yet. Please allow me there: Send Messages, Manage Webhooks."
    assert said.startswith("Following **Sister City News**.")


async def test_a_forum_is_followed_as_one(world: World, server: FeedsServer) -> None:
    handle = world.guild.create_forum_channel("articles")
    forum = world.bot.get_channel(handle.id)
    assert isinstance(forum, discord.ForumChannel)
    await forum.set_permissions(forum.guild.me, send_messages=False, send_messages_in_threads=False)
    shown = await preview(world, server.serve("/feed", rss(CHOIR)), channel=handle)
    told = words(shown).split("\n")
    await forum.set_permissions(forum.guild.me, overwrite=None)
    await world.mod.click(shown, label="Follow")
    assert f"⚠️ In <#{handle.id}> I still need: Create Posts, Send Messages in Threads." in told
    assert (await the_feed(world)).channel_kind == "forum"


async def test_only_an_announcement_channel_passes_posts_on(world: World, server: FeedsServer) -> None:
    announcements = world.guild.create_news_channel("announcements")
    url = server.serve("/feed", rss(CHOIR))
    assert words(await preview(world, url, crosspost=True)) == (
        "Only posts in an announcement channel can be passed on to other servers. Choose one as `channel`, or leave "
        "`crosspost` out."
    )
    await follow(world, url, channel=announcements, crosspost=True)
    feed = await the_feed(world)
    assert (feed.channel_kind, feed.crosspost) == ("announcement", True)


async def test_a_role_is_called_only_if_bot_and_moderator_may(world: World, server: FeedsServer) -> None:
    url, readers = server.serve("/feed", rss(CHOIR)), world.guild.create_role("Readers")
    open_to_all = world.guild.create_role("Open to all", mentionable=True)
    everyone = words(await preview(world, url, ping=world.guild.default_role))
    moderator = words(await preview(world, url, ping=readers))
    shown = await preview(world, url, ping=open_to_all)
    mentionable = words(shown)
    await closed(world, open_to_all.id)
    pressed = only_text(await world.mod.click(shown, label="Follow"))
    assert everyone == "Please choose a role that only some members have."
    assert moderator == (
        f"You can't ping <@&{readers.id}> yourself, so I won't for you. Ask somebody who can to let anyone mention it "
        "in the role's settings, or leave `ping` out."
    )
    assert f"🔔 calls <@&{open_to_all.id}>" in mentionable
    assert pressed.startswith(f"You can't ping <@&{open_to_all.id}> yourself")
    assert await count(world, Feed) == 0


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"cities": "Atlantis"},
            "I don't know a city called “Atlantis”. Type its first letters and pick it from the list.",
        ),
        ({"cities": "Paris;" * 6}, "A feed can be about at most 5 cities."),
        (
            {"include": " , ;"},
            "Type words or short phrases separated by commas, such as **choir, cherry trees**: at most 20, each of at "
            "most 50 characters; or **none**.",
        ),
        (
            {"picture": "javascript:alert(1)"},
            "“javascript:alert(1)” is not the address of a picture. Give one that begins with https://, or **none**.",
        ),
    ],
)
async def test_what_cannot_be_used_is_refused_before_anything_is_fetched(
    world: World, server: FeedsServer, options: dict[str, Any], sentence: str
) -> None:
    said = words(await preview(world, server.serve("/feed", rss(CHOIR)), **options))
    assert (said, server.hits(), await count(world, FeedDraft)) == (sentence, 0, 0)


async def test_a_server_follows_at_most_fifty_feeds(world: World, server: FeedsServer) -> None:
    await let_feeds_be(world, MOST_FEEDS - 1)
    url = server.serve("/feed", rss(CHOIR))
    first, second = await preview(world, url), await preview(world, server.serve("/other", rss(TREES)))
    await world.mod.click(first, label="Follow")
    full = "This server follows 50 feeds, which is the most it can. Remove one with `/feed remove` first."
    assert only_text(await world.mod.click(second, label="Follow")) == full
    before = server.hits()
    assert (words(await preview(world, url)), server.hits(), await count(world, Feed)) == (full, before, MOST_FEEDS)


async def test_presses_at_the_same_moment_follow_one_feed_each_draft_and_no_more_than_fit(
    world: World, server: FeedsServer
) -> None:
    await let_feeds_be(world, MOST_FEEDS - 1)
    for n in range(3):
        await preview(world, server.serve(f"/{n}", rss(CHOIR)))
    presses = [follow_draft(world.bot.stories, moderator(world), draft_id) for draft_id in (1, 1, 2, 3)]
    ended = await asyncio.gather(*presses, return_exceptions=True)
    assert len([one for one in ended if isinstance(one, FollowedFeed)]) == 1
    assert {type(one) for one in ended} <= {FollowedFeed, BadInput, NotFound}
    assert await count(world, Feed) == MOST_FEEDS


async def test_one_draft_pressed_twice_at_the_same_moment_follows_once(world: World, server: FeedsServer) -> None:
    await preview(world, server.serve("/feed", rss(CHOIR)))
    presses = [follow_draft(world.bot.stories, moderator(world), 1) for _ in range(2)]
    ended = await asyncio.gather(*presses, return_exceptions=True)
    assert sorted(type(one).__name__ for one in ended) == ["FollowedFeed", "NotFound"]
    assert await count(world, Feed) == 1


async def test_a_feed_that_fails_at_the_press_can_be_followed_later(world: World, server: FeedsServer) -> None:
    url = server.serve("/feed", rss(CHOIR))
    shown = await preview(world, url)
    server.serve("/feed", status=500)
    refused = only_text(await world.mod.click(shown, label="Follow"))
    server.serve("/feed", rss(CHOIR))
    said = words(last(await world.mod.click(shown, label="Follow")))
    assert refused.startswith(f"The server of {url} cannot answer at the moment (error 500).")
    assert said.startswith("Following **Sister City News**.")


async def test_two_previews_of_one_feed_follow_it_once(world: World, server: FeedsServer) -> None:
    url = server.serve("/feed", rss(CHOIR))
    first, second = await preview(world, url), await preview(world, url)
    await world.mod.click(first, label="Follow")
    said = only_text(await world.mod.click(second, label="Follow"))
    assert said == f"This server follows {url} already. `/feed list` shows where it is posted."
    assert await count(world, Feed) == 1


async def test_the_longest_and_worst_that_a_feed_can_say_is_text_within_discords_limits(
    world: World, server: FeedsServer
) -> None:
    marks = "**@everyone** <@&1> [x](https://evil.example) " * 20
    hostile = [item(marks, f"https://news.example/{'(' * 280}{n}", guid=str(n), summary=marks) for n in range(4)]
    many = ", ".join(f"{n}{'*' * 40}" for n in range(20))
    rest: dict[str, Any] = {"picture": "https://a.example/" + "(" * 280, "cities": "Székesfehérvár; Hitachi; Plzeň"}
    rest |= {"ping": world.guild.create_role("Readers", mentionable=True), "track": "community_development"}
    shown = await preview(world, server.serve("/feed", rss(*hostile, title=marks)), include=many, exclude=many, **rest)
    text = words(shown)
    assert len(text) < 4_000
    assert "@everyone" not in text and "<@&1>" not in text.replace("\\<@&1>", "") and "](https://evil" not in text


async def closed(world: World, role_id: int) -> None:
    """Not everybody may mention the role any more."""
    guild = world.bot.get_guild(world.guild.id)
    role = guild.get_role(role_id) if guild else None
    assert role is not None
    await role.edit(mentionable=False)


def moderator(world: World) -> By:
    """The moderator as the use cases know them."""
    return By(world.guild.id, Member(world.mod.id, "Mod", manages_server=True), world.bot.now())


async def let_members_use_feed(world: World) -> None:
    """An owner may hand the command to anybody; the bot checks again."""
    command = next(command for command in await world.bot.tree.fetch_commands() if command.name == "feed")
    world.guild.set_command_permissions(command.id, {world.alice: True})


async def let_feeds_be(world: World, number: int) -> None:
    """The server follows so many feeds already."""
    async with world.bot.database.write() as session:
        for n in range(number):
            url = f"https://news.example/{n}"
            session.add(Feed(guild_id=world.guild.id, channel_id=1, url=url, title=url, added_by_user_id=1))


async def let_drafts_be(world: World, number: int) -> None:
    """Somebody looked at so many feeds today."""
    now = world.bot.now()
    async with world.bot.database.write() as session:
        for _ in range(number):
            session.add(FeedDraft(guild_id=world.guild.id, user_id=1, url="", choices="{}", created_at=now))
