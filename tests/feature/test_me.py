"""`/me …`: what members choose for themselves."""

from tests.feature.announcing import only_text
from tests.feature.conftest import World, words

OFF = (
    "### Reminders by direct message\n"
    "**Off.** I remind you in the event's thread or channel only. `/me reminders on` has me write to you as well.\n"
    "### Your time zone\n"
)
ON = (
    "### Reminders by direct message\n"
    "**On.** I write to you before the events you go to, and remind you in the event's thread or channel. "
    "`/me reminders off` ends that.\n"
    "### Your time zone\n"
)
SERVERS = (
    "The server's. No reminder comes between 22:00 and 7:00 there. Live elsewhere? Choose your own with `/me timezone`."
)
BUDAPEST = "**Europe/Budapest.** No reminder comes between 22:00 and 7:00 there."


async def test_reminders_are_off_until_they_are_switched_on(world: World) -> None:
    shown = await world.alice.slash(world.general, "me view")
    assert (words(shown.response), shown.ephemeral) == (OFF + SERVERS, True)
    for switch, said in (("on", ON), ("on", ON), ("off", OFF)):
        assert words((await world.alice.slash(world.general, "me reminders", switch=switch)).response) == said + SERVERS


async def test_a_time_zone_is_kept_and_given_up_without_touching_the_reminders(world: World) -> None:
    await world.alice.slash(world.general, "me reminders", switch="on")
    chosen = await world.alice.slash(world.general, "me timezone", time_zone="europe/budapest")
    assert words(chosen.response) == ON + BUDAPEST
    assert words((await world.alice.slash(world.general, "me view")).response) == ON + BUDAPEST
    assert words((await world.alice.slash(world.general, "me timezone")).response) == ON + SERVERS
    assert words((await world.bob.slash(world.general, "me view")).response) == OFF + SERVERS


async def test_a_zone_that_is_none_is_refused(world: World) -> None:
    assert "I do not know that time zone" in only_text(
        await world.alice.slash(world.general, "me timezone", time_zone="EST")
    )
