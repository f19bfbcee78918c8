"""What a reply to a reporter may lack: codes that the check names, and that a pack may ask for."""

from enum import StrEnum


class Lack(StrEnum):
    """What a reply lacks, or has too much. Words: `reply.lack.*`."""

    answer = "answer"  # it speaks of something else
    who = "who"
    what = "what"
    when = "when"
    result = "result"
    forwarded = "forwarded"  # it only says who has it now
    why = "why"  # it says no without a reason
    basis = "basis"  # it was refused, and the law is not named
    late = "late"
    private = "private"  # names, numbers, doors of others
