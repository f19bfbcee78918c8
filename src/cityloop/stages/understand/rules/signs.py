"""What the words of a report have in common with those of cases nearby."""

from collections.abc import Mapping, Sequence

from cityloop.domain.alike import Signs, photos_apart, words_alike_ppm
from cityloop.domain.bigrams import bigrams_of
from cityloop.domain.ids import CaseId
from cityloop.domain.said import Said

LETTERS = 3  # as the desk's index of words is cut
ADDRESS_PIECES_MIN = 4  # fewer are a district, or one road


def pieces_of(text: str) -> frozenset[str]:
    """The text as it is compared."""
    return frozenset(bigrams_of(text, letters=LETTERS, single=False))


def signs_of(said: Said, of_cases: Mapping[CaseId, frozenset[str]], looks: Mapping[CaseId, Sequence[str]] = {}) -> dict[CaseId, Signs]:
    """What each case's words and photos have in common with the report's. `looks`: of the photos with which a case began."""
    words, address = pieces_of(said.text) if of_cases else frozenset(), pieces_of(said.address) if of_cases else frozenset()
    is_written = len(address) >= ADDRESS_PIECES_MIN
    ours = looks_in(said)
    return {
        id: Signs(
            words_ppm=words_alike_ppm(words, of_cases[id]) if id in of_cases else None,
            place_written=is_written and id in of_cases and address <= of_cases[id], photo_bits=photos_apart(ours, looks.get(id, ())),
        )
        for id in (*of_cases, *(id for id in looks if id not in of_cases))
    }  # fmt: skip


def looks_in(said: Said) -> list[str]:
    """The looks of the photos of a report."""
    return [claim.look for claim in said.claims if claim.look]
