"""The card of a tie after a change, and the history of what a server changed, page by page."""

import discord

from bot.texts import Texts
from bot.tie_facts import Facts
from bot.tie_history import Change, TieHistory, tie_history, undo_change
from bot.ties import ChangedTie, Scene
from bot.ui.card import BLUE, GREY, Item, card, note, rows, rule
from bot.ui.city_card import CityOpen
from bot.ui.place_text import place_line, signed_on
from bot.ui.press import Interaction, Press, guild_of, member_of, message_texts, replace
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
        *rows([*(CityOpen.to(place.id, place.label) for place in ends), TieUndo.of(changed.change_id, t)]),
        colour=GREY if facts is None or facts.state in ("ended", "suspended") else BLUE,
    )


def history_card(history: TieHistory, number: int, t: Texts) -> discord.ui.LayoutView:
    """A page of what this server changed; `number` counts from 0 and is brought into range."""
    if not history.changes:
        return note(t("Nothing was changed here yet: this server sees what all servers see."))
    pages = _pages([_change_text(change, t) for change in history.changes])
    number = max(0, min(number, len(pages) - 1))
    head = ["### " + t("What this server changed"), place_line(history.city, t)]
    head += [place_line(history.partner, t)] if history.partner else []
    foot = [t("Page {number} of {pages}", number=number + 1, pages=len(pages))] if len(pages) > 1 else []
    if history.more and number == len(pages) - 1:
        foot.append(t("Older changes are kept, but not shown."))
    return card(
        "\n".join(head),
        rule(),
        *pages[number],
        "\n".join(f"-# {text}" for text in foot),
        *rows(_buttons(history, number, len(pages), t)),
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
        "end": t("marked as over by {who} {when}", who=who, when=when),
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
    pairs = [
        (_kind(before, t), _kind(after, t)),
        (_state(before, t), _state(after, t)),
        (_signed(before, t), _signed(after, t)),
        (_confidence(before, t), _confidence(after, t)),
    ]
    return [f"{old} → {new}" for old, new in pairs if old != new]


def _fact_words(facts: Facts, t: Texts) -> list[str]:
    return [_kind(facts, t), _state(facts, t), _signed(facts, t), _confidence(facts, t)]


def _kind(facts: Facts, t: Texts) -> str:
    kinds = {
        "sister": t("sister city"),
        "friendship": t("friendship city"),
        "partner": t("partner city"),
        "pact": t("county or state pact"),
    }
    return kinds.get(facts.kind, t("kind not known"))


def _state(facts: Facts, t: Texts) -> str:
    states = {"active": t("active"), "suspended": t("suspended"), "ended": t("ended")}
    state = states.get(facts.state, t("state not known"))
    if facts.as_of is None:
        return state
    return t("{state} as of {date}", state=state, date=signed_on(facts.as_of, t))


def _signed(facts: Facts, t: Texts) -> str:
    return t("signed {date}", date=signed_on(facts.signed, t)) if facts.signed else t("signing date not known")


def _confidence(facts: Facts, t: Texts) -> str:
    return t("confirmed") if facts.confidence == "confirmed" else t("unconfirmed")


def _notes(facts: Facts, longest: int) -> str | None:
    """Where it is known from, in small print. Moderators and operators write it, so its links may be pressed."""
    return "-# " + plain(cut(facts.notes, longest), links=True) if facts.notes else None


def _buttons(history: TieHistory, number: int, pages: int, t: Texts) -> list[Item]:
    buttons: list[Item] = []
    if number > 0:
        buttons.append(HistoryTurn.to(history, number - 1, t("Previous page")))
    if number < pages - 1:
        buttons.append(HistoryTurn.to(history, number + 1, t("Next page")))
    return buttons


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
        shared = interaction.message is not None and not interaction.message.flags.ephemeral
        t = message_texts(interaction, private=not shared)
        await replace(interaction, history_card(history, int(self.match["page"]), t))


class TieUndo(Press, template=r"tie-undo:(?P<change>\d{1,10})"):
    """Takes the last change of a tie back; the card then shows the tie as it was before."""

    @classmethod
    def of(cls, change_id: int, t: Texts) -> "TieUndo":
        """A button that undoes one change, for as long as it is the last of its tie."""
        return cls(discord.ui.Button(label=t("Undo"), custom_id=f"tie-undo:{change_id}"))

    async def pressed(self, interaction: Interaction) -> None:
        bot, guild_id = interaction.client, guild_of(interaction)
        scene = Scene(guild_id, member_of(interaction), bot.now())
        changed = await undo_change(bot.database, scene, int(self.match["change"]))
        await bot.refresh_home(guild_id)
        shared = interaction.message is not None and not interaction.message.flags.ephemeral
        await replace(interaction, tie_card(changed, message_texts(interaction, private=not shared)))
