"""Photons in lanes: hundreds walk side by side, so that the processor's vectors carry each step.

A round is: draw and fly (vectors, `steps`), mend those that met a boundary (one by one, `borders`), deposit and turn
(vectors), add to the tally (one by one, `score`), then roulette and refill (`walk`). The physics of each step is
`tauten.physics.light`, compiled in `core`; nothing here restates it.

Weights are integers, one photon being 2³⁰, and what a photon deposits is taken off the same integer: sums close exactly
and do not depend on their order. Each photon owns a generator (xoroshiro128++) seeded by a hash of the run's seed and
its own number, so no result depends on the number of lanes or threads.
"""
