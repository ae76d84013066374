"""The only room that speaks to CP-SAT: models, parameters, lexicographic search."""
