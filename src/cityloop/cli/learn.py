"""`cityloop learn`: what the city learns from its cases: make a model, put it in force, take it back, pause."""

import os
from typing import Annotated

import msgspec
import typer

from cityloop.cli.say import city, console, local, table
from cityloop.domain.deciders import Algorithm
from cityloop.domain.facts import HeldBack
from cityloop.teaching import service, store

app = typer.Typer(help="What the city learns from its cases, and what decides.", no_args_is_help=True)
NICE = 10
OPERATOR = "operator"
Which = Annotated[Algorithm, typer.Argument(help="What decides.")]
_held = msgspec.json.Decoder(tuple[HeldBack, ...]).decode


@app.command("train")
def train(
    actor: Annotated[str, typer.Option(help="In whose name, as facts tell it.", hidden=True)] = OPERATOR,
    why: Annotated[str, typer.Option(help="asked, or lessons.", hidden=True)] = "asked",
) -> None:
    """Make a candidate from what people decided, at low priority, and score it on later cases beside what decides now.

    Nothing changes by it, unless the pack lets the machine put a surely better model in force (`learn_promote`).
    Example: cityloop learn train
    """
    os.nice(NICE)
    with city() as parts, service.training_alone(parts.models.files.root):
        digest = service.train_model(parts.writer, parts.models, parts.book.in_force(), actor=actor, why=why)
    console.print(
        f"Model {digest[:12]} is made; see `cityloop learn list`, then `cityloop learn promote {digest[:12]}`."
    )


@app.command("list")
def list_() -> None:
    """The models that were made, the newest first, each with its score on later cases; and what decides now.

    Example: cityloop learn list
    """
    with city() as parts:
        policy = parts.book.in_force()
        with parts.database.reading() as tx:
            models, algorithms = store.model_list(tx), store.algorithm_list(tx)
        parts.models.refresh()
        now = parts.models.now
    in_force = next((row.model for row in algorithms if row.id == Algorithm.lessons), None)
    shown = table(
        "model",
        "made",
        "lessons",
        "later cases",
        "right",
        "words",
        "before",
        "alone",
        "of these wrong",
        "held back",
        "",
    )
    for row in models:
        score = service.score_in(row.score)
        shown.add_row(
            row.id[:12], local(row.trained_at, policy), f"{row.lessons:,}", f"{score.cases:,}", f"{score.right:,}", f"{score.words:,}",
            "" if score.in_force is None else f"{score.in_force:,}", f"{score.alone:,}", f"{score.alone_wrong:,}",
            ", ".join(each.account for each in _held(row.held_back)), "in force" if row.id == in_force else "",
        )  # fmt: skip
    console.print(shown)
    console.print(
        f"In force: {in_force[:12] if in_force else 'the words of the pack'}{f' ({now.trouble})' if now.trouble else ''}."
    )
    for each in algorithms:
        if each.paused_at:
            console.print(f"{each.id} is paused since {local(each.paused_at, policy)}.")


@app.command("promote")
def promote(
    model: Annotated[str, typer.Argument(help="The beginning of its digest, see `cityloop learn list`.")],
) -> None:
    """Put a candidate in force, if it is better on later cases than what decides now.

    Example: cityloop learn promote 3f9a0c11d2e4
    """
    with city() as parts:
        digest = parts.writer.change(lambda tx: service.promote_model(tx, model), actor=OPERATOR)
    console.print(f"Model {digest[:12]} decides from now on.")


@app.command("rollback")
def rollback() -> None:
    """Take the model in force back: what decided before it does again, at last the words of the pack.

    Example: cityloop learn rollback
    """
    with city() as parts:
        digest = parts.writer.change(service.withdraw_model, actor=OPERATOR)
    console.print(f"Model {digest[:12]} decides no more.")


@app.command("pause")
def pause(algorithm: Which = Algorithm.lessons) -> None:
    """Let an algorithm decide nothing until it is resumed: words, lessons, joining, dispatch.

    Example: cityloop learn pause lessons
    """
    with city() as parts:
        parts.writer.change(lambda tx: service.pause_algorithm(tx, algorithm.value), actor=OPERATOR)
    console.print(f"{algorithm} is paused; `cityloop learn resume {algorithm}` lets it go on.")


@app.command("resume")
def resume(algorithm: Which = Algorithm.lessons) -> None:
    """Let an algorithm decide again.

    Example: cityloop learn resume lessons
    """
    with city() as parts:
        parts.writer.change(lambda tx: service.resume_algorithm(tx, algorithm.value), actor=OPERATOR)
    console.print(f"{algorithm} decides again.")


@app.command("watch")
def watch() -> None:
    """Look now at how what decides has done lately; the server does it by itself.

    Example: cityloop learn watch
    """
    with city() as parts:
        parts.models.refresh()
        found = service.watch_all(parts.writer, parts.book.in_force())
    console.print(f"Told of {', '.join(found)}." if found else "Nothing new was decided.")
