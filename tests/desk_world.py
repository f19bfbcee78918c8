"""What people of the small town do at their desks: search, save views, look at cases together, do one thing for many."""

from typing import Any


class AtDesks:
    """Deeds and sights of the console; `tests/world.py` has the rest."""

    client: Any
    database: Any
    reports: Any
    case: Any
    get: Any
    signed: Any
    drain: Any
    _answered: Any

    def desk_queue(self, *, by: str = "acceptor", **asked: Any) -> list[str]:
        """The names of the cases in the queue."""
        names = {self.case(name).id: name for name in reversed(list(self.reports))}
        return [names[line["case"]["id"]] for line in self.get("/v1/screens/queue", by=by, **asked)["items"]]

    def cases_found(self, words: str, *, by: str = "acceptor") -> list[str]:
        """The names of the cases that words find, the newest first."""
        return self.desk_queue(by=by, q=words)

    def screen(self, name: str, *, by: str, lang: str = "zh") -> Any:
        """A case as a desk gets it."""
        return self.get(f"/v1/screens/case/{self.case(name).id}", by=by, lang=lang)

    def do_many(
        self, deed: str, names: list[str], *, by: str, seen: int | None = None, key: str | None = None, **body: Any
    ) -> list[str | None]:
        """One deed for many cases; gives the code that each answers with, None where it is done."""
        cases = [{"id": self.case(name).id, "no": seen or self.case(name).no} for name in names]
        headers = self.signed(by) | ({"idempotency-key": key} if key else {})
        sent = {"deed": deed, "cases": cases, "body": body}
        found = self._answered(self.client.post("/v1/screens/deeds", json=sent, headers=headers))
        self.drain()
        return [each["code"] for each in found]

    def deeds_for_many(self, *, by: str) -> dict[str, list[str]]:
        """What somebody may do for many cases, each with what its form asks for."""
        found = self.get("/v1/screens/deeds", by=by)
        return {each["name"]: [field["name"] for field in each["fields"]] for each in found}

    def views(self, by: str) -> list[tuple[str, str, str | None]]:
        """The saved views that somebody has."""
        return [(each["name"], each["asked"], each["post"]) for each in self.get("/v1/views", by=by)]

    def save_view(self, name: str, asked: str, *, by: str, post: str | None = None) -> None:
        body = {"name": name, "asked": asked, "post": post}
        self._answered(self.client.post("/v1/views", json=body, headers=self.signed(by)))

    def change_view(self, name: str, asked: str, *, by: str) -> None:
        body = {"name": name, "asked": asked}
        self._answered(self.client.put(f"/v1/views/{self._view(name)}", json=body, headers=self.signed(by)))

    def drop_view(self, name: str, *, by: str) -> None:
        answer = self.client.delete(f"/v1/views/{self._view(name)}", headers=self.signed(by))
        if answer.status_code != 204:
            self._answered(answer)

    def look(self, name: str, *, by: str, doing: str | None = None) -> list[str | None]:
        """Look at a case; gives what the others who look are doing."""
        path = f"/v1/cases/{self.case(name).id}/presence"
        found = self._answered(self.client.put(path, json={"deed": doing}, headers=self.signed(by)))
        return [each["deed"] for each in found]

    def look_away(self, name: str, *, by: str) -> None:
        self.client.delete(f"/v1/cases/{self.case(name).id}/presence", headers=self.signed(by))

    def _view(self, name: str) -> str:
        """The id of a view, whoever has it."""
        with self.database.reading() as tx:
            return tx.value("SELECT id FROM saved_view WHERE city = :city AND name = :name", name=name)
