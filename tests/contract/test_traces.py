"""Traces reach a receiver of OTLP, hold together, and tell of cases and of nobody."""

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from tests.pages_world import PARKED, city_in

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")
WORDS = "张三丰的车停在人行道上 13800138000"
TRACE = "0af7651916cd43dd8448eb211c80319c"


class Receiver(HTTPServer):
    """Keeps what came."""

    def __init__(self) -> None:
        self.came: list[bytes] = []
        outer = self

        class Takes(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["content-length"]))
                outer.came.append(gzip.decompress(raw) if self.headers.get("content-encoding") == "gzip" else raw)
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Takes)

    def spans(self) -> list:
        found = []
        for raw in self.came:
            for of in ExportTraceServiceRequest.FromString(raw).resource_spans:
                found += [span for scope in of.scope_spans for span in scope.spans]
        return found


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()
    thread = threading.Thread(target=found.serve_forever, daemon=True)
    thread.start()
    yield found
    found.shutdown()
    found.server_close()
    thread.join()


@pytest.fixture
def city(places, tmp_path, monkeypatch, clock, receiver):
    clock.set("2026-03-06 09:00")
    url = f"http://127.0.0.1:{receiver.server_port}"
    with city_in(places, tmp_path / "home", monkeypatch, clock, trace_url=url) as found:
        yield found


def said(span) -> dict:
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}


def test_requests_commits_and_turns_are_spans_of_their_case_and_of_nobody(city, receiver):
    case = city.report(WORDS, PARKED)
    operator = city.signed_in("gao.tao", "duty-leader-1")
    operator.get(f"/v1/cases/{case}", headers={"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"})
    city.parts.traces.flush()
    by_name: dict[str, list] = {}
    for span in receiver.spans():
        by_name.setdefault(span.name, []).append(span)
    (read,) = by_name["GET /v1/cases/{case_id}"]
    assert read.trace_id.hex() == TRACE
    assert said(read)["cityloop.case"] == case
    assert said(read)["http.response.status_code"] == 200
    assert said(read)["cityloop.request"]
    assert by_name["POST /v1/reports"]
    assert any(said(each)["cityloop.changes"] == 1 for each in by_name["writer batch"])
    turns = [said(each) for each in by_name["handler turn"]]
    assert "understand" in {each["cityloop.handler"] for each in turns}
    assert any(str(each["cityloop.first"]).startswith("report/") for each in turns)
    everything = b"".join(receiver.came)
    for secret in ("张三丰", "13800138000", "gao.tao", "127.0.0.1/"):
        assert secret.encode() not in everything


def test_where_no_address_is_set_nothing_is_kept(places, tmp_path, monkeypatch, clock):
    clock.set("2026-03-06 09:00")
    with city_in(places, tmp_path / "home", monkeypatch, clock) as plain:
        assert plain.parts.traces is None
        assert plain.nobody.get("/healthz").status_code == 200
