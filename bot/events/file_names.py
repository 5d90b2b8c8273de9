"""Names of files that are sent to people (pure)."""

import re
import unicodedata
from datetime import date

LONGEST = 40  # characters of a title


def file_name(title: str, day: date, ending: str) -> str:
    """A name of plain ASCII letters for a file about an event: `cherry-blossom-evening-2026-12-05.ics`."""
    folded = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", folded)[:LONGEST].strip("-")
    return f"{words or 'event'}-{day:%Y-%m-%d}.{ending}"
