"""What the kinds, tracks, volunteer roles and languages of events are called."""

from bot.texts import Texts


def kind_labels(t: Texts) -> dict[str, str]:
    """Kind of event → its name, in the order in which they are offered."""
    return {
        "meeting": t("Meeting"),
        "festival": t("Festival"),
        "delegation": t("Delegation"),
        "trade_mission": t("Trade mission"),
        "virtual_signing": t("Virtual signing"),
        "webinar": t("Webinar"),
    }


def track_labels(t: Texts) -> dict[str, str]:
    """Track → its name, in the order in which they are offered."""
    return {
        "youth_education": t("Youth & Education"),
        "arts_culture": t("Arts & Culture"),
        "government_relations": t("Government Relations"),
        "community_development": t("Community Development"),
        "business_trade": t("Business & Trade"),
    }


def volunteer_labels(t: Texts) -> dict[str, str]:
    """Volunteer role → what one such volunteer is called, in the order in which they are offered."""
    return {"host_family": t("Host family"), "interpreter": t("Interpreter"), "driver": t("Driver")}


def volunteers_labels(t: Texts) -> dict[str, str]:
    """Volunteer role → what several of them are called."""
    return {"host_family": t("Host families"), "interpreter": t("Interpreters"), "driver": t("Drivers")}


def language_name(code: str) -> str:
    """A language by its own name, "Deutsch" for `de`; the code itself where nobody knows the name."""
    from babel import Locale, UnknownLocaleError

    try:
        name = Locale.parse(code.replace("-", "_")).get_display_name()
    except (UnknownLocaleError, ValueError):
        return code
    return name[:1].upper() + name[1:] if name else code
