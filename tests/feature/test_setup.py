"""`/setup` and `/settings`, as moderators and members use them."""

from typing import Any

import discord
import pytest
import simcord

from db.models import LostChannel
from tests.feature.conftest import BIRMINGHAM, World, words

NOTHING_CHOSEN = (
    "### Settings\n"
    "Home city: *not chosen yet*\n"
    "Time zone: *not chosen yet*\n"
    "Events channel: *not chosen yet*\n"
    "Stories channel: *not chosen yet*\n"
    "Notices channel: *where each matter arises*\n"
    "Moderator role: *not chosen yet*\n"
    "Reminders before events: 24 hours, 1 hour\n"
    "-# Change anything with `/setup`."
)


async def set_up(world: World, actor: simcord.MemberActor | None = None, **options: Any) -> str:
    """What `/setup` answers, privately."""
    result = await (actor or world.mod).slash(world.general, "setup", **options)
    assert result.ephemeral and result.response is not None
    return words(result.response)


async def settings(world: World) -> str:
    """What `/settings` shows a member, privately."""
    result = await world.alice.slash(world.general, "settings")
    assert result.ephemeral and result.response is not None
    return words(result.response)


async def let_everybody_see_setup(world: World) -> None:
    """What an administrator can do in Discord's own settings: show members a command that is hidden by default."""
    commands = await world.bot.tree.fetch_commands()
    setup = next(command for command in commands if command.name == "setup")
    world.guild.set_command_permissions(setup, {world.guild.default_role: True})


async def test_everything_is_chosen_at_once_and_shown(world: World) -> None:
    helpers = world.guild.create_role("Helpers")
    answer = await set_up(
        world,
        home_city=BIRMINGHAM,
        time_zone="Europe/Budapest",
        events_channel=world.events,
        stories_channel=world.stories,
        moderator_role=helpers,
    )

    assert answer == (
        "### Settings\n"
        "Home city: 🇺🇸 **Birmingham** · Alabama, United States\n"
        "Time zone: Europe/Budapest\n"
        f"Events channel: <#{world.events.id}>\n"
        f"Stories channel: <#{world.stories.id}>\n"
        "Notices channel: *where each matter arises*\n"
        f"Moderator role: <@&{helpers.id}>\n"
        "Reminders before events: 24 hours, 1 hour\n"
        "-# Change anything with `/setup`.\n"
        "-# To show `/feed` and `/setup` to that role, allow it under Server Settings → Integrations."
    )
    assert await settings(world) == answer


async def test_what_is_left_out_stays_as_it_is(world: World) -> None:
    await set_up(world, home_city=BIRMINGHAM, events_channel=world.events)
    answer = await set_up(world, stories_channel=world.stories)

    assert "Home city: 🇺🇸 **Birmingham**" in answer
    assert f"Events channel: <#{world.events.id}>\nStories channel: <#{world.stories.id}>" in answer


async def test_nothing_is_chosen_in_the_beginning(world: World) -> None:
    assert await settings(world) == NOTHING_CHOSEN
    assert await set_up(world) == NOTHING_CHOSEN


async def test_the_time_zone_is_the_home_citys_and_moves_with_it_until_one_is_chosen(world: World) -> None:
    first = await set_up(world, home_city=BIRMINGHAM)
    moved = await set_up(world, home_city="Hitachi")
    chosen = await set_up(world, time_zone="europe/budapest")
    kept = await set_up(world, home_city=BIRMINGHAM)

    assert [answer.split("\n")[2] for answer in (first, moved, chosen, kept)] == [
        "Time zone: America/Chicago",
        "Time zone: Asia/Tokyo",
        "Time zone: Europe/Budapest",
        "Time zone: Europe/Budapest",
    ]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("2 days, 3h", "2 days, 3 hours"), ("none", "none"), ("1 week 15m", "1 week, 15 minutes")],
)
async def test_reminders_are_set_for_every_event(world: World, typed: str, shown: str) -> None:
    answer = await set_up(world, reminders=typed)
    kept = await set_up(world, events_channel=world.events)

    assert f"\nReminders before events: {shown}\n" in answer
    assert f"\nReminders before events: {shown}\n" in kept


async def test_reminders_that_are_none_are_refused_and_nothing_changes(world: World) -> None:
    answer = await set_up(world, reminders="sometimes", events_channel=world.events)

    assert answer == (
        "“sometimes” are no reminders. Type how long before the start, such as **24h 1h** or **1 week**, "
        "at most five and at most four weeks; or **none**."
    )
    assert await settings(world) == NOTHING_CHOSEN


async def test_a_time_zone_goes_by_a_city_too(world: World) -> None:
    choices = await world.mod.autocomplete(world.general, "setup", "time_zone", "hitach")
    by_name = await world.mod.autocomplete(world.general, "setup", "time_zone", "budap")
    typed = await set_up(world, time_zone="Hitachi")
    unknown = await set_up(world, time_zone="Atlantis")

    assert choices[0] == {"name": "Asia/Tokyo · Hitachi, Ibaraki, JP", "value": "Asia/Tokyo"}
    assert by_name[0] == {"name": "Europe/Budapest", "value": "Europe/Budapest"}
    assert "Time zone: Asia/Tokyo\n" in typed
    assert unknown.startswith("I do not know that time zone.")


async def test_a_home_city_may_be_typed(world: World) -> None:
    choices = await world.mod.autocomplete(world.general, "setup", "home_city", "szekesf")
    answer = await set_up(world, home_city="székesfehérvár, hungary")

    assert choices[0]["name"] == "Székesfehérvár, Fejér, HU"
    assert "Home city: 🇭🇺 **Székesfehérvár** · Fejér, Hungary\nTime zone: Europe/Budapest" in answer


@pytest.mark.parametrize("text", ["nashvile", "qqqqqq", "   ", "id:999999999", "id:9999999999999", "y" * 6_000])
async def test_an_unknown_home_city_is_refused_and_nothing_changes(world: World, text: str) -> None:
    answer = await set_up(world, home_city=text, events_channel=world.events)

    typed = text.strip()[:100]
    assert answer == f"I don't know a city called “{typed}”. Type its first letters and pick it from the list."
    assert await settings(world) == NOTHING_CHOSEN


@pytest.mark.parametrize("text", ["EST", "Mars/Olympus", "../../etc/passwd", "z" * 6_000])
async def test_a_bad_time_zone_is_refused_with_examples_and_nothing_changes(world: World, text: str) -> None:
    answer = await set_up(world, home_city=BIRMINGHAM, time_zone=text)

    assert answer.startswith("I do not know that time zone. Type the name of an area and a city, such as **America/Chi")
    assert await settings(world) == NOTHING_CHOSEN


async def test_time_zones_are_offered_while_typing(world: World) -> None:
    for typed, offered in (("buda", ["Europe/Budapest"]), ("new york", ["America/New_York"]), ("zzz", [])):
        choices = await world.mod.autocomplete(world.general, "setup", "time_zone", typed)

        assert [choice["value"] for choice in choices][:1] == offered


async def test_a_member_without_the_right_is_refused_with_a_sentence(world: World) -> None:
    await let_everybody_see_setup(world)
    answer = await set_up(world, world.alice, home_city=BIRMINGHAM)

    assert answer == ("This is for moderators. You need the Manage Server permission, or the server's moderator role.")
    assert await settings(world) == NOTHING_CHOSEN


async def test_the_moderator_role_may_change_settings(world: World) -> None:
    helpers = world.guild.create_role("Helpers")
    carol = world.guild.add_member(world.env.create_user("Carol"), roles=[helpers])
    await let_everybody_see_setup(world)
    before = await set_up(world, carol, home_city=BIRMINGHAM)
    await set_up(world, moderator_role=helpers)
    after = await set_up(world, carol, home_city=BIRMINGHAM)

    assert before.startswith("This is for moderators.")
    assert "Home city: 🇺🇸 **Birmingham**" in after


async def test_missing_permissions_are_named_channel_by_channel(world: World) -> None:
    me = world.guild.me
    assert me is not None
    mute = discord.PermissionOverwrite(send_messages=False, read_message_history=False)
    muted = world.guild.create_text_channel("muted", overwrites={me: mute})
    answer = await set_up(world, events_channel=muted, stories_channel=world.stories)
    same = await set_up(world, stories_channel=muted)

    warning = f"⚠️ In <#{muted.id}> I still need: Send Messages, Read Message History."
    assert [text.count("⚠️") for text in (answer, same)] == [1, 1]
    assert warning in answer.split("\n")
    assert warning in (await settings(world)).split("\n")


async def test_notices_go_where_moderators_say_and_what_is_missing_there_is_named(world: World) -> None:
    me = world.guild.me
    assert me is not None
    mute = discord.PermissionOverwrite(send_messages=False)
    backstage = world.guild.create_text_channel("backstage", overwrites={me: mute})
    answer = await set_up(world, notices_channel=backstage)
    kept = await set_up(world, stories_channel=world.stories)

    for said in (answer, kept):
        assert f"Notices channel: <#{backstage.id}>" in said.split("\n")
        assert f"⚠️ In <#{backstage.id}> I still need: Send Messages." in said.split("\n")


async def test_to_choose_a_lost_channel_again_is_to_have_it_tried_again(world: World) -> None:
    chosen = {"events_channel": world.events, "stories_channel": world.stories, "notices_channel": world.general}
    async with world.bot.database.write() as session:
        for channel in chosen.values():
            row = LostChannel(channel_id=channel.id, guild_id=world.guild.id, lost_at=world.bot.now(), error="Gone")
            session.add(row)
    await let_everybody_see_setup(world)
    await set_up(world, world.alice, **chosen)
    kept = len(await world.bot.lost.of(world.guild.id))
    said = await settings(world)
    await set_up(world, home_city=BIRMINGHAM, events_channel=world.events, notices_channel=world.general)
    assert (kept, set(await world.bot.lost.of(world.guild.id))) == (3, {world.stories.id})
    assert said.count("⚠️ Discord refuses my posts in <#") == 3
    assert (await settings(world)).split("\n")[-2] == (
        f"⚠️ Discord refuses my posts in <#{world.stories.id}>. Put that right, then choose the channel again with "
        "`/setup`, or use `/feed resume`."
    )


async def test_the_settings_of_one_server_are_not_seen_in_another(world: World) -> None:
    await set_up(world, home_city=BIRMINGHAM, events_channel=world.events)
    elsewhere = world.env.create_guild("Elsewhere")
    channel = elsewhere.create_text_channel("general")
    carol = elsewhere.add_member(world.env.create_user("Carol"))
    result = await carol.slash(channel, "settings")

    assert result.response is not None
    assert words(result.response) == NOTHING_CHOSEN


async def test_settings_are_for_servers(world: World) -> None:
    commands = world.alice.user.available_commands()

    assert not {"setup", "settings"} & set(commands)


async def test_not_everybody_can_be_made_a_moderator(world: World) -> None:
    refused = await set_up(world, moderator_role=world.guild.default_role)
    assert refused == "Please choose a role that only some members have."
    assert "Moderator role: *not chosen yet*" in await settings(world)
