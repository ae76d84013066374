"""Files in and out: folders, JSON, results."""

from trajectory_engine.io.answers import answer_to_json as answer_to_json
from trajectory_engine.io.explanations import explanation_from_json as explanation_from_json
from trajectory_engine.io.explanations import explanation_to_json as explanation_to_json
from trajectory_engine.io.model_folder import LoadedModel as LoadedModel
from trajectory_engine.io.results import result_from_json as result_from_json
from trajectory_engine.io.results import result_to_csv as result_to_csv
from trajectory_engine.io.results import result_to_json as result_to_json
from trajectory_engine.io.results import write_result as write_result
from trajectory_engine.io.scenario_folder import load_model as load_model
from trajectory_engine.io.scenario_folder import load_scenario as load_scenario
from trajectory_engine.io.scenario_folder import load_standard as load_standard
from trajectory_engine.io.scenario_folder import read_scenario_json as read_scenario_json
from trajectory_engine.io.scenario_writer import write_scenario as write_scenario
