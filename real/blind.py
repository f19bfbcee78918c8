"""How often understanding proposes the right class for residents' messages that a person labelled before.

`blind_labels.csv` holds 200 message ids, drawn with a fixed seed, and the classes that are right for each. How they were
labelled: by one developer, from the subject and the first 120 characters (more where those did not say), in one sitting,
with the list of classes and before any proposal for any of these messages was seen. Where two classes name the same
thing, as the catalogue's construction noise and the hotline's noise do, both stand there, the nearest first. The words of
the packs were written before the messages were read and were not changed after.
"""

import csv
import random
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from cityloop.domain.policy import Policy
from cityloop.stages.understand.rules import guess_of
from real.run import MESSAGES

LABELS = Path(__file__).parent / "blind_labels.csv"
SEED, SAMPLE = 20261126, 200


class Blind(Struct, kw_only=True):
    """What was right."""

    labelled: int
    proposed: int
    first_right: int
    first_three_right: int
    nearest_in_three: int  # the first of the labels is among the proposals
    sure: int  # as sure as the pack asks for
    sure_right: int


def texts(path: Path = MESSAGES) -> dict[str, str]:
    """Message id -> subject and details."""
    with path.open(newline="", encoding="utf-8-sig") as lines:
        return {
            row["留言编号"]: f"{row['留言主题'].strip()}\n{row['留言详情'].strip()}" for row in csv.DictReader(lines)
        }


def sample(ids: Iterator[str] | list[str]) -> list[str]:
    """The ids that were labelled, drawn again."""
    return random.Random(SEED).sample(sorted(ids), SAMPLE)


def labels() -> dict[str, list[str]]:
    """Message id -> right classes, the nearest first."""
    with LABELS.open(newline="", encoding="utf-8") as lines:
        return {row["message_id"]: row["classes"].split("|") for row in csv.DictReader(lines)}


def blind(policy: Policy, messages: dict[str, str]) -> Blind:
    """The proposals for the labelled messages beside their labels."""
    told = Blind(
        labelled=0, proposed=0, first_right=0, first_three_right=0, nearest_in_three=0, sure=0, sure_right=0
    )  # fmt: skip
    for id, right in labels().items():
        proposals = guess_of(messages[id], None, policy).proposals
        keys = [each.class_key for each in proposals]
        told.labelled += 1
        told.proposed += bool(keys)
        told.first_three_right += any(key in right for key in keys)
        told.nearest_in_three += right[0] in keys
        if keys:
            told.first_right += keys[0] in right
            sure = proposals[0].confidence_ppm >= policy.settings.level_understand_ppm
            told.sure += sure
            told.sure_right += sure and keys[0] in right
    return told
