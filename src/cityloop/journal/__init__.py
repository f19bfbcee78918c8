"""Every fact, once, for ever: told, delivered, sealed, proved, replayed; and the vault beside it."""

from cityloop.journal.commit import Once, OtherBody, Writer
from cityloop.journal.deliver import Delivery, Handler
from cityloop.journal.emit import Journal, UnknownFact, story, told_from
from cityloop.journal.timers import Timer, Timers, timer_drop, timer_set
from cityloop.journal.vault import (
    ErasedList,
    Gone,
    erase,
    marked_alike,
    vault_find,
    vault_ids,
    vault_keep,
    vault_keep_file,
    vault_older,
    vault_open,
    vault_overdue,
)

__all__ = [
    "Delivery",
    "ErasedList",
    "Gone",
    "Handler",
    "Journal",
    "Once",
    "OtherBody",
    "Timer",
    "Timers",
    "UnknownFact",
    "Writer",
    "erase",
    "marked_alike",
    "story",
    "timer_drop",
    "timer_set",
    "told_from",
    "vault_find",
    "vault_ids",
    "vault_keep",
    "vault_keep_file",
    "vault_older",
    "vault_open",
    "vault_overdue",
]
