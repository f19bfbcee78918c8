"""What cannot be read costs nothing beside it: text that is no UTF-8, nesting without end, a number that is none."""

import pytest

from cityloop.stages.sense.rules.reading import either_read, json_read, lines_read, one_read, topic_read

NOW = 1_772_413_200_000_000
GOOD = b'{"stream":"n-1/laeq","value":5}'
DEEP = b"[" * 3_000
BAD = {
    "GBK": '{"stream":"路口/level","value":1}'.encode("gbk"),
    "GBK unit": '{"stream":"n-1/laeq","value":1,"unit":"路口"}'.encode("gbk"),
    "deep": b'{"stream":"n-1/laeq","value":' + DEEP + b"}",
    "torn": b'{"stream":"n-1/laeq","value":1',
    "long": b'{"stream":"n-1/laeq","value":' + b"9" * 5_000 + b"}",
}


@pytest.mark.parametrize("bad", BAD.values(), ids=list(BAD))
def test_a_line_that_cannot_be_read_goes_aside_and_the_others_are_read(bad):
    """In lines, and in a list as far as it is one."""
    rows, odd = lines_read(b"\n".join([GOOD, bad, GOOD]), NOW)
    assert (rows.keys, rows.value.tolist()) == (["n-1/laeq"] * 2, [5, 5])
    assert [each.reason for each in odd] == ["unreadable"]


@pytest.mark.parametrize("bad", [*BAD.values(), DEEP, b"\xff\xfe", b"[" + BAD["GBK"] + b"]"])
def test_a_message_that_cannot_be_read_is_told_from_one_that_can(bad):
    """No reader raises: it gives nothing, or what is odd."""
    assert one_read(bad, NOW) is None
    for found in (json_read(bad, NOW), either_read(bad, NOW), topic_read(bad, "n-1/laeq", NOW)):
        assert found is None or (found[0].keys == [] and [each.reason for each in found[1]] == ["unreadable"])
