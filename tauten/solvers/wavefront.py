# mypy: allow-untyped-defs
"""A step of the heat solver in waves: each plane of the grid goes through many tasks while it is still in the cache.

A step is a row of tasks: lay down the recurrence, its stages (each after a `cap` while water boils), finish, and last
slope with error. A task at one plane needs the one before at that plane and its two neighbours, so task t may follow
one plane behind task t - 1, and writes only what no task before it still has to read. Threads take blocks of planes
that narrow by a plane each task where they meet; the wedges left between them follow once all blocks are done. In
whatever order, every plane goes through the same arithmetic: the result has the same bits.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from tauten.solvers.rows import begin, cap, driver, errors, finish, slope, stage

__all__ = ["Block", "attempt", "blocks", "group_of", "tasks_of"]

Block = tuple[int, int, int, int]
"""First plane (in groups) and the one after the last, and by how many each moves from one task to the next."""

_GROUP = 16384  # cells worth one call
_CACHE = 24e6  # [byte] that the waves of all threads may fill, most of a last-level cache
_PARTS = 2  # blocks a thread where they stay wide enough: a thread that is held up leaves some to the others
_ARRAYS = 5  # that a wave reads or writes


def tasks_of(stages: int, wet: bool) -> int:
    """Return how many tasks a step of `stages` has."""
    return 3 + (stages - 1) * (2 if wet else 1)


def group_of(planes: int, cells: int, threads: int) -> int:
    """Return how many planes of `cells` each go through a task together; all of them where there are few cells."""
    return max(1, min(planes // threads, _GROUP // cells))


@lru_cache(maxsize=64)
def blocks(
    groups: int, tasks: int, size: float, threads: int
) -> tuple[tuple[tuple[int, int], tuple[tuple[Block, ...], ...]], ...]:
    """Return in order (first task, one past the last) and the shares of work that threads may do then.

    A group takes `size` [byte] in an array. Blocks are all alike, and so are wedges: both half blocks at the ends are
    one share.
    """
    most = max(1, int(_CACHE / (_ARRAYS * threads * size)) - 2)
    many = 0
    if threads > 1:
        many = threads * max(1, min(_PARTS, groups // (2 * threads * min(most, tasks))))
        most = min(most, max(1, groups // (2 * many)))
    cuts = [groups * (2 * n + 1) // (2 * many) for n in range(many)]
    blocks = [(a, b, int(a > 0), -int(b < groups)) for a, b in pairwise([0, *cuts, groups])]
    shares = (*((block,) for block in blocks[1:-1]), (blocks[0], blocks[-1])) if cuts else (tuple(blocks),)
    wedges: tuple[tuple[Block, ...], ...] = tuple(((c, c, -1, 1),) for c in cuts)
    rounds = -(-tasks // most)
    dealt: list[tuple[tuple[int, int], tuple[tuple[Block, ...], ...]]] = []
    for n in range(rounds):
        span = tasks * n // rounds, tasks * (n + 1) // rounds
        dealt.append((span, shares))
        if cuts and span[1] - span[0] > 1:
            dealt.append((span, wedges))
    return tuple(dealt)


@driver
def attempt(
    first, last, block, group, wet, classes, coef, answers, factor, ones, boil, slope0, older, newer, moved, weights,
    boiling, rise, water, left, heat, arterial, counts, miss, weight, scale, low, swing,
):  # fmt: skip
    """Take a block of planes, `group` at a time, through the tasks `first` <= t < `last` of a step.

    The number of stages is odd: `newer` holds D of the last, until the slope after the step takes its place; `older`
    receives the rise after it. `weights[0, 0]` is that of D₁; row j holds μ, ν, γ and w of stage j + 1. `counts` and
    `miss` receive what `finish` and `errors` find.
    """
    planes = classes.shape[0]
    per, stages = 2 if wet else 1, weights.shape[0]
    final = per * (stages - 1) + 1
    start, stop, lean, hang = block
    for front in range(start, stop + (last - first - 1) * (1 + hang)):
        for t in range(first, last):
            behind = t - first
            at = front - behind
            if at < start + behind * lean or at >= stop + behind * hang:
                continue
            i0, i1 = at * group, min((at + 1) * group, planes)
            if t == 0:
                begin(i0, i1, slope0, weights[0, 0], older, newer)
            elif t < final:
                j = (t - 1) // per + 1
                done, out = (newer, older) if j % 2 else (older, newer)
                if wet and t % 2:
                    cap(i0, i1, classes, boil, water, boiling, rise, done, moved)
                    continue
                change = moved if wet else done
                mu, nu, gamma, own = weights[j]
                stage(i0, i1, classes, coef, answers, factor, ones, change, done, out, slope0, mu, nu, gamma, own)
            elif t == final:
                finish(i0, i1, classes, wet, boil, water, boiling, rise, newer, older, left, counts)
            else:
                slope(i0, i1, classes, coef, answers, factor, ones, older, heat, arterial, newer)
                errors(
                    i0, i1, rise, older, slope0, newer, weight, scale, low, boiling, swing, wet, boil, classes, water,
                    left, boiling, miss,
                )  # fmt: skip
