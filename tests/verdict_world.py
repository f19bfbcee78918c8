"""What happens in the town after closing: reporters are called back, judge, are answered; cases are done again."""

from typing import Any

import msgspec

from cityloop.cases.callbacks import Callback, callback_last
from cityloop.db import Tx
from cityloop.domain.facts import VaultRef
from cityloop.journal import erase, vault_ids, vault_keep
from cityloop.notices import FakeSms
from cityloop.stages.intake.store import Tracking
from tests.orders import Orders


def reached_by(tx: Tx, report: str, said: VaultRef, code: str | None, phone: str | None) -> VaultRef | None:
    """Keep by what the sender of a report can be reached; gives where the number lies."""
    if code:
        tx.add("tracking", Tracking(code, report, said.id))
    if not phone:
        return None
    return vault_keep(tx, "contact", f"report/{report}", msgspec.json.encode({"phone": phone}), keep_days=30, marks=(phone,))


class AfterClosing(Orders):
    """Deeds and sights of the town; `tests.world.World` is made with it."""

    sms: FakeSms

    def complete_all(self, name: str) -> None:
        """Sign for it, finish it, and let the inspection pass: the case is closed."""
        self.handle(name)
        self.inspect(name)

    def redo(self, name: str, reason: str = "not_solved", *, by: str = "leader-on-duty") -> None:
        self._post(name, "redo", by, {"reason": reason})

    def judge(
        self, code: str, solved: str, satisfied: str = "none", *, reasons: tuple[str, ...] = (), words: str = ""
    ) -> None:
        """The reporter says what they think of it, with their tracking code."""
        said = {"solved": solved, "satisfied": satisfied, "reasons": list(reasons), "words": words}
        self.post(f"/v1/track/{code}/verdict", by=None, json=said)

    def call_back(
        self, name: str, solved: str, satisfied: str = "none", *, by: str = "hotline-seat", words: str = ""
    ) -> None:
        """A seat calls the reporter, and writes down what they say."""
        said = {"solved": solved, "satisfied": satisfied, "words": words}
        self.post(f"/v1/callbacks/{self.callback(name).id}/verdict", by=by, json=said)

    def try_call(self, name: str, outcome: str = "no_answer", *, by: str = "hotline-seat") -> None:
        self.post(f"/v1/callbacks/{self.callback(name).id}/try", by=by, json={"outcome": outcome})

    def reply(self, name: str, text: str, kind: str = "explain", *, by: str = "acceptor") -> None:
        self.post(f"/v1/reports/{self.reports[name]}/replies", by=by, json={"kind": kind, "text": text})

    def messages_go_out(self) -> int:
        """What waits in the outbox is handed to the provider."""
        return self.message_box.send()

    def provider_is(self, *, down: bool) -> None:
        """The provider of messages does not answer, or does again."""
        self.sms.is_down = down

    def erase(self, name: str) -> None:
        """All that the vault keeps of a report goes."""
        subject = f"report/{self.reports[name]}"
        self.writer.change(lambda tx: erase(tx, vault_ids(tx, subject), reason="asked_by_person"))
        self.drain()

    def messages(self) -> list[tuple[str, str]]:
        """What the provider got: number, and the link at the end of the text."""
        return [(each.to, each.text.rpartition("：")[2]) for each in self.sms.sent.values()]

    def callback(self, name: str) -> Callback | None:
        """The last call-back of a report."""
        with self.database.reading() as tx:
            return callback_last(tx, self.reports[name])

    def callbacks(self, *, by: str = "hotline-seat") -> list[str]:
        """The names of the reports whose senders a seat shall call back, what is due first at the head."""
        names = {id: name for name, id in self.reports.items()}
        return [names[each["report"]] for each in self.get("/v1/callbacks", by=by)["items"]]

    def waiting(self, *, by: str = "leader-on-duty") -> list[str]:
        """The names of the reports whose senders are not content and were not answered."""
        names = {id: name for name, id in self.reports.items()}
        return [names[each["report"]] for each in self.get("/v1/verdicts/waiting", by=by)["items"]]

    def track(self, code: str) -> dict[str, Any]:
        """What the reporter sees with their tracking code."""
        return self.get(f"/v1/track/{code}", by=None)
