"""The buttons around a draft."""

from bot.ui.deed_press import DeedPress


class DraftPress(DeedPress, template=r"event-draft:(?P<about>\d{1,18}):(?P<deed>[a-z]{1,20})"):
    """One button of a draft's preview or of a page behind it."""

    prefix = "event-draft"
