"""Another city's Open311, read. `Source` is the port: over HTTP, or a folder of answers that were kept."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlsplit
from urllib.request import getproxies
from zoneinfo import ZoneInfo

import httpx
from msgspec import Struct

from cityloop.domain.facts import ForeignAttribute, ForeignService
from cityloop.doors.open311.foreign import (
    ForeignRequest,
    ForeignUpdate,
    attribute_of,
    request_of,
    rows_of,
    service_of,
    update_of,
)
from cityloop.doors.open311.model import REQUESTS_MAX, SPAN_DAYS_MAX, AnswerUnreadable, CityUnreachable
from cityloop.doors.open311.wire import Format, read
from cityloop.http.calling import Calling

BYTES_MAX = 64 * 1024 * 1024
TIMEOUT_S = 60.0
TRIES, PAUSE_S = 3, 1.0
BUSY = (429, 502, 503, 504)
PAGES_MAX = 10_000
OnProgress = Callable[[int, int | None], None]


class Answer(Struct, frozen=True, kw_only=True):
    """What came back: bytes, and the type that they are said to be of."""

    content: bytes
    kind: str = ""


class Source(Protocol):
    """Where answers come from."""

    whole: bool  # one answer holds everything, whatever span or page is asked for

    def fetch(self, what: str, **asked: str) -> Answer | None:
        """The answer to a question such as `requests`, or `services/CODE`; None where there is none.

        Refuses with `CityUnreachable` or `AnswerUnreadable`.
        """


class HttpSource:
    """A city that answers at an address, e.g. `https://city.example/open311/v2`."""

    whole = False

    def __init__(
        self, url: str, *, format: Format = Format.json, jurisdiction: str = "", client: httpx.Client | None = None,
        pause_s: float = PAUSE_S,
    ):  # fmt: skip
        self.url = url.rstrip("/")
        self.format = format
        self.jurisdiction = jurisdiction
        self.pause_s = pause_s
        # a proxy of the environment does the calling itself: then nothing here can look at addresses
        transport = None if getproxies() else Calling(urlsplit(url).hostname or "")
        self._client = client or httpx.Client(
            timeout=TIMEOUT_S, follow_redirects=True, headers={"User-Agent": "cityloop"}, transport=transport
        )

    def __enter__(self) -> "HttpSource":
        return self

    def __exit__(self, *why: object) -> None:
        self._client.close()

    def fetch(self, what: str, **asked: str) -> Answer | None:
        """Ask; a city that is busy is asked again, after growing pauses."""
        if self.jurisdiction:
            asked["jurisdiction_id"] = self.jurisdiction
        url = f"{self.url}/{'/'.join(quote(part, safe='') for part in what.split('/', 1))}.{self.format}"
        for left in reversed(range(TRIES)):
            try:
                status, answer = self._once(url, asked)
            except httpx.HTTPError as error:
                if left == 0:
                    raise CityUnreachable(f"{url} does not answer: {type(error).__name__}; try again later.") from None
            else:
                if status == 404:
                    return None
                if status < 400:
                    return answer
                if status not in BUSY or left == 0:
                    raise CityUnreachable(f"{url} says {status}: {_complaint(answer)}; ask otherwise, or later.")
            time.sleep(self.pause_s * (TRIES - left))
        raise AssertionError("every try ends")

    def _once(self, url: str, asked: dict[str, str]) -> tuple[int, Answer]:
        with self._client.stream("GET", url, params=asked) as answer:
            content = bytearray()
            for part in answer.iter_bytes():
                content += part
                if len(content) > BYTES_MAX:
                    raise AnswerUnreadable(f"{url} answers with more than {BYTES_MAX} bytes; ask for a shorter span.")
            return answer.status_code, Answer(content=bytes(content), kind=answer.headers.get("content-type", ""))


class FolderSource:
    """Answers that were kept as files: `services.json`, `requests.xml`, `somewhere_requests.json`, `services_CODE.json`."""

    whole = True

    def __init__(self, folder: Path, *, prefix: str = ""):
        self.folder = folder
        self.prefix = prefix

    def fetch(self, what: str, **asked: str) -> Answer | None:
        """The file whose name ends so; with several, they must be told apart by their beginning."""
        name = what.replace("/", "_")
        found = sorted(
            path for path in self.folder.iterdir()
            if path.suffix in (".json", ".xml") and path.stem.startswith(self.prefix)
            and (path.stem == name or path.stem.endswith(f"_{name}"))
        )  # fmt: skip
        if len(found) > 1:
            names = ", ".join(path.name for path in found)
            raise AnswerUnreadable(f"{self.folder} holds several answers to {what}: {names}; say how yours begins.")
        return Answer(content=found[0].read_bytes(), kind=found[0].suffix) if found else None


class City:
    """Another city, asked in the words of the specification."""

    def __init__(self, source: Source, *, zone: ZoneInfo, page_size: int = REQUESTS_MAX):
        self.source = source
        self.zone = zone
        self.page_size = page_size

    def services(self) -> tuple[ForeignService, ...]:
        """The catalogue, each line with its attributes where it says that it has any."""
        rows = list(rows_of(self._read("services"), "service_code"))
        asked: dict[str, tuple[ForeignAttribute, ...]] = {}
        found: list[ForeignService] = []
        for row in rows:
            plain = service_of(row)
            if plain.metadata and plain.code not in asked:
                asked[plain.code] = self.attributes(plain.code)
            found.append(service_of(row, asked.get(plain.code, ())))
        return tuple(found)

    def attributes(self, code: str) -> tuple[ForeignAttribute, ...]:
        """The questions of a service, in their order."""
        rows = rows_of(self._read(f"services/{code}"), "code")
        return tuple(sorted((attribute_of(row) for row in rows if "datatype" in row), key=lambda each: each.order))

    def requests(
        self, since: datetime, until: datetime, on_progress: OnProgress = lambda done, of: None
    ) -> Iterator[ForeignRequest]:
        """The requests of a span, each once: by windows of 90 days, page after page."""
        seen: set[str] = set()
        windows = [(since, until)] if self.source.whole else list(windows_of(since, until))
        for done, (first, last) in enumerate(windows, 1):
            yield from self._window(first, last, seen)
            on_progress(done, len(windows))

    def updates(self, since: datetime, until: datetime) -> Iterator[ForeignUpdate]:
        """The updates of a span, each once; none where the city does not know the extension."""
        seen: set[tuple[str, str]] = set()
        for first, last in [(since, until)] if self.source.whole else windows_of(since, until):
            answer = self._read("servicerequestupdates", start_date=spelled(first), end_date=spelled(last))
            for row in rows_of(answer, "update_id"):
                update = update_of(row, self.zone)
                if update and (update.request_id, update.id) not in seen:
                    seen.add((update.request_id, update.id))
                    yield update

    def _window(self, first: datetime, last: datetime, seen: set[str]) -> Iterator[ForeignRequest]:
        """One window. A city that knows no pages and answers with as many as it may is asked by halves."""
        for page in range(1, PAGES_MAX):
            answer = self._read(
                "requests", start_date=spelled(first), end_date=spelled(last), page=str(page),
                page_size=str(self.page_size),
            )  # fmt: skip
            rows = list(rows_of(answer, "service_request_id"))
            found = [request_of(row, self.zone) for row in rows]
            new = {each.id: each for each in reversed(found) if each.id not in seen}
            seen |= set(new)
            yield from reversed(new.values())
            if not new or self.source.whole:
                if len(found) >= REQUESTS_MAX and last - first > timedelta(minutes=1):
                    middle = first + (last - first) / 2
                    yield from self._window(first, middle, seen)
                    yield from self._window(middle, last, seen)
                return

    def _read(self, what: str, **asked: str) -> Any:
        answer = self.source.fetch(what, **asked)
        return [] if answer is None else read(answer.content, answer.kind)


def windows_of(since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """A span in windows that the specification allows, the earliest first.

    >>> from datetime import UTC
    >>> [last.day for _, last in windows_of(datetime(2012, 1, 1, tzinfo=UTC), datetime(2012, 5, 1, tzinfo=UTC))]
    [31, 1]
    """
    first = since
    while True:
        last = min(until, first + timedelta(days=SPAN_DAYS_MAX))
        yield first, last
        if last >= until:
            return
        first = last


def spelled(moment: datetime) -> str:
    """A moment as the specification writes it."""
    return moment.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ")


def _complaint(answer: Answer) -> str:
    try:
        said = [str(each.get("description")) for each in rows_of(read(answer.content, answer.kind), "code")]
    except AnswerUnreadable:
        said = []
    return " ".join(said)[:200] or "nothing more"
