"""The reduction and its steps."""
