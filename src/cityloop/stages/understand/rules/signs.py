"""What the words of a report have in common with those of cases nearby."""

from collections.abc import Mapping

from cityloop.domain.alike import Signs, words_alike_ppm
from cityloop.domain.bigrams import bigrams_of
from cityloop.domain.ids import CaseId
from cityloop.domain.said import Said

LETTERS = 3  # as the desk's index of words is cut
ADDRESS_PIECES_MIN = 4  # fewer are a district, or one road


def pieces_of(text: str) -> frozenset[str]:
    """The text as it is compared."""
    return frozenset(bigrams_of(text, letters=LETTERS, single=False))


def signs_of(said: Said, of_cases: Mapping[CaseId, frozenset[str]]) -> dict[CaseId, Signs]:
    """What each case's words have in common with the report's."""
    if not of_cases:
        return {}
    words, address = pieces_of(said.text), pieces_of(said.address)
    is_written = len(address) >= ADDRESS_PIECES_MIN
    return {
        id: Signs(words_ppm=words_alike_ppm(words, theirs), place_written=is_written and address <= theirs)
        for id, theirs in of_cases.items()
    }
