"""Every no of the evidence library, each with a stable code and what to do next."""

from cityloop.domain.errors import Invalid, NotFound, Refused, Unavailable


class EvidenceMalformed(Invalid):
    """A path, note, key, bundle or proof that is not written as its format says."""

    code = "journal.evidence_malformed"


class EvidenceBroken(Invalid):
    """Well-written evidence that does not lead to what it claims."""

    code = "journal.evidence_broken"


class TileShort(Unavailable):
    """A stored tile holds fewer hashes than the size of the tree asks for."""

    code = "journal.tile_short"


class KeyFileMissing(NotFound):
    """No signing key where one was said to be."""

    code = "journal.key_missing"


class KeyFileUnsafe(Refused):
    """A signing key that others may read, or that would be written over."""

    code = "journal.key_unsafe"


class GuardMissing(Refused):
    """No record of the last published checkpoint beside the key."""

    code = "journal.guard_missing"


class LogBehind(Refused):
    """The log is shorter than its last published checkpoint: it was restored from an older copy."""

    code = "journal.log_behind"


class LogForked(Refused):
    """The log would show two roots for one size."""

    code = "journal.log_forked"
