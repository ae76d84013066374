"""Codes of the checks, as they stand in ``Violation.rule``.

A violated rule of the standard carries the rule's own id instead.
"""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """What can be wrong with a plan; values are stable and never renamed."""

    WRONG_SCENARIO = "wrong_scenario"
    INPUT_HASH = "input_hash"
    NO_TEACHERS = "no_teachers"
    UNKNOWN_TEACHER = "unknown_teacher"
    DUPLICATE_TEACHER = "duplicate_teacher"
    SCENARIO_STATUS = "scenario_status"
    SCENARIO_OBJECTIVES = "scenario_objectives"

    UNKNOWN_MODULE = "unknown_module"
    UNKNOWN_MODE = "unknown_mode"
    UNKNOWN_RUN = "unknown_run"
    MODULE_TWICE = "module_twice"
    MODULE_COMPLETED = "module_completed"
    MODE_NOT_OPEN = "mode_not_open"
    STEP_ORDER = "step_order"
    STEP_END = "step_end"
    STEP_DATES = "step_dates"
    STEP_HOURS = "step_hours"
    STEP_CREDITS = "step_credits"
    STEP_COST = "step_cost"
    BECAUSE = "because"
    WARNINGS = "warnings"

    RUN_MISSING = "run_missing"
    RUN_START = "run_start"
    WINDOW = "window"
    HORIZON = "horizon"
    DEADLINE = "deadline"
    BLOCKED_PERIOD = "blocked_period"
    STUDY_HOURS = "study_hours"
    RESOURCE = "resource"

    ENTRY = "entry"
    MISSING_ATTAINMENT = "missing_attainment"
    FALSE_ATTAINMENT = "false_attainment"
    ATTAINS_ORDER = "attains_order"
    MISSING_FORMATION = "missing_formation"
    FALSE_FORMATION = "false_formation"

    GOAL = "goal"
    UNMET = "unmet"
    TASKS_SOLVABLE = "tasks_solvable"
    EXCLUDES = "excludes"
    CO = "co"
    STRICT_CO = "strict_co"
    INVARIANT = "invariant"
    DECISION = "decision"
    BROKEN_RULES = "broken_rules"

    PAYMENT_SOURCE = "payment_source"
    PAYMENT_ELIGIBILITY = "payment_eligibility"
    PAYMENT_AMOUNT = "payment_amount"
    PAYMENT_ORDER = "payment_order"
    PAYMENT_SUM = "payment_sum"
    PAYMENT_SHARE = "payment_share"
    PAYMENT_CEILING = "payment_ceiling"
    PAYMENT_MODULE_CEILING = "payment_module_ceiling"
    PAYMENT_SPLIT = "payment_split"
    FUND_BALANCE = "fund_balance"
    RECOGNISED = "recognised"

    OBJECTIVE_NAMES = "objective_names"
    OBJECTIVE_VALUE = "objective_value"
    OBJECTIVE_BOUND = "objective_bound"
    OBJECTIVE_TOLERANCE = "objective_tolerance"
    STATUS = "status"
    CONTENT_WITHOUT_PLAN = "content_without_plan"
    REASONS = "reasons"

    FUND_BUDGET = "fund_budget"
    FUND_YEAR = "fund_year"
    SHARED_RESOURCE = "shared_resource"
    SEATS = "seats"
    MINIMUM_GROUP = "minimum_group"
