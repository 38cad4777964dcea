"""Processes that are stopped, or lose what they write to: one line, and the exit code shells expect."""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
from good_case import FILE, STORAGE

TAUTEN = (sys.executable, "-c", "import sys; from tauten.cli import main; sys.exit(main())")


def run(*words: object, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [*TAUTEN, *map(str, words)], stderr=subprocess.PIPE, text=True, timeout=60, check=False, **options
    )


def test_full_disk_behind_stdout_is_one_line() -> None:
    with open("/dev/full", "w") as full:
        ended = run("schema", stdout=full)
    assert ended.returncode == STORAGE
    assert "No space left" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_file_that_may_not_grow_is_one_line(tmp_path: Path) -> None:
    def small_files_only() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    with open(tmp_path / "schema.json", "w") as target:
        ended = run("schema", stdout=target, preexec_fn=small_files_only)
    assert ended.returncode == STORAGE
    assert ended.stderr.count("\n") == 1


def test_closed_pipe_is_quiet() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    ended = run("schema", stdout=writer)
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (141, "")


def _unread(pipe: int) -> int:
    """Return how many bytes nobody has taken out of a pipe yet."""
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_process_says_so_in_one_line(sent: signal.Signals, code: int, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*TAUTEN, "simulate", "/dev/stdin"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, cwd=tmp_path,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a job in the background is born deaf to it
    )  # fmt: skip
    assert process.stdin is not None
    os.write(process.stdin.fileno(), b"schema = 1\n")  # half a case: the command takes it and waits for the rest
    until = time.monotonic() + 30
    while _unread(process.stdin.fileno()) and time.monotonic() < until:
        time.sleep(0.02)
    assert not _unread(process.stdin.fileno())
    process.send_signal(sent)
    process.wait(timeout=30)  # with the pipe still open: it is the signal that ends it
    _, told = process.communicate()
    assert process.returncode == code
    assert told.count("\n") == 1
    assert "Nothing is half-written" in told


def test_debug_shows_the_traceback(tmp_path: Path) -> None:
    ended = run("simulate", tmp_path / "none.toml", stdout=subprocess.PIPE, env={**os.environ, "TAUTEN_DEBUG": "1"})
    assert ended.returncode == FILE
    assert "Traceback" in ended.stderr


def test_ascii_terminal_is_no_reason_to_fail() -> None:
    ended = run("devices", stdout=subprocess.PIPE, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (ended.returncode, ended.stderr) == (0, "")
