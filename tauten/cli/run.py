"""Running one command: every way it can end has one exit code and at most one line on stderr."""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NoReturn

from tauten.errors import StorageError, TautenError, TooLarge

__all__ = ["main"]

MISUSED, INTERRUPTED, TERMINATED, PIPE_CLOSED = 2, 130, 143, 141
"""Exit codes that are not an error's own; 130, 143 and 141 are what shells expect after SIGINT, SIGTERM and SIGPIPE."""


class _Terminated(Exception):
    """The system asked us to stop."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `tauten` with `arguments` (those of the process by default) and return its exit code.

    An error is one line on stderr, or one JSON object with `--json`. `TAUTEN_DEBUG=1` shows the traceback as well.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in words
    _prepare_streams()
    before = _on_terminate()
    try:
        code = _run(words)
        if sys.stdout:  # None when it was closed before we began
            sys.stdout.flush()
        return code
    except BaseException as error:
        if os.environ.get("TAUTEN_DEBUG") and not isinstance(error, SystemExit):
            import traceback

            traceback.print_exc()
        return _end(error, as_json)
    finally:
        if before is not None:
            signal.signal(signal.SIGTERM, before)


def _run(words: list[str]) -> int:
    import typer

    from tauten.cli.verbs import app

    misused: Any = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")
    command = typer.main.get_command(app)
    try:
        # Not command.main(): it ends a Ctrl-C or a closed pipe in its own way, before we can say anything.
        with command.make_context("tauten", words or ["--help"]) as context:
            result = command.invoke(context)
    except typer.Exit as asked:
        return asked.exit_code
    except typer.Abort:
        raise KeyboardInterrupt from None
    except misused as error:
        raise _Misused(_usage(error)) from error
    return result if isinstance(result, int) else 0


class _Misused(Exception):
    """A command line that cannot be understood."""


def _usage(error: Any) -> str:
    message = " ".join(error.format_message().split()).rstrip(".")
    context = getattr(error, "ctx", None)
    return f"{message}. Try: {context.command_path if context else 'tauten'} --help"


def _end(error: BaseException, as_json: bool) -> int:
    """Say how it ended and return the exit code."""
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else 1
    if isinstance(error, BrokenPipeError):
        _silence_stdout()
        return PIPE_CLOSED
    if isinstance(error, _Misused):
        return _say("Misused", str(error), MISUSED, as_json)
    if isinstance(error, KeyboardInterrupt):
        return _say("Interrupted", "Interrupted. Nothing is half-written.", INTERRUPTED, as_json)
    if isinstance(error, _Terminated):
        return _say("Terminated", "Asked to stop. Nothing is half-written.", TERMINATED, as_json)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EFBIG):
        _silence_stdout()
        error = StorageError(f"The output cannot be written ({error.strerror}). Free some space.")
    if isinstance(error, MemoryError):
        error = TooLarge(
            "needs more memory than this machine has free",
            key="run",
            remedy="Ask for fewer photons or close other programs.",
        )
    if isinstance(error, TautenError):
        names = ("problem", "key", "value", "allowed", "unit", "remedy", "file", "line", "residual")
        facts = {name: getattr(error, name) for name in names if getattr(error, name, None) is not None}
        return _say(type(error).__name__, str(error), error.exit_code, as_json, facts)
    told = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    remedy = "This is a fault in Tauten: run it again with TAUTEN_DEBUG=1 and report what it shows; try tauten doctor."
    return _say("Unexpected", f"{told}. {remedy}", 1, as_json)


def _say(kind: str, message: str, code: int, as_json: bool, facts: dict[str, Any] | None = None) -> int:
    message = " ".join(message.split())
    with suppress(OSError):  # nobody is listening: the exit code still says it
        if as_json:
            shown = {k: v if isinstance(v, (int, float, str)) else str(v) for k, v in (facts or {}).items()}
            text = json.dumps({"error": {"kind": kind, "exit": code, "message": message, **shown}}, ensure_ascii=False)
        else:
            text = message
        if sys.stderr:  # print would take None for stdout
            print(text, file=sys.stderr, flush=True)
    return code


def _prepare_streams() -> None:
    """A terminal that cannot show µ or ° gets a question mark, not a crash."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            with suppress(OSError, ValueError):
                stream.reconfigure(errors="replace")


def _silence_stdout() -> None:
    """Point stdout at nothing, or the interpreter would complain about it once more while it leaves."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _on_terminate() -> Any:
    """Let a SIGTERM unwind like Ctrl-C, so that hidden files are removed; return the handler that was there."""

    def stop(number: int, frame: Any) -> NoReturn:
        raise _Terminated

    if threading.current_thread() is not threading.main_thread():
        return None
    return signal.signal(signal.SIGTERM, stop)
