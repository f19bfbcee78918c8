"""`make bench B=understand [QUICK=1]`: every table that is there, then one line of JSON."""

import argparse
import importlib
import importlib.util
import json
import os
from pathlib import Path

TABLES = ("text", "meaning", "again", "route", "hot", "private", "request", "cost")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--test", type=Path, help="labelled messages to score that were not learned from")
    test = asked.parse_args().test
    quick = os.environ.get("QUICK") == "1"
    told: dict[str, float] = {}
    for name in TABLES:
        if importlib.util.find_spec(f"bench.understand.{name}"):
            print(f"\n== {name}")
            part = importlib.import_module(f"bench.understand.{name}")
            told |= part.figures(quick, test) if test and name == "text" else part.figures(quick)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
