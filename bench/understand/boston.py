"""Boston's requests of 1 July to 14 November 2011, and which of them the city itself called the same as an earlier one.

Data: shared/data/requests_311/boston_2011, see SOURCE.md there.
"""

import csv
import gzip
import re
from datetime import datetime
from pathlib import Path

import numpy as np
from msgspec import Struct

HOME = Path(__file__).parents[3] / "shared" / "data" / "requests_311" / "boston_2011"
REQUESTS, DUPLICATES = HOME / "service_requests_2011_jul_to_mid_nov.csv.gz", HOME / "derived_duplicates_flagged.csv"
EARTH_M, MIDDLE = 6_371_008.8, np.radians(42.32)
PARENT_M = 500  # a parent that is named from farther away is taken for a slip of the pen


class Requests(Struct, frozen=True):
    """All requests in the order of their opening.

    Shape: `parent` the number of the request that each repeats, -1 if none is known; `flagged` is called a duplicate,
    of whatever. Units: minutes; metres.
    """

    rows: list[dict[str, str]]
    opened: np.ndarray
    closed: np.ndarray
    x: np.ndarray
    y: np.ndarray
    parent: np.ndarray
    flagged: np.ndarray


def rows() -> list[dict[str, str]]:
    """The requests as they stand in the file, by moment of opening."""
    with gzip.open(REQUESTS, "rt", encoding="utf-8") as file:
        return sorted(csv.DictReader(file), key=lambda row: (row["open_dt"], row["case_enquiry_id"]))


def requests() -> Requests:
    """The requests with what the city said was the same. A parent is nearby, and came first."""
    every = rows()
    number = {row["case_enquiry_id"]: at for at, row in enumerate(every)}
    parent, flagged = np.full(len(every), -1), np.zeros(len(every), bool)
    with DUPLICATES.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            child = number[row["child_case_enquiry_id"]]
            flagged[child] = True
            at = number.get(row["parent_resolved"], -1)
            near = row["parent_in_file"] == "True" and float(row["dist_m"] or PARENT_M) < PARENT_M
            if near and at >= 0 and every[at]["open_dt"] <= every[child]["open_dt"]:
                parent[child] = at
    lon, lat = (np.radians([float(row[name]) for row in every]) for name in ("longitude", "latitude"))
    return Requests(
        every, _minutes(every, "open_dt"), _minutes(every, "closed_dt"), lon * np.cos(MIDDLE) * EARTH_M, lat * EARTH_M,
        parent, flagged,
    )  # fmt: skip


def streets_of(row: dict[str, str]) -> frozenset[str]:
    """The street of an address, or both of a crossing, without numbers.

    >>> sorted(streets_of({"location_street_name": "INTERSECTION Groveland St & River St"}))
    ['groveland st', 'river st']
    >>> sorted(streets_of({"location_street_name": "15-17 Wadsworth St"}))
    ['wadsworth st']
    """
    parts = row["location_street_name"].replace("INTERSECTION ", "").split("&")
    return frozenset(re.sub(r"^\S*\d\S*\s+", "", part.strip()).lower() for part in parts if part.strip())


def _minutes(every: list[dict[str, str]], name: str) -> np.ndarray:
    return np.array([datetime.fromisoformat(row[name]).timestamp() / 60 if row[name] else np.inf for row in every])
