"""Tauten and its peers on the same work, in one run, as ratios. `make bench` or `tauten bench`."""
