"""The verbs, their words and their options. Each does its work in a function of its own, imported when it is called."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["app"]

app = typer.Typer(
    name="tauten",
    help="Plan energy-based skin tightening: who must not be treated, which settings, what each layer meets, how far "
    "from a burn. Decision support for a clinician; not a medical device, not medical advice.",
    add_completion=False,
    rich_markup_mode=None,
    epilog="Start with: tauten plan examples/lower_face.toml",
)

CaseFile = Annotated[Path, typer.Argument(metavar="CASE", help="The case file (TOML). `tauten schema` describes it.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of tables for people.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only the answer: no progress, no remarks.")]


def _version(asked: bool) -> None:
    if asked:
        import tauten

        typer.echo(f"tauten {tauten.__version__}")
        raise typer.Exit


@app.callback()
def tauten(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Plan energy-based skin tightening."""


@app.command()
def plan(
    case: CaseFile,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for plan.html, plan.json, figures/. Default: out/ and the case's name, hyphenated."),
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Choose settings for a case and write the plan."""
    from tauten.cli.planning import make_plan

    return make_plan(case, out or Path("out", case.stem.replace("_", "-")), json, quiet)


@app.command()
def simulate(case: CaseFile, json: Json = False, quiet: Quiet = False) -> int:
    """Show what the case's own settings do to each layer."""
    from tauten.cli.planning import simulate_case

    return simulate_case(case, json, quiet)


@app.command()
def devices(
    key: Annotated[str | None, typer.Argument(metavar="[KEY]", help="One device: a key, or a device file.")] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """List the devices, or show one with its ranges and sources."""
    from tauten.cli.catalogue import list_devices, show_device

    return show_device(key, json, quiet) if key else list_devices(json, quiet)


@app.command()
def verify(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Rooms or claims; else all.")] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Compare Tauten with published numbers and exact solutions."""
    from tauten.cli.verifying import verify as run

    return run(names or [], json, quiet)


@app.command()
def bench(json: Json = False, quiet: Quiet = False) -> int:
    """Time Tauten and its peers on the same work, as ratios."""
    from tauten.cli.checkout import bench as run

    return run(json, quiet)


@app.command()
def doctor(json: Json = False, quiet: Quiet = False) -> int:
    """Check this installation; name each fault and how to mend it."""
    from tauten.cli.doctor import doctor as run

    return run(json, quiet)


@app.command()
def schema(json: Json = False, quiet: Quiet = False) -> int:
    """Print the JSON Schema of a case file."""
    from tauten.cli.show import json_out
    from tauten.files import case_schema

    json_out(case_schema())
    return 0
