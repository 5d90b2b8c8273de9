"""What first-level divisions are called in English, and what else they are called (region_names.tsv)."""

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("region_names.tsv")


def english_name(region: str, country_code: str) -> str:
    """The name an English reader uses: "Bavaria" for "Bayern"; the name as it is where there is no other."""
    return _english().get((country_code, region), region)


def other_names(region: str, country_code: str) -> frozenset[str]:
    """What sources write for a region by its English name: "Bayern" for "Bavaria"."""
    return _others().get((country_code, region), frozenset())


@cache
def _english() -> dict[tuple[str, str], str]:
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {(row["country_code"], row["as_written"]): row["english"] for row in rows}


@cache
def _others() -> dict[tuple[str, str], frozenset[str]]:
    others: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (country_code, written), english in _english().items():
        others[country_code, english].add(written)
    return {key: frozenset(names) for key, names in others.items()}
