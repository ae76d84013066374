"""Plans how teachers develop: shortest verified sequences of micro-qualification modules."""

import logging

from trajectory_engine.answers import alternatives as alternatives
from trajectory_engine.answers import assess_first as assess_first
from trajectory_engine.answers import pareto as pareto
from trajectory_engine.answers import prices as prices
from trajectory_engine.answers import robust as robust
from trajectory_engine.answers import why as why
from trajectory_engine.checks.verify import verify as verify
from trajectory_engine.domain.answers import Alternatives as Alternatives
from trajectory_engine.domain.answers import Difference as Difference
from trajectory_engine.domain.answers import Front as Front
from trajectory_engine.domain.answers import Prices as Prices
from trajectory_engine.domain.answers import Reasons as Reasons
from trajectory_engine.domain.answers import Tolerance as Tolerance
from trajectory_engine.domain.explanation import Explanation as Explanation
from trajectory_engine.domain.plan import Objective as Objective
from trajectory_engine.domain.plan import Progress as Progress
from trajectory_engine.domain.plan import Result as Result
from trajectory_engine.domain.plan import Status as Status
from trajectory_engine.domain.plan import Step as Step
from trajectory_engine.domain.plan import TeacherPlan as TeacherPlan
from trajectory_engine.domain.plan import Violation as Violation
from trajectory_engine.domain.robustness import Assessment as Assessment
from trajectory_engine.domain.robustness import Robust as Robust
from trajectory_engine.domain.scenario import CompetenceModel as CompetenceModel
from trajectory_engine.domain.scenario import Scenario as Scenario
from trajectory_engine.errors import InputError as InputError
from trajectory_engine.errors import InputProblem as InputProblem
from trajectory_engine.errors import OutputError as OutputError
from trajectory_engine.errors import PlanRejected as PlanRejected
from trajectory_engine.errors import SharedLimitError as SharedLimitError
from trajectory_engine.errors import TrajectoryError as TrajectoryError
from trajectory_engine.explain.facade import explain as explain
from trajectory_engine.graph.prerequisites import PrerequisiteGraph as PrerequisiteGraph
from trajectory_engine.io import answer_to_json as answer_to_json
from trajectory_engine.io import explanation_from_json as explanation_from_json
from trajectory_engine.io import explanation_to_json as explanation_to_json
from trajectory_engine.io import load_model as load_model
from trajectory_engine.io import load_scenario as load_scenario
from trajectory_engine.io import read_scenario_json as read_scenario_json
from trajectory_engine.io import result_from_json as result_from_json
from trajectory_engine.io import result_to_json as result_to_json
from trajectory_engine.io import write_result as write_result
from trajectory_engine.prepare import prepare as prepare
from trajectory_engine.solve import plan as plan

logging.getLogger(__name__).addHandler(logging.NullHandler())
