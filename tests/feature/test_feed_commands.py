"""`/feed list`, `pause`, `resume`, `edit`, `test`, `status` and `log`: what a moderator sees and does, and who may."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import discord
import pytest
import simcord
from sqlalchemy import select

from db.models import Feed, FeedPlace, LostChannel, OutboxRow, Story, StoryCopy
from tests.feature.announcing import another_server, forged, only_text
from tests.feature.conftest import World, words
from tests.feature.following import as_text, follow, last
from tests.feeds_server import FeedsServer, item, rss

OLD = item("Choir from Székesfehérvár", "https://news.example/choir", guid="1", summary="They sang.")
NEW = item("Cherry trees for Hitachi", "https://news.example/trees", guid="2", summary="One. Two. Three.")
NEWER = item("Tea in Hitachi", "https://news.example/tea", guid="3")
HOUR = timedelta(hours=1)
NOT_THERE = "This server follows no such feed. `/feed list` shows the ones it follows."
NOT_ALLOWED = "This is for moderators. You need the Manage Server permission, or the server's moderator role."
NEEDED: dict[str, dict[str, Any]] = {"edit": {"mode": "daily"}}
ON_ONE = ("pause", "resume", "edit", "test", "status", "log", "remove")


@pytest.fixture
async def server() -> AsyncIterator[FeedsServer]:
    """A feed server on loopback."""
    async with FeedsServer() as server:
        yield server


async def feed(world: World, command: str, actor: simcord.MemberActor | None = None, **options: Any) -> str:
    """What a command of the family answers, about the first feed unless an option says otherwise."""
    given = options if command == "list" else {"feed": "id:1"} | options
    return words(last(await (actor or world.mod).slash(world.general, f"feed {command}", **given)))


async def look(world: World) -> None:
    """An hour later the feeds are looked at, and what is due is sent."""
    world.clock[0] += HOUR
    await world.bot.stories.run_once(world.bot.now())
    await world.deliver()


async def the_feed(world: World) -> Feed:
    async with world.bot.database.read() as session:
        return (await session.scalars(select(Feed))).one()


def titles(channel: simcord.ChannelHandle) -> list[str]:
    """The titles of the stories in a channel."""
    lines = [words(message).split("\n")[1] for message in channel.history()]
    return [line.removeprefix("### [").partition("]")[0] for line in lines]


async def test_the_list_says_of_each_feed_how_it_is_doing(world: World, server: FeedsServer) -> None:
    now, url = world.bot.now(), "https://news.example/"
    problem = (
        '{"sentence": "{host} cannot be reached. Check the address, or try again later.", "values": {"host": "h"}}'
    )
    lost = world.guild.create_text_channel("lost")
    states: list[dict[str, Any]] = [
        {"last_good_poll_at": now, "next_poll_at": now},
        {"paused_at": now, "next_poll_at": now},
        {"last_error": problem, "failures": 1, "next_poll_at": now},
        {"last_error": problem, "failures": 1},
        {"channel_id": lost.id, "next_poll_at": now, "mode": "weekly"},
        {"next_poll_at": now},
    ]
    async with world.bot.database.write() as session:
        session.add(LostChannel(channel_id=lost.id, guild_id=world.guild.id, lost_at=now, error="Missing Access"))
        for n, state in enumerate(states):
            common = {"guild_id": world.guild.id, "channel_id": world.stories.id, "added_by_user_id": 1}
            session.add(Feed(**common | {"url": f"{url}{n}", "title": f"Feed {n}"} | state))
    when = f"<t:{int(now.timestamp())}:R>"
    places = [f"<#{world.stories.id}>"] * 4 + [f"<#{lost.id}> · One message a week", f"<#{world.stories.id}>"]
    said = [
        f"✅ It works: read {when}.",
        f"⏸️ Paused {when}. `/feed resume` goes on.",
        "⚠️ h cannot be reached. Check the address, or try again later.",
        "🛑 Stopped: h cannot be reached. Check the address, or try again later.",
        "📪 I can't post in its channel. Put that right, then use `/feed resume`.",
        "⏳ Not read yet.",
    ]
    blocks = [
        f"**Feed {n}** → {place}\n-# {as_text(url)}{n}\n{state}"
        for n, (place, state) in enumerate(zip(places, said, strict=True))
    ]
    assert await feed(world, "list") == "### Feeds\n" + "\n\n".join(blocks)


async def test_many_feeds_are_listed_in_pages_however_long_their_names(world: World) -> None:
    async with world.bot.database.write() as session:
        for n in range(14):
            title, url = f"{n:02} " + "*_~|" * 60, f"https://news.example/{'a' * 400}{n}"
            row = Feed(guild_id=world.guild.id, channel_id=world.stories.id, url=url, title=title, added_by_user_id=1)
            session.add(row)
    shown = last(await world.mod.slash(world.general, "feed list"))
    first = words(shown)
    await world.mod.click(shown, label="Next page")
    second = words(shown)
    await world.mod.click(shown, label="Next page")
    assert [text.count("→") for text in (first, second, words(shown))] == [6, 6, 2]
    assert "-# Page 3 of 3\n[Previous page]" in words(shown)
    await forged(world.mod, shown, "feed-list:999")
    assert "-# Page 3 of 3" in words(shown)


async def test_a_paused_feed_is_left_alone_and_goes_on_where_it_was(world: World, server: FeedsServer) -> None:
    await follow(world, server.serve("/feed", rss(OLD)))
    paused = await feed(world, "pause")
    twice = await feed(world, "pause")
    server.serve("/feed", rss(NEW, OLD))
    before = server.hits()
    await look(world)
    asked, posted = server.hits() - before, len(world.stories.history())
    resumed = await feed(world, "resume")
    await world.bot.stories.run_once(world.bot.now())
    await world.deliver()

    assert paused == (
        "**Sister City News** is paused: nobody looks at it until `/feed resume`. What it brings meanwhile is posted "
        "then, unless it has left the feed by that time."
    )
    assert twice == "That feed is paused already. `/feed resume` goes on with it."
    assert (asked, posted) == (0, 0)
    assert resumed == "**Sister City News** is looked at again, from now on."
    assert titles(world.stories) == ["Cherry trees for Hitachi"]


async def test_a_feed_that_had_stopped_is_asked_again(world: World, server: FeedsServer) -> None:
    await follow(world, server.serve("/feed", rss(OLD)))
    server.serve("/feed", status=410)
    await look(world)
    stopped = (await the_feed(world)).next_poll_at
    await feed(world, "resume")
    assert (stopped, (await the_feed(world)).next_poll_at) == (None, world.bot.now())


async def test_resuming_opens_a_lost_channel_again(world: World, server: FeedsServer) -> None:
    await follow(world, server.serve("/feed", rss(OLD)))
    server.serve("/feed", rss(NEW, OLD))
    world.clock[0] += HOUR
    await world.bot.stories.run_once(world.bot.now())
    await give_up(world)
    channel = world.bot.get_channel(world.stories.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.set_permissions(channel.guild.me, send_messages=False)
    refused = await feed(world, "resume")
    await channel.set_permissions(channel.guild.me, overwrite=None)
    resumed = await feed(world, "resume")
    await world.deliver()

    assert refused == f"I can't post in <#{world.stories.id}> yet. Please allow me there: Send Messages."
    assert resumed == (
        "**Sister City News** is looked at again, from now on. "
        f"1 post that waits for <#{world.stories.id}> is tried again."
    )
    assert titles(world.stories) == ["Cherry trees for Hitachi"]
    assert await world.bot.lost.of(world.guild.id) == {}


async def test_only_what_is_given_changes_and_none_takes_away(world: World, server: FeedsServer) -> None:
    readers = world.guild.create_role("Readers", mentionable=True)
    await follow(world, server.serve("/feed", rss(OLD)), include="choir", cities="Plzeň", track="arts_culture")
    changed = await feed(
        world, "edit", ping=readers, mode="weekly", exclude="soccer", picture="https://a.example/b.png"
    )
    cleared = await feed(
        world, "edit", no_ping=True, include="none", exclude="NONE", cities="none", picture="none", track="none"
    )
    nothing = await feed(world, "edit")
    async with world.bot.database.read() as session:
        places = list(await session.scalars(select(FeedPlace.place_id)))

    head = "### Sister City News\nFrom now on it is followed like this:\n"
    assert changed == (
        f"{head}📬 <#{world.stories.id}> · One message a week\n"
        f"🔔 calls <@&{readers.id}>\n"
        "🏷 Arts & Culture\n"
        "📍 Plzeň\n"
        "🔎 only with: choir\n"
        "🚫 not with: soccer\n"
        "🖼 [picture of stories that have none](https://a.example/b.png)"
    )
    assert cleared == f"{head}📬 <#{world.stories.id}> · One message a week"
    assert nothing == "Choose at least one option to change, such as `channel` or `mode`."
    assert places == []


async def test_what_waits_goes_to_the_new_channel_with_the_feed(world: World, server: FeedsServer) -> None:
    await follow(world, server.serve("/feed", rss(OLD)))
    server.serve("/feed", rss(NEWER, NEW, OLD))
    world.clock[0] += HOUR
    await world.bot.stories.run_once(world.bot.now())
    await give_up(world, most=1)  # the other was never tried
    changed = await feed(world, "edit", channel=world.general)
    await world.deliver()
    await world.deliver()

    assert changed.split("\n")[2] == f"📬 <#{world.general.id}> · Each story by itself · at most 5 an hour"
    assert (titles(world.stories), titles(world.general)) == ([], ["Cherry trees for Hitachi", "Tea in Hitachi"])


async def test_a_post_on_its_way_stays_where_it_may_have_arrived(world: World, server: FeedsServer) -> None:
    await follow(world, server.serve("/feed", rss(OLD)))
    server.serve("/feed", rss(NEW, OLD))
    world.clock[0] += HOUR
    await world.bot.stories.run_once(world.bot.now())
    async with world.bot.database.write() as session:
        (await session.scalars(select(OutboxRow))).one().first_tried_at = world.bot.now()
    await feed(world, "edit", channel=world.general)
    await world.deliver()
    assert (titles(world.stories), titles(world.general)) == (["Cherry trees for Hitachi"], [])


async def test_a_feed_that_leaves_its_announcement_channel_passes_nothing_on(world: World, server: FeedsServer) -> None:
    announcements = world.guild.create_news_channel("announcements")
    await follow(world, server.serve("/feed", rss(OLD)), channel=announcements, crosspost=True)
    before = await the_feed(world)
    await feed(world, "edit", channel=world.general)
    after = await the_feed(world)
    assert (before.channel_kind, before.crosspost) == ("announcement", True)
    assert (after.channel_kind, after.crosspost) == ("text", False)


async def test_what_a_change_needs_is_asked_for_before_it_is_made(world: World, server: FeedsServer) -> None:
    me = world.guild.me
    assert me is not None
    mute = discord.PermissionOverwrite(send_messages=False, manage_webhooks=False)
    muted = world.guild.create_text_channel("muted", overwrites={me: mute})
    await follow(world, server.serve("/feed", rss(OLD)))
    refused = await feed(world, "edit", channel=muted, webhook=True)
    everyone = await feed(world, "edit", ping=world.guild.default_role)
    row = await the_feed(world)
    assert refused == f"I can't post in <#{muted.id}> yet. Please allow me there: Send Messages, Manage Webhooks."
    assert everyone == "Please choose a role that only some members have."
    assert (row.channel_id, row.uses_webhook, row.ping_role_id) == (world.stories.id, False, None)


async def test_a_test_shows_the_newest_and_keeps_nothing(world: World, server: FeedsServer) -> None:
    url = server.serve("/feed", rss(OLD))
    await follow(world, url)
    server.serve("/feed", rss(NEW, OLD))
    before = vars(await the_feed(world)).copy()
    said = await feed(world, "test")
    server.serve("/feed", status=404)
    failed = await feed(world, "test")
    after = vars(await the_feed(world)).copy()

    assert said == (
        f"### Sister City News\n-# {as_text(url)}\n"
        "✅ It can be read, and holds 2 stories.\n"
        "**The newest in it**\n"
        "**[Cherry trees for Hitachi](https://news.example/trees)**\nOne. Two.\n-# news.example\n\n"
        "**[Choir from Székesfehérvár](https://news.example/choir)**\nThey sang.\n-# news.example\n"
        "-# Nothing was posted. `/feed log` says what became of each story."
    )
    assert failed == f"There is nothing at {url}. Check the address for typing mistakes."
    assert {name: after[name] for name in before if name != "_sa_instance_state"} == {
        name: value for name, value in before.items() if name != "_sa_instance_state"
    }
    assert world.stories.history() == []


async def test_the_status_says_what_is_wrong_since_when_and_what_waits(world: World, server: FeedsServer) -> None:
    url = server.serve("/feed", rss(OLD))
    await follow(world, url)
    start = world.bot.now()
    server.serve("/feed", rss(NEW, OLD))
    world.clock[0] += HOUR
    await world.bot.stories.run_once(world.bot.now())
    read = world.bot.now()
    fine = await feed(world, "status")
    server.serve("/feed", status=500)
    world.clock[0] += HOUR
    await world.bot.stories.run_once(world.bot.now())
    async with world.bot.database.write() as session:
        row = (await session.scalars(select(Feed))).one()
        row.moved_url = "https://new.example/feed"
        due = row.next_poll_at
    failing = await feed(world, "status")

    assert due is not None and read > start
    assert fine.split("\n")[2:4] == [
        f"✅ It works: read <t:{int(read.timestamp())}:R>.",
        f"Last read: <t:{int(read.timestamp())}:F>",
    ]
    assert "\n1 post waits to be sent\n" in fine
    assert failing == (
        f"### Sister City News\n-# {as_text(url)}\n"
        f"⚠️ The server of {as_text(url)} cannot answer at the moment (error 500). "
        "Try again later; a feed that is followed is tried again by itself.\n"
        f"Last read: <t:{int(read.timestamp())}:F>\n"
        f"Next look: <t:{int(due.timestamp())}:R>\n"
        f"1 look without success, since <t:{int(world.bot.now().timestamp())}:F>\n"
        "Its server says that it has moved to https:\\//new.example/feed. If that lasts two days, I go along.\n"
        "1 post waits to be sent\n"
        f"📬 <#{world.stories.id}> · Each story by itself · at most 5 an hour\n"
        "-# `/feed log` says what was posted, and what was not and why."
    )


async def test_the_status_says_what_the_bot_lacks_in_the_channel(world: World, server: FeedsServer) -> None:
    await follow(world, server.serve("/feed", rss(OLD)))
    channel = world.bot.get_channel(world.stories.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.set_permissions(channel.guild.me, send_messages=False)
    closed = await feed(world, "status")
    await channel.delete()
    gone = await feed(world, "status")

    assert f"⚠️ In <#{world.stories.id}> I still need: Send Messages." in closed.split("\n")
    assert "⚠️ Its channel is gone. Choose another with `/feed edit`." in gone.split("\n")


async def test_the_log_says_what_became_of_each_story_and_why(world: World, server: FeedsServer) -> None:
    await follow(world, server.serve("/feed", rss(OLD)))
    now, due = world.bot.now(), world.bot.now() + HOUR
    told = [
        ("post", "", {"outcome": "sent", "done_at": now, "message_id": 77}),
        ("post", "", {}),
        ("post", "", {"outcome": "parked", "done_at": now}),
        ("post", "", {"outcome": "gone", "done_at": now}),
        ("digest", "", {"outcome": "sent", "done_at": now, "message_id": 78}),
        ("digest", "", None),
        ("filtered", "soccer", None),
        ("filtered", "", None),
        ("elsewhere", "", None),
        ("same", "", None),
        ("held", "", None),
    ]
    async with world.bot.database.write() as session:
        (await session.scalars(select(Feed))).one().digest_due_at = due
        for n, (decision, because, post) in enumerate(told):
            add_story(session, world, n, decision, because, post)
    shown = last(await world.mod.slash(world.general, "feed log", feed="id:1"))
    first = words(shown)
    await world.mod.click(shown, label="Next page")
    link = f"https://discord.com/channels/{world.guild.id}/{world.stories.id}"
    fates = [
        f"✅ [Posted]({link}/77)",
        f"⏳ Waits to be posted. <t:{int(now.timestamp())}:R>",
        "📪 Given up: Discord refused it. `/feed resume` tries again.",
        "🗑 Not posted: it was taken away before its turn came.",
        f"✅ [Posted with others]({link}/78)",
        f"⏳ Waits to be posted with others. <t:{int(due.timestamp())}:R>",
        "🚫 Not posted: it has “soccer”, a word of `exclude`.",
        "🚫 Not posted: it has none of the words of `include`.",
        "👯 Not posted: another feed brought it to this server.",
        "🔁 Not posted: the same story under another id.",
        "✋ Held back: the whole feed came under new ids, so I could not tell whether it was news.",
    ]
    lines = first.split("\n")[1:] + words(shown).split("\n")[1:]
    assert first.split("\n")[0] == "### What became of Sister City News"
    assert [line for line in lines if not line.startswith(("**", "-#", "[")) and line] == [
        *reversed(fates),
        "🕰 Not posted: it was in the feed already.",
    ]
    assert "-# Page 2 of 2\n[Previous page]" in words(shown)


async def test_a_story_in_a_forum_is_linked_where_it_is(world: World, server: FeedsServer) -> None:
    forum = world.guild.create_forum_channel("articles")
    await follow(world, server.serve("/feed", rss(OLD)), channel=forum)
    server.serve("/feed", rss(NEW, OLD))
    await look(world)
    async with world.bot.database.read() as session:
        copy = (await session.scalars(select(StoryCopy))).one()
    link = f"https://discord.com/channels/{world.guild.id}/{copy.channel_id}/{copy.message_id}"
    assert copy.channel_id != forum.id  # but the thread that the post opened
    assert f"✅ [Posted]({link})" in await feed(world, "log")


async def test_the_longest_log_fits_into_a_message(world: World, server: FeedsServer) -> None:
    long = [item("*_~|" * 60, f"https://news.example/{'(' * 125}{n}", guid=str(n)) for n in range(8)]
    await follow(world, server.serve("/feed", rss(*long, title="*_~|" * 60)))
    assert (await feed(world, "log")).count("🕰") == 8


async def test_what_is_not_the_servers_is_not_there_for_any_command_or_button(
    world: World, server: FeedsServer
) -> None:
    await follow(world, server.serve("/feed", rss(OLD)))
    there = await another_server(world)
    before = vars(await the_feed(world)).copy()
    said = {
        (command, number): await feed(there, command, feed=f"id:{number}", **NEEDED.get(command, {}))
        for command in ON_ONE
        for number in (1, 99, 999_999_999)
    }
    message = last(await there.mod.slash(there.general, "feed list"))
    after = vars(await the_feed(world)).copy()
    assert set(said.values()) == {NOT_THERE}
    assert words(message) == "This server follows no feeds yet. Add one with `/feed add`."
    assert only_text(await forged(there.mod, message, "feed-log:1:0")) == NOT_THERE
    del before["_sa_instance_state"], after["_sa_instance_state"]
    assert after == before


async def test_a_member_without_the_right_is_refused_by_every_command_and_button(
    world: World, server: FeedsServer
) -> None:
    await follow(world, server.serve("/feed", rss(OLD)))
    shown = last(await world.mod.slash(world.general, "feed list"))
    command = next(command for command in await world.bot.tree.fetch_commands() if command.name == "feed")
    world.guild.set_command_permissions(command.id, {world.alice: True})
    said = [await feed(world, name, world.alice, **NEEDED.get(name, {})) for name in ON_ONE]
    said += [await feed(world, "list", world.alice)]
    said += [only_text(await forged(world.alice, shown, button)) for button in ("feed-list:0", "feed-log:1:0")]
    assert said == [NOT_ALLOWED] * 10
    assert await world.alice.autocomplete(world.general, "feed log", "feed", "") == []


async def test_feeds_and_cities_are_offered_while_typing(world: World, server: FeedsServer) -> None:
    await follow(world, server.serve("/feed", rss(OLD)))
    offered = [await world.mod.autocomplete(world.general, f"feed {name}", "feed", "sister") for name in ON_ONE]
    assert offered == [[{"name": "Sister City News", "value": "id:1"}]] * len(ON_ONE)
    url = server.serve("/other", rss(NEW))
    await follow(world, url)
    alike = await world.mod.autocomplete(world.general, "feed log", "feed", "SÍSTER CITY")
    assert [choice["name"] for choice in alike] == [
        f"Sister City News · {address[-45:]}" for address in (url.replace("/other", "/feed"), url)
    ]

    async def cities(typed: str) -> list[dict[str, Any]]:
        return await world.mod.autocomplete(world.general, "feed add", "cities", typed)

    one, two = await cities("hitachi"), await cities("Hitachi, Ibaraki, JP; plze")
    assert one[0] == {"name": "Hitachi, Ibaraki, JP", "value": "id:2112708"}
    assert two[0] == {"name": "Hitachi, Ibaraki, JP; Plzeň, CZ", "value": "id:2112708;id:3068160"}
    assert (await cities("id:2112708;plze"))[0] == two[0]
    assert (await cities("Atlantis; plze"))[0] == {"name": "Plzeň, CZ", "value": "id:3068160"}
    assert (await cities("id:999999999; plze"))[0]["name"] == "Plzeň, CZ"
    assert await cities("Hitachi; Plzeň; Birmingham; Paris; Tokyo; Ber") == []
    assert all(len(choice["name"]) <= 100 for choice in await cities("Hitachi; Plzeň; Birmingham; Székesfehérvár; b"))


def add_story(session: Any, world: World, n: int, decision: str, because: str, post: dict[str, Any] | None) -> None:
    """A story of the first feed, seen so many minutes later, and its post if there is one."""
    now, story_id = world.bot.now(), 1_000 + n
    story = Story(
        id=story_id, guild_id=world.guild.id, feed_id=1, identity=str(story_id), source="", title=f"Story {n}"
    )
    story.link, story.summary, story.picture, story.published_at = None, "", None, None
    story.first_seen_at, story.decision, story.because = now + timedelta(minutes=n + 1), decision, because
    story.announced = decision in ("post", "digest")
    several = decision == "digest"
    story.digested_at = now if several and post is not None else None
    session.add(story)
    if post is not None:
        key = f"digest:1:{int(now.timestamp())}" if several else f"story:{story_id}"
        common = {"guild_id": world.guild.id, "channel_id": world.stories.id, "locale": "en-US", "due_at": now}
        kind, object_id = ("digest", 1) if several else ("story", story_id)
        session.add(OutboxRow(**common | post, kind=kind, object_id=object_id, dedupe_key=key, nonce=n + 1))


async def give_up(world: World, most: int = 10) -> None:
    """Discord refused the oldest posts, and the channel is known to be lost."""
    now = world.bot.now()
    async with world.bot.database.write() as session:
        rows = await session.scalars(select(OutboxRow).order_by(OutboxRow.id).limit(most))
        for row in rows:
            row.done_at, row.outcome, row.refusals, row.attempts, row.first_tried_at = now, "parked", 3, 3, now
        lost = LostChannel(channel_id=world.stories.id, guild_id=world.guild.id, lost_at=now, error="Missing Access")
        session.add(lost)
