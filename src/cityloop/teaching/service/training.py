"""A candidate made in the background: lessons read, a model learned, its bytes kept, and then told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cityloop.db import Database, Tx
from cityloop.domain.facts import ModelTrained
from cityloop.domain.policy import Policy, Promote
from cityloop.journal import Writer
from cityloop.learning.meaning import Encoder, encoder_named
from cityloop.learning.pool import Likely
from cityloop.stages.understand.rules import guess_of, likely_of_words
from cityloop.teaching import rules, store
from cityloop.teaching.book import ModelBook
from cityloop.teaching.model import Decided, EncoderMissing, Taught, TrainingRuns
from cityloop.teaching.service.deciding import algorithm_now, promote_model

try:
    import fcntl
except ImportError:  # Windows: one process only
    fcntl = None

READ_AT_ONCE = 2_000
OPENED_DAYS = 90  # a case that waited longer for its judgement is not counted as a new one
EVER = datetime(2000, 1, 1, tzinfo=UTC)
ASKED, BY_LESSONS = "asked", "lessons"


def train_model(
    writer: Writer, book: ModelBook, policy: Policy, *, actor: str, why: str = ASKED,
    told: Callable[[int], None] = lambda many: None,
) -> str:  # fmt: skip
    """Make a candidate of what people decided; where the pack says so, and it is surely better, it decides at once.

    Shape: `told` hears how many lessons were read. Gives the model's digest.
    Refuses with `TooFewLessons`, `EncoderMissing`. Emits `ModelTrained`, and perhaps `ModelPromoted`.
    """
    encoder = encoder_of(policy)
    taught = lessons_of(writer.database, policy, told=told)
    with writer.database.reading() as tx:
        now = _in_force(tx)
    in_force = book.learned(now, policy)[0] if now else None
    settings = policy.settings
    made = rules.candidate_of(
        taught, words_of(policy), in_force, level_ppm=settings.level_understand_ppm, shown_ppm=settings.learn_shown_ppm,
        encoder=encoder,
    )  # fmt: skip
    digest = book.files.put(made.file)

    def tell(tx: Tx) -> str:
        tx.emit(
            ModelTrained(
                model=digest, lessons=made.lessons, classes=made.classes, since=made.since, until=made.until,
                level_ppm=settings.level_understand_ppm, size_bytes=len(made.file), score=made.score, held_back=made.held_back,
                why=why, simulated=policy.simulated, at=tx.now,
            )
        )  # fmt: skip
        surely = rules.is_surely_better(made.score) and algorithm_now(tx, "lessons").model != digest
        if settings.learn_promote == Promote.machine and surely:
            promote_model(tx, digest)
        return digest

    return writer.change(tell, actor=actor)


def encoder_of(policy: Policy) -> Encoder | None:
    """What the pack wants texts' meanings to be told by. Refuses with `EncoderMissing`."""
    name = policy.settings.learn_meaning
    found = encoder_named(name) if name else None
    if name and found is None:
        raise EncoderMissing(f"The pack learns with the encoder {name}, which is not installed here; install cityloop[meaning].")
    return found


def is_due(database: Database, policy: Policy) -> bool:
    """Whether people have decided so much since the last model that the pack wants another, and enough can be learned from."""
    every = policy.settings.learn_every
    if not every:
        return False
    with database.reading() as tx:
        last = store.model_list(tx, limit=1)
        until = last[0].trained_at if last else EVER
        opened = until - timedelta(days=OPENED_DAYS) if last else EVER
        if store.judged_since(tx, until, opened=opened, many=every) < every:
            return False
    return len(lessons_of(database, policy, most=rules.LESSONS_MIN)) >= rules.LESSONS_MIN


def lessons_of(
    database: Database,
    policy: Policy,
    *,
    most: int = rules.LESSONS_MAX,
    told: Callable[[int], None] = lambda many: None,
) -> list[Taught]:
    """The newest lessons, their texts masked."""
    found: list[Taught] = []
    for decided in decided_of(database, policy):
        with database.reading() as tx:
            words = store.texts_of(tx, [each.said for each in decided])
        found += rules.taught_of(decided, words, policy)
        told(len(found))
        if len(found) >= most:
            break
    return found[:most]


def decided_of(database: Database, policy: Policy) -> Iterator[list[Decided]]:
    """What was judged, some at a time, the newest cases first."""
    before = store.LAST
    while before:
        with database.reading() as tx:
            found, before = store.decided_list(tx, before=before, limit=READ_AT_ONCE, drills=policy.simulated)
        yield found


def words_of(policy: Policy) -> Callable[[str], tuple[Likely, ...]]:
    """What the words of the pack propose for a text; each text is asked about once."""
    return cache(lambda text: likely_of_words(guess_of(text, None, policy).proposals))


def _in_force(tx: Tx) -> str | None:
    return next((row.model for row in store.algorithm_list(tx) if row.id == "lessons"), None)


@contextmanager
def training_alone(folder: Path) -> Iterator[None]:
    """Inside, no other process makes a model; a process that dies lets others.

    Refuses with `TrainingRuns`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "training").open("w") as held:
        if fcntl:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise TrainingRuns("A model is being made; look again in a minute.") from None
        yield
