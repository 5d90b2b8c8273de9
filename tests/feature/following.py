"""Following a feed as moderators do: `/feed add`, a look at what was found, and a press on Follow."""

from typing import Any

import simcord

from tests.feature.conftest import World, words


async def preview(
    world: World, url: str, actor: simcord.MemberActor | None = None, **options: Any
) -> simcord.results.ResponseMessage:
    """What is shown privately after `/feed add`; stories go to the stories channel unless an option says otherwise."""
    chosen = {"channel": world.stories} | options
    given = {name: value for name, value in chosen.items() if value is not None}
    return last(await (actor or world.mod).slash(world.general, "feed add", url=url, **given))


async def follow(world: World, url: str, actor: simcord.MemberActor | None = None, **options: Any) -> str:
    """What is said in the end: after the press on Follow, or why there is nothing to follow."""
    shown = await preview(world, url, actor, **options)
    if "[Follow]" not in words(shown):
        return words(shown)
    return words(last(await (actor or world.mod).click(shown, label="Follow")))


def last(result: simcord.InteractionResult) -> simcord.results.ResponseMessage:
    """The latest message with which an interaction was answered; only the person who acted sees it."""
    answer = result.followups[-1] if result.followups else result.response
    assert answer is not None and answer.ephemeral
    return answer


def as_text(url: str) -> str:
    """An address as it stands in a message where nobody is meant to press it."""
    return url.replace("://", ":\\//")
