"""What a browser may keep of an answer: nothing, but for what is everybody's, or is listed with its reason."""

from fnmatch import fnmatchcase

from tests.matrix.cells import Cell
from tests.matrix.knock import Answer

MAY_BE_KEPT = {
    "GET /v1/files/{digest}": "a photo for an hour, so that who works without a network sees it; signing out clears it",
    "GET /v1/survey/photos/{digest}": "the same",
    "GET /v1/streams/*": "numbers of devices, asked for again each time",
    "GET /v1/bulletins/*": "files that say the same for ever, of sums; asked for again each time",
    "GET /tiles/*": "pieces of the map, asked for again each time",
    "GET /v1/screens/*": "words of forms and lists, asked for again each time",
}


def kept(cell: Cell, answer: Answer) -> str | None:
    """Whether a browser may keep an answer that is on no list. What says nothing has `no-store` from the edge, which stands outside."""
    said = answer.headers.get("cache-control", "no-store")
    everybodys = not cell.need.any_of and ("public" in said or said == "no-cache")
    if said == "no-store" or everybodys or any(fnmatchcase(cell.need.name, each) for each in MAY_BE_KEPT):
        return None
    return f"may be kept: {said}"
