"""What a member chose for themselves, as they see it."""

import discord

from bot.member_settings import MemberChoices
from bot.texts import Texts
from bot.ui.card import BLUE, card


def member_card(choices: MemberChoices, t: Texts) -> discord.ui.LayoutView:
    """A member's choices, and how each is changed."""
    if choices.reminders_by_dm:
        reminders = t(
            "**On.** I write to you before the events you go to, and remind you in the event's thread or channel. "
            "`/me reminders off` ends that."
        )
    else:
        reminders = t(
            "**Off.** I remind you in the event's thread or channel only. "
            "`/me reminders on` has me write to you as well."
        )
    if choices.timezone:
        zone = t("**{zone}.** No reminder comes between 22:00 and 7:00 there.", zone=choices.timezone)
    else:
        zone = t(
            "The server's. No reminder comes between 22:00 and 7:00 there. "
            "Live elsewhere? Choose your own with `/me timezone`."
        )
    return card(
        "### " + t("Reminders by direct message"),
        reminders,
        "### " + t("Your time zone"),
        zone,
        colour=BLUE,
    )
