"""From what researchers noted about a tie to what members read: plain English, without what is for maintainers only."""

import re
from pathlib import Path

from db.seed.sources import read

FOR_MAINTAINERS = re.compile(r"CONFLICT| vs |search result|the table|copying slip| /\w|partnerships\.tsv")
SITE = r"(?:[\w-]+\.)+[a-z]{2,}"
COPY = r"(?:liquisearch(?:\.com)?|(?:phase2\.)?infogalactic\.com|wikimili\.com|detailedpedia\.com|wiki\.niidae\.com)"
REWORDED = tuple(
    (re.compile(pattern), text)
    for pattern, text in (
        (r" via /\S+", ""),
        (r"\s*\+\s*others$", " and others"),
        (r"\s*\+\s*", ", "),
        (r"[;,:]? ?(?:signing )?year (?:of (?:the )?signing )?not (?:stated|shown)", ""),
        (r"^jackiebigford list$", "Northern Japan list (jackiebigford.blogspot.com, 2010)"),
        (r"^(?:Wikipedia text[^();]*\()" + COPY + r"(?:;[^()]*)?\)", "Wikipedia"),
        (r"\b" + COPY + r"[^;()]*", "Wikipedia "),
        (r"\((?:Wikipedia copy|copy of Wikipedia[^()]*)\)", "(after Wikipedia)"),
        (r"Wikipedia +\(after Wikipedia\)", "Wikipedia"),
        (r"^zh\.wikipedia (list of sister cities of Taiwan) \(kfd\.me mirror\)", r"Wikipedia in Chinese, \1"),
        (r"^zh\.wikipedia", "Wikipedia in Chinese,"),
        (r"^urbanplanet\.org (?:list|Honolulu)[^()]*", "urbanplanet.org "),
        # The end of a page's address behind its site: who-we-are, sister_cities, en/list
        (rf"^({SITE}) (?!\d{{4}}-)[A-Za-z0-9]+(?:[-_/][A-Za-z0-9]+)+(?= \(|$)", r"\1"),
        (r"\(\s*\)", ""),
        (r"\s+(?=[,;)]|$)", ""),
        (r"\s{2,}", " "),
    )
)


class Remarks:
    """What members read about each tie: the mechanical wording, or that of conflicts.tsv."""

    def __init__(self, path: Path) -> None:
        self._settled = {row["as_written"]: row["members_read"] for row in read(path)}
        self._unused = set(self._settled)

    def members_read(self, noted: str) -> str:
        """The text for members. Raises SystemExit for a remark to maintainers that conflicts.tsv does not settle."""
        self._unused.discard(noted)
        text = self._settled.get(noted) or tidy(noted)
        if FOR_MAINTAINERS.search(text):
            raise SystemExit(f"A remark to maintainers; say in conflicts.tsv what members read instead: {noted}")
        return text

    def unused(self) -> list[str]:
        """Rows of conflicts.tsv about notes that no longer exist."""
        return sorted(self._unused)


def tidy(noted: str) -> str:
    """Site names apart from each other, without the ends of addresses, copies of Wikipedia and empty remarks."""
    parts = []
    for part in re.split(r"; (?![^()]*\))", noted):
        for pattern, text in REWORDED:
            part = pattern.sub(text, part.strip())
        parts.append(part)
    kept = dict.fromkeys(filter(None, parts))
    return "; ".join(part for part in kept if not any(other != part and other.startswith(part) for other in kept))
