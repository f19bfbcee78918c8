"""What a result is: which observation type of the standard is which of ours, and results to numbers and back."""

from typing import Any

from cityloop.domain.errors import Invalid
from cityloop.domain.sensing import Observing, Stream

_OM = "http://www.opengis.net/def/observationType/OGC-OM/2.0/"
TYPE_OF = {
    Observing.measurement: f"{_OM}OM_Measurement",
    Observing.count: f"{_OM}OM_CountObservation",
    Observing.truth: f"{_OM}OM_TruthObservation",
    Observing.category: f"{_OM}OM_CategoryObservation",
    Observing.detection: f"{_OM}OM_Observation",
}
OBSERVING_OF = {name: observing for observing, name in TYPE_OF.items()} | {f"{_OM}OM_Observation": Observing.measurement}


class ResultBad(Invalid):
    """A result that the stream cannot hold."""

    code = "sta.result"


def observing_of(type_name: str) -> Observing:
    """What a datastream of this type observes; one that is not known measures.

    >>> observing_of("http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_TruthObservation").value
    'truth'
    """
    return OBSERVING_OF.get(type_name.strip().replace("https://", "http://"), Observing.measurement)


def number_of(stream: Stream, result: Any) -> float:
    """A result as the number that is kept. Refuses with `ResultBad`."""
    if stream.observing is Observing.truth:
        if isinstance(result, bool) or (result in (0, 1) and isinstance(result, int | float)):
            return float(result)
        if isinstance(result, str) and result.strip().lower() in ("true", "false"):
            return float(result.strip().lower() == "true")
        raise ResultBad(f"The result {result!r:.60} is no truth; send true or false.")
    if stream.observing is Observing.category:
        if isinstance(result, str) and result in stream.words:
            return float(stream.words.index(result))
        raise ResultBad(f"The result {result!r:.60} is none of the stream's words; send one of {', '.join(stream.words)[:200]}.")
    if isinstance(result, str):  # many devices send numbers as text
        try:
            result = float(result)
        except ValueError:
            result = None
    if isinstance(result, bool) or not isinstance(result, int | float):
        raise ResultBad("The result is no number, and the stream holds numbers; send one, or open a stream of another type.")
    try:
        number = float(result)
    except OverflowError:
        number = float("inf")
    if number != number or number in (float("inf"), float("-inf")):
        raise ResultBad("The result is not a finite number; send one.")
    if stream.observing is Observing.count and number != int(number):
        raise ResultBad(f"The result {number} is no whole number, and the stream counts; send one.")
    return number


def result_of(stream: Stream, value: float) -> Any:
    """The number that was kept, as a result."""
    if stream.observing is Observing.truth:
        return bool(value)
    if stream.observing is Observing.category:
        place = int(value)
        return stream.words[place] if 0 <= place < len(stream.words) else None
    if stream.observing is Observing.count and value == int(value):
        return int(value)
    return int(value) if value == int(value) and abs(value) < 2**53 else value
