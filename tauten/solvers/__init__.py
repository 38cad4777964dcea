"""Algorithms: loops, steps and matrices that carry the laws over a grid."""
