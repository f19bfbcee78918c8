"""The words of the product and of the city, for pages that live in the browser."""

import msgspec
from litestar import Request, Response, get
from msgspec import Struct

from cityloop.domain.policy import Policy
from cityloop.domain.words import WORDS, named
from cityloop.http import Door
from cityloop.http.door import unchanged
from cityloop.pages.shells import packed

TITLE = "city.title"
SERVER_PAGES = ("page.", "figures.")  # words of the pages that the server makes itself


class WordsView(Struct, kw_only=True):
    """Every code with its words in one language: product, then city. `languages`: those the city speaks."""

    language: str
    languages: list[str]
    zone: str  # the city's, by which pages tell moments
    words: dict[str, str]


def words_in(language: str, policy: Policy) -> dict[str, str]:
    """Code to words in a language, or in two side by side; what has none in it says English.

    What to do at a refusal is `<code>.do`.
    """
    found: dict[str, str] = {}
    for code, words in (WORDS | policy.words).items():
        if code.startswith(SERVER_PAGES):
            continue
        found[code] = named(words, language)
        if done := named({each[3:]: said for each, said in words.items() if each.startswith("do_")}, language):
            found[f"{code}.do"] = done
    return found


def spoken_in(policy: Policy) -> list[str]:
    """The languages that the city's pages speak, then the pairs that they show together."""
    return [*policy.settings.languages, *policy.settings.side_by_side]


@get("/v1/words/{language:str}")
async def get_words(request: Request, language: str, door: Door) -> Response[WordsView]:
    """The words of one language. Kept by a browser until the pack changes."""
    policy = door.policy
    languages = spoken_in(policy)
    spoken = language if language in languages else languages[0]
    tag = f'"{policy.digest[:16]}-{spoken}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if known := unchanged(request, headers):
        return known
    view = WordsView(language=spoken, languages=languages, zone=policy.week.zone, words=words_in(spoken, policy))
    body, more = packed(request, msgspec.json.encode(view))
    return Response(body, media_type="application/json", headers=headers | more)  # type: ignore[arg-type]


ROUTES = [get_words]
