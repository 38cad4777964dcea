"""The command line: `tauten plan`, `simulate`, `devices`, `verify`, `bench`, `doctor`, `schema`."""

from tauten.cli.run import main

__all__ = ["main"]
