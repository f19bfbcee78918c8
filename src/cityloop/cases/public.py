"""What strangers may know of a case: filed, of a class that is public, at a place that is nobody's own."""

import msgspec

from cityloop.cases.model import Case, Report, TaskKind
from cityloop.cases.store import task_list_of
from cityloop.db import Tx
from cityloop.domain.facts import PhotoRef
from cityloop.domain.ids import CaseId, ClassKey, FileDigest
from cityloop.domain.policy import Policy

_photos = msgspec.json.Decoder(list[PhotoRef]).decode


def class_is_public(key: ClassKey | str | None, policy: Policy) -> bool:
    """Whether strangers see cases of the class, with their places."""
    kind = policy.class_by_key.get(ClassKey(key)) if key else None
    return kind is not None and not kind.internal and not kind.private_place


def is_public(case: Case, policy: Policy) -> bool:
    """Whether strangers may know of the case. What nobody has filed may be untrue."""
    return case.number is not None and case.lon is not None and class_is_public(case.class_key, policy)


def public_case(tx: Tx, id: CaseId, policy: Policy) -> Case | None:
    """The case, open or over, if it is public; where it was merged away, the one that took its reports."""
    case = tx.get("case_file", Case, id)
    if case and case.merged_into:
        case = tx.get("case_file", Case, case.merged_into)
    return case if case and is_public(case, policy) else None


def photo_is_public(tx: Tx, subject: str, digest: FileDigest, policy: Policy) -> bool:
    """Whether anybody may see a photo: the first report's, where the city shows those; the finished work's, too, where
    it shows both."""
    settings = policy.settings
    if not settings.open311_public_media:
        return False
    kind, _, id = subject.partition("/")
    if kind == "report":
        report = tx.get("report", Report, id)
        case = tx.get("case_file", Case, report.case_id) if report and report.case_id else None
        return case is not None and case.report_id == id and is_public(case, policy)
    case = tx.get("case_file", Case, id)
    if case is None or not settings.public_photos or not is_public(case, policy):
        return False
    return any(digest in (photo.shown, photo.thumb) for photo in photos_of_work_in(tx, case))


def photos_of_work_in(tx: Tx, case: Case) -> list[PhotoRef]:
    """The photos of finished work."""
    done = [task for task in task_list_of(tx, case.id) if task.kind is TaskKind.handle and task.outcome == "finished"]
    return [photo for task in done for photo in _photos(task.photos)]
