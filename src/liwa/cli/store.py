"""``liwa annotations``: what the store of the annotation page holds, and the people who may open it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from liwa import jsonl
from liwa.cli.annotate import PORT, StoreOption, extra
from liwa.cli.options import Output, ReportFormat
from liwa.errors import LiwaError
from liwa.progress import say

if TYPE_CHECKING:
    from liwa.annotator.people import Known
    from liwa.annotator.store import Store

app = typer.Typer(no_args_is_help=True, help="What the store of the annotation page holds, and who may open it.")

StoreArgument = Annotated[str, typer.Argument(help="The store of liwa annotate; its server may be running.")]
Expires = Annotated[
    float | None, typer.Option("--expires", min=0.001, help="Days until the link ends; default: never.")
]
ServerAddress = Annotated[
    str | None, typer.Option("--address", help="Address of the page; default: that of the server's last start.")
]
_FIRST_ADDRESS: Final = f"http://127.0.0.1:{PORT}"


class Role(str, Enum):
    """What a person may do."""

    annotator = "annotator"
    lead = "lead"


class Layer(str, Enum):
    """Whose answers are written."""

    annotators = "annotators"
    review = "review"


@app.command("add")
def add_cli(
    name: Annotated[str, typer.Argument(help="The person's name, which stands beside every answer.")],
    store: StoreOption = "annotations.db",
    role: Annotated[Role, typer.Option(help="Leads also see statistics and reviews.")] = Role.annotator,
    expires: Expires = None,
    address: ServerAddress = None,
) -> None:
    """Make a person known, and print the link with which they open the page.

    The link is shown this once: the store keeps only a digest of its token. From the first person on, everybody needs a
    link.

    Example: liwa annotations add Salma --store annotations.db
    """
    typer.echo(add(name, store=store, role=role.value, expires=expires, address=address))


def add(
    name: str, *, store: str, role: str = "annotator", expires: float | None = None, address: str | None = None
) -> str:
    """Make a person known and return the link; expires: in days."""
    from liwa.annotator.people import add as stage

    with opened(store, create=True) as kept:
        return _link(kept, stage(kept, name, role=role, days=expires), address)


@app.command("renew")
def renew_cli(
    name: Annotated[str, typer.Argument(help="Someone whom the store knows.")],
    store: StoreOption = "annotations.db",
    expires: Expires = None,
    address: ServerAddress = None,
) -> None:
    """Print a new link for a person, and end the old one.

    Example: liwa annotations renew Salma --store annotations.db --expires 30
    """
    typer.echo(renew(name, store=store, expires=expires, address=address))


def renew(name: str, *, store: str, expires: float | None = None, address: str | None = None) -> str:
    """Return a new link of a person; expires: in days."""
    from liwa.annotator.people import renew as stage

    with opened(store) as kept:
        return _link(kept, stage(kept, name, days=expires), address)


@app.command("revoke")
def revoke_cli(
    name: Annotated[str, typer.Argument(help="Someone whom the store knows.")], store: StoreOption = "annotations.db"
) -> None:
    """End a person's link at once; the answers stay, and articles in hand go to others.

    Example: liwa annotations revoke Salma --store annotations.db
    """
    from liwa.annotator.people import revoke as stage

    with opened(store) as kept:
        stage(kept, name)
    say(f"the link of {name} has ended")


@app.command("people")
def people_cli(store: StoreOption = "annotations.db") -> None:
    """List the people of a store, and how their links stand.

    Example: liwa annotations people --store annotations.db
    """
    from liwa.tables import aligned

    rows = [
        [p.name, p.role, p.state, _day(p.created), _day(p.expires) if p.expires else "never"] for p in people(store)
    ]
    typer.echo("\n".join(aligned(["name", "role", "link", "since", "expires"], rows)))


def people(store: str) -> list[Known]:
    """Return the people of a store."""
    from liwa.annotator.people import people as stage

    with opened(store) as kept, kept.reading() as connection:
        return stage(connection)


@app.command("again")
def again_cli(
    store: StoreArgument,
    rule: Annotated[str, typer.Option(help="The rule that changed, as the annotators know it.")],
    label: Annotated[str | None, typer.Option(help="Only answers with this label or relation type.")] = None,
    matching: Annotated[str | None, typer.Option(help="Only where these characters stand, in any spelling.")] = None,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only answers from this day on.")] = None,
    note: Annotated[str, typer.Option(help="What is new, shown to the annotators.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count them.")] = False,
) -> None:
    """Send answers that a changed rule touches round again, each to who gave it, with that answer as the start.

    With --label and --matching, a span of that label must hold the characters; with --matching alone, the text.

    Example: liwa annotations again annotations.db --rule "UNIT 3" --label UNIT
    """
    found = again(store, rule=rule, label=label, matching=matching, since=since, note=note, dry_run=dry_run)
    for name, number in found.items():
        say(f"{name}: {number} answers")
    say(f"{sum(found.values())} answers {'would go' if dry_run else 'go'} round again")


def again(
    store: str,
    *,
    rule: str,
    label: str | None = None,
    matching: str | None = None,
    since: datetime | None = None,
    note: str = "",
    dry_run: bool = False,
) -> dict[str, int]:
    """Send answers round again, and return how many of each annotator."""
    from liwa.annotator.again import Touched, send_again

    touched = Touched(label, matching, since.timestamp() if since else 0.0)
    with opened(store) as kept:
        return send_again(kept, rule, touched, note=note, dry_run=dry_run)


@app.command("stats")
def stats_cli(
    store: StoreArgument,
    format: Annotated[ReportFormat, typer.Option(help="Form of the report.")] = ReportFormat.text,
    output: Output = jsonl.STDIO,
    overlap: Annotated[int, typer.Option(min=1, help="People to a task.")] = 1,
    samples: Annotated[int, typer.Option(min=0, help="Bootstrap samples of the agreement; 0 for no intervals.")] = 1000,
) -> None:
    """Say how far a team is, how fast it works, and how well its people agree.

    Example: liwa annotations stats annotations.db --overlap 2
    """
    from liwa.annotator.stats_tables import FORMATS

    found = stats(store, overlap=overlap, samples=samples)
    with jsonl.open_output(output) as out:
        out.write(FORMATS[format.value](found) + "\n")


def stats(store: str, *, overlap: int = 1, samples: int = 1000) -> dict[str, Any]:
    """Return the statistics of a store; see `liwa.annotator.stats.Stats`."""
    from liwa.annotator.handout import Handout
    from liwa.annotator.people import is_team
    from liwa.annotator.stats import Stats

    with opened(store) as kept:
        with kept.reading() as connection:
            shared = is_team(connection)
        found = Stats(kept, kept.scheme(), Handout(overlap) if shared or overlap > 1 else None, samples=samples)
        return found.to_dict()


@app.command("export")
def export_cli(
    store: StoreArgument,
    output: Output = jsonl.STDIO,
    annotator: Annotated[str | None, typer.Option(help="Only the answers of one annotator.")] = None,
    drafts: Annotated[bool, typer.Option("--drafts", help="Also what was begun and not answered.")] = False,
    layer: Annotated[
        Layer, typer.Option(help="What annotators answered, or what reviews made of it.")
    ] = Layer.annotators,
) -> None:
    """Write the last answer to each task as a row of Prodigy's, in the order of the tasks.

    Ignored and rejected tasks are written with their answer; liwa gold load leaves them out.

    Example: liwa annotations export annotations.db -o answers.jsonl
    """
    written = export(store, output=output, annotator=annotator, drafts=drafts, layer=layer.value)
    say(f"{written} rows written")


def export(
    store: str | Path, *, output: str, annotator: str | None = None, drafts: bool = False, layer: str = "annotators"
) -> int:
    """Write the answers of a store as JSON lines, atomically, and return their number."""
    with opened(store) as kept:
        from liwa.annotator.export import export as stage

        return jsonl.write(output, stage(kept, annotator=annotator, drafts=drafts, layer=layer))


@app.command("decisions")
def decisions_cli(store: StoreArgument, output: Output = jsonl.STDIO) -> None:
    """Write what annotators differ on, with the rulings of reviews: the list of liwa adjudicate.

    The layers are named after the annotators: liwa annotations export --annotator NAME -o NAME.jsonl writes each.

    Example: liwa annotations decisions annotations.db -o decisions.jsonl
    """
    written, left = decisions(store, output=output)
    say(f"{written} decisions written, {left} of them without a ruling")


def decisions(store: str | Path, *, output: str) -> tuple[int, int]:
    """Write the list of decisions, and return how many there are and how many are open."""
    with opened(store) as kept:
        from liwa.annotations.decisions import write
        from liwa.annotator.layers import decisions as stage

        found = list(stage(kept))
        return write(output, found), sum(decision.open for decision in found)


@contextmanager
def opened(store: str | Path, *, create: bool = False) -> Iterator[Store]:
    """Open a store for the length of a block."""
    with extra():
        from liwa.annotator.store import Store

    with closing(Store(store, create=create)) as kept:
        yield kept


def _link(store: Store, token: str, address: str | None) -> str:
    known = address or store.about("address") or _FIRST_ADDRESS
    if not known.startswith(("http://", "https://")):
        hint = "Name it as people open it, such as https://annotate.example.org"
        raise LiwaError(f"expected an address of http or https, found {known}", where="--address", hint=hint)
    return f"{known.rstrip('/')}/#token={token}"


def _day(time: float) -> str:
    return f"{datetime.fromtimestamp(time).astimezone():%Y-%m-%d}"
