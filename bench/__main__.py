"""`python -m bench [NAME] [--json]`: each benchmark beside its peers in one run, with ratios."""

import argparse
import importlib
import json
import sys

from bench.figures import Figure, table

NAMES = ("search",)


def main() -> int:
    """Run the benchmarks that were asked for, all without a name."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", nargs="?", choices=NAMES)
    parser.add_argument("--json", action="store_true", help="one JSON object a figure")
    options = parser.parse_args()
    for name in [options.name] if options.name else NAMES:
        figures: list[Figure] = importlib.import_module(f"bench.{name}").run()
        if options.json:
            for figure in figures:
                print(json.dumps({"bench": name, **figure.as_dict()}))
        else:
            print(f"{name}\n{table(figures)}")
    return 0


sys.exit(main())
