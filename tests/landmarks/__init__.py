"""Tests of the room of landmarks."""
