"""The way to whoever writes down what is said: the transcriptions of an OpenAI-compatible endpoint, a few at once, kept nowhere."""

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import msgspec
from msgspec import Struct

from cityloop.domain.errors import kind_of
from cityloop.domain.unreadable import UNREADABLE
from cityloop.doors.hearing.model import Listens, NotHeard, Recording
from cityloop.http.endpoint import Endpoint, NoAnswer

AT_ONCE = 2  # of one process: whoever comes meanwhile is asked to come again, and types


class _Answer(Struct):
    text: str


_answer = msgspec.json.Decoder(_Answer).decode


class Transcriptions:
    """`POST /audio/transcriptions`, as speech models behind such endpoints answer it."""

    def __init__(self, url: str, key: str, model: str, *, seconds: float, is_cut: Callable[[], bool] = lambda: False):
        self._way = Endpoint(url, key, seconds=seconds, is_cut=is_cut)
        self._model = model or "whisper-1"

    def listen(self, recording: Recording) -> bytes:
        """The answer's bytes. Raises `NoAnswer`."""
        asked = {"model": self._model, "response_format": "json", "language": recording.language}
        return self._way.post("audio/transcriptions", data=asked, files={"file": (f"said.{recording.kind}", recording.raw)})


class Ear:
    """Whoever writes down what is said, for this process."""

    def __init__(self, listens: Listens):
        self._listens = listens
        self._threads = ThreadPoolExecutor(AT_ONCE, "hearing")
        self._busy = 0

    async def hear(self, recording: Recording, chars_max: int) -> str:
        """What was said; "" where nothing was.

        Refuses with `NotHeard`.
        """
        if self._busy >= AT_ONCE:
            raise NotHeard("Others are being listened to; try again in a few seconds, or type it.", retry_after_s=5)
        self._busy += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._written, recording, chars_max)
        finally:
            self._busy -= 1

    def _written(self, recording: Recording, chars_max: int) -> str:
        try:
            said = _answer(self._listens.listen(recording)).text
        except (NoAnswer, *UNREADABLE) as error:
            raise NotHeard("Nobody could listen at this moment; type it, please.", log=str(error) if isinstance(error, NoAnswer) else kind_of(error), retry_after_s=30) from error
        return readable(said)[:chars_max]

    def close(self) -> None:
        """Let the threads go; what is under way is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def readable(said: str) -> str:
    """One line of it, without characters that nobody sees.

    >>> readable(" 路灯\\n不亮\\u202e了 ")
    '路灯 不亮了'
    """
    seen = "".join(" " if each.isspace() else each for each in said if each.isspace() or unicodedata.category(each)[0] != "C")
    return " ".join(seen.split())


def set_up(url: str, key: str, model: str, *, seconds: float, is_cut: Callable[[], bool]) -> Ear | None:
    """Whoever listens; nobody where no address is set."""
    return Ear(Transcriptions(url, key, model, seconds=seconds, is_cut=is_cut)) if url else None
