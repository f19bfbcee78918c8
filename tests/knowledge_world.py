"""The knowledge base and the seat that answers with it, as stories speak of them: the part of `DoorWorld` that both need."""

from typing import Any

from cityloop.journal import story

WRITER, APPROVER, STAFF = "hotline-seat", "leader-on-duty", "collector-a1"
LAMPS = {
    "title": "路灯不亮怎么报修",
    "text": "拨打热线或在网页上报，写明灯杆编号。一般两个工作日内修复。",
    "owner": "watch",
    "valid_until": "2026-12-31",
    "public": True,
}
DOGS = LAMPS | {"title": "养犬登记在哪里办", "text": "到街道办理，带身份证和免疫证明。", "owner": "street-1", "public": False}
ENTRIES = {"lamps": LAMPS, "dogs": DOGS}


class Answering:
    """Deeds and sights of the knowledge base; `tests/world.py` has the rest. An entry is named by the story."""

    entries: dict[str, str]
    database: Any
    get: Any
    post: Any
    send_report: Any

    def draft(self, name: str, *, by: str = WRITER, **asked: Any) -> None:
        """Somebody writes an entry."""
        self.entries[name] = self.post("/v1/knowledge", by=by, json=ENTRIES.get(name, DOGS) | asked)["id"]

    def publish(self, name: str, *, revision: int = 1, by: str = APPROVER) -> None:
        self._of_entry(name, "decision", by, {"revision": revision, "granted": True})

    def reject_entry(self, name: str, reason: str, *, revision: int = 1, by: str = APPROVER) -> None:
        self._of_entry(name, "decision", by, {"revision": revision, "granted": False, "reason": reason})

    def revise(self, name: str, *, by: str = WRITER, **asked: Any) -> None:
        self._of_entry(name, "revisions", by, ENTRIES.get(name, DOGS) | asked)

    def flag(self, name: str, reason: str, *, by: str = STAFF, note: str = "") -> None:
        self.post(f"/v1/knowledge/{self.entries[name]}/flags", by=by, json={"reason": reason, "note": note})

    def confirm(self, name: str, until: str, *, by: str = WRITER) -> None:
        self._of_entry(name, "confirmation", by, {"valid_until": until})

    def retire(self, name: str, reason: str, *, by: str = APPROVER) -> None:
        self._of_entry(name, "retirement", by, {"reason": reason})

    def answer_with(self, name: str, *, by: str = WRITER, **said: Any) -> str:
        """A seat answers a question on the spot; gives the inquiry."""
        return self.post("/v1/inquiries", by=by, json={"entry": self.entries[name]} | said)["id"]

    def found(self, asked: str, *, by: str = STAFF) -> list[str]:
        """The titles that a search gives, best first."""
        return [each["title"] for each in self.get("/v1/knowledge", by=by, q=asked)["items"]]

    def listed(self, shown: str) -> list[str]:
        """The titles of a list of entries."""
        return [each["title"] for each in self.get("/v1/knowledge", by=STAFF, shown=shown)["items"]]

    def entry(self, name: str, *, by: str = STAFF) -> dict[str, Any]:
        """An entry whole."""
        return self.get(f"/v1/knowledge/{self.entries[name]}", by=by)

    def entry_story(self, name: str) -> list[str]:
        """What happened to an entry, by the names of the facts."""
        with self.database.reading() as tx:
            return [type(each.fact).__name__ for each in story(tx, f"knowledge/{self.entries[name]}")]

    def inquiry_fact(self, id: str) -> Any:
        """The fact of an inquiry."""
        with self.database.reading() as tx:
            return story(tx, f"inquiry/{id}")[0].fact

    def rows_of(self, table: str) -> int:
        """How many rows a table has."""
        with self.database.reading() as tx:
            return tx.value(f"SELECT COUNT(*) FROM {table} WHERE city = :city")

    def words_kept(self, name: str) -> str:
        """Where the words of an entry's first revision lie."""
        with self.database.reading() as tx:
            sql = "SELECT said FROM knowledge_revision WHERE city = :city AND entry = :id ORDER BY revision"
            return tx.value(sql, id=self.entries[name])

    def report_by(self, phone: str, name: str) -> None:
        """Somebody reports, and leaves their number."""
        self.send_report(name, by=None, text="路灯不亮", contact={"phone": phone})

    def calls(self, phone: str, *, by: str = WRITER) -> dict[str, Any]:
        """What a seat sees when this number calls."""
        return self.post("/v1/callers", by=by, json={"phone": phone})

    def lookups(self) -> list[tuple[int, str]]:
        """How many were found each time a number was looked up, and who looked."""
        with self.database.reading() as tx:
            sql = "SELECT subject FROM fact WHERE city = :city AND type = 'CallerHistoryOpened' ORDER BY seq"
            facts = [story(tx, row.subject)[0].fact for row in tx.all(sql)]
        return [(each.found, each.by) for each in facts]

    def digest_kept(self) -> str:
        """The digest by which a number is found."""
        with self.database.reading() as tx:
            return tx.value("SELECT digest FROM vault_mark WHERE city = :city")

    def _of_entry(self, name: str, deed: str, by: str, body: dict[str, Any]) -> None:
        no = self.entry(name, by=APPROVER)["no"]
        self.post(f"/v1/knowledge/{self.entries[name]}/{deed}", by=by, match=no, json=body)
