"""Looking cities up, as members do."""

from tests.feature.conftest import BIRMINGHAM, World, words


async def test_the_card_of_a_city_lists_its_partners(world: World) -> None:
    result = await world.alice.slash(world.general, "city view", city=BIRMINGHAM)
    print(words(result.response))
    assert result.response is not None and not result.ephemeral
