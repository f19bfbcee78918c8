"""Any bytes at all are read, or refused in words; never anything else."""

import json
from contextlib import suppress
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cityloop.doors.cameras import read
from cityloop.doors.cameras.model import MessageTooLarge, Unreadable
from cityloop.doors.cameras.rules import Recent, Sighting

HERE = Path(__file__).parent.parent / "unit/cameras/messages"
READERS = [read.frigate_seen, read.isapi_seen, read.onvif_seen, read.gb28181_read, read.deepstream_seen]
MESSAGES = [path.read_bytes() for path in sorted(HERE.iterdir())]
PARTS = b"--<frontier>\r\nContent-Type: application/xml\r\n\r\n" + MESSAGES[-2] + b"\r\n--<frontier>--"
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def read_or_refused(raw: bytes) -> None:
    for reader in READERS:
        with suppress(Unreadable, MessageTooLarge):
            assert isinstance(reader(raw), list | read.Manscdp)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(raw):
    read_or_refused(raw)


@given(st.sampled_from([*MESSAGES, PARTS]), st.integers(0, 4_000), st.integers(0, 40), st.binary(max_size=20))
def test_any_damage_to_a_message_is_read_or_refused(message, at, gone, put):
    read_or_refused(message[:at] + put + message[at + gone :])


@given(st.sampled_from([m for m in MESSAGES if m.startswith(b"{")]), st.data())
def test_any_value_in_any_field_is_read_or_refused(message, data):
    whole = json.loads(message)
    spots = [whole, *(each for each in whole.values() if isinstance(each, dict))]
    spot = data.draw(st.sampled_from(spots))
    spot[data.draw(st.sampled_from(sorted(spot)))] = data.draw(values)
    read_or_refused(json.dumps(whole).encode())


rows = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 2), st.integers(0, 3)), max_size=12)


@given(st.lists(st.tuples(rows, st.booleans()), max_size=6))
def test_what_was_kept_is_known_again_and_nothing_else(messages):
    """The law of repeats, against a plain list: a row is fresh until a message that holds it was kept; refused ones may come again."""
    recent, kept, numbers = Recent(), [], {"cam/a": 1, "cam/b": 2}  # nobody registered c: it is never known
    for message, is_kept in messages:
        given_rows = [Sighting(None, "cam", stream, None, at, 1.0, track) for stream, track, at in message]
        fresh, sames = recent.fresh(given_rows, numbers)
        plain = []
        for row in message:
            if row not in kept and row not in plain:
                plain.append(row)
        assert [(row.stream, row.track, row.at) for row in fresh] == plain
        if is_kept:
            recent.remember(sames)
            kept += [row for row in plain if row[0] != "c"]
