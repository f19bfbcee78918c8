"""`cityloop drill` 断网断电演练: takes parts away from the city that runs here, while people and devices go on using it."""

import contextlib
import signal
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import httpx
import msgspec
import typer
from msgspec.structs import replace

from cityloop.app import Parts, Settings
from cityloop.cli.demo import PASSWORD
from cityloop.cli.say import city, console, progress
from cityloop.domain.errors import Refused
from cityloop.domain.facts import DrillResult
from cityloop.domain.words import say
from cityloop.people.demo import demo_keys, demo_sign_ins
from cityloop.simulation.drilling import Deed, Player, client_of, collector, device, found, resident, tried

ALL = "database,model,broker,vendor,network"


class ServerSilent(Refused):
    """The city's server does not answer, or not as a drill needs it."""

    code = "drill.server_silent"


def drill(
    seconds: Annotated[int, typer.Option(min=1, max=600, help="For how long each part is taken away.")] = 20,
    faults: Annotated[str, typer.Option(help="Which parts, divided by commas.")] = ALL,
    out: Annotated[Path | None, typer.Option(help="Into which folder the report is written, as JSON, page and PDF.")] = None,
    url: Annotated[str | None, typer.Option(help="Where the server of this city answers on this machine.")] = None,
    sign_in: Annotated[str | None, typer.Option(help="Who operates the city; a simulated one has somebody.")] = None,
    password: Annotated[str, typer.Option(help="Their password.", envvar="CITYLOOP_DRILL_PASSWORD")] = PASSWORD,
    really: Annotated[bool, typer.Option("--really", help="Also on a city that is no simulation.")] = False,
) -> None:
    """Take parts of the running city away, one after the other, and tell what still worked, what waited, what was lost and how
    long the way back took. Whatever happens, all is given back; each part comes back by itself.

    Example: cityloop drill --seconds 20 --out drill
    """
    with city() as parts:
        where = url or address(parts.settings)
        names = dict(_names(parts))
        operator = sign_in or names.get("system_admin", "")
        head = {"Authorization": f"Bearer {signed_in(where, operator, password)}"}
        asked = {"faults": [each.strip() for each in faults.split(",") if each.strip()], "each_s": seconds, "really": really}
        begun = told(ask(where, "post", "/v1/drills", json=asked, headers=head))
        results: list[DrillResult] = []
        whole = False
        try:
            with ends_politely():
                players = playing(parts, where, names)
                try:
                    results = one_by_one(where, head, begun, players, seconds)
                    whole = True
                finally:
                    for each in players:
                        each.end()
        finally:
            parts.cuts.end()  # at once, whoever interrupted: the server needs no session for this
            over = {"whole": whole, "results": msgspec.to_builtins(results)}
            ended(where, head, begun["id"], over)
        shown(begun, asked["faults"], results)
        if out:
            keep(where, head, begun["id"], out, over)


def address(settings: Settings) -> str:
    """Where the server answers on this machine."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    return f"http://{host}:{settings.port}"


def _names(parts: Parts) -> Iterator[tuple[str, str]]:
    policy = parts.book.in_force()
    if policy.simulated:
        yield from ((each.role, each.name) for each in reversed(demo_sign_ins(policy)))


def signed_in(url: str, name: str, password: str) -> str:
    """A token for somebody.

    Refuses with `ServerSilent`.
    """
    asked = {"name": name, "password": password, "as_token": True}
    try:
        return told(ask(url, "post", "/v1/sessions", json=asked))["token"]
    except httpx.HTTPError as error:
        raise ServerSilent(f"No server answers at {url}; start it with `cityloop up`, or say --url.") from error


def ask(url: str, method: str, path: str, **given: Any) -> httpx.Response:
    """What the server answers."""
    with client_of(url, 60.0) as client:
        return client.request(method.upper(), path, **given)


def told(answer: httpx.Response) -> Any:
    """What the server says.

    Refuses with `ServerSilent`.
    """
    if answer.status_code != 201:
        raise ServerSilent(f"The server says {answer.status_code}: {answer.text[:300]}; see what it asks for.")
    return answer.json()


def playing(parts: Parts, url: str, names: dict[str, str]) -> list[Player]:
    """Who goes on using the city, and uses it already."""
    policy = parts.book.in_force()
    west, south, east, north = policy.settings.bounds
    where = ((west + east) / 2, (south + north) / 2)
    found = [resident(url, where)]
    if "collector" in names:
        found.append(collector(url, where, signed_in(url, names["collector"], PASSWORD)))
    streams = list(parts.register.refresh().by_key)
    keys = [key for words, key in demo_keys(policy) if words == policy.role_by_id["partner"].name] if policy.simulated else []
    if streams and keys:
        found.append(device(url, keys[0], streams[0]))
    for each in found:
        each.start()
    time.sleep(1.0)
    return found


def one_by_one(url: str, head: dict[str, str], begun: Any, players: Sequence[Player], seconds: int) -> list[DrillResult]:
    """Each fault in its turn."""
    results = []
    with progress("taking parts away") as done:
        for place, fault in enumerate(begun["can"]):

            def take_away(fault: str = fault) -> None:
                if fault != "network":
                    asked = {"what": fault, "seconds": seconds}
                    told(ask(url, "post", f"/v1/drills/{begun['id']}/cuts", json=asked, headers=head))

            phones = [each for each in players if each.path == "/v1/reports"]
            result, deeds = tried(phones if fault == "network" else players, take_away, seconds, phones=fault == "network")
            results.append(counted(url, fault, result, deeds))
            done(place + 1, len(begun["can"]))
    return results


def counted(url: str, fault: str, result: DrillResult, deeds: Sequence[Deed]) -> DrillResult:
    """The result, with what was found again."""
    acknowledged, there = found(url, deeds)
    return replace(result, fault=fault, acknowledged=acknowledged, found=there)


def ended(url: str, head: dict[str, str], id: str, over: dict[str, Any], tries: int = 60) -> None:
    """Give everything back, and have it written down; the database may be away for a while yet."""
    for _ in range(tries):
        with contextlib.suppress(httpx.HTTPError):
            answer = ask(url, "post", f"/v1/drills/{id}/end", json=over, headers=head)
            if answer.status_code < 500:
                told(answer)
                return
        time.sleep(0.5)
    raise ServerSilent("The server does not answer, so the end was not written down; what was taken away comes back by itself.")


@contextlib.contextmanager
def ends_politely() -> Iterator[None]:
    """A signal to stop ends the drill as Ctrl-C does: all is given back."""

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def shown(begun: Any, asked: Sequence[str], results: Sequence[DrillResult]) -> None:
    """The result on the screen."""
    for each in results:
        back = "not back" if each.back_s is None else f"back after {each.back_s:.1f} s"
        console.print(
            f"{say(f'drill.fault.{each.fault}', 'en')}: {each.sent} sent, {each.worked} at once, {each.waited} later, "
            f"{each.acknowledged - each.found} of {each.acknowledged} acknowledged lost, {back}", highlight=False,
        )  # fmt: skip
    for each in asked:
        if each not in begun["can"]:
            console.print(f"{say(f'drill.fault.{each}', 'en')}: not set up here, so not tried", highlight=False)


def keep(url: str, head: dict[str, str], id: str, out: Path, over: dict[str, Any]) -> None:
    """The report as files."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "drill.json").write_bytes(msgspec.json.format(msgspec.json.encode({"id": id, **over}), indent=2))
    for form in ("html", "pdf"):
        answer = ask(url, "get", f"/v1/drills/{id}/report", params={"form": form}, headers=head)
        (out / f"drill.{form}").write_bytes(answer.content)
    console.print(f"written: {out}/drill.json, drill.html, drill.pdf", highlight=False)
