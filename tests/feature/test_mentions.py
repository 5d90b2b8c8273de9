"""Asking in chat: "@bot Nashville", and everything that is not meant for the bot."""

import discord
import pytest

from tests.feature.conftest import World, words

HOW_TO = "Mention me with a city's name, for example: {me} Nashville."


async def said(world: World, text: str) -> list[str]:
    """What the bot answers when Alice says this in the channel."""
    before = len(world.general.history())
    await world.alice.send(world.general, text)
    return [words(message) for message in world.general.history()[before + 1 :]]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("{me} Nashville", "## 🇺🇸 Nashville\nTennessee"),
        ("hey {me}, who are Birmingham's sister cities?", "## 🇺🇸 Birmingham\nAlabama"),
        ("{me} what are the sister cities of Paris, Texas?", "## 🇺🇸 Paris\nTexas"),
        ("{me} who are Kansas City's partners", "## 🇺🇸 Kansas City\nMissouri"),
        ("is Tamworth, Australia twinned with anyone {me}?", "## 🇦🇺 Tamworth\nNew South Wales"),
        ("{me} székesfehérvár", "## 🇭🇺 Székesfehérvár\nFejér"),
        ("{me} 前橋", "## 🇯🇵 Maebashi\nGunma"),
        ("{me} I was in Coeur d'Alene last week", "## 🇺🇸 Coeur d'Alene\nIdaho"),
        ("{nickname_me} Hitachi", "## 🇯🇵 Hitachi\nIbaraki"),
    ],
)
async def test_a_mention_is_answered_with_the_card_of_the_city_in_it(world: World, text: str, title: str) -> None:
    nickname_me = world.bot.me.replace("<@", "<@!")
    answers = await said(world, text.format(me=world.bot.me, nickname_me=nickname_me))

    assert len(answers) == 1
    assert answers[0].startswith(title)


async def test_the_card_is_the_same_as_the_commands(world: World) -> None:
    answers = await said(world, f"{world.bot.me} Birmingham, Alabama")
    result = await world.alice.slash(world.general, "sister", city="Birmingham, Alabama")

    assert result.response is not None
    assert answers == [words(result.response)]


async def test_the_answer_is_a_reply_that_pings_nobody(world: World) -> None:
    asked = await world.alice.send(world.general, f"{world.bot.me} Nashville")
    answer = world.general.last_message

    assert answer is not None and answer.reference is not None
    assert answer.reference.message_id == asked.id
    assert world.env.http_requests[-1].json is not None
    assert world.env.http_requests[-1].json["allowed_mentions"] == {"parse": [], "replied_user": False}


async def test_pages_turn_and_names_open_under_an_answer_in_chat(world: World) -> None:
    await said(world, f"{world.bot.me} Birmingham")
    answer = world.general.last_message
    assert answer is not None
    opened = await world.bob.click(answer, label="Birmingham, England, GB")
    await world.bob.click(answer, label="Next page")

    assert opened.ephemeral and opened.response is not None
    assert words(opened.response).startswith("## 🇬🇧 Birmingham")
    assert "-# Page 2 of 2" in words(world.general.last_message)


async def test_a_slip_is_answered_with_the_nearest_names(world: World) -> None:
    answers = await said(world, f"{world.bot.me} nashvile")

    assert len(answers) == 1
    assert answers[0].startswith("I don't know a city called “nashvile”. Did you mean one of these?\n[Nashville, Tenn")


@pytest.mark.parametrize("text", ["Japan", "sister cities of Japan", "what are Japan's sister cities?"])
async def test_a_country_is_told_to_be_one(world: World, text: str) -> None:
    assert await said(world, f"{world.bot.me} {text}") == [
        "Japan is a country. `/city country` lists the cities that are paired with it.\n[Japan]"
    ]


async def test_a_sentence_of_several_words_is_not_taken_for_a_city_with_two_slips(world: World) -> None:
    [answer] = await said(world, f"{world.bot.me} I love you")

    assert answer.startswith("I found no city like “I love”. Try the first letters of its name,")
    assert "Donetsk" not in answer


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("tell me about colorado sprngs!", "Colorado Springs, Colorado, US"),
        ("baton ruge", "Baton Rouge, Louisiana, US"),
        ("los angelos", "Los Angeles, California, US"),
    ],
)
async def test_a_slip_in_a_name_of_several_words_still_finds_it(world: World, text: str, meant: str) -> None:
    [answer] = await said(world, f"{world.bot.me} {text}")

    assert f"[{meant}]" in answer


@pytest.mark.parametrize("text", ["{me}", "{me}   ", "{me} {me}"])
async def test_a_mention_without_words_is_told_how_to_ask(world: World, text: str) -> None:
    assert await said(world, text.format(me=world.bot.me)) == [HOW_TO.format(me=world.bot.me)]


async def test_a_mention_of_the_bots_role_is_told_how_to_ask(world: World) -> None:
    role = world.guild.create_role("Sister City Bot", mentionable=True)
    await be_the_bots_own(world, role.id)

    assert await said(world, f"<@&{role.id}> Nashville") == [HOW_TO.format(me=world.bot.me)]


async def be_the_bots_own(world: World, role_id: int) -> None:
    """Make a role the one that Discord gives every bot; simcord has none of those."""
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None and world.bot.user is not None
    role = guild.get_role(role_id)
    assert role is not None
    role.tags = discord.RoleTags({"bot_id": str(world.bot.user.id)})


async def test_another_role_is_none_of_our_business(world: World) -> None:
    role = world.guild.create_role("Friends", mentionable=True)

    assert await said(world, f"<@&{role.id}> Nashville") == []


@pytest.mark.parametrize(
    "text", ["Nashville", "@everyone Nashville", "@SisterCityBot Nashville", "<@123456789012345678>"]
)
async def test_chat_without_our_mention_is_left_alone(world: World, text: str) -> None:
    assert await said(world, text) == []


async def test_a_plain_reply_to_us_is_left_alone_and_one_with_a_mention_is_answered(world: World) -> None:
    await world.alice.send(world.general, f"{world.bot.me} Nashville")
    answer = world.general.last_message
    assert answer is not None
    await world.alice.send(world.general, "Nashville, thank you!", reply_to=answer)
    after_thanks = world.general.last_message
    await world.alice.send(world.general, f"{world.bot.me} and Hitachi?", reply_to=answer)

    assert after_thanks is not None and after_thanks.content == "Nashville, thank you!"
    assert words(world.general.last_message).startswith("## 🇯🇵 Hitachi")


async def test_bots_and_webhooks_are_not_answered(world: World) -> None:
    robot = world.guild.add_member(world.env.create_user("Robot", bot=True))
    webhook = world.guild.create_webhook(world.general)
    await robot.send(world.general, f"{world.bot.me} Nashville")
    await webhook.send(f"{world.bot.me} Nashville")

    assert [message.author.name for message in world.general.history()] == ["Robot", "Webhook"]


@pytest.mark.parametrize(
    "text", ["@everyone @here", "<@&1> **x** [a](https://evil.example)", "😀", "?!", "x " * 900, "\u202eabc"]
)
async def test_strange_questions_get_buttons_and_repeat_nothing_dangerous(world: World, text: str) -> None:
    answers = await said(world, f"{world.bot.me} {text}")

    assert len(answers) == 1
    assert "\n[" in answers[0]
    for dangerous in ("@everyone", "@here", "**x**", "[a](", "https://", "\u202e"):
        assert dangerous not in answers[0]


async def test_a_direct_message_needs_no_mention(world: World) -> None:
    user = world.alice.user
    await user.send_dm("who are Hitachi's sister cities?")
    with_card = words(user.dm_channel.last_message)
    await user.send_dm(f"{world.bot.me} Plzen")
    with_mention = words(user.dm_channel.last_message)
    await user.send_dm("nashvile")
    with_slip = words(user.dm_channel.last_message)

    assert with_card.startswith("## 🇯🇵 Hitachi")
    assert with_mention.startswith("## 🇨🇿 Plzeň")
    assert "[Nashville, Tennessee, US]" in with_slip


async def test_a_channel_where_the_bot_may_not_speak_stays_quiet(world: World) -> None:
    me = world.guild.me
    assert me is not None
    silence = {me: discord.PermissionOverwrite(send_messages=False)}
    quiet = world.guild.create_text_channel("quiet", overwrites=silence)  # type: ignore[arg-type]  # a Member is one
    await world.alice.send(quiet, f"{world.bot.me} Nashville")

    assert len(quiet.history()) == 1
    assert world.env.errors == []
