"""``liwa annotate`` and ``liwa review``: the annotation page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from liwa import jsonl
from liwa.cli.options import SchemeFile, Texts
from liwa.errors import LiwaError
from liwa.progress import say

if TYPE_CHECKING:
    from liwa.annotator.serve import Ready

PORT: Final = 8765
"""Always the same unless one is named: the browser keeps unsent answers by address."""

StoreOption = Annotated[
    str, typer.Option("--store", help="File that keeps the answers, or postgresql://USER:PASSWORD@HOST/DATABASE.")
]
GuidelinesFile = Annotated[
    Path | None, typer.Option("--guidelines", help="Markdown that the page shows; default: liwa's own guidelines.")
]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 for any that is free.")]
Address = Annotated[
    str | None, typer.Option(help="Address that people open, where it is another: https://annotate.example.org")
]
Open = Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")]


def annotate_cli(
    tasks: Annotated[str, typer.Argument(help="Tasks, as liwa tasks writes them.")],
    store: StoreOption = "annotations.db",
    scheme: SchemeFile = None,
    guidelines: GuidelinesFile = None,
    annotator: Annotated[str, typer.Option(help="Who annotates, where the store has no people.")] = "annotator",
    host: Annotated[str, typer.Option(help="Address to listen on; others than loopback need people.")] = "127.0.0.1",
    port: Port = PORT,
    address: Address = None,
    overlap: Annotated[int, typer.Option(min=1, help="People to a task, in a team.")] = 1,
    lease: Annotated[str, typer.Option(help="Time without work after which others get an article.")] = "30m",
    model: Annotated[
        Path | None, typer.Option(help="Pipeline that orders the articles, most informative first.")
    ] = None,
    refresh: Annotated[
        int, typer.Option(min=1, help="Answered articles after which a new model is trained beside, with --model.")
    ] = 20,
    texts: Texts = None,
    open_: Open = False,
) -> None:
    """Open a page in which to annotate tasks, and keep every answer in a store.

    Prints the address of the page, which holds a secret for this run, and serves it until Ctrl-C. The answers of one
    store can be continued with the same or with more tasks. Where liwa annotations add has made people known, each
    opens the page with a link of their own, and tasks are handed out article by article.

    Example: liwa annotate tasks.jsonl --store annotations.db
    """
    counts = annotate(
        tasks,
        store=store,
        scheme=scheme,
        guidelines=guidelines,
        annotator=annotator,
        host=host,
        port=port,
        address=address,
        overlap=overlap,
        lease=lease,
        model=model,
        refresh=refresh,
        texts=texts or (),
        ready=lambda ready: _show(ready, browser=open_),
    )
    say(f"stopped; {counts['answered']} of {counts['tasks']} tasks are answered in {shown(store)}")


def annotate(
    tasks: str,
    *,
    store: str | Path,
    scheme: Path | None = None,
    guidelines: Path | None = None,
    annotator: str = "annotator",
    host: str = "127.0.0.1",
    port: int = PORT,
    address: str | None = None,
    overlap: int = 1,
    lease: str = "30m",
    model: Path | None = None,
    refresh: int = 20,
    texts: Sequence[str] = (),
    ready: Callable[[Ready], None],
) -> dict[str, int]:
    """Serve the annotation page until the process is told to stop; see `liwa.annotator.serve.serve`."""
    from liwa.scheme import load_scheme

    with extra():
        from liwa.annotator.durations import seconds
        from liwa.annotator.handout import Handout
        from liwa.annotator.loop import beside
        from liwa.annotator.serve import Where, serve

    return serve(
        tasks,
        store=str(store),
        scheme=load_scheme(scheme),
        guidelines=_rules(guidelines),
        annotator=annotator,
        where=Where(host, port, address),
        handout=Handout(overlap, seconds(lease, "--lease")),
        texts=texts,
        beside=beside(model, refresh) if model else None,
        ready=ready,
    )


def review_cli(
    layers: Annotated[
        list[str] | None, typer.Argument(metavar="[A B]...", help="Annotations of the same articles.")
    ] = None,
    store: StoreOption = "annotations.db",
    texts: Texts = None,
    decisions: Annotated[Path | None, typer.Option(help="List of liwa adjudicate with the rulings so far.")] = None,
    scheme: SchemeFile = None,
    guidelines: GuidelinesFile = None,
    lead: Annotated[str, typer.Option(help="Who reviews.")] = "lead",
    port: Port = PORT,
    open_: Open = False,
) -> None:
    """Open a page in which to review where annotators differ, and keep what is ruled as a layer of its own.

    Reviews the answers in a store, or annotations in files, each of which becomes a layer of the store under the name
    of its file. liwa annotations decisions writes what was ruled for liwa adjudicate.

    Example: liwa review first.jsonl second.jsonl --texts corpus/articles --store review.db
    """
    review(
        layers or (),
        store=store,
        texts=texts or (),
        decisions=decisions,
        scheme=scheme,
        guidelines=guidelines,
        lead=lead,
        port=port,
        ready=lambda ready: _show(ready, browser=open_),
    )


def review(
    layers: Sequence[str] = (),
    *,
    store: str | Path,
    texts: Sequence[str] = (),
    decisions: Path | None = None,
    scheme: Path | None = None,
    guidelines: Path | None = None,
    lead: str = "lead",
    port: int = PORT,
    ready: Callable[[Ready], None],
) -> None:
    """Serve the page of reviews until the process is told to stop; see `liwa.annotator.serve.serve_review`."""
    from liwa.cli.agree import names
    from liwa.scheme import load_scheme

    with extra():
        from liwa.annotator.layers import read_layers, seed
        from liwa.annotator.serve import Where, serve_review
        from liwa.annotator.store import Store

    known = load_scheme(scheme)
    rules = _rules(guidelines)
    if len(layers) == 1:
        hint = "Name two or more, or none for the answers that the store has"
        raise LiwaError("expected two annotations to compare, found one", where=layers[0], hint=hint)
    with closing(Store(store, create=bool(layers))) as kept:
        if layers:
            said = read_layers(kept, dict(zip(names(layers), layers, strict=True)), known, texts)
            say(f"{said.tasks} passages of {said.articles} articles from {len(layers)} layers")
        if decisions:
            say(f"{seed(kept, decisions, lead)} rulings taken over from {decisions}")
        serve_review(kept, scheme=known, guidelines=rules, lead=lead, where=Where("127.0.0.1", port), ready=ready)


def shown(store: str | Path) -> str:
    """Return the place of a store without a password."""
    from liwa.annotator.place import Place

    return str(Place.of(store))


@contextmanager
def extra() -> Iterator[None]:
    """Say in one line where a package of the extra is not installed."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise LiwaError(f"the annotation page needs {error.name}", hint="Run pip install 'liwa[annotate]'") from None


def _rules(guidelines: Path | None) -> dict[str, str]:
    """Return the guidelines by language; those of the user are in one, whichever it is."""
    from liwa.resources import resource

    if guidelines:
        return {"": _read(guidelines)}
    return {"en": _read(resource("GUIDELINES.md")), "ar": _read(resource("GUIDELINES.ar.md"))}


def _read(file: Path) -> str:
    with jsonl.open_input(file) as opened:
        return jsonl.decode(opened.read(), str(file))


def _show(ready: Ready, *, browser: bool) -> None:
    """Print the address, the only line on stdout; the secret in it is for no log, so it is not on stderr."""
    say(ready.summary)
    typer.echo(ready.url)
    if browser:
        import webbrowser

        webbrowser.open(ready.url)
