"""Equations: one pure scalar function per published law, with its source and validity range."""
