"""A short session without a browser: what each person does and sees, checked step by step."""

import textwrap
from collections.abc import Iterator
from typing import Any

from bot.preview import EVERY, Stage, say, staged
from bot.sample import NEW_STORIES
from bot.settings import Settings


class StepFailed(Exception):
    """A step did not show what it must."""


async def transcript(settings: Settings, story: str = NEW_STORIES[0][0]) -> int:
    """Play the session and print it; returns 0 only if every step happened; `story` is the new one's title."""
    async with staged(settings) as stage:
        try:
            await _look_up(stage)
            await _fill_and_wait(stage)
            await _move_up(stage)
            await _story(stage, story)
        except StepFailed as failed:
            say(f"FAILED: {failed}")
            return 1
    say("\nEvery step happened.")
    return 0


async def _look_up(stage: Stage) -> None:
    say("\nAlice looks Birmingham up: /city view city:Birmingham")
    result = await stage.alice.slash(stage.channel, "city view", city="Birmingham")
    _shows("Alice", result.response, "Birmingham", "Alabama", "Hitachi", "Next page")
    await stage.alice.click(stage.newest(), label="Next page")
    _shows("Alice", stage.newest(), "Page 2 of 2", "Previous page")


async def _fill_and_wait(stage: Stage) -> None:
    card = _event_card(stage)
    say("\nBob presses Going: it is the last seat.")
    await stage.bob.click(card, label="Going")
    _shows("Everyone", _event_card(stage), "Going 12 / 12", "Bob", "Join waiting list")
    say("\nAlice is too late and presses Join waiting list.")
    await stage.alice.click(card, label="Join waiting list")
    _shows("Everyone", _event_card(stage), "Waiting 1", "1. Alice")


async def _move_up(stage: Stage) -> None:
    say("\nBob presses Can't go: Alice moves up and is told.")
    await stage.bob.click(_event_card(stage), label="Can't go")
    await stage.round()
    _shows("Everyone", _event_card(stage), "Going 12 / 12", "Noor, Alice")
    messages = stage.alice.user.dm_channel.history()
    if not messages:
        raise StepFailed("Alice was sent no message")
    _shows("Alice, privately", messages[-1], "A seat opened")


async def _story(stage: Stage, title: str) -> None:
    say("\nA new story appears in the feed that the server follows.")
    before = len(stage.channel.history())
    stage.feed.publish_next(stage.bot.now())
    await stage.round(ahead=EVERY)
    if len(stage.channel.history()) != before + 1:
        raise StepFailed("the story was not posted, or not once")
    _shows("Everyone", stage.newest(), title, "The Exchange (sample)", "Read the story")


def _event_card(stage: Stage) -> Any:
    for message in stage.channel.history():
        if "Cherry blossom" in "\n".join(_pieces(message)):
            return message
    raise StepFailed("there is no event card")


def _shows(who: str, message: Any, *expected: str) -> None:
    text = "\n".join(_pieces(message))
    say(f"{who} sees:\n{textwrap.indent(text, '  │ ')}")
    missing = [words for words in expected if words not in text]
    if missing:
        raise StepFailed(f"{missing} did not show")


def _pieces(message: Any) -> Iterator[str]:
    """All texts and button labels of a message, in order."""
    if message is None:
        raise StepFailed("there is no message")

    def walk(component: Any) -> Iterator[str]:
        part = component if isinstance(component, dict) else component.to_dict()
        if "content" in part:
            yield part["content"]
        if "label" in part:
            yield f"[{part['label']}]"
        for child in part.get("components", []):
            yield from walk(child)

    for component in message.components:
        yield from walk(component)
