"""`make bench B=understand [QUICK=1]`: every table that is there, then one line of JSON."""

import importlib
import importlib.util
import json
import os

TABLES = ("text", "again", "route", "hot", "private", "request", "cost")


def main() -> None:
    quick = os.environ.get("QUICK") == "1"
    told: dict[str, float] = {}
    for name in TABLES:
        if importlib.util.find_spec(f"bench.understand.{name}"):
            print(f"\n== {name}")
            told |= importlib.import_module(f"bench.understand.{name}").figures(quick)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
