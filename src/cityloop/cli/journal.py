"""`cityloop journal`: verify, prove, replay; and the facts that a handler could not handle."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.markup import escape

from cityloop.app import Parts
from cityloop.cli.say import city, console, progress, table, wrong
from cityloop.cli.trying import try_pack
from cityloop.db import open_database
from cityloop.domain.errors import Refused
from cityloop.journal.held import SkipReason, held_list, held_retry, held_retry_parked, held_skip
from cityloop.journal.prove import verify as verify_journal
from cityloop.journal.replay import Difference, differences
from cityloop.journal.replay import replay as replay_journal
from cityloop.journal.tlog import SaltedFactProof, VerifierKey, load_key, parse_verifier, verify_bundle

app = typer.Typer(help="The journal: verify it, prove a subject, replay it, tend what is held.", no_args_is_help=True)


def verifier(parts: Parts, origin: str) -> VerifierKey:
    """The verifier key of a log whose signing key lies here."""
    return verifier_in(Path(parts.settings.home) / "keys", origin)


def verifier_in(keys: Path, origin: str) -> VerifierKey:
    """The verifier key of a log whose signing key lies in a folder."""
    return load_key(keys / f"{origin.replace('/', '_')}.key").verifier


@app.command("verify")
def verify(
    key: Annotated[
        str, typer.Option(help="A verifier key NAME+ID+KEY to trust instead of the file beside the city.")
    ] = "",
) -> None:
    """Read the whole journal: dense, in order, and under every signed head.

    Example: cityloop journal verify
    """
    with city() as parts:
        with progress("verifying") as done:
            keys = (lambda _: parse_verifier(key)) if key else (lambda origin: verifier(parts, origin))
            found = verify_journal(parts.database, keys, on_progress=done)
        cosigned = parts.witnesses.checked()
    for fault in found.faults:
        console.print(f"fact {fault.seq}: {fault.what}", style="red", markup=False)
    for fault in cosigned.faults:
        console.print(fault, style="red", markup=False)
    if found.faults or cosigned.faults:
        wrong(
            "The journal is not what was signed. Keep this copy, and restore one that verifies; see docs/howto/backup.md."
        )
        raise typer.Exit(1)
    console.print(f"{found.facts:,} facts stand under {found.checkpoints:,} signed heads.")
    for name, size in cosigned.last.items():
        console.print(f"{name} has cosigned the first {size:,} of them.", markup=False, highlight=False)


class StillRuns(Refused):
    """Other processes write into the log."""

    code = "journal.still_runs"


@app.command("begin")
def begin() -> None:
    """Leave the log that grows and begin another, under the digest and signature that CITYLOOP_EVIDENCE names. Its first fact names
    the last checkpoint of the old one, which stays and can be verified as ever. All servers of the city are stopped first.

    Example: cityloop journal begin
    """
    with city() as parts:
        if lives := parts.writer.whole(parts.delivery.leases.others):
            raise StillRuns(f"{lives} processes of this city run; stop them, then begin the new log.")
        before = parts.sealer.start()
        now = parts.sealer.begin_anew()
        while parts.sealer.seal():
            pass
        console.print(f"{now.name} begins with fact {now.first_seq} under {now.alg_used.in_facts}; {before.name} stays as it is.")


@app.command("prove")
def prove(
    subject: Annotated[str, typer.Argument(help="case/ID, report/ID, account/ID …")],
    out: Annotated[Path | None, typer.Option(help="Write here instead of to the screen.")] = None,
) -> None:
    """Every fact of a subject with its bytes, its salt and its path to a signed head, as JSON.

    Example: cityloop journal prove case/0198f0e4-… --out case.json
    """
    with city() as parts:
        proofs = parts.proofs.of_subject(subject)
        keys = {proof.origin: verifier(parts, proof.origin) for proof in proofs}
    for proof in proofs:
        verify_bundle(proof, str(keys[proof.origin]))
    said = proofs_text(proofs, keys)
    if out:
        out.write_text(said, encoding="utf-8")
        console.print(
            f"{len(proofs)} facts of {subject} are proved in {out}; docs/howto/verify.md checks them without us."
        )
    else:
        print(said)


def proofs_text(proofs: list[SaltedFactProof], keys: dict[str, VerifierKey]) -> str:
    """The proofs and the keys that they are checked with, as JSON."""
    members = {"keys": [str(key) for key in keys.values()], "proofs": [proof.to_json() for proof in proofs]}
    return json.dumps(members, indent=2, ensure_ascii=False)


@app.command("key")
def key() -> None:
    """The verifier key of the log that grows: what others need to check our checkpoints.

    Example: cityloop journal key
    """
    with city() as parts:
        parts.sealer.start()
        assert parts.sealer.origin
        print(verifier(parts, parts.sealer.origin.name))


@app.command("replay")
def replay() -> None:
    """Apply every fact to empty tables and compare each row and column with the city's own.

    Example: cityloop journal replay
    """
    with city() as parts, TemporaryDirectory(prefix="cityloop-replay-") as folder:
        target = open_database(str(Path(folder) / "replay.db"), parts.database.city)
        try:
            with progress("replaying") as done:
                facts = replay_journal(parts.database, target, parts.journal, on_progress=done)
            with console.status("comparing every row"):
                rows, found = differences(parts.database, target)
        finally:
            target.close()
    if found:
        for each in found:
            console.print(difference_text(each), markup=False, highlight=False)
        wrong(f"{len(found)} or more rows differ. Stop the city if it runs, replay again, and report what differs.")
        raise typer.Exit(1)
    console.print(f"{facts:,} facts give the same {rows:,} rows again.")


def difference_text(each: Difference) -> str:
    """A difference as three lines: which row, what is here, what the facts say."""
    where = f"{each.table} {'/'.join(map(str, each.key[1:]))}"
    if each.here is None:
        return f"{where}\n  here:     no such row\n  replayed: {each.replayed}"
    if each.replayed is None:
        return f"{where}\n  here:     {each.here}\n  replayed: no such row"
    pairs = list(zip(each.here, each.replayed, strict=True))
    here = ", ".join(f"{a!r}" for a, b in pairs if a != b)
    replayed = ", ".join(f"{b!r}" for a, b in pairs if a != b)
    return f"{where}\n  here:     {here}\n  replayed: {replayed}"


app.command("try")(try_pack)


@app.command("held")
def held(handler: Annotated[str | None, typer.Option(help="Only those of this handler.")] = None) -> None:
    """The facts that a handler could not handle, and those that wait behind them.

    Example: cityloop journal held --handler dispatch
    """
    with city() as parts, parts.database.reading() as tx:
        rows = held_list(tx, handler)
    if not rows:
        console.print("Nothing is held.")
        return
    shown = table("handler", "seq", "fact", "tries", "stands", "why")
    for row in rows:
        stands = "parked" if row.parked else f"again at {row.next_at}" if row.tries else "waits behind an earlier one"
        shown.add_row(row.handler, str(row.seq), escape(row.fact_id), str(row.tries), stands, escape(row.error))
    console.print(shown)
    console.print("Next: `cityloop journal retry HANDLER [SEQ]`, or `cityloop journal skip HANDLER SEQ --reason …`.")


@app.command("retry")
def retry(
    handler: str,
    seq: Annotated[int | None, typer.Argument(help="One held fact; without it all that the handler has parked.")] = None,
    error: Annotated[str | None, typer.Option(help="Of what is parked only what failed so.")] = None,
) -> None:
    """Let a handler try a held fact again now, or all that it has parked. The running server does it, some at a time.

    Example: cityloop journal retry dispatch --error dispatch.no_unit_answers
    """
    with city() as parts:
        if seq is not None:
            parts.writer.change(lambda tx: held_retry(tx, handler, seq), actor="operator")
            console.print(f"{handler} tries fact {seq} again with the server's next round.")
            return
        count = parts.writer.change(lambda tx: held_retry_parked(tx, handler, error), actor="operator")
    console.print(f"{handler} tries {count} facts again, beginning with the server's next round.")


@app.command("skip")
def skip(
    handler: str, seq: int, reason: Annotated[SkipReason, typer.Option(help="Why; it is told in a fact.")]
) -> None:
    """Let a handler pass over a held fact for good, and say why.

    Example: cityloop journal skip dispatch 4711 --reason handled_by_hand
    """
    with city() as parts:
        parts.writer.change(lambda tx: held_skip(tx, handler, seq, reason.value), actor="operator")
    console.print(f"{handler} passes over fact {seq}; the journal says so.")
