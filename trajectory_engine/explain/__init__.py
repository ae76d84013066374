"""Why there is no plan: conflicts, shortfalls and repairs, for one teacher at a time."""
