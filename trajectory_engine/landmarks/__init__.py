"""Which modules a plan needs at least: landmarks, and the hitting sets that take one of each."""
