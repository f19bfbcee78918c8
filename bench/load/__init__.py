"""A whole city under load, for an hour; and the generator of requests that other benchmarks use."""

from bench.load.asking import Run, _Connection, closed, http, opened

__all__ = ["Run", "_Connection", "closed", "http", "opened"]
