"""What our SQL asks of a database that is not in every database stands on one page, with the version that has it."""

import re
from collections.abc import Iterable, Mapping

import pytest

PAGE = "docs/operate/domestic.md"
# What PostgreSQL has and older or other databases that speak its protocol may lack. Keywords are written large in our SQL.
FEATURES = {
    "ON CONFLICT": r"ON CONFLICT",
    "RETURNING": r"RETURNING",
    "unnest(": r"unnest\(",
    "WITH ORDINALITY": r"WITH ORDINALITY",
    "LATERAL": r"LATERAL",
    "pg_advisory": r"pg_(?:try_)?advisory",
    "hashtextextended": r"hashtextextended",
    "REPEATABLE READ": r"REPEATABLE READ",
    'COLLATE "C"': r'COLLATE "C"',
    "USING gin": r"USING gin",
    "string_to_array": r"string_to_array",
    "split_part": r"split_part",
    "FILTER (WHERE": r"FILTER \(WHERE",
    "OVER (": r"\) OVER \(",
    "WITH RECURSIVE": r"WITH RECURSIVE",
    "AS MATERIALIZED": r"AS MATERIALIZED",
    "partial index": r"CREATE (?:UNIQUE )?INDEX [^;]* WHERE ",
    "INCLUDE (": r"INCLUDE \(",
    "GENERATED": r"GENERATED ALWAYS",
    "MERGE INTO": r"MERGE INTO",
    "SKIP LOCKED": r"SKIP LOCKED",
    "DISTINCT ON": r"DISTINCT ON",
    "jsonb": r"jsonb_\w+\(|::jsonb",
    "percentile_cont": r"percentile_cont",
    "GROUPING SETS": r"GROUPING SETS",
    "LISTEN": r"\bLISTEN [a-z]",
    "COPY": r"\bCOPY [a-z]\w* ",
    "IS NOT DISTINCT FROM": r"IS (?:NOT )?DISTINCT FROM",
    "pg_stat": r"pg_stat_\w+",
}
ASIDE = ("wide/", "telemetry/", "outgrown/")  # these ask DuckDB


def used(texts: Mapping[str, str]) -> set[str]:
    """The features that these texts use."""
    ours = [text for path, text in texts.items() if not any(each in path for each in ASIDE)]
    return {name for name, pattern in FEATURES.items() if any(re.search(pattern, text) for text in ours)}


def listed(page: str) -> set[str]:
    """The features that the page lists as used."""
    table = page.split("## What our SQL needs")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `([^`]+)` \| [^|]* \| (?!not used)[^|]*\|", table, re.M))


@pytest.fixture
def texts(repo) -> dict[str, str]:
    found: Iterable = [*(repo / "src/cityloop").rglob("*.py"), *(repo / "src/cityloop/db/migrations").glob("*.sql")]
    return {each.relative_to(repo).as_posix(): each.read_text(encoding="utf-8") for each in found}


def test_what_we_ask_of_a_database_is_listed_and_nothing_else(repo, texts):
    assert listed((repo / PAGE).read_text(encoding="utf-8")) == used(texts)


def test_a_planted_feature_is_seen(texts):
    planted = texts | {"src/cityloop/cases/store.py": "SELECT 1 FOR UPDATE SKIP LOCKED"}
    assert used(planted) - used(texts) == {"SKIP LOCKED"}
