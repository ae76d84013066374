"""The models of the solver: two encodings, the selection, sessions, public projects."""
