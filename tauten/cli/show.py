"""What people see: tables on stdout, progress on stderr of a terminal, JSON on request."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import StringIO
from typing import Any

__all__ = ["Report", "json_out", "progress", "table"]

Report = Callable[[str, float], None]
"""Told which step is being done and how far that step has come, 0 to 1."""


def json_out(document: Mapping[str, Any] | Sequence[Any]) -> None:
    """Print `document` as JSON on stdout."""
    print(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], title: str = "") -> None:
    """Print rows of text: fitted to a terminal, one line a row when piped."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    made = Table(box=SIMPLE_HEAD, title=Text(title) if title else None, title_justify="left", pad_edge=False)
    for column in columns:
        made.add_column(column, overflow="fold")
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))  # Text: a bracket in a value is no mark-up
    if sys.stdout and sys.stdout.isatty():  # a closed stream is None
        Console().print(made, crop=False)
        return
    page = StringIO()
    Console(file=page, width=10_000).print(made, crop=False)
    print("\n".join(line.rstrip() for line in page.getvalue().splitlines() if line.strip()))


@contextmanager
def progress(quiet: bool) -> Iterator[Report | None]:
    """Give a function to report progress to, or None where no terminal watches stderr."""
    if quiet or not sys.stderr or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    look = (TextColumn("{task.description:<28}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*look, console=Console(stderr=True), transient=True, redirect_stdout=False) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda what, share: bar.update(task, description=what, completed=share)
