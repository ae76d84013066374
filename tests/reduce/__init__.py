"""The reduction."""
