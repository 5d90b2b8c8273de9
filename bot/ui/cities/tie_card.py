"""The card of a tie after a change, and the history of what a server changed, page by page."""

import discord

from bot.texts import Texts
from bot.ties.corrections import ChangedTie, Scene
from bot.ties.facts import Facts
from bot.ties.history import Change, TieHistory, tie_history, undo_change
from bot.ui.card import BLUE, GREY, card, note, rows, rule
from bot.ui.cities.city_card import CityOpen
from bot.ui.cities.place_text import kind_name, place_line, signed_words, state_on
from bot.ui.pages import one_page, page_line, pressed_texts, turn_buttons
from bot.ui.press import Interaction, Press, guild_of, member_of, replace
from bot.ui.text import cut, line, plain, stamp

CHANGES_A_PAGE, TEXT_A_PAGE = 8, 3_000  # changes, and characters: whichever is reached first
LONGEST_NOTES = 600
LONGEST_NOTES_IN_LIST = 330  # more than the longest link, which stands first
LONGEST_NAME_IN_LIST = 40


def tie_card(changed: ChangedTie, t: Texts) -> discord.ui.LayoutView:
    """A tie as it now stands in this server."""
    heads = {
        "add": t("Added for this server"),
        "edit": t("Corrected for this server"),
        "end": t("Noted for this server"),
        "withdraw": t("Taken back for this server"),
    }
    facts, withdrawn = changed.facts, changed.action == "withdraw"
    if facts is None:
        said = t("Nobody else names this tie, so it is no longer listed here.")
    else:
        said = "\n".join(filter(None, (" · ".join(_fact_words(facts, t)), _notes(facts, LONGEST_NOTES))))
    foot = [
        t("This is what all servers see.")
        if withdrawn
        else t("Only this server sees it so; it wins over what others see."),
        t("All changes: `/city tie history`"),
    ]
    ends = (changed.city, changed.partner)
    return card(
        f"### {heads[changed.action]}",
        "\n".join(place_line(place, t) for place in ends),
        said,
        rule(),
        "\n".join(f"-# {text}" for text in (foot if facts else foot[1:])),
        *rows([*(CityOpen.to(place.id, place.label) for place in ends), TieUndo.of(changed, t)]),
        colour=GREY if facts is None or facts.state in ("ended", "suspended") else BLUE,
    )


def history_card(history: TieHistory, number: int, t: Texts) -> discord.ui.LayoutView:
    """A page of what this server changed; `number` counts from 0 and is brought into range."""
    if not history.changes:
        return note(t("Nothing was changed here yet: this server sees what all servers see."))
    pages = _pages([_change_text(change, t) for change in history.changes])
    [shown], number = one_page(pages, number, 1)
    head = ["### " + t("What this server changed"), place_line(history.city, t)]
    head += [place_line(history.partner, t)] if history.partner else []
    more = history.more and number == len(pages) - 1
    foot = [page_line(number, len(pages), t), t("Older changes are kept, but not shown.") if more else None]
    return card(
        "\n".join(head),
        rule(),
        *shown,
        "\n".join(f"-# {text}" for text in foot if text),
        *rows(turn_buttons(lambda turn, label: HistoryTurn.to(history, turn, label), number, len(pages), t)),
        colour=BLUE,
    )


def _pages(blocks: list[str]) -> list[list[str]]:
    """The blocks in pages that fit into a message."""
    pages: list[list[str]] = [[]]
    for block in blocks:
        if len(pages[-1]) == CHANGES_A_PAGE or sum(map(len, pages[-1])) + len(block) > TEXT_A_PAGE:
            pages.append([])
        pages[-1].append(block)
    return pages


def _change_text(change: Change, t: Texts) -> str:
    who, when = f"<@{change.user_id}>", stamp(change.at, "R")
    done = {
        "add": t("added by {who} {when}", who=who, when=when),
        "edit": t("corrected by {who} {when}", who=who, when=when),
        "end": t("marked as suspended by {who} {when}", who=who, when=when)
        if change.after and change.after.state == "suspended"
        else t("marked as ended by {who} {when}", who=who, when=when),
        "withdraw": t("taken back by {who} {when}", who=who, when=when),
    }
    before, after = change.before, change.after
    told = after and change.action != "withdraw" and (before is None or after.notes != before.notes)
    lines = [
        f"**{line(change.partner.name, LONGEST_NAME_IN_LIST)}** · {done[change.action]}",
        " · ".join(_change_words(before, after, t)),
        _notes(after, LONGEST_NOTES_IN_LIST) if after and told else None,
    ]
    return "\n".join(filter(None, lines))


def _change_words(before: Facts | None, after: Facts | None, t: Texts) -> list[str]:
    """What changed; all that is said where nothing was said before, or where all servers have come to say the same."""
    if after is None:
        return [t("no longer listed")]
    if before is None:
        return _fact_words(after, t)
    return _differences(before, after, t) or ([] if after.notes != before.notes else _fact_words(after, t))


def _differences(before: Facts, after: Facts, t: Texts) -> list[str]:
    """What changed, each as "before → after"."""
    pairs = zip(_fact_words(before, t), _fact_words(after, t), strict=True)
    return [f"{old} → {new}" for old, new in pairs if old != new]


def _fact_words(facts: Facts, t: Texts) -> list[str]:
    return [
        kind_name(facts.kind, t),
        state_on(facts.state, facts.as_of, t),
        signed_words(facts.signed, t),
        t("confirmed") if facts.confidence == "confirmed" else t("unconfirmed"),
    ]


def _notes(facts: Facts, longest: int) -> str | None:
    """Where it is known from, in small print. Moderators and operators write it, so its links may be pressed."""
    return "-# " + plain(cut(facts.notes, longest), links=True) if facts.notes else None


class HistoryTurn(Press, template=r"tie-history:(?P<place>\d{1,9}):(?P<partner>\d{1,9}):(?P<page>\d{1,3})"):
    """Another page of a history, on the same message; a partner of 0 means all of them."""

    @classmethod
    def to(cls, history: TieHistory, number: int, label: str) -> "HistoryTurn":
        """A button to a page, counted from 0."""
        partner_id = history.partner.id if history.partner else 0
        return cls(discord.ui.Button(label=label, custom_id=f"tie-history:{history.city.id}:{partner_id}:{number}"))

    async def pressed(self, interaction: Interaction) -> None:
        bot, partner_id = interaction.client, int(self.match["partner"])
        partner = f"id:{partner_id}" if partner_id else None
        place = f"id:{self.match['place']}"
        history = await tie_history(bot.database, bot.index, guild_of(interaction), place, partner)
        await replace(interaction, history_card(history, int(self.match["page"]), pressed_texts(interaction)))


class TieUndo(Press, template=r"tie-undo:(?P<change>\d{1,10})(?::(?P<city>\d{1,9}))?"):
    """Takes the last change of a tie back; the card then shows the tie as it was before, `city` first again."""

    @classmethod
    def of(cls, changed: ChangedTie, t: Texts) -> "TieUndo":
        """A button that undoes a change, for as long as it is the last of its tie."""
        return cls(discord.ui.Button(label=t("Undo"), custom_id=f"tie-undo:{changed.change_id}:{changed.city.id}"))

    async def pressed(self, interaction: Interaction) -> None:
        bot, guild_id = interaction.client, guild_of(interaction)
        scene = Scene(guild_id, member_of(interaction), bot.now())
        first = int(self.match["city"]) if self.match["city"] else None
        changed = await undo_change(bot.database, scene, int(self.match["change"]), first)
        await bot.refresh_home(guild_id)
        await replace(interaction, tie_card(changed, pressed_texts(interaction)))
