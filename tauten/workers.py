"""Asking many independent questions at once, on every core this process may use.

Answers are the same, and in the same order, as asking one after the other would give.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any, TypeVar

__all__ = ["ask_all", "cores"]

Question = TypeVar("Question")
Answer = TypeVar("Answer")

_CHUNK = 4
_asked: tuple[Callable[[Any], Any], Sequence[Any]] | None = None  # what a forked child finds: closures don't pickle


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def ask_all(
    ask: Callable[[Question], Answer],
    questions: Iterable[Question],
    progress: Callable[[float], None] | None = None,
    *,
    remember: bool = False,
) -> list[Answer]:
    """Return `ask(question)` for every question, in order.

    Forked processes share the work; with `remember` threads do, so that what an answer leaves in a cache stays, which
    pays where compiled code does most of it. Errors are raised here. Few questions, a platform that cannot fork, or a
    call from inside another one: this process asks alone.
    """
    global _asked
    listed, count = list(questions), cores()
    can_fork = "fork" in multiprocessing.get_all_start_methods() and not multiprocessing.current_process().daemon
    if count < 2 or len(listed) < 2 or _asked is not None or not (remember or can_fork):
        return _collect(map(ask, listed), len(listed), progress)
    if remember:
        with ThreadPoolExecutor(count) as pool:
            return _collect(pool.map(ask, listed), len(listed), progress)
    _asked = (ask, listed)
    try:
        size = max(1, min(_CHUNK, len(listed) // (2 * count)))
        context = multiprocessing.get_context("fork")
        # Ctrl-C reaches every process of the terminal: the parent alone answers it.
        with ProcessPoolExecutor(count, context, signal.signal, (signal.SIGINT, signal.SIG_IGN)) as forked:
            return _collect(forked.map(_answer, range(len(listed)), chunksize=size), len(listed), progress)
    finally:
        _asked = None


def _answer(number: int) -> Any:
    assert _asked is not None
    ask, listed = _asked
    return ask(listed[number])


def _collect(answers: Iterator[Answer], count: int, progress: Callable[[float], None] | None) -> list[Answer]:
    collected = []
    for answer in answers:
        collected.append(answer)
        if progress:
            progress(len(collected) / count)
    return collected
