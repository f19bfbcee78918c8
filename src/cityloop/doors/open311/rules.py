"""What a question of GeoReport means, and what is wrong with it. Pure: the parameters, the pack and now go in."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from cityloop.domain.ids import ClassKey
from cityloop.domain.lifecycle import OVER, State
from cityloop.domain.policy import Answers, Attribute, Policy, ProblemClass
from cityloop.doors.open311.model import (
    DESCRIPTION_CHARS_MAX,
    REQUESTS_MAX,
    SPAN_DAYS_MAX,
    BadQuestion,
    FormatUnknown,
    Posted,
    Query,
    ServiceUnknown,
    UpdatePosted,
)
from cityloop.doors.open311.wire import Format

OPEN, CLOSED = "open", "closed"
LISTS = frozenset({"service_request_id", "service_code", "status"})  # may be declared several times
ANSWER_CHARS_MAX = 1_000
RADIUS_M, RADIUS_M_MAX = 500.0, 50_000.0
METRES_PER_DEGREE = 111_320.0
# What other systems may say of a request. Source: the statuses of the FixMyStreet extension, and GeoReport's own two.
UPDATE_STATUSES = frozenset(
    {
        "OPEN", "CLOSED", "FIXED", "INVESTIGATING", "IN_PROGRESS", "ACTION_SCHEDULED", "PLANNED", "NO_FURTHER_ACTION",
        "DUPLICATE", "NOT_COUNCILS_RESPONSIBILITY", "UNABLE_TO_FIX", "INTERNAL_REFERRAL", "REOPEN",
    }
)  # fmt: skip
# What is told of our own steps, in the words of the extension. Facts that are not here are the city's own business.
STEPS: Mapping[str, str] = {
    "CaseFiled": "OPEN", "CaseRefused": "NO_FURTHER_ACTION", "CaseMerged": "DUPLICATE",
    "CaseDispatched": "ACTION_SCHEDULED", "TaskSigned": "IN_PROGRESS", "TaskReturned": "INTERNAL_REFERRAL",
    "InspectionAsked": "INVESTIGATING", "CaseReworked": "REOPEN", "CaseClosed": "FIXED",
}  # fmt: skip
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})", re.I)
_LOST_PLUS = re.compile(r" (\d{2}:\d{2})$")  # a + that was not written %2B
_ATTRIBUTE = re.compile(r"attribute\[([^\]]*)\](?:\[\d*\])?")


def format_of(name: str, accept: str = "") -> tuple[str, Format]:
    """The name without its ending, and how the answer is spelled; XML where nobody says.

    Refuses with `FormatUnknown`.

    >>> format_of("services.json"), format_of("services", "application/json"), format_of("services")
    (('services', <Format.json: 'json'>), ('services', <Format.json: 'json'>), ('services', <Format.xml: 'xml'>))
    """
    stem, dot, ending = name.rpartition(".")
    if dot:
        if ending not in Format.__members__:
            raise FormatUnknown(f"The format {ending[:20]!r} is not known; ask for .xml or .json.")
        return stem, Format(ending)
    wanted = accept.lower()
    return name, Format.json if "json" in wanted and "xml" not in wanted.partition("json")[0] else Format.xml


def moment_of(text: str) -> datetime | None:
    """The moment in the specification's form, in UTC; None where it is none, or names no zone.

    >>> moment_of("2026-03-06T16:00:00 08:00"), moment_of("2026-03-06")
    (datetime.datetime(2026, 3, 6, 8, 0, tzinfo=datetime.timezone.utc), None)
    """
    given = _LOST_PLUS.sub(r"+\1", text.strip())
    if not _MOMENT.fullmatch(given):
        return None
    try:
        return datetime.fromisoformat(given.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def code_of(key: ClassKey) -> str:
    """A class as a service code: the same for ever, and fit for an address.

    >>> code_of("gbt30428_2_2013/event/0113")
    'gbt30428_2_2013-event-0113'
    """
    return key.replace("/", "-")


def services_of(policy: Policy) -> dict[str, ProblemClass]:
    """The classes that the public is offered, by service code."""
    return {code_of(each.key): each for each in policy.classes if not each.internal}


def service_named(policy: Policy, code: str) -> ProblemClass:
    """The class of a service code. Refuses with `ServiceUnknown`."""
    found = services_of(policy).get(code)
    if found is None:
        raise ServiceUnknown(f"The service_code {code[:80]!r} was not found; take one of GET services.")
    return found


def asked_of(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The parameters of a question: one that is empty is one that was not sent; lists may come in parts.

    >>> asked_of([("status", "open"), ("page", ""), ("status", "closed"), ("lat", "1"), ("lat", "2")])
    {'status': 'open,closed', 'lat': '2'}
    """
    found: dict[str, str] = {}
    for name, value in pairs:
        if value.strip():
            found[name] = f"{found[name]},{value}" if name in LISTS and name in found else value
    return found


def query_of(asked: Mapping[str, str], now: datetime) -> Query:
    """The question in a request's parameters. Refuses with `BadQuestion`, which lists all that is wrong."""
    if ids := _several(asked.get("service_request_id", "")):
        if len(ids) > REQUESTS_MAX:
            raise BadQuestion([f"{len(ids)} ids were given; at most {REQUESTS_MAX} are answered at once."])
        return Query(ids=ids, extensions=_flag(asked, "extensions", []))
    wrong: list[str] = []
    updated = "updated_after" in asked or "updated_before" in asked
    updated_since, updated_until = _span(asked, "updated_after", "updated_before", now, wrong) if updated else (None, None)
    since, until = None, None
    if not updated or "start_date" in asked or "end_date" in asked:
        since, until = _span(asked, "start_date", "end_date", now, wrong)
    lat, lon, radius_m = _near(asked, wrong)
    found = Query(
        codes=_several(asked.get("service_code", "")), is_open=_status(asked, wrong), since=since, until=until,
        updated_since=updated_since, updated_until=updated_until, lat=lat, lon=lon, radius_m=radius_m,
        page=_whole(asked, "page", 1, 1, 1_000_000, wrong),
        page_size=_whole(asked, "page_size", REQUESTS_MAX, 1, REQUESTS_MAX, wrong),
        extensions=_flag(asked, "extensions", wrong),
    )  # fmt: skip
    if wrong:
        raise BadQuestion(wrong)
    return found


def span_of(asked: Mapping[str, str], now: datetime) -> tuple[datetime, datetime]:
    """The span in which updates are asked for. Refuses with `BadQuestion`."""
    wrong: list[str] = []
    found = _span(asked, "start_date", "end_date", now, wrong)
    if wrong:
        raise BadQuestion(wrong)
    return found


def scale_of(lat: float) -> tuple[float, float]:
    """Metres a degree of longitude and of latitude, as near to a place as radii are asked for."""
    return METRES_PER_DEGREE * max(0.01, math.cos(math.radians(lat))), METRES_PER_DEGREE


def posted_of(form: Mapping[str, Sequence[str]], policy: Policy) -> Posted:
    """The request in a form. Refuses with `ServiceUnknown`, or with `BadQuestion`, which lists all that is wrong."""
    one = {name: values[-1].strip() for name, values in form.items() if values}
    wrong: list[str] = []
    if not one.get("service_code"):
        wrong.append("service_code was not provided; take one of GET services.")
    if len(one.get("description", "")) > DESCRIPTION_CHARS_MAX:
        wrong.append(f"description is longer than {DESCRIPTION_CHARS_MAX} characters; shorten it.")
    lat, lon = _point(one, wrong)
    if lat is None and not one.get("address_string") and not one.get("address_id"):
        wrong.append("No place was provided; send lat and long, or address_string, or address_id.")
    if lat is None and (id := one.get("address_id")):
        component = policy.component_by_code.get(id)  # type: ignore[call-overload]  # any text may be asked for
        if component is None:
            wrong.append(f"address_id {id[:40]!r} is not known; send lat and long, or address_string.")
        else:
            lat, lon = component.lat, component.lon
    media_url = one.get("media_url", "")
    if media_url and (len(media_url) > 2_000 or urlsplit(media_url).scheme not in ("http", "https")):
        wrong.append("media_url is no address of the web; write http:// or https://, or send the file as media.")
    if not one.get("service_code"):
        raise BadQuestion(wrong)
    kind = service_named(policy, one["service_code"])
    answers = _answers(form, policy.attributes_of_class.get(kind.key, ()), wrong)
    if wrong:
        raise BadQuestion(wrong)
    return Posted(
        service=kind.key, text=one.get("description", ""), lat=lat, lon=lon, address=one.get("address_string", ""),
        name=" ".join(part for part in (one.get("first_name"), one.get("last_name")) if part),
        phone=one.get("phone", ""), email=one.get("email", ""), media_url=media_url, answers=answers,
    )  # fmt: skip


def update_of(form: Mapping[str, Sequence[str]], now: datetime) -> UpdatePosted:
    """The update in a form. Refuses with `BadQuestion`."""
    one = {name: values[-1].strip() for name, values in form.items() if values}
    wrong = [
        f"{name} was not provided."
        for name in ("service_request_id", "update_id", "updated_datetime", "status", "description")
        if not one.get(name)
    ]
    at = moment_of(one.get("updated_datetime", ""))
    if one.get("updated_datetime") and (at is None or at > now + timedelta(minutes=5)):
        wrong.append("updated_datetime is no moment that has been; write it like 2010-01-01T00:00:00Z.")
    status = one.get("status", "").upper()
    if status and status not in UPDATE_STATUSES:
        wrong.append(f"status {status[:40]!r} is not known; say one of {', '.join(sorted(UPDATE_STATUSES))}.")
    if len(one.get("update_id", "")) > 200:
        wrong.append("update_id is longer than 200 characters.")
    if len(one.get("description", "")) > DESCRIPTION_CHARS_MAX:
        wrong.append(f"description is longer than {DESCRIPTION_CHARS_MAX} characters; shorten it.")
    if wrong or at is None:
        raise BadQuestion(wrong)
    return UpdatePosted(
        request_id=one["service_request_id"], their_id=one["update_id"], status=status, updated_at=at,
        text=one["description"],
    )  # fmt: skip


def status_shown(status: int) -> int:
    """The HTTP status that GeoReport knows for a refusal: 404 for what is not there, 403 for keys, else 400. What tells a
    client to come again later stays as it is.

    >>> [status_shown(each) for each in (400, 401, 403, 404, 405, 409, 413, 429, 503)]
    [400, 403, 403, 404, 400, 400, 400, 429, 503]
    """
    if status == 401:
        return 403
    return status if status in (403, 404, 429) or status >= 500 else 400


def status_of(state: State) -> str:
    """What GeoReport calls a state."""
    return CLOSED if state in OVER else OPEN


def _several(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _span(
    asked: Mapping[str, str], first: str, last: str, now: datetime, wrong: list[str]
) -> tuple[datetime, datetime]:
    """From when to when: what is not said is 90 days, up to now."""
    found: dict[str, datetime | None] = {}
    for name in (first, last):
        text = asked.get(name, "")
        found[name] = moment_of(text) if text else None
        if text and found[name] is None:
            wrong.append(f"{name} {text[:40]!r} is no moment with a zone; write it like 2010-01-01T00:00:00Z.")
    span = timedelta(days=SPAN_DAYS_MAX)
    since, until = found[first], found[last]
    try:
        if until is None:
            until = now if since is None else max(since, min(now, since + span))
        since = until - span if since is None else since
    except OverflowError:
        wrong.append(f"{first} and {last} lie beyond all calendars.")
        return now, now
    if until < since:
        wrong.append(f"{last} lies before {first}.")
    if until - since > span:
        wrong.append(f"{first} to {last} spans more than {SPAN_DAYS_MAX} days; ask for one span after another.")
    return since, until


def _status(asked: Mapping[str, str], wrong: list[str]) -> bool | None:
    said = {each.lower() for each in _several(asked.get("status", ""))}
    for other in sorted(said - {OPEN, CLOSED}):
        wrong.append(f"status {other[:20]!r} is not known; say open or closed.")
    return None if len(said) != 1 else OPEN in said


def _near(asked: Mapping[str, str], wrong: list[str]) -> tuple[float | None, float | None, float]:
    lat, lon = _point(asked, wrong)
    radius_m = RADIUS_M
    if asked.get("radius"):
        given = _float(asked["radius"])
        if given is None or not 0 < given <= RADIUS_M_MAX:
            wrong.append(f"radius {asked['radius'][:20]!r} is out of bounds; say up to {RADIUS_M_MAX:.0f} metres.")
        else:
            radius_m = given
        if lat is None:
            wrong.append("radius says nothing without lat and long.")
    return lat, lon, radius_m


def _point(asked: Mapping[str, str], wrong: list[str]) -> tuple[float | None, float | None]:
    """Latitude and longitude, both or neither."""
    said = {name: asked.get(name, "") for name in ("lat", "long")}
    if not any(said.values()):
        return None, None
    found: list[float] = []
    for (name, text), most in zip(said.items(), (90, 180), strict=True):
        value = _float(text)
        if not text:
            wrong.append(f"{name} was not provided; lat and long come together.")
        elif value is None or abs(value) > most:
            wrong.append(f"{name} {text[:20]!r} is no place on the earth; write degrees of WGS 84.")
        else:
            found.append(value)
    return (found[0], found[1]) if len(found) == 2 else (None, None)


def _float(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _whole(asked: Mapping[str, str], name: str, usual: int, least: int, most: int, wrong: list[str]) -> int:
    text = asked.get(name, "")
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 9 and least <= int(text) <= most):
        wrong.append(f"{name} {text[:20]!r} is out of bounds; say {least} to {most}.")
        return usual
    return int(text)


def _flag(asked: Mapping[str, str], name: str, wrong: list[str]) -> bool:
    text = asked.get(name, "").lower()
    if text not in ("", "true", "false", "1", "0"):
        wrong.append(f"{name} {text[:20]!r} is neither true nor false.")
    return text in ("true", "1")


def _answers(
    form: Mapping[str, Sequence[str]], attributes: Sequence[Attribute], wrong: list[str]
) -> dict[str, tuple[str, ...]]:
    """The answers to a class's attributes, each as its type wants it."""
    given: dict[str, list[str]] = {}
    for name, values in form.items():
        if found := _ATTRIBUTE.fullmatch(name):
            given.setdefault(found[1], []).extend(each.strip() for each in values if each.strip())
    asked = {each.code: each for each in attributes if not each.is_hint}
    wrong += [f"attribute[{code[:40]}] is not asked of this service." for code in given if code not in asked]
    for code, attribute in asked.items():
        values = given.get(code, [])
        if attribute.required and not values:
            wrong.append(f"attribute[{code}] is required and was not provided.")
        if fault := _fault(attribute, values):
            wrong.append(f"attribute[{code}] {fault}.")
    return {code: tuple(values) for code, values in given.items() if values and code in asked}


def _fault(attribute: Attribute, values: Sequence[str]) -> str | None:
    """What is wrong with the answers to one attribute."""
    many = attribute.answers is Answers.multivaluelist
    if len(values) > 1 and not many:
        return "was answered twice; it takes one answer"
    keys = {each.key for each in attribute.values}
    for value in values:
        match attribute.answers:
            case Answers.number if _float(value) is None:
                return "is no number"
            case Answers.datetime if moment_of(value) is None:
                return "is no moment with a zone; write it like 2010-01-01T00:00:00Z"
            case Answers.singlevaluelist | Answers.multivaluelist if value not in keys:
                return f"is none of its values: {', '.join(sorted(keys))}"
            case Answers.string if "\n" in value:
                return "has more than one line"
        if len(value) > ANSWER_CHARS_MAX:
            return f"is longer than {ANSWER_CHARS_MAX} characters"
    return None
