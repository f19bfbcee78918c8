"""A reporter's name, phone and address of mail, put into everything that people ever wrote, and looked for in every answer."""

import gzip
import io
import json
import zipfile
from typing import Any

from cityloop.db import Tx
from cityloop.desk.search import index_all
from tests.matrix.city import City

NAME, PHONE, MAIL = "欧阳若兮", "13877665544", "ruoxi.ouyang@example.org"
IN_TEXT = "司徒志远"  # what is typed is found by what announces it and by the characters of names; a contact's field needs none
SAYS = f"。我叫{IN_TEXT}，电话{PHONE}，邮箱{MAIL}"
CONTACTS, WORDS = ("contact", "order_caller"), ("said", "note", "order_words", "survey_said")
WRITTEN = frozenset({"text", "title", "content", "note", "words", "address"})


def plant_needles(city: City) -> list[bytes]:
    """Let every report be that reporter's; gives what no answer may hold: the needles, and the codes of their reports."""

    def use_case(tx: Tx) -> None:
        contact = json.dumps({"name": NAME, "phone": PHONE, "email": MAIL}).encode()
        for kind in CONTACTS:
            tx.run("UPDATE vault SET bytes = :bytes WHERE city = :city AND kind = :kind", bytes=contact, kind=kind)
        for kind in WORDS:
            for row in tx.all("SELECT id, bytes FROM vault WHERE city = :city AND kind = :kind", kind=kind):
                said = json.dumps(_written(json.loads(row.bytes)), ensure_ascii=False).encode()
                tx.run("UPDATE vault SET bytes = :bytes WHERE city = :city AND id = :id", bytes=said, id=row.id)

    city.parts.writer.whole(use_case)
    index_all(city.parts.writer)
    codes = city.rows("SELECT code FROM tracking WHERE city = :city")
    return [each.encode() for each in (NAME, IN_TEXT, PHONE, MAIL, *(row.code for row in codes))]


def _written(kept: Any) -> Any:
    """What somebody wrote, with the needles behind it."""
    if not isinstance(kept, dict):
        return kept
    return {
        name: value + SAYS if isinstance(value, str) and name in WRITTEN else _written(value) for name, value in kept.items()
    }


def needles_in(body: bytes, needles: list[bytes]) -> list[str]:
    """The needles in an answer, in whatever it is packed."""
    pieces = unpacked(body)
    return [each.decode() for each in needles if any(each in piece for piece in pieces)]


def unpacked(body: bytes) -> list[bytes]:
    """The pieces of an answer: a zip's files, what is gzipped, or the answer itself."""
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return [each for name in packed.namelist() for each in unpacked(packed.read(name))]
    if body[:2] == b"\x1f\x8b":
        return [gzip.decompress(body)]
    return [body]
