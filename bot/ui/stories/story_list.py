"""Stories looked up: lists of them, a page at a time, one by itself, and stories to pick from by their title."""

import re

import discord
from discord import app_commands

from bot.events.panel import message_link
from bot.lookup.cities import CHOSEN, NoSuchCity, find_place
from bot.lookup.places import Place
from bot.plain_text import visible
from bot.stories.lookup import Asked, StoryPage, find_story, list_stories, stories_like, tagged
from bot.stories.page import StoryPost
from bot.texts import Texts
from bot.ui.autocomplete import LONGEST_CHOICE, MOST_CHOICES, day_in_words
from bot.ui.card import AMBER, MOST_CHARACTERS, card, note, rows
from bot.ui.choose import Choose, Menu, options
from bot.ui.cities.far_text import host_of, masked
from bot.ui.events.answer_card import no_such_city
from bot.ui.events.event_words import track_labels
from bot.ui.pages import page_line, turn_buttons
from bot.ui.press import Interaction, Press, guild_of, reader_texts, replace, reply
from bot.ui.stories.story_card import story_card
from bot.ui.text import cut, line, stamp

RESERVE = 500  # characters kept for the heading, the number of the page and the buttons
LENGTHS = ((120, 200), (80, 100), (40, 0))  # of a title and of its link: the first at which all stories fit


def story_page(page: StoryPage, place: Place | None, t: Texts) -> discord.ui.LayoutView:
    """A page of a list; what stands on it can be opened, and the pages around it turned to. `place` as asked for."""
    asked = page.asked
    if not page.stories:
        if asked == Asked():
            return note(t("No stories here yet. Moderators follow the feeds of sites with `/feed add`."))
        return note(t("I found no such story. `/story latest` without options shows the newest ones."))
    words = line(asked.words, 60)
    title = t("Stories with “{words}”", words=words) if words else t("Latest stories")
    about = [line(place.label, 80) if place else "", track_labels(t).get(asked.track or "", "")]
    small = [t.plural("{n} story", "{n} stories", page.total), page_line(asked.page, page.pages, t)]
    return card(
        "### " + " · ".join(part for part in (title, *about) if part),
        _fitted(page, t),
        "-# " + " · ".join(part for part in small if part),
        *rows([StoryPick.of(page, t)]),
        *rows(turn_buttons(lambda number, label: StoryTurn.to(asked, number, label), asked.page, page.pages, t)),
        colour=AMBER,
    )


def _fitted(page: StoryPage, t: Texts) -> str:
    for longest_title, longest_link in LENGTHS:
        text = "\n\n".join(_entry(story, longest_title, longest_link, t) for story in page.stories)
        if len(text) <= MOST_CHARACTERS - RESERVE:
            break
    return text


def _entry(story: StoryPost, longest_title: int, longest_link: int, t: Texts) -> str:
    """Two short lines: what, then from where, when, about what."""
    title = masked(line(story.title, longest_title), story.link, longest_link)
    small = [
        line(story.source, 40),
        line(host_of(story.link), 40),
        stamp(story.published_at or story.first_seen_at, "d"),
        track_labels(t).get(story.track or "", ""),
    ]
    return f"**{title}**\n-# " + " · ".join(part for part in small if part)


async def show_stories(interaction: Interaction, words: str, city: str | None, track: str | None) -> None:
    """Answer with the first page of the newest stories, or of those that hold the words; a city typed is looked up."""
    bot, t = interaction.client, reader_texts(interaction)
    asked = Asked(visible(words), track)
    if city is not None:
        home = bot.homes.get(guild_of(interaction), [])
        place = find_place(bot.index, city, home)
        if isinstance(place, NoSuchCity):
            view = no_such_city(place, t, opens=lambda place_id, label: StoryTurn.about(asked, place_id, label))
            return await reply(interaction, view)
        asked = Asked(asked.words, track, place.id)
    await reply(interaction, await _page(interaction, asked))


async def open_story(interaction: Interaction, text: str) -> None:
    """Answer with the story that was picked, or with those that hold what was typed instead."""
    chosen = CHOSEN.fullmatch(text.strip())
    if chosen is None:
        return await show_stories(interaction, cut(visible(text), 50), None, None)
    await _show(interaction, int(chosen[1]))


async def story_choices(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Stories by words of their title, the newest first, each with the day on which it came."""
    bot, locale = interaction.client, str(interaction.locale)
    found = await stories_like(
        bot.database, guild_of(interaction), readable_channels(interaction), current, MOST_CHOICES
    )
    choices = []
    for story in found:
        day = day_in_words(story.seen_at, locale)
        name = f"{cut(visible(story.title), LONGEST_CHOICE - len(day) - 3)} · {day}"
        choices.append(app_commands.Choice(name=name, value=f"id:{story.id}"))
    return choices


def readable_channels(interaction: Interaction) -> list[int]:
    """The channels of this server that the person who acts can see."""
    guild, member = interaction.guild, interaction.user
    if guild is None or not isinstance(member, discord.Member):
        return []
    return [channel.id for channel in guild.channels if channel.permissions_for(member).view_channel]


async def _page(interaction: Interaction, asked: Asked) -> discord.ui.LayoutView:
    bot, channel_ids = interaction.client, readable_channels(interaction)
    page = await list_stories(bot.database, guild_of(interaction), channel_ids, asked)
    return story_page(page, bot.index.places.get(asked.place_id or 0), reader_texts(interaction))


async def _show(interaction: Interaction, story_id: int) -> None:
    """Answer with a story's card, with a link to the message that told it."""
    bot, guild_id = interaction.client, guild_of(interaction)
    found = await find_story(bot.database, guild_id, readable_channels(interaction), story_id)
    places = tagged(found.story, bot.index, bot.homes.get(guild_id, ()))
    post = message_link(guild_id, *found.shown_in) if found.shown_in else None
    await reply(interaction, story_card(found.story, reader_texts(interaction), places, discuss=False, post=post))


class StoryTurn(
    Press,
    template=r"story-list:(?P<track>[a-z_]{0,30}):(?P<place>\d{0,9}):(?P<page>\d{1,4}):(?P<words>.{0,50})",
):
    """Another page of a list."""

    @classmethod
    def to(cls, asked: Asked, page: int, label: str) -> "StoryTurn":
        """A button to a page, counted from 0."""
        custom_id = f"story-list:{asked.track or ''}:{asked.place_id or ''}:{page}:{asked.words}"
        return cls(discord.ui.Button(label=cut(label, 80), custom_id=custom_id))

    @classmethod
    def about(cls, asked: Asked, place_id: int, label: str) -> "StoryTurn":
        """A button to the same list of one place alone."""
        return cls.to(Asked(asked.words, asked.track, place_id), 0, label)

    async def pressed(self, interaction: Interaction) -> None:
        match = self.match
        place_id = int(match["place"]) if match["place"] else None
        asked = Asked(match["words"], match["track"] or None, place_id, int(match["page"]))
        await replace(interaction, await _page(interaction, asked))


class StoryPick(Choose, template=r"story-pick"):
    """Opens one of the stories of a page, beneath it."""

    @classmethod
    def of(cls, page: StoryPage, t: Texts) -> "StoryPick":
        """A select of the stories of a page."""
        titles = {str(story.id): visible(story.title) for story in page.stories}
        return cls(Menu(custom_id="story-pick", placeholder=t("Open a story"), options=options(titles, ())))

    async def chosen(self, interaction: Interaction, values: list[str]) -> None:
        if values and re.fullmatch(r"\d{1,18}", values[0]):
            await _show(interaction, int(values[0]))
