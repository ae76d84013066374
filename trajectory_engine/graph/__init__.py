"""The prerequisite graph as index arrays: closure, layers, longest chain, cycles, paths."""
