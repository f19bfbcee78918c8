"""Which columns of the spine are kept of all times, and what they are made of. None holds personal data: facts have none."""

import pyarrow as pa

TEXT, INT, REAL, MOMENT = "text", "int", "real", "moment"  # a moment is µs since 1970

_WORDS = {
    "report": "id channel declared_class by class_key recurs near_case case_id cleared alarm request_kind",
    "case_file": "id number state level level_area class_key rule cell community street district component report_id "
    "recurs merged_into refused_for accepted_by filed_by dispatched_by task_id unit handled_by closed_by first_closed_by untold",
    "task": "id case_id kind unit assist given_by signed_by ended_by outcome pauses extensions returned_for",
    "hold": "id case_id kind task_id reason ended_by outcome",
    "appeal": "id case_id task_id unit about state reason",
}
_NUMBERS = {
    "report": "simulated alone",
    "case_file": "is_open urgency spot reports returns reworks on_time simulated redos first_on_time",
    "task": "is_rework overdue automatic stage is_redo",
    "hold": "times counts_as_due",
    "appeal": "excluded",
}
_MOMENTS = {
    "report": "received_at happened_at understood_at",
    "case_file": "opened_at accept_due accepted_at filed_at dispatch_due dispatched_at clock_due handled_at due_at closed_at "
    "first_closed_at first_due_at",
    "task": "given_at sign_due due_at signed_at ended_at",
    "hold": "since granted_at until ended_at",
    "appeal": "lodged_at decided_at",
}

SPINE: dict[str, dict[str, str]] = {
    table: dict.fromkeys(_WORDS[table].split(), TEXT)
    | dict.fromkeys(_NUMBERS[table].split(), INT)
    | ({"lon": REAL, "lat": REAL} if table == "case_file" else {})
    | dict.fromkeys(_MOMENTS[table].split(), MOMENT)
    for table in _WORDS
}
FOREVER = (1 << 63) - 1  # until when an image stands that no other has followed

_ARROW = {TEXT: pa.string(), INT: pa.int64(), REAL: pa.float64(), MOMENT: pa.int64()}


def image_schema(table: str, *, closed: bool) -> pa.Schema:
    """The images of a table's rows: by which fact each was made, whether the row was taken away, the row. Of those that are
    settled (`closed`) also until which fact it stood.
    """
    head = [("from_seq", pa.int64()), ("to_seq" if closed else "gone", pa.int64())]
    return pa.schema([*head, *((name, _ARROW[kind]) for name, kind in SPINE[table].items())])


def recent_schema(table: str) -> pa.Schema:
    """The images that came since the archive was settled, as they are asked for: each with the fact until which it stood."""
    images = image_schema(table, closed=False)
    return images.insert(1, pa.field("to_seq", pa.int64()))


FACTS = pa.schema(
    [
        ("seq", pa.int64()), ("subject", pa.string()), ("subject_no", pa.int64()), ("type", pa.string()), ("version", pa.int64()),
        ("at", pa.int64()), ("recorded_at", pa.int64()), ("actor", pa.string()), ("pack", pa.string()), ("cause", pa.string()),
        ("body", pa.binary()),
    ]
)  # fmt: skip
