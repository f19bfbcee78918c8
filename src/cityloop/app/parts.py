"""The parts of a city, joined: which rooms there are, what reacts to what."""

import os
import socket
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from cityloop import cases, desk, knowledge, operate, people, revise, teaching
from cityloop.app import witnessing
from cityloop.app.senses import Senses
from cityloop.app.settings import Settings, environment_with
from cityloop.db import Database, Tx, open_database
from cityloop.domain.facts import Fact, Told
from cityloop.domain.ids import CityId
from cityloop.domain.policy import Policy
from cityloop.doors import DOORS, adviser, hearing, hotline, lines, webhooks
from cityloop.field import census, duty
from cityloop.files import FileStore
from cityloop.http.outward import hosts
from cityloop.journal import Delivery, ErasedList, Handler, Journal, Timer, Timers, Writer
from cityloop.journal.apply import APPLY as JOURNAL_APPLY
from cityloop.journal.prove import Proofs
from cityloop.journal.seal import Sealer
from cityloop.journal.tlog import alg_in_facts
from cityloop.journal.witness import Witnesses, witnesses_in
from cityloop.mqtt import Link
from cityloop.notices import Message, MessageBox, Outbox, Outgoing, Sms, Target, Wire, networks, sms_named
from cityloop.operate.cuts import Cuts
from cityloop.packs.book import PackBook
from cityloop.stages import dispatch, evaluate, filing, handle, inspect, intake, sense, understand
from cityloop.telemetry.apply import APPLY as TELEMETRY_APPLY
from cityloop.wide import Wide

STAGES = (sense, intake, understand, filing, dispatch, handle, inspect, evaluate)
ROOMS = (*STAGES, *DOORS, duty, census, revise, knowledge, desk, teaching)  # that may react, have timers, or own facts
READ = "read"  # the role of a process that only reads, for one that answers
BESIDE = 8  # threads for heavy work beside the server
TRAINING = (sys.executable, "-m", "cityloop", "learn", "train")


class Parts(Struct, kw_only=True):
    """A city's parts, joined."""

    settings: Settings
    database: Database
    journal: Journal
    writer: Writer
    book: PackBook
    models: teaching.ModelBook
    trainer: teaching.Trainer
    register: sense.RegisterBook
    senses: Senses
    files: FileStore
    delivery: Delivery
    timers: Timers
    messages: MessageBox
    sealer: Sealer
    proofs: Proofs
    witnesses: Witnesses
    erased: ErasedList
    outbox: Outbox
    tries: revise.Tries
    press: evaluate.Press
    wide: Wide
    sums: evaluate.Sums
    cuts: Cuts  # what a drill takes away
    second_looks: adviser.Adviser | None = None
    ear: hearing.Ear | None = None  # who writes down what people say, where somebody does
    link: Link | None = None  # to the broker, while it is listened to
    watch: operate.Watch | None = None  # of the server, where one runs
    turns: operate.Turns = field(default_factory=operate.Turns)  # how what it does again and again goes
    traces: Any = None  # where somebody keeps them
    wires: tuple[Wire, ...] = ()
    beside: ThreadPoolExecutor  # what the loops of a server do in threads; over once they are told to end

    @property
    def sensing(self) -> sense.Sensing:
        """The way of observations in."""
        return self.senses.sensing

    def can_be_cut(self) -> set[str]:
        """What a drill can take away here: what nobody set up is not there to be taken."""
        found = {"database", "network"}
        if self.second_looks or self.ear:
            found.add("model")
        if self.settings.mqtt_url:
            found.add("broker")
        with self.database.reading() as tx:
            told = self.outbox.targets(tx)
        if told or self.settings.hotline_url or self.book.in_force().settings.sms_provider:
            found.add("vendor")
        return found

    def close(self) -> None:
        """Let everything go."""
        if self.traces:
            self.traces.close()
        self.trainer.close()
        if self.ear:
            self.ear.close()
        self.senses.close()
        for wire in self.wires:
            wire.close()
        self.beside.shutdown()
        self.tries.close()
        self.press.close()
        self.wide.close()
        self.writer.close()
        self.database.close()


def join(settings: Settings, **swapped: Any) -> Parts:
    """Open a city and join its parts. `swapped` replaces a part, e.g. the clock, in tests."""
    home = Path(settings.home)
    clock = swapped.get("clock")
    extra = {"clock": clock} if clock else {}
    cuts = Cuts(home)
    database = open_database(settings.database_url, CityId(settings.city), only_reads=settings.role == READ, **extra)
    database.is_cut = partial(cuts.is_cut, "database")
    journal = Journal(apply_of_all())
    writer = Writer(database, journal)
    book = PackBook(writer)
    files = FileStore(home / "files", settings.cipher)
    proofs = Proofs(database)
    register = sense.RegisterBook(database)
    sealer = Sealer(writer, home / "keys", f"{settings.origin}/{settings.city}", alg_in_facts(settings.evidence))
    sealer.heed()
    ours, theirs = Wire(None), Wire(networks(settings.private_networks), only=hosts(settings.outside_hosts))
    wide = Wide(home / "wide", database, journal)
    ours.is_cut = theirs.is_cut = partial(cuts.is_cut, "vendor")
    return Parts(
        cuts=cuts,
        settings=settings,
        database=database,
        journal=journal,
        writer=writer,
        book=book,
        models=teaching.ModelBook(writer, FileStore(home / "models"), book.in_force),
        trainer=teaching.Trainer(TRAINING, environment_with(settings)),
        register=register,
        senses=Senses(home, writer, register, book, settings),
        files=files,
        delivery=Delivery(writer, handlers_of(book), process=f"{socket.gethostname()}/{os.getpid()}"),
        timers=Timers(writer, timers_of(book)),
        messages=messages_of(writer, book, swapped.get("sms"), cuts),
        sealer=sealer,
        proofs=proofs,
        witnesses=Witnesses(writer, proofs, witnesses_in(settings.witnesses), witnessing.post),
        erased=ErasedList(home / "keys" / "erased.txt"),
        outbox=Outbox(writer, lambda tx: targets_of(tx, settings, book, ours, theirs)),
        tries=revise.Tries(writer, book),
        press=evaluate.Press(writer, book, FileStore(home / "bulletins")),
        wide=wide,
        sums=evaluate.Sums(wide.changes),
        second_looks=second_looks_of(writer, book, settings, cuts),
        ear=ear_of(settings, cuts),
        wires=(ours, theirs),
        beside=beside(),
    )


def beside() -> ThreadPoolExecutor:
    """Threads for what the loops of a server do aside."""
    return ThreadPoolExecutor(BESIDE, "beside")


def second_looks_of(writer: Writer, book: PackBook, settings: Settings, cuts: Cuts) -> adviser.Adviser | None:
    """Who gives second looks, where somebody is set up to; a drill can take the way there away."""
    return adviser.set_up(
        writer, book.in_force, url=settings.adviser_url, key=settings.adviser_key, model=settings.adviser_model,
        seconds=settings.adviser_seconds, day_max=settings.adviser_day_max, is_cut=partial(cuts.is_cut, "model"),
    )  # fmt: skip


def ear_of(settings: Settings, cuts: Cuts) -> hearing.Ear | None:
    """Who writes down what people say, where somebody is set up to."""
    return hearing.set_up(
        settings.hearing_url, settings.hearing_key, settings.hearing_model,
        seconds=settings.hearing_seconds, is_cut=partial(cuts.is_cut, "model"),
    )  # fmt: skip


def targets_of(tx: Tx, settings: Settings, book: PackBook, ours: Wire, theirs: Wire) -> list[Target]:
    """Whoever is told of facts from outside: the hotline, and those who subscribed."""
    found: list[Target] = []
    if settings.hotline_url:
        way = hotline.HttpHotline(settings.hotline_url, settings.hotline_key, ours, settings.hotline_source)
        found.append(hotline.HotlineTarget(way))
    source = f"//{settings.origin}/{settings.city}"
    return [*found, *webhooks.targets(tx, source=source, policy=book.in_force(), wire=theirs)]


def apply_of_all() -> dict[type[Fact], Callable[[Tx, Told], None]]:
    """The one apply of every fact."""
    found = {**JOURNAL_APPLY, **cases.APPLY, **people.APPLY, **TELEMETRY_APPLY, **operate.APPLY}
    for room in ROOMS:
        found |= getattr(room, "APPLY", {})
    return found


def handlers_of(book: PackBook, rooms: Sequence[Any] = ROOMS) -> list[Handler]:
    """The stages that react, each with the policy in force when it does."""

    found = []
    for stage in rooms:
        if on := getattr(stage, "ON", None):
            reacts = {fact: tuple(_bound(each, book) for each in functions) for fact, functions in on.items()}
            ahead = getattr(stage, "AHEAD", None) or (lambda tx, told, policy: None)
            found.append(Handler(name=stage.__name__.rpartition(".")[2], on=reacts, ahead=_bound(ahead, book)))
    return found


def timers_of(book: PackBook, rooms: Sequence[Any] = (*ROOMS, cases)) -> dict[str, Callable[[Tx, Timer], None]]:
    """What each kind of timer does, with the policy in force when it is due."""

    return {kind: _bound(react, book) for room in rooms for kind, react in getattr(room, "TIMERS", {}).items()}


def _bound(react: Callable[[Tx, Any, Policy], None], book: PackBook) -> Callable[[Tx, Any], None]:
    """A reaction, with the policy in force when it happens."""
    return lambda tx, what: react(tx, what, book.in_force())


def messages_of(writer: Writer, book: PackBook, sms: Sms | None = None, cuts: Cuts | None = None) -> MessageBox:
    """The way out for messages to people: by the port that the pack in force names, or by the one that is given."""
    return MessageBox(
        writer,
        lambda: None if cuts and cuts.is_cut("vendor") else sms or sms_named(book.in_force().settings.sms_provider),
        lambda tx, each: lines.unless_stopped(tx, message_of(tx, each, book.in_force())),
    )


def message_of(tx: Tx, each: Outgoing, policy: Policy) -> Message | None:
    """What a message says, and to whom: to a reporter of their case, or to a subscriber of a bulletin."""
    if each.says == evaluate.BULLETIN_IS_THERE:
        return evaluate.message_for(tx, each, policy=policy)
    return inspect.message_for(tx, each.report_id, each.says, policy=policy)


def open_city(parts: Parts) -> None:
    """Before the door opens: erase again what a restore brought back, adopt the pack, find the log that grows. Who only reads
    takes what is there."""
    if parts.database.only_reads:
        parts.book.in_force()
        return
    back = parts.writer.whole(parts.erased.again, actor="machine:erase")
    people.delete_files(parts.writer, back, files=parts.files)
    parts.book.open(parts.settings.pack)
    parts.models.refresh()
    parts.register.refresh()
    parts.sealer.start()
