"""What leaves the house goes through one gate: calls to other hosts, and tables for spreadsheets."""

import ast
from collections.abc import Mapping

import pytest

CALLS = {"httpx.Client", "httpx.AsyncClient", "httpx.get", "httpx.post", "httpx.request", "httpcore.ConnectionPool", "urlopen",
         "urllib.request.urlopen", "socket.create_connection", "http.client.HTTPConnection", "http.client.HTTPSConnection",
         "asyncio.open_connection", "requests.get", "requests.post", "smtplib.SMTP"}  # fmt: skip
GATES = {
    "src/cityloop/notices/wire.py": "parcels, by the gate's backend",
    "src/cityloop/http/calling.py": "hosts that the installation named, by the gate's backend",
    "src/cityloop/app/witnessing.py": "a client of `Calling`",
    "src/cityloop/http/endpoint.py": "a client of `Calling`",
    "src/cityloop/simulation/drilling.py": "a client of `Calling`, to the city that is drilled",
    "src/cityloop/doors/open311/client.py": "a client of `Calling`, or of the environment's proxy",
}
KNOCKS = {"src/cityloop/cli/check_front.py": "the operator's own public address, with a handshake that no client makes"}
WRITERS = {"csv.writer", "csv.DictWriter", "Workbook"}
PLAIN = ("never_run", "plain_cell", "safe(", "cell(each)")  # the one rule, or what is made of it
PACK_FILES = {
    "src/cityloop/packs/": "files of a pack are read back to the letter",
    "src/cityloop/doors/files/into.py": "writes files of a pack",
}


def calls_around(tree: Mapping[str, str]) -> list[str]:
    """Calls to other hosts beside the gate."""
    found = []
    for path, text in tree.items():
        if path in GATES or path in KNOCKS:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in CALLS:
                found.append(f"{path}:{node.lineno} {ast.unparse(node.func)}")
    return found


def raw_tables(tree: Mapping[str, str]) -> list[str]:
    """Modules that write tables and do not know what a spreadsheet runs."""
    found = []
    for path, text in tree.items():
        if any(path.startswith(each) for each in PACK_FILES):
            continue
        named = {ast.unparse(node.func) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)}
        if named & WRITERS and not any(each in text for each in PLAIN):
            found.append(path)
    return found


def test_nobody_calls_another_host_around_the_gate(sources):
    assert calls_around(sources) == []
    assert [path for path in GATES if "Backend" not in sources[path] and "Calling" not in sources[path]] == []


def test_every_table_for_a_spreadsheet_is_harmless(sources):
    assert raw_tables(sources) == []


@pytest.mark.parametrize("text", ["import httpx\nhttpx.Client()", "from urllib.request import urlopen\nurlopen('http://x')"])
def test_a_planted_call_is_seen(text):
    assert calls_around({"src/cityloop/a.py": text})
    assert calls_around({"src/cityloop/notices/wire.py": text}) == []


@pytest.mark.parametrize("text", ["import csv\ncsv.writer(out).writerow(row)", "from openpyxl import Workbook\nWorkbook()"])
def test_a_planted_table_is_seen(text):
    assert raw_tables({"src/cityloop/a.py": text})
    assert raw_tables({"src/cityloop/a.py": f"{text}\nnever_run(x)"}) == []
