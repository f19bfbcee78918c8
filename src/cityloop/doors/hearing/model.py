"""What the hearing door speaks of."""

from typing import Protocol

from msgspec import Struct

from cityloop.domain.errors import Invalid, NotFound, Unavailable

RECORDING_BYTES_MAX = 4 * 1024 * 1024  # two minutes as 16-bit samples at 16 kHz; any codec is far below
KINDS = {
    "webm": (0, b"\x1a\x45\xdf\xa3"), "ogg": (0, b"OggS"), "mp4": (4, b"ftyp"), "wav": (8, b"WAVE"), "amr": (0, b"#!AMR"),
    "mp3": (0, b"ID3"),
}  # fmt: skip


class NobodyHears(NotFound):
    """This installation has nobody who writes down what is said."""

    code = "hearing.none"


class NotARecording(Invalid):
    """The bytes are no recording of a kind that is heard."""

    code = "hearing.not_a_recording"


class NotHeard(Unavailable):
    """Nothing came of it: whoever listens is busy, away, or said nothing that could be read."""

    code = "hearing.not_heard"


class Recording(Struct, frozen=True, kw_only=True):
    """What somebody said. `kind` by its content; `language` as BCP 47 says it, in two letters."""

    raw: bytes
    kind: str
    language: str


class Listens(Protocol):
    """Whoever can write down what is said."""

    def listen(self, recording: Recording) -> bytes:
        """The answer's bytes: JSON with `text`. Slow, in no transaction. Raises `NoAnswer`."""
        ...


def kind_of(raw: bytes) -> str:
    """Which kind of recording it is, by its first bytes and never by what its sender calls it.

    Refuses with `NotARecording`.

    >>> kind_of(b"OggS" + bytes(60)), kind_of(b"RIFF....WAVE" + bytes(60))
    ('ogg', 'wav')
    """
    if len(raw) < 64:
        raise NotARecording("Nothing was recorded; hold the button while you speak.")
    for kind, (at, mark) in KINDS.items():
        if raw[at : at + len(mark)] == mark:
            return kind
    if raw[0] == 0xFF and raw[1] & 0xE6 == 0xE2:  # a frame of MPEG layer III
        return "mp3"
    raise NotARecording(f"That is no recording; send one of {', '.join(KINDS)}.")
