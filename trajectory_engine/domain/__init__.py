"""The world of the engine: competences, modules, people, rules, money, time, plans.

Nothing here knows files, solvers or pictures.  Every class is a frozen dataclass; variants are
made with :func:`dataclasses.replace`.
"""
