"""What a city senses with, joined: the log of this process, the way in, the last values. Opened when first asked for."""

from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from time import monotonic

from cityloop.app.judging import Judge
from cityloop.app.settings import Settings
from cityloop.doors.cameras import Cameras
from cityloop.doors.lorawan import LoraWan
from cityloop.journal import Writer
from cityloop.packs.book import PackBook
from cityloop.stages.sense import Asides, RegisterBook, Sensing, Watcher
from cityloop.telemetry.batch import Batch
from cityloop.telemetry.history import History
from cityloop.telemetry.latest import LatestBook
from cityloop.telemetry.log import START, Log, Position, follow, logs_in, numbers_in, own_log
from cityloop.telemetry.reached import keep_reached, reached_in
from cityloop.telemetry.segments import Segments
from cityloop.telemetry.thinning import Keeper
from cityloop.telemetry.written import FolderLog, behind_under, written_under

LOOK_S = 1.0  # so often whoever judges lets the other processes know how far it is, and they look


class Senses:
    """Parts for observations. A command that asks for none opens no log.

    `root` holds the logs of all processes; `behind` tells how many bytes of them are not judged yet, as far as this process
    knows: a command does not, a server by what whoever judges, or sends on what others judge, has put down.
    """

    def __init__(self, home: Path, writer: Writer, register: RegisterBook, book: PackBook, settings: Settings | None = None):
        self.root = home / "telemetry" / "log"
        self.register = register
        self.behind: Callable[[], int] = lambda: 0
        self.judges = False
        self._book, self._home, self._writer = book, home, writer
        self.asides = Asides(writer)
        self._behind, self._looked_at = 0, -LOOK_S
        self.sent = home / "telemetry" / "sent.json"  # where observations travel: how far they were sent
        self._judged = home / "telemetry" / "judged.json"  # where they do not: how far they are judged
        self._noted, self._noted_at = dict[str, Position](), -LOOK_S
        self._past_root = home / "telemetry" / "past"
        self._settings = settings
        self._let_go: Callable[[], None] | None = None
        self._let_past_go: Callable[[], None] | None = None

    @cached_property
    def log(self) -> Log:
        """Where this process keeps observations."""
        log, self._let_go = own_log(self.root)
        return log

    @cached_property
    def past(self) -> Log:
        """Where this process keeps what is history when it comes in: nobody judges it."""
        log, self._let_past_go = own_log(self._past_root)
        return log

    @cached_property
    def sensing(self) -> Sensing:
        """The way in."""
        return Sensing(
            self.log, self.register.now, self.asides, behind=lambda: self.behind(),
            ahead_s=lambda: self._book.in_force().settings.clock_ahead_max_s,
        )  # fmt: skip

    @cached_property
    def watcher(self) -> Watcher | Judge:
        """Who judges what was observed; one process of the city does, or has it done beside it."""
        path = self._home / "telemetry" / "watcher.npz"
        writer = self.asides.writer
        here = Watcher(self.root, path, writer.database, self.register.now, self._book.in_force, clock=writer.database.clock)
        return Judge(here, self._settings, self.root, self.register, self._book.in_force) if self._settings else here

    @cached_property
    def latest(self) -> LatestBook:
        """The last values of all streams."""
        return LatestBook(self.root, self._home / "telemetry" / "latest")

    @cached_property
    def cameras(self) -> Cameras:
        """The way of what cameras see."""
        return Cameras(self.sensing, self.register, self.asides.writer, self._book.in_force, self._lately)

    def _lately(self) -> Iterator[Batch]:
        """What all processes kept lately: the last two files of each log."""
        for folder in logs_in(self.root):
            if numbers := numbers_in(folder)[-2:]:
                yield from (batch for _, batch in follow(folder, Position(numbers[0], 0)))

    @cached_property
    def lorawan(self) -> LoraWan:
        """The way of uplinks."""
        return LoraWan(self.sensing, self.register)

    @cached_property
    def segments(self) -> Segments:
        """What is sealed."""
        return Segments(self._home / "telemetry" / "segments", self._writer, self._logs)

    @cached_property
    def keeper(self) -> Keeper:
        """What seals, merges and thins."""
        return Keeper(self.segments, self.segments.waiting_bytes)

    @cached_property
    def history(self) -> History:
        """What was ever said and is kept."""
        return History(self._writer.database, self.segments.path, self._logs)

    def judged_to(self) -> dict[str, Position]:
        """From where each log would be judged, or sent on, after a crash, whichever process of the city does so."""
        return reached_in(self.sent) if self._travel else self.watcher.saved_to()

    def note_judged(self) -> None:
        """Let the other processes of the city know how far each log is judged here."""
        if monotonic() - self._noted_at >= LOOK_S and self._noted != self.watcher.positions:
            self._noted, self._noted_at = dict(self.watcher.positions), monotonic()
            keep_reached(self._judged, self._noted)

    def behind_others(self) -> int:
        """How many bytes of the logs are not judged yet, by what whoever judges has put down."""
        if monotonic() - self._looked_at >= LOOK_S:
            reached = reached_in(self.sent if self._travel else self._judged)
            self._looked_at, self._behind = monotonic(), behind_under(self.root, reached)
        return self._behind

    def judge_here(self, behind: Callable[[], int]) -> None:
        """This process judges from now on, or sends on what others judge, and knows how many bytes wait."""
        self.behind, self.judges = behind, True

    def unread(self) -> dict[str, Position]:
        """From where on others have still to read each log: its files before that may go once they are sealed."""
        last, judged = self.latest.saved_to, self.judged_to()
        return {name: min(last.get(name, START), judged.get(name, START)) for name in written_under(self.root)}

    @property
    def _travel(self) -> bool:
        return bool(self._settings and self._settings.telemetry_bus)

    def _logs(self) -> dict[str, FolderLog]:
        past = {f"past/{name}": log for name, log in written_under(self._past_root).items()}
        return past | written_under(self.root)  # of the same moment what came in live is the last word

    def close(self) -> None:
        """Let the log go, where it was opened."""
        if isinstance(watcher := self.__dict__.get("watcher"), Judge):
            watcher.close()
        if "sensing" in self.__dict__:
            self.sensing.close()
        for let_go in filter(None, (self._let_go, self._let_past_go)):
            let_go()
