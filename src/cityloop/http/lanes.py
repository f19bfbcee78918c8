"""In which lane a request travels, and how much it may bring: by its path, before anything is read of it."""

from urllib.parse import parse_qsl

from cityloop.http.shed import Lane

KIB, MIB = 1024, 1024 * 1024
READS = frozenset({"GET", "HEAD", "OPTIONS"})
# what a page is made of, what ends, and how the operator looks in: never sent away, it costs nothing
ALWAYS = ("/health", "/healthz", "/readyz", "/metrics", "/assets/", "/static/", "/worker.js", "/manifest.webmanifest", "/mark.svg", "/icon-")
# what costs most and waits best, whoever asks
HEAVY = ("/tiles/", "/docs", "/v1/why", "/v1/portraits", "/v1/figures", "/evidence/", "/v1/bulletins", "/v1/packs/trials")
SENSE = ("/v1/observations", "/sta/v1.1", "/v1/lorawan/", "/v1/cameras/")
# what stands in the way of somebody who is on duty: their list, their case, their photos, the door itself
FIELD = ("/v1/work", "/v1/duty", "/v1/tasks", "/v1/sessions", "/sign-in", "/v1/me", "/work")
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")

BODY_LEAST = 16 * KIB  # what every path takes
BODY_MAX = MIB  # of JSON, and of a form without files
FORM_MAX = 64 * MIB  # of a form with photos
BODIES: tuple[tuple[str, int], ...] = (
    ("/v1/sessions", 16 * KIB), ("/sign-in", 16 * KIB), ("/v1/track", 64 * KIB), ("/v1/classes/proposed", 64 * KIB),
    ("/v1/lines/", 64 * KIB), ("/v1/observations", 64 * MIB), ("/sta/v1.1", 64 * MIB), ("/v1/lorawan/", 4 * MIB),
    ("/v1/cameras/", 16 * MIB), ("/v1/packs/", 32 * MIB), ("/v1/components/tags", 8 * MIB), ("/v1/screens/deeds", 4 * MIB),
    ("/v1/heard", 4 * MIB), ("/v1/hotline/", 4 * MIB), ("/open311/", 4 * MIB), ("/v1/duty/", 4 * MIB), ("/v1/survey/", 8 * MIB),
)  # fmt: skip
# names that a question may have several times, by its path, or by where that begins; any other is refused: whoever reads it first
# and whoever reads it next could each take another one
SEVERAL = {
    "/v1/cases": {"state"}, "/v1/screens/queue": {"state"}, "/v1/screens/queue/counts": {"of"}, "/v1/orders": {"state"},
    "/v1/figures": {"compare"}, "/v1/observations/latest": {"stream"}, "/v1/public/cases": {"class"},
}  # fmt: skip
SEVERAL_BELOW = {"/tiles/": {"state", "lamp"}, "/open311/": {"service_request_id", "service_code", "status"}}
QUERY_MAX, PATH_MAX = 32 * KIB, 4 * KIB
HEAD_MAX, HEADERS_MAX = 32 * KIB, 100
PARTS_MAX = 64  # of a form


def lane_of(method: str, path: str, *, known: bool, search: bool = False) -> Lane:
    """The lane of a request. `known` says that it brings a session, a token or a key; `search` that it looks for words.

    >>> lane_of("GET", "/tiles/cases/1/2/3", known=False).name, lane_of("POST", "/v1/reports", known=False).name
    ('later', 'report')
    >>> lane_of("POST", "/v1/cases/7/signature", known=True).name, lane_of("GET", "/v1/cases", known=True).name
    ('work', 'look')
    """
    if path.startswith(ALWAYS):
        return Lane.work
    reads = method in READS
    if path.startswith(SENSE):
        return Lane.sense if not reads else Lane.look if known else Lane.open
    if path.startswith(FIELD) and (known or not reads):
        return Lane.work
    if (path.startswith(HEAVY) and reads) or path.endswith((".csv", ".xlsx", ".pdf", ".docx", ".parquet")):
        return Lane.later
    if reads:
        return Lane.look if known else Lane.later if search else Lane.open
    return Lane.work if known else Lane.report


def given_twice(path: str, query: bytes) -> str | None:
    """A name that a question has twice and may not.

    >>> given_twice("/v1/cases", b"limit=1&%6cimit=2"), given_twice("/tiles/cases/1/1/1", b"state=filed&state=closed&q=")
    ('limit', None)
    """
    if b"&" not in query:
        return None
    several = SEVERAL.get(path) or next((names for begins, names in SEVERAL_BELOW.items() if path.startswith(begins)), set())
    seen: set[str] = set()
    for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
        if name in seen and name not in several:
            return name
        seen.add(name)
    return None


def body_max(path: str, kind: str) -> int:
    """How many bytes a request to this path may bring. `kind` is its content type.

    >>> body_max("/v1/sessions", "application/json"), body_max("/v1/cases/7/refusal", "application/json; charset=utf-8")
    (16384, 1048576)
    """
    for begins, most in BODIES:
        if path.startswith(begins):
            return most if not kind.startswith(FORMS[0]) else max(most, FORM_MAX if begins not in ("/v1/sessions", "/sign-in") else 0)
    return FORM_MAX if kind.startswith(FORMS[0]) else BODY_MAX
