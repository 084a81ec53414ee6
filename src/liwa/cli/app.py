"""The Typer application: every command, in the order of the work."""

from __future__ import annotations

import typer

from liwa.cli import (
    agree,
    annotate,
    card,
    compare,
    convert,
    curve,
    fingerprint,
    gate,
    gold,
    groups,
    manifest,
    mix,
    order,
    package,
    publish,
    report,
    score,
    show,
    simulate,
    split,
    store,
    tasks,
    train,
    vectors,
)

app = typer.Typer(
    name="liwa",
    help="Named-entity and relation annotation corpora of Arabic news about armed forces.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
app.command("manifest")(manifest.manifest_cli)
app.command("tasks")(tasks.tasks_cli)
app.command("order")(order.order_cli)
app.command("annotate")(annotate.annotate_cli)
app.command("review")(annotate.review_cli)
app.add_typer(store.app, name="annotations")
app.add_typer(gold.app, name="gold")
app.command("convert")(convert.convert_cli)
app.command("agree")(agree.agree_cli)
app.command("adjudicate")(agree.adjudicate_cli)
app.command("groups")(groups.groups_cli)
app.command("split")(split.split_cli)
app.command("vectors")(vectors.vectors_cli)
app.command("train", context_settings=train.OVERRIDES)(train.train_cli)
app.command("mix")(mix.mix_cli)
app.command("evaluate")(score.evaluate_cli)
app.command("compare")(compare.compare_cli)
app.command("gate")(gate.gate_cli)
app.command("report")(report.report_cli)
app.command("predict")(train.predict_cli)
app.command("show")(show.show_cli)
app.command("curve", context_settings=train.OVERRIDES)(curve.curve_cli)
app.command("simulate", context_settings=train.OVERRIDES)(simulate.simulate_cli)
app.command("card")(card.card_cli)
app.command("publish")(publish.publish_cli)
app.command("package")(package.package_cli)
app.command("fingerprint")(fingerprint.fingerprint_cli)
