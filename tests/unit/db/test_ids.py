"""Ids sort by the moment of the change that drew them."""

import re
from datetime import UTC, datetime, timedelta

from cityloop.db.tx import id_from, new_id

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def test_an_id_is_a_uuid_of_version_7_with_its_moment():
    drawn = new_id(NOW)
    assert UUID7.fullmatch(drawn)
    assert UUID7.fullmatch(id_from(NOW))
    assert int(drawn.replace("-", "")[:12], 16) == NOW.timestamp() * 1000


def test_ids_of_one_moment_are_all_different_and_of_one_machine_nearly_in_order():
    drawn = [new_id(NOW) for _ in range(2_000)]
    assert len(set(drawn)) == 2_000
    assert all(a < b for a, b in zip(drawn[::50], drawn[50::50], strict=False))


def test_the_least_id_of_a_moment_parts_what_was_before_from_what_came_then():
    for _ in range(200):
        assert (
            new_id(NOW - timedelta(milliseconds=1))
            < id_from(NOW)
            < new_id(NOW)
            < id_from(NOW + timedelta(milliseconds=1))
        )
