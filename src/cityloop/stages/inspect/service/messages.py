"""What a message to a reporter says: made when it is sent, from what the vault still holds then."""

from cityloop.cases import report_get
from cityloop.cases.reveal import phone_of
from cityloop.cases.tracking import tracking_code
from cityloop.db import Tx
from cityloop.domain.facts import CallbackAsked
from cityloop.domain.ids import ReportId
from cityloop.domain.policy import Policy
from cityloop.domain.words import say
from cityloop.notices import Message, message_put

VERDICT = "sms.verdict"  # the code of its words


def put_message(tx: Tx, key: str, fact: CallbackAsked) -> None:
    """Let the reporter be asked by a message: sent after this is durable, the fact's id its key."""
    message_put(tx, key=key, report_id=fact.report_id, says=VERDICT)


def message_for(tx: Tx, report_id: str, says: str, *, policy: Policy) -> Message | None:
    """Number and text of a message; None where the reporter's data were erased since."""
    report = report_get(tx, ReportId(report_id))
    number, code = phone_of(tx, report), tracking_code(tx, report.id)
    if number is None or code is None:
        return None
    link = f"{policy.settings.public_url.rstrip('/')}/track/{code}"
    return Message(to=number, text=say(says, policy.settings.languages[0], policy.words).format(link=link))
