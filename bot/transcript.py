"""A short session without a browser: what each person does and sees, checked step by step."""

import re
import textwrap
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from bot.preview import EVERY, SOON, Stage, say, staged
from bot.sample import NEW_STORIES
from bot.settings import Settings

EVENT_ID = FEED_ID = "id:1"  # as autocomplete would send it
OUTAGE_LOOKS = (timedelta(minutes=1), timedelta(minutes=6), timedelta(minutes=12), timedelta(minutes=25))


class StepFailed(Exception):
    """A step did not show what it must."""


async def transcript(settings: Settings, story: str = NEW_STORIES[0][0]) -> int:
    """Play the session and print it; returns 0 only if every step happened; `story` is the new one's title."""
    async with staged(settings) as stage:
        try:
            await _look_up(stage)
            await _fill_and_wait(stage)
            await _move_up(stage)
            await _help(stage)
            await _story(stage, story)
            await _search(stage)
            await _outage(stage)
            await _remind(stage)
            await _check_in(stage)
            await _export(stage)
            await _thank(stage)
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
    await stage.travel(stage.bot.now() + SOON)
    _shows("Everyone", _event_card(stage), "Festival · Arts & Culture", "Going 12/12", "Bob", "Join waiting list")
    say("\nAlice is too late and presses Join waiting list.")
    await stage.alice.click(card, label="Join waiting list")
    await stage.travel(stage.bot.now() + SOON)
    _shows("Everyone", _event_card(stage), "Waiting 1", "1. Alice")
    say("\nAlice presses My answer, to see where she stands.")
    _shows("Alice", (await stage.alice.click(card, label="My answer")).response, "number 1", "Leave the waiting list")


async def _move_up(stage: Stage) -> None:
    say("\nBob presses Can't go: Alice moves up and is told.")
    await stage.bob.click(_event_card(stage), label="Can't go")
    await stage.travel(stage.bot.now() + SOON)
    _shows("Everyone", _event_card(stage), "Going 12/12", "Noor, Alice")
    messages = stage.alice.user.dm_channel.history()
    if not messages:
        raise StepFailed("Alice was sent no message")
    _shows("Alice, privately", messages[-1], "A seat opened")


async def _help(stage: Stage) -> None:
    say("\nAlice offers to interpret, under My answer.")
    mine = (await stage.alice.click(_event_card(stage), label="My answer")).response
    if mine is None:
        raise StepFailed("My answer showed nothing")
    shown = await stage.alice.click(mine, label="Interpreters 0/2")
    _shows("Alice", shown.response, "You are going.", "You help: Interpreter")
    await stage.travel(stage.bot.now() + SOON)
    _shows("Everyone", _event_card(stage), "Interpreters 1/2")


async def _remind(stage: Stage) -> None:
    say("\nA day before the event, those who come are reminded.")
    starts_at = await _starts_at(stage)
    await stage.travel(starts_at - timedelta(days=1))
    _shows("Everyone", stage.newest(), "Cherry blossom evening with Hitachi", stage.alice.mention)


async def _check_in(stage: Stage) -> None:
    say("\nIt is time. At the door Dana shows a code: /event checkin")
    await stage.travel(await _starts_at(stage))
    shown = (await stage.dana.slash(stage.channel, "event checkin", event=EVENT_ID)).response
    _shows("Dana", shown, "Show or say this code", "Here 0 · Going 12")
    code = re.search(r"^# (.+)$", "\n".join(_pieces(shown)), re.MULTILINE)
    await stage.travel(stage.bot.now() + timedelta(minutes=1))
    say("\nAlice presses Check in and types it.")
    form = await stage.alice.click(_event_card(stage), label="Check in")
    done = await stage.alice.submit_modal(form, {"code": code[1] if code else ""})
    _shows("Alice", done.response, "You are checked in")


async def _export(stage: Stage) -> None:
    say("\nDana takes the list along: /event export")
    exported = (await stage.dana.slash(stage.channel, "event export", event=EVENT_ID)).response
    if exported is None or not exported.attachments:
        raise StepFailed("there is no file")
    rows = (await exported.attachments[0].read()).decode("utf-8-sig").splitlines()
    alice = [row for row in rows if row.startswith('"Alice"') and "Interpreter" in row]
    say("Dana opens it:\n" + textwrap.indent("\n".join([rows[0], *alice]), "  │ "))
    if not alice:
        raise StepFailed("Alice is not in the list")


async def _thank(stage: Stage) -> None:
    say("\nThe evening is over: who came is thanked, and nobody else is named.")
    await stage.travel(await _starts_at(stage) + timedelta(hours=3))
    _shows("Everyone", stage.newest(), "Thank you for coming", stage.alice.mention)


async def _starts_at(stage: Stage) -> datetime:
    return (await stage.bot.events.card(stage.env.guild.id, 1)).starts_at


async def _story(stage: Stage, title: str) -> None:
    say("\nA new story appears in the feed that the server follows.")
    before = len(stage.channel.history())
    stage.feed.publish_next(stage.bot.now())
    await stage.round(ahead=EVERY)
    if len(stage.channel.history()) != before + 1:
        raise StepFailed("the story was not posted, or not once")
    _shows("Everyone", stage.newest(), title, "The Exchange (sample)", "Read the story")


async def _outage(stage: Stage) -> None:
    say("\nThe site breaks down. After an hour of trying, Dana's team is told; and again when it is back.")
    stage.feed.broken = True
    for wait in OUTAGE_LOOKS:
        await stage.travel(stage.bot.now() + wait)
    _shows("Everyone", stage.newest(), "The Exchange (sample)", "cannot answer at the moment")
    _shows("Dana", (await stage.dana.slash(stage.channel, "feed status", feed=FEED_ID)).response, "error 503")
    stage.feed.broken = False
    await stage.travel(stage.bot.now() + timedelta(hours=2))
    _shows("Everyone", stage.newest(), "The Exchange (sample)", "again")
    _shows("Dana", (await stage.dana.slash(stage.channel, "feed log", feed=FEED_ID)).response, NEW_STORIES[0][0])


async def _search(stage: Stage) -> None:
    say("\nBob remembers something about a tree: /story search words:cherry tree")
    found = (await stage.bob.slash(stage.channel, "story search", words="cherry tree")).response
    _shows("Bob", found, "1 story", NEW_STORIES[0][0])


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
