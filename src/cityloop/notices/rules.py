"""Pure decisions of sending: what an answer means, how long to wait, when to give up."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from cityloop.notices.model import Answer, HeldParcel, Place, Verdict

# Seconds between tries of a target that is down: soon at first, then seldom; some three and a half days in all.
PAUSES_S = (5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 28_800, 43_200, 86_400, 86_400)
ENDLESS_PAUSE_MAX_S = 1_800  # of a target that is told for as long as it takes: what comes meanwhile has a deadline
HELD_PAUSES_S = (60, 600, 3_600, 14_400, 43_200)  # of one message that is refused; then an operator looks
AFTER_MAX_S = 86_400  # a Retry-After of more than a day is not believed
REFUSED_MAX = 1_000  # messages in a row that are refused, and none taken
LATER = frozenset({408, 425, 429})
DOUBT_AFTER = 3  # failures of a target in a row; then it may be one message that it fails on
DOUBTS_MAX = 3  # messages of different subjects that it fails on, one after the other: then it is the target


def verdict_of(answer: Answer) -> Verdict:
    """What an answer means.

    >>> [verdict_of(Answer(status=s)).value for s in (204, 0, 503, 429, 410, 400, 302)]
    ['sent', 'down', 'down', 'down', 'gone', 'refused', 'refused']
    """
    if 200 <= answer.status < 300:
        return Verdict.sent
    if answer.status == 410:
        return Verdict.gone
    if answer.status == 0 or answer.status >= 500 or answer.status in LATER:
        return Verdict.down
    return Verdict.refused


def is_doubtful(place: Place, answer: Answer, *, is_new: bool) -> bool:
    """Whether a target that answers so may be up, and fail on this message alone.

    One that asks for a pause, or that nobody reaches, is down. A new message is doubted once the target has failed for a while; one that
    was held at once.

    >>> place = Place(target="t", seq=0)
    >>> answers = (500, None), (0, "timeout"), (429, None), (0, "no_connection")
    >>> [is_doubtful(place, Answer(status=status, error=error), is_new=False) for status, error in answers]
    [True, True, False, False]
    >>> is_doubtful(place, Answer(status=500), is_new=True), is_doubtful(replace(place, tries=3), Answer(status=500), is_new=True)
    (False, True)
    """
    fails = answer.after_s is None and (answer.status >= 500 or answer.error in ("timeout", "broken_off"))
    return fails and (not is_new or place.tries >= DOUBT_AFTER)


def is_known_for_it(held: HeldParcel) -> bool:
    """Whether a message is held because a target failed on it that answered others."""
    return held.tries > 0 and verdict_of(Answer(status=held.status or 0)) is Verdict.down


def pause_of(tries: int, after_s: int | None = None, *, most_s: int = PAUSES_S[-1]) -> timedelta:
    """How long a target is left alone after the n-th failure in a row, not less than it asked for.

    >>> [pause_of(n).total_seconds() for n in (1, 2, 99)], pause_of(1, 60).total_seconds(), pause_of(99, most_s=600).total_seconds()
    ([5.0, 30.0, 86400.0], 60.0, 600.0)
    """
    table = min(PAUSES_S[min(tries, len(PAUSES_S)) - 1], most_s)
    return timedelta(seconds=max(table, min(after_s or 0, AFTER_MAX_S)))


def given_up_for(place: Place, *, is_gone: bool) -> str | None:
    """Why a target that may be given up is: it is gone, has failed for long enough, or takes nothing at all.

    >>> place = Place(target="t", seq=0)
    >>> [given_up_for(each, is_gone=False) for each in (place, replace(place, tries=14), replace(place, refused=1_000))]
    [None, 'down_too_long', 'refuses_all']
    """
    if is_gone:
        return "gone"
    if place.tries > len(PAUSES_S):
        return "down_too_long"
    return "refuses_all" if place.refused >= REFUSED_MAX else None


def failed(place: Place, answer: Answer, now: datetime, *, ends: bool) -> Place:
    """The place of a target that is down; `ends`: it may be given up."""
    tries = place.tries + 1
    pause = pause_of(tries, answer.after_s, most_s=PAUSES_S[-1] if ends else ENDLESS_PAUSE_MAX_S)
    return replace(
        place, tries=tries, next_at=now + pause, failing_since=place.failing_since or now,
        status=answer.status, error=answer.error,
    )  # fmt: skip


def went_on(place: Place, seq: int, sent: int, now: datetime, *, is_up: bool, refused: int = 0) -> Place:
    """The place of a target that was told of what came up to `seq`; one that answered is up again."""
    seq = max(place.seq, seq)
    if not is_up:
        return replace(place, seq=seq)
    return replace(
        place, seq=seq, tries=0, next_at=None, failing_since=None, status=None, error=None, sent=place.sent + sent,
        sent_at=now if sent else place.sent_at, refused=0 if sent else place.refused + refused,
    )  # fmt: skip


def refused(held: HeldParcel, answer: Answer, now: datetime) -> HeldParcel:
    """A message that was refused once more: tried again later, or parked."""
    tries = held.tries + 1
    parked = tries > len(HELD_PAUSES_S)
    pause = timedelta(seconds=HELD_PAUSES_S[min(tries, len(HELD_PAUSES_S)) - 1])
    return replace(
        held, tries=tries, next_at=None if parked else now + pause, parked=int(parked), status=answer.status,
        error=answer.error,
    )  # fmt: skip
