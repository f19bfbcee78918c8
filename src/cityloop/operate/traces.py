"""Traces by OpenTelemetry, an extra: a request, a commit, a turn of a handler, a call outwards, each with what it was about.

Ids of facts and cases are attributes; names, words and addresses of people never are. Nothing of this is imported unless an
address for traces is set.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from cityloop.domain.errors import Invalid
from cityloop.http.asked import REQUEST, TRACE

CASE = "case_id"


class TracesMissing(Invalid):
    """An address for traces is set, and what sends them is not installed."""

    code = "operate.traces_missing"


class Traces:
    """Keeps traces and sends them on, some at a time, in a thread of its own; who does not take them delays nobody."""

    def __init__(self, url: str, *, city: str, version: str):
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
            from opentelemetry.trace import SpanKind
            from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
        except ImportError as error:
            raise TracesMissing("Traces need an extra: pip install 'cityloop[trace]', or leave CITYLOOP_TRACE_URL empty.") from error
        about = {"service.name": "cityloop", "service.version": version, "cityloop.city": city}
        self._provider = TracerProvider(resource=Resource.create(about), shutdown_on_exit=False)
        exporter = OTLPSpanExporter(endpoint=f"{url.rstrip('/')}/v1/traces", timeout=5)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("cityloop")
        self._came = TraceContextTextMapPropagator()
        self._server, self._client, self._inner = SpanKind.SERVER, SpanKind.CLIENT, SpanKind.INTERNAL

    async def request(self, app: Any, scope: Any, receive: Any, send: Any, status: Callable[[], int]) -> None:
        """Serve a request within a span; it goes on with the trace that the caller names."""
        given = {name.decode(): value.decode("latin-1") for name, value in scope["headers"] if name in (b"traceparent", b"tracestate")}
        with self._tracer.start_as_current_span(scope["method"], context=self._came.extract(given), kind=self._server) as span:
            TRACE.set(format(span.get_span_context().trace_id, "032x"))
            try:
                await app(scope, receive, send)
            finally:
                route = scope.get("path_template") or "unknown"
                span.update_name(f"{scope['method']} {route}")
                said = {"http.request.method": scope["method"], "http.route": route, "http.response.status_code": status(), "cityloop.request": REQUEST.get()}
                if case := (scope.get("path_params") or {}).get(CASE):
                    said["cityloop.case"] = str(case)[:64]
                span.set_attributes(said)

    def span(self, name: str, **said: str | int) -> AbstractContextManager[Any]:
        """A stretch of our own work, or a call outwards where it says of which host."""
        kind = self._client if "host" in said else self._inner
        return self._tracer.start_as_current_span(name, kind=kind, attributes={f"cityloop.{key}": value for key, value in said.items()})

    def flush(self) -> None:
        """Send what waits; blocks."""
        self._provider.force_flush()

    def close(self) -> None:
        """Send what waits, and end."""
        self._provider.shutdown()
