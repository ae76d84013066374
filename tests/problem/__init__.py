"""Compiling a scenario to a teacher's problem, and judging plans of it."""
