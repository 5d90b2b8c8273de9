"""The message menu *Cities in this message*, and what stories and events say of a city on its page."""

from collections.abc import AsyncIterator
from datetime import timedelta

import discord
import pytest
import simcord
from sqlalchemy import select

from bot.feeds.reader import Entry
from bot.lookup.cities import CityPage, city_page
from bot.lookup.city_news import LatestStory, NextEvent
from bot.recogniser.tags import places_named
from bot.ui.cities.named_card import without_small_print
from db.models import Event, EventPlace, Story, StoryPlace
from tests.feature.announcing import announced, forged, typed_in
from tests.feature.conftest import World, words
from tests.feature.following import follow
from tests.feeds_server import FeedsServer, item, rss

MENU = "Cities in this message"
BIRMINGHAM, NASHVILLE, HITACHI, MAEBASHI = 4049979, 4644585, 2112708, 1857843
OTHER_SERVER = 999
HOUR = timedelta(hours=1)


async def asked(world: World, message: discord.Message) -> simcord.InteractionResult:
    """Bob opens the menu of a message in the general channel."""
    return await world.bob.context_menu(world.general, MENU, message)


def answer(result: simcord.InteractionResult) -> str:
    """What the menu answered, which only the asker sees."""
    assert result.response is not None and result.response.ephemeral
    return words(result.response)


async def test_the_one_city_of_a_message_is_shown_as_its_card(world: World) -> None:
    message = await world.alice.send(world.general, "I'm reading a nice letter from a friend in Nashville!")
    result = await asked(world, message)

    assert answer(result).startswith("## 🇺🇸 Nashville\nTennessee, United States\n")
    assert len(world.general.history()) == 1


async def test_several_cities_are_listed_each_with_a_button_that_opens_its_card_in_place(world: World) -> None:
    message = await world.alice.send(world.general, "Hitachi and Maebashi are in Japan, Birmingham, England is not.")
    result = await asked(world, message)
    listed = answer(result)
    assert result.response is not None
    await world.bob.click(result.response, label="Maebashi, Gunma, JP")

    assert listed == (
        "### Cities in this message\n"
        "🇯🇵 **Hitachi** · Ibaraki, Japan\n"
        "-# 1 partner city\n"
        "🇯🇵 **Maebashi** · Gunma, Japan\n"
        "-# 2 partner cities\n"
        "🇬🇧 **Birmingham** · England, United Kingdom\n"
        "-# 1 partner city\n"
        "[Hitachi, Ibaraki, JP]\n"
        "[Maebashi, Gunma, JP]\n"
        "[Birmingham, England, GB]"
    )
    assert words(result.response).startswith("## 🇯🇵 Maebashi\nGunma, Japan\n")
    assert len(world.general.history()) == 1


async def test_a_message_without_a_city_is_answered_with_what_to_do(world: World) -> None:
    message = await world.alice.send(world.general, "Mobile phones off. Nice work, everyone! Reading is fun.")

    assert answer(await asked(world, message)) == (
        f"I found no city in that message. Look one up with `/city view`, or ask me: {world.bot.me} Nashville."
    )


async def test_more_than_ten_cities_are_counted(world: World) -> None:
    names = (
        "Hitachi, Maebashi, Nashville, Krefeld, Dortmund, Stuttgart, Leipzig, Coburg, Kurashiki, Qingdao, Irpin, Lviv"
    )
    message = await world.alice.send(world.general, names)
    lines = answer(await asked(world, message)).split("\n")

    assert sum(line.startswith("[") for line in lines) == 10
    assert "-# … and 2 more places" in lines


async def test_embeds_and_cards_are_read_too(world: World) -> None:
    channel = world.bot.get_channel(world.general.id)
    assert isinstance(channel, discord.TextChannel)
    none = discord.AllowedMentions.none()
    embed = discord.Embed(title="News from Hitachi", description="Guests come.").add_field(name="Who", value="A choir")
    with_embed = await channel.send(embed=embed, allowed_mentions=none)
    view = discord.ui.LayoutView()
    inner: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container()
    inner.add_item(discord.ui.TextDisplay("A choir from Maebashi sings."))
    view.add_item(inner)
    with_card = await channel.send(view=view, allowed_mentions=none)

    assert answer(await asked(world, with_embed)).startswith("## 🇯🇵 Hitachi")
    assert answer(await asked(world, with_card)).startswith("## 🇯🇵 Maebashi")


@pytest.mark.parametrize(
    "text", ["\u202eNashville", "N\u0301\u0302\u0303\u0304ice " * 200, "<@1> @everyone", "A " * 900]
)
async def test_strange_messages_get_an_answer(world: World, text: str) -> None:
    message = await world.alice.send(world.general, text)

    assert answer(await asked(world, message)) != ""


async def test_in_doubt_the_servers_home_is_meant(world: World) -> None:
    message = await world.alice.send(world.general, "Greetings from Springfield!")
    before = answer(await asked(world, message))
    await world.set_up(home_city="id:4409896")

    assert before.startswith("I found no city in that message.")
    assert answer(await asked(world, message)).startswith("## 🇺🇸 Springfield\nMissouri, United States\n")


async def test_the_menu_is_for_messages_in_servers_and_direct_messages(world: World) -> None:
    [registered] = [request.json for request in world.env.http_requests if request.method == "PUT"]
    [menu] = [command for command in registered or [] if command["name"] == MENU]

    assert (menu["type"], menu["contexts"]) == (discord.AppCommandType.message.value, [0, 1])


async def test_the_menu_goes_with_its_cog_and_comes_back(world: World) -> None:
    def menus() -> list[str]:
        return [menu.name for menu in world.bot.tree.get_commands(type=discord.AppCommandType.message)]

    before = menus()
    cog = await world.bot.remove_cog("Chat")
    without = menus()
    assert cog is not None
    await world.bot.add_cog(cog)

    assert (before, without, menus()) == ([MENU], [], [MENU])


@pytest.fixture
async def server() -> AsyncIterator[FeedsServer]:
    """A feed server on loopback."""
    async with FeedsServer() as server:
        yield server


async def news(world: World, place_id: int) -> tuple[LatestStory | None, NextEvent | None]:
    """The latest story and the next event on a city's page, in this server."""
    page = await page_of(world, place_id, world.guild.id)
    return page.story, page.event


async def page_of(world: World, place_id: int, guild_id: int | None) -> CityPage:
    return await city_page(world.bot.database, world.bot.index, place_id, guild_id, now=world.bot.now())


async def poll(world: World, server: FeedsServer, *items: str) -> None:
    """An hour later the feed holds these entries, and is looked at."""
    server.serve("/feed", rss(*items))
    world.clock[0] += HOUR
    await world.bot.stories.run_once(world.bot.now())


OLD = item("Choir from Coburg", "https://news.example/choir", guid="1", summary="They sang.")
TREES = item("Cherry trees for Hitachi", "https://news.example/trees", guid="2", summary="Guests from Maebashi came.")
TEA = item("Tea in Hitachi", "https://news.example/tea", guid="3", summary="A nice party with mobile music.")


async def test_a_story_is_the_latest_of_the_places_that_its_title_and_summary_name(
    world: World, server: FeedsServer
) -> None:
    url = server.serve("/feed", rss(OLD))
    await follow(world, url)
    await poll(world, server, TREES, OLD)
    first_seen = world.bot.now()
    trees = LatestStory("Cherry trees for Hitachi", "https://news.example/trees", first_seen, None)
    both = [(await news(world, place_id))[0] for place_id in (HITACHI, MAEBASHI)]
    await poll(world, server, TEA, TREES, OLD)
    tea = LatestStory("Tea in Hitachi", "https://news.example/tea", world.bot.now(), None)

    assert both == [trees, trees]
    assert [(await news(world, place_id))[0] for place_id in (HITACHI, MAEBASHI)] == [tea, trees]
    # What was in the feed before it was followed was never told.
    assert [place.name for place in world.bot.recogniser.places("Choir from Coburg")] == ["Coburg"]
    assert (await news(world, world.bot.recogniser.places("Choir from Coburg")[0].id))[0] is None


async def test_a_city_card_shows_its_latest_story_and_other_servers_see_none_of_it(
    world: World, server: FeedsServer
) -> None:
    url = server.serve("/feed", rss(OLD))
    await follow(world, url)
    await poll(world, server, TREES, OLD)
    await world.deliver()
    shown = (await world.alice.slash(world.general, "city view", city=f"id:{HITACHI}")).response
    assert shown is not None

    assert "Cherry trees for Hitachi" in words(shown)
    for guild_id in (OTHER_SERVER, None):
        page = await page_of(world, HITACHI, guild_id)
        assert (page.story, page.event) == (None, None)


async def test_what_was_posted_where_not_everybody_may_look_is_not_named_to_them(
    world: World, server: FeedsServer
) -> None:
    url = server.serve("/feed", rss(OLD))
    await follow(world, url)
    await announced(world, title="Evening with Hitachi")
    await poll(world, server, TREES, OLD)
    before = await every_card_of_hitachi(world)
    await world.deliver()
    told = await every_card_of_hitachi(world)
    await hide(world, world.stories)
    event_alone = await every_card_of_hitachi(world)
    await hide(world, world.events)
    neither = await every_card_of_hitachi(world)

    assert before == [(False, True)] * 6  # not posted yet
    assert told == [(True, True)] * 6
    assert event_alone == [(False, True)] * 6
    assert neither == [(False, False)] * 6


async def every_card_of_hitachi(world: World) -> list[tuple[bool, bool]]:
    """Whether its latest story and its next event are named, however its card is asked for."""
    name = f"id:{HITACHI}"
    message = await world.alice.send(world.general, "Greetings from Hitachi, Japan!")
    chat = await world.alice.send(world.general, f"{world.bot.me} Hitachi")
    answered = world.general.last_message
    slip = await world.alice.slash(world.general, "city view", city="hitachy")
    turned = await world.alice.slash(world.general, "city view", city=name)
    assert chat is not None and slip.response is not None and turned.response is not None
    await world.alice.click(slip.response, label="Hitachi, Ibaraki, JP")
    opened = await forged(world.bob, turned.response, f"city-open:{HITACHI}")
    await forged(world.bob, turned.response, f"city-page:{HITACHI}:0")
    shown = (await world.alice.slash(world.general, "sister", city=name)).response
    menu = await asked(world, message)
    assert menu.response is not None and opened.response is not None
    cards = [answered, slip.response, turned.response, opened.response, shown, menu.response]
    texts = [words(card) for card in cards]
    assert [text.startswith("## 🇯🇵 Hitachi") for text in texts] == [True] * 6
    return [("Cherry trees" in text, "Evening with Hitachi" in text) for text in texts]


async def hide(world: World, channel: simcord.ChannelHandle) -> None:
    """Let only the bot look into a channel from now on."""
    seen = world.bot.get_channel(channel.id)
    assert isinstance(seen, discord.TextChannel)
    await seen.set_permissions(seen.guild.me, view_channel=True)
    await seen.set_permissions(seen.guild.default_role, view_channel=False)


async def test_our_own_cards_name_their_places_and_not_those_of_the_small_print(world: World) -> None:
    await world.alice.slash(world.general, "city view", city=f"id:{HITACHI}")
    card = world.general.last_message
    assert card is not None and "Asia/Tokyo" in words(card)

    assert [line for line in answer(await asked(world, card)).split("\n") if line.startswith("[")] == [
        "[Hitachi, Ibaraki, JP]",
        "[Birmingham, Alabama, US]",
    ]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("## Tea\n-# in Nashville\nwith Hitachi", "## Tea, with Hitachi"),
        ("## 🇯🇵 Hitachi\nIbaraki, Japan", "## 🇯🇵 Hitachi, Ibaraki, Japan"),
        ("7 PM Asia/Tokyo, 5 AM America/New\\_York", "7 PM , 5 AM "),
        ("Asia and Europe", "Asia and Europe"),
    ],
)
def test_the_small_print_of_a_card_and_time_zones_are_left_out(text: str, read: str) -> None:
    assert without_small_print(text) == read


async def test_a_removed_feed_leaves_the_story_that_was_told(world: World, server: FeedsServer) -> None:
    url = server.serve("/feed", rss(OLD))
    await follow(world, url)
    await poll(world, server, TREES, OLD)
    await world.deliver()
    [feed] = await world.bot.stories.followed(world.guild.id)
    await world.mod.slash(world.general, "feed remove", feed=f"id:{feed.id}")
    async with world.bot.database.read() as session:
        places = set(await session.scalars(select(StoryPlace.place_id)))

    assert places == {HITACHI, MAEBASHI}
    assert (await news(world, HITACHI))[0] is not None


async def test_a_story_that_was_never_told_is_not_shown(world: World) -> None:
    async with world.bot.database.write() as session:
        story = Story(
            guild_id=world.guild.id,
            identity="1",
            source="News",
            title="Cities",
            summary="Tea with Hitachi",
            first_seen_at=world.bot.now(),
            announced=False,
            decision="old",
        )
        session.add(story)
        await session.flush()
        session.add(StoryPlace(story_id=story.id, place_id=HITACHI, guild_id=world.guild.id))

    assert await news(world, HITACHI) == (None, None)


async def test_a_story_tells_of_at_most_ten_places(world: World) -> None:
    cities = "Hitachi, Maebashi, Nashville, Krefeld, Dortmund, Stuttgart, Leipzig, Coburg, Kurashiki, Qingdao, Irpin"
    entry = Entry("1", "Cities", None, cities, None, None)
    assert [len(ids) for ids in (await places_named(world.bot.recogniser, [entry], ())).values()] == [10]


async def test_an_event_is_the_next_of_the_places_that_it_names_until_it_begins_or_is_cancelled(world: World) -> None:
    card = await announced(world, title="Evening with Hitachi", where="Nashville, Tennessee", description="Nice tea.")
    event = NextEvent("Evening with Hitachi", world.bot.now() + timedelta(days=13, hours=9), world.events.id, card.id)
    shown = (await world.alice.slash(world.general, "city view", city=f"id:{NASHVILLE}")).response
    assert shown is not None
    found = [(await news(world, place_id))[1] for place_id in (HITACHI, NASHVILLE, BIRMINGHAM)]
    other = (await page_of(world, HITACHI, OTHER_SERVER)).event
    without_clock = (await city_page(world.bot.database, world.bot.index, HITACHI, world.guild.id)).event
    world.clock[0] = event.starts_at
    begun = (await news(world, HITACHI))[1]

    assert found == [event, event, None]
    assert "Evening with Hitachi" in words(shown)
    assert (other, without_clock, begun) == (None, None, None)


async def test_the_earliest_open_event_is_the_next(world: World) -> None:
    await announced(world, title="Later with Hitachi", when="2026-12-24 19:00")
    await announced(world, title="Sooner with Hitachi", when="2026-12-10 19:00")
    sooner = (await news(world, HITACHI))[1]
    async with world.bot.database.write() as session:
        event = (await session.scalars(select(Event).where(Event.title == "Sooner with Hitachi"))).one()
        event.status = "cancelled"
    later = (await news(world, HITACHI))[1]

    assert [found.title if found else None for found in (sooner, later)] == [
        "Sooner with Hitachi",
        "Later with Hitachi",
    ]


async def test_a_draft_tells_of_no_place_until_it_is_published(world: World) -> None:
    await world.set_up()
    await typed_in(world, title="Evening with Hitachi")
    async with world.bot.database.read() as session:
        places = (await session.scalars(select(EventPlace))).all()

    assert list(places) == []
