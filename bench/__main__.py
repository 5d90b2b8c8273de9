"""`python -m bench [NAME] [--json]`: each benchmark beside its peers in one run, with ratios."""

import argparse
import importlib
import json
import sys

from bench.figures import Figure, tables

NAMES = ("search", "autocomplete", "rsvp", "fanout")


def main() -> int:
    """Run the benchmarks that were asked for, all without a name."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", nargs="?", choices=NAMES)
    parser.add_argument("--json", action="store_true", help="one JSON object a figure, instead of tables")
    parser.add_argument("--seed", type=int, default=2, help="which queries to draw: 2; weights were tuned on 1 and 3")
    options = parser.parse_args()
    for name in [options.name] if options.name else NAMES:
        benchmark = importlib.import_module(f"bench.{name}")
        figures: list[Figure] = benchmark.run(options.seed, say)
        if options.json:
            for figure in figures:
                print(json.dumps(figure.as_dict()))
        else:
            print(benchmark.__doc__, tables(figures), sep="\n", end="\n\n")
    return 0


def say(text: str) -> None:
    """How far it has come, beside what it reports."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
