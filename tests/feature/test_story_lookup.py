"""Stories looked up by everybody: the newest, by words, by city and track, one by itself; only what one may see."""

from typing import Any

import pytest
import simcord

from bot.errors import BadInput, NotFound
from bot.stories.lookup import Asked, find_story, list_stories, needles, stories_like
from db.database import Database
from db.models import Story
from tests import telling
from tests.feature.announcing import forged
from tests.feature.conftest import World, words
from tests.feature.test_named import hide
from tests.telling import FIRST, GUILD

HITACHI, MAEBASHI = 2112708, 1857843
OPEN, CLOSED = 50, 51
NONE_FOUND = "I found no such story. `/story latest` without options shows the newest ones."
NO_SUCH = "There is no such story here. `/story search` finds stories by their words."


async def told(world: World, *titles: str, channel: simcord.ChannelHandle | None = None, **fields: Any) -> int:
    """Stories that the server was told, each in its post; returns the id of their feed."""
    channel_id, guild_id, database = (channel or world.stories).id, world.guild.id, world.bot.database
    feed_id = await telling.feed(database, guild_id, channel_id, f"{channel_id}{titles[0]}")
    async with database.read() as session:
        before = len((await session.execute(Story.__table__.select())).all())
    for number, title in enumerate(titles, before + 1):
        story = telling.story(number, title, feed_id=feed_id, guild_id=guild_id, **fields)
        sent = telling.sent(f"story:{number}", channel_id, guild_id=guild_id, message_id=900 + number)
        await telling.keep(database, [story, sent])
    return feed_id


async def asked(world: World, command: str, actor: simcord.MemberActor | None = None, **options: Any) -> str:
    """What Alice, or somebody else, is answered, for nobody else to see."""
    return words(await answer(world, command, actor, **options))


async def answer(world: World, command: str, actor: simcord.MemberActor | None = None, **options: Any) -> Any:
    result = await (actor or world.alice).slash(world.general, f"story {command}", **options)
    assert result.response is not None and result.ephemeral
    return result.response


def titles(shown: str) -> list[str]:
    """The titles on a page of a list, in its order."""
    return [line.split("**")[1].split("](")[0].removeprefix("[") for line in shown.split("\n") if line.startswith("**")]


async def test_the_newest_stories_are_listed_first_each_with_its_source_day_and_track(world: World) -> None:
    await told(world, "Cherry trees for Hitachi")
    await told(world, "Tea in Maebashi", track="arts_culture", link=None)

    assert await asked(world, "latest") == (
        "### Latest stories\n"
        f"**Tea in Maebashi**\n-# Sister City News · <t:{int(FIRST.timestamp()) + 120}:d> · Arts & Culture\n\n"
        "**[Cherry trees for Hitachi](https://news.example/1)**\n"
        f"-# Sister City News · news.example · <t:{int(FIRST.timestamp()) + 60}:d>\n"
        "-# 2 stories"
    )


async def test_a_long_list_has_pages(world: World) -> None:
    await told(world, *(f"Story number {number}" for number in range(1, 21)))
    shown = await answer(world, "latest")
    first = words(shown)
    await world.alice.click(shown, label="Next page")
    second = words(shown)
    await world.alice.click(shown, label="Next page")

    assert titles(first) == [f"Story number {number}" for number in range(20, 12, -1)]
    assert titles(second) == [f"Story number {number}" for number in range(12, 4, -1)]
    assert titles(words(shown)) == [f"Story number {number}" for number in range(4, 0, -1)]
    assert "-# 20 stories · Page 2 of 3" in second


async def test_a_story_of_a_list_is_opened_beside_it_with_its_cities_and_a_link_to_its_post(world: World) -> None:
    await told(world, "Cherry trees for Hitachi", summary="They bloom.", track="arts_culture", published_at=FIRST)
    await telling.keep(world.bot.database, [telling.place_of(1, HITACHI, world.guild.id)])
    shown = await answer(world, "latest")
    opened = await world.alice.select(shown, values=["1"])
    assert opened.response is not None and opened.ephemeral

    assert words(opened.response) == (
        "-# Sister City News · news.example\n"
        "### [Cherry trees for Hitachi](https://news.example/1)\n"
        "They bloom.\n"
        f"-# 🏷 Arts & Culture · <t:{int(FIRST.timestamp())}:D>\n"
        "[Hitachi, Ibaraki, JP]\n"
        "[Read the story]\n"
        "[Open the post]"
    )
    assert f"https://discord.com/channels/{world.guild.id}/{world.stories.id}/901" in str(opened.response.components)
    city = await world.alice.click(opened.response, label="Hitachi, Ibaraki, JP")
    assert words(city.response or opened.response).startswith("## 🇯🇵 Hitachi\n")


async def test_what_the_server_was_not_told_is_not_found(world: World) -> None:
    feed_id = await told(world, "Told")
    kinds = ("old", "filtered", "elsewhere", "same", "held")
    rows = [
        telling.story(number, f"{kind} one", feed_id=feed_id, guild_id=world.guild.id, decision=kind)
        for number, kind in enumerate(kinds, 10)
    ]
    waiting = telling.story(20, "Waiting", feed_id=feed_id, guild_id=world.guild.id)
    parked = telling.story(21, "Parked", feed_id=feed_id, guild_id=world.guild.id)
    post = telling.sent("story:21", world.stories.id, guild_id=world.guild.id, outcome="parked")
    await telling.keep(world.bot.database, [*rows, waiting, parked, post])

    assert titles(await asked(world, "latest")) == ["Told"]
    assert await asked(world, "search", words="one") == NONE_FOUND
    assert {await asked(world, "show", story=f"id:{story_id}") for story_id in (10, 14, 20, 21, 99)} == {NO_SUCH}
    assert [choice["value"] for choice in await offered(world, "")] == ["id:1"]


async def offered(world: World, typed: str, actor: simcord.MemberActor | None = None) -> Any:
    """The stories offered while a title is typed."""
    return await (actor or world.alice).autocomplete(world.general, "story show", "story", typed)


async def test_nobody_finds_what_was_told_where_they_may_not_look(world: World) -> None:
    await told(world, "For all", channel=world.general)
    await told(world, "For some", channel=world.stories)
    before = titles(await asked(world, "latest"))
    shown = await answer(world, "latest")
    await hide(world, world.stories)

    assert before == ["For some", "For all"]
    assert titles(await asked(world, "latest")) == ["For all"]
    assert await asked(world, "search", words="some") == NONE_FOUND
    assert await asked(world, "show", story="id:2") == NO_SUCH
    assert [choice["name"] for choice in await offered(world, "for")] == ["For all · Sun, Nov 1, 2026"]
    opened = await world.alice.select(shown, values=["2"])
    assert opened.response is not None and words(opened.response) == NO_SUCH


async def test_who_may_look_into_a_closed_channel_finds_what_was_told_there(world: World) -> None:
    await told(world, "For some")
    await hide(world, world.stories)
    channel: Any = world.bot.get_channel(world.stories.id)
    moderators = next(role for role in channel.guild.roles if role.name == "Moderators")
    await channel.set_permissions(moderators, view_channel=True)

    assert titles(await asked(world, "latest", world.mod)) == ["For some"]
    assert (await asked(world, "latest")).startswith("No stories here yet.")


async def test_a_story_of_a_digest_is_found_and_leads_to_the_digest(world: World) -> None:
    guild_id, database = world.guild.id, world.bot.database
    feed_id = await telling.feed(database, guild_id, world.stories.id)
    when = int(FIRST.timestamp())
    for number, digested_at in ((1, FIRST), (2, FIRST), (3, None)):
        fields: Any = {"guild_id": guild_id, "decision": "digest", "digested_at": digested_at}
        await telling.keep(database, [telling.story(number, f"Story {number}", feed_id=feed_id, **fields)])
    digest = telling.sent(f"digest:{feed_id}:{when}", world.stories.id, guild_id=guild_id, message_id=77)
    await telling.keep(database, [digest, telling.place_of(2, HITACHI, guild_id)])
    shown = await answer(world, "show", story="id:2")
    city = await world.alice.slash(world.general, "city view", city=f"id:{HITACHI}")

    assert titles(await asked(world, "latest")) == ["Story 2", "Story 1"]
    assert f"https://discord.com/channels/{guild_id}/{world.stories.id}/77" in str(shown.components)
    assert "**Latest story** [Story 2](https://news.example/2)" in words(city.response)
    await hide(world, world.stories)
    assert await asked(world, "show", story="id:2") == NO_SUCH
    assert "Story 2" not in words((await world.alice.slash(world.general, "city view", city=f"id:{HITACHI}")).response)


async def test_what_a_digest_told_is_found_when_its_feed_was_removed(world: World) -> None:
    guild_id, when = world.guild.id, int(FIRST.timestamp())
    feed_id = await telling.feed(world.bot.database, guild_id, world.stories.id)
    key = f"digest:{feed_id}:{when}"
    fields: Any = {"guild_id": guild_id, "decision": "digest", "digested_at": FIRST, "because": key}
    told = telling.story(1, "Cherry trees", feed_id=feed_id, **fields)
    digest = telling.sent(key, world.stories.id, guild_id=guild_id, message_id=77)
    await telling.keep(world.bot.database, [told, digest])
    await world.mod.slash(world.general, "feed remove", feed=f"id:{feed_id}")

    assert titles(await asked(world, "latest")) == ["Cherry trees"]
    await hide(world, world.stories)
    assert (await asked(world, "latest")).startswith("No stories here yet.")


async def test_a_story_of_a_forum_leads_to_its_thread(world: World) -> None:
    await told(world, "A forum's story")
    await telling.keep(world.bot.database, [telling.copy_of(1, 4321, 4321, world.guild.id)])
    shown = await answer(world, "show", story="id:1")

    assert f"https://discord.com/channels/{world.guild.id}/4321/4321" in str(shown.components)


async def test_stories_are_found_by_city_and_track(world: World) -> None:
    await told(world, "Trees", track="arts_culture")
    await told(world, "Tea", track="business_trade")
    places = [telling.place_of(1, HITACHI, world.guild.id), telling.place_of(2, MAEBASHI, world.guild.id)]
    await telling.keep(world.bot.database, places)
    by_city = await asked(world, "latest", city=f"id:{HITACHI}")
    by_both = await asked(world, "search", words="tea", city="Maebashi", track="business_trade")

    assert (by_city.split("\n")[0], titles(by_city)) == ("### Latest stories · Hitachi, Ibaraki, JP", ["Trees"])
    assert by_both.split("\n")[0] == "### Stories with “tea” · Maebashi, Gunma, JP · Business & Trade"
    assert titles(by_both) == ["Tea"]
    assert titles(await asked(world, "latest", track="arts_culture")) == ["Trees"]
    assert await asked(world, "latest", city=f"id:{HITACHI}", track="business_trade") == NONE_FOUND


async def test_a_city_that_nobody_knows_is_asked_about_and_the_answer_leads_to_the_stories(world: World) -> None:
    await told(world, "Trees for all", track="arts_culture")
    await telling.keep(world.bot.database, [telling.place_of(1, HITACHI, world.guild.id)])
    shown = await answer(world, "search", words="trees", city="hitachy", track="arts_culture")
    question = words(shown)
    await world.alice.click(shown, label="Hitachi, Ibaraki, JP")

    assert question.startswith("I don't know a city called “hitachy”. Did you mean one of these?")
    assert words(shown).split("\n")[0] == "### Stories with “trees” · Hitachi, Ibaraki, JP · Arts & Culture"


async def test_a_story_is_picked_by_words_of_its_title(world: World) -> None:
    await told(world, "Choir from Székesfehérvár", "Tea party", summary="With a choir")

    assert await offered(world, "SZEKES choir") == [
        {"name": "Choir from Székesfehérvár · Sun, Nov 1, 2026", "value": "id:1"}
    ]
    assert await offered(world, "party nothing") == []
    assert await offered(world, "no " * 2_000) == []
    assert (await asked(world, "show", story="id:2")).split("\n")[1] == "### [Tea party](https://news.example/2)"


async def test_what_is_typed_instead_of_picked_is_searched(world: World) -> None:
    await told(world, "Choir from Székesfehérvár", "Tea party")

    assert titles(await asked(world, "show", story="tea")) == ["Tea party"]
    assert titles(await asked(world, "show", story="choir " * 40)) == ["Choir from Székesfehérvár"]


async def test_long_titles_are_offered_within_discords_limit(world: World) -> None:
    await told(world, "Word " * 60)
    [choice] = await offered(world, "word")

    assert len(choice["name"]) <= 100 and choice["name"].endswith("… · Sun, Nov 1, 2026")


async def test_another_server_finds_nothing_of_this_one(world: World) -> None:
    await told(world, "Ours")
    other = world.env.create_guild("Another")
    lobby, owner = other.create_text_channel("lobby"), other.add_member(other.owner)
    latest = await owner.slash(lobby, "story latest")
    shown = await owner.slash(lobby, "story show", story="id:1")
    missing = await owner.slash(lobby, "story show", story="id:99")

    assert words(latest.response) == "No stories here yet. Moderators follow the feeds of sites with `/feed add`."
    assert words(shown.response) == words(missing.response) == NO_SUCH
    assert await owner.autocomplete(lobby, "story show", "story", "") == []


@pytest.mark.parametrize(
    "custom_id",
    ["story-list:::9999:", "story-list:no_such_track::0:", "story-list::999999999:0:", "story-list:::0:%_%"],
)
async def test_a_forged_button_of_a_list_finds_nothing_more(world: World, custom_id: str) -> None:
    await told(world, "Ours")
    shown = await answer(world, "latest")
    await forged(world.alice, shown, custom_id)

    expected = ["Ours"] if custom_id.endswith("9999:") and "999999999" not in custom_id else []
    assert titles(words(shown)) == expected


async def test_words_without_a_letter_are_refused(world: World) -> None:
    await told(world, "Ours")

    assert await asked(world, "search", words="?! …") == "Type at least one word to look for, such as a name."


STORIES = {
    1: ("100% wool", "Socks for all."),
    2: ("1000 cranes", "Folded in Hiroshima."),
    3: ("snake_case explained", "For programmers."),
    4: ("snakes and ladders", "For children."),
    5: ("C:\\temp is full", "A tale of two disks."),
    6: ("Café in Székesfehérvár", "Ünnep Łódźban."),
    7: ("前橋市の祭り", "日立市からも来ました。"),
    8: ("START of the party", "Artists came."),
}
SOUGHT = {
    "100%": {1},
    "%": {1},
    "_": {3},
    "snake_case": {3},
    "SNAKE_": {3},
    "snake": {3, 4},
    "\\": {5},
    "c:\\TEMP": {5},
    "100": {1, 2},
    "1_0": set(),
    "cafe": {6},
    "SZEKESFEHERVAR café": {6},
    "ünnep lodzban": {6},
    "前橋": {7},
    "日立": {7},
    "祭": {7},
    "art": {8},
    "tart": set(),
    "part": {8},
    "sister city news": set(STORIES),
    "for": {1, 3, 4},
    "“party”!": {8},
    "' OR 1=1 --": set(),
}


@pytest.fixture
async def full(database: Database) -> Database:
    """A server's stories, half of them told in a channel that the one who asks cannot see."""
    feed_id = await telling.feed(database, GUILD, OPEN)
    for number, (title, summary) in STORIES.items():
        story = telling.story(number, title, feed_id=feed_id, summary=summary)
        await telling.keep(database, [story, telling.sent(f"story:{number}", OPEN)])
        hidden = telling.story(100 + number, title, feed_id=feed_id, summary=summary)
        await telling.keep(database, [hidden, telling.sent(f"story:{100 + number}", CLOSED)])
    return database


async def test_words_are_folded_and_mean_nothing_but_themselves(full: Database) -> None:
    found = {}
    for sought in SOUGHT:
        page = await list_stories(full, GUILD, [OPEN], Asked(sought))
        found[sought] = {story.id for story in page.stories}

    assert found == SOUGHT


async def test_titles_alone_are_looked_through_while_one_is_typed(full: Database) -> None:
    async def ids(typed: str) -> list[int]:
        return [choice.id for choice in await stories_like(full, GUILD, [OPEN], typed, 25)]

    assert await ids("") == [8, 7, 6, 5, 4, 3, 2, 1]
    assert (await ids("100%"), await ids("_"), await ids("cafe"), await ids("socks")) == ([1], [3], [6], [])
    assert await ids("?") == [8, 7, 6, 5, 4, 3, 2, 1]  # nothing to look for yet


async def test_without_a_channel_there_is_nothing(full: Database) -> None:
    page = await list_stories(full, GUILD, [], Asked())

    assert (page.total, page.pages, list(page.stories)) == (0, 1, [])


async def test_a_server_finds_nothing_of_another_even_by_its_channel(full: Database) -> None:
    page = await list_stories(full, GUILD + 1, [OPEN], Asked())

    assert (page.total, await stories_like(full, GUILD + 1, [OPEN], "", 25)) == (0, [])
    with pytest.raises(NotFound):
        await find_story(full, GUILD + 1, [OPEN], 1)


async def test_only_marks_are_refused_by_the_rule_too(full: Database) -> None:
    with pytest.raises(BadInput):
        await list_stories(full, GUILD, [OPEN], Asked("!?"))


def test_what_was_typed_is_taken_apart() -> None:
    found = needles(" Sister-City  100%_off 前橋市 \u202eÉvi ")

    assert (found.words, found.parts, found.exact) == (["sister", "city", "evi"], ["前橋市"], ["100%_off"])
