"""Properties of the engine on many random problems."""
