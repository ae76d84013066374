"""Write the synthetic teachers of ``scenarios/it-teachers``.

Nobody in these tables exists.  Forty teachers are drawn with a fixed seed from the competence
model in ``models/computing``: four for each of its ten target profiles, a junior, two of middle
standing and a senior.  What a profile needs is looked up in the prerequisites; on the way there a
teacher knows most, at the targets themselves a teacher falls short by one or two levels.

Run ``python scenarios/generate_it_teachers.py [FOLDER]``; the tables are rewritten byte for byte
the same, because only ``random.Random.random`` is used, which Python keeps stable.
``scenario.yaml`` and ``decisions.csv`` are written by hand and are not touched.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODEL = HERE.parent / "models" / "computing"
SEED = 2027
COUNT = 40
START = date(2027, 1, 4)
TERM_WEEKS = (0, 13, 26)
HORIZON = 36
CUT_POINTS = (20, 40, 60, 75, 90, 101)
STANDINGS = ("junior", "middle", "middle", "senior")
SHORT_BEFORE_GOAL = {"junior": 0.15, "middle": 0.1, "senior": 0.05}
TWO_LEVELS_SHORT = {"junior": 0.15, "middle": 0.05, "senior": 0.0}
ALREADY_THERE = {"junior": 0.25, "middle": 0.35, "senior": 0.4}
BREADTH = {"Sub": 0.97, "P": 0.9, "S": 0.7}
HOURS = {"junior": (10, 12), "middle": (10, 10, 12), "senior": (9, 10)}
LANGUAGES = ("kk|ru", "ru|en", "kk|ru|en", "ru", "kk|ru")
INSTRUMENTS = {"Sub": "test", "P": "practical work", "S": "questionnaire", "B": "practical work"}
INTERESTS = ("P[gamification]@2", "P[visual]@2", "S[teamwork]@2", "P[DCE-5.1]@2", "P[case-study]@2")
TRADER = "T007"
"""One teacher with a choice: a goal, hours and a language that let money be traded for time."""
TRADER_GOAL, TRADER_HOURS, TRADER_LANGUAGES = "B[pair-prog,SE-06]@3", "12", "kk|ru|en"

Row = dict[str, str]
State = dict[str, int]


def read(name: str) -> list[Row]:
    """Return the rows of a table of the model."""
    with (MODEL / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def write(folder: Path, name: str, head: str, rows: Iterable[Sequence[object]]) -> None:
    """Write a table with the columns named in ``head``."""
    with (folder / name).open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(head.replace(" ", "").split(","))
        writer.writerows(rows)


def levels_of(text: str) -> list[int]:
    """Return the levels that ``1|2|4`` or ``2-4`` names."""
    if "-" in text:
        low, high = text.split("-")
        return list(range(int(low), int(high) + 1))
    return [int(part) for part in text.split("|")]


def split_node(node: str) -> tuple[str, int]:
    """Return element and level of a node."""
    element, level = node.rsplit("@", 1)
    return element, int(level)


@dataclass
class Model:
    """What the generator needs of the competence model.

    Attributes
    ----------
    levels : dict
        Existing levels by element, without the cells of B.
    needs : dict
        Nodes that a node needs; of alternatives the first ones that suffice.
    goals : dict
        Goal nodes by profile, those of a task being the links of its first path.
    """

    levels: dict[str, list[int]] = field(default_factory=dict)
    needs: dict[str, list[str]] = field(default_factory=dict)
    goals: dict[str, list[str]] = field(default_factory=dict)


def load_model() -> Model:
    """Read levels, prerequisites and profiles."""
    model = Model()
    tables = (("subject.csv", "Sub"), ("pedagogical.csv", "P"), ("social.csv", "S"))
    for name, prefix in tables:
        for row in read(name):
            model.levels[f"{prefix}[{row['id']}]"] = levels_of(row["levels"])
    for row in read("prerequisites.csv"):
        nodes = row["needs"].split("|")
        least = int(row["least"]) if row["least"] else len(nodes)
        model.needs.setdefault(row["node"], []).extend(nodes[:least])
    links: dict[str, list[str]] = {}
    for row in read("task_paths.csv"):
        links.setdefault(row["task"], row["links"].split("|") if row["links"] else [row["to"]])
    for row in read("profiles.csv"):
        nodes = links[row["task"]] if row["task"] else [row["node"]]
        model.goals.setdefault(row["profile"], []).extend(nodes)
    return model


def parts(element: str) -> list[str]:
    """Return the elements that f looks at: for a cell of B its topic and technique."""
    if not element.startswith("B["):
        return [element]
    technique, topic = element[2:-1].split(",")
    return [f"Sub[{topic}]", f"P[{technique}]"]


def needed(model: Model, nodes: Iterable[str]) -> State:
    """Return the level of every element that the nodes rest upon, themselves included."""
    result: State = {}
    stack = [split_node(node) for node in nodes]
    while stack:
        element, level = stack.pop()
        for part in parts(element):
            existing = model.levels[part]
            reached = next((lv for lv in existing if lv >= level), existing[-1])
            before = result.get(part, 0)
            if reached <= before:
                continue
            result[part] = reached
            for lower in (lv for lv in existing if before < lv <= reached):
                stack += [split_node(n) for n in model.needs.get(f"{part}@{lower}", ())]
    return result


def below(existing: Sequence[int], level: int, steps: int) -> int:
    """Return the existing level ``steps`` under ``level``, 0 when there are not so many."""
    lower = [0, *(lv for lv in existing if lv <= level)]
    return lower[max(0, len(lower) - 1 - steps)]


def pick(rng: random.Random, values: Sequence[str] | Sequence[int]) -> str | int:
    """Return one of the values, all equally likely."""
    return values[int(rng.random() * len(values))]


def draw_state(model: Model, profile: str, standing: str, rng: random.Random) -> State:
    """Return what a teacher can do: most of the way, short of the targets."""
    goals = {part for node in model.goals[profile] for part in parts(split_node(node)[0])}
    near = {split_node(n)[0] for node in model.goals[profile] for n in model.needs.get(node, ())}
    state: State = {"S[comm]": 2, "S[digi-env]": 2, "S[ethics]": 2 if rng.random() < 0.4 else 1}
    for element, level in sorted(needed(model, model.goals[profile]).items()):
        existing = model.levels[element]
        if element in goals:
            steps = 1 + (rng.random() < TWO_LEVELS_SHORT[standing])
            steps = 0 if rng.random() < ALREADY_THERE[standing] else steps
        else:
            steps = int(element in near and rng.random() < SHORT_BEFORE_GOAL[standing])
        state[element] = below(existing, level, steps)
    for element in sorted(model.levels):
        if element not in state and rng.random() < BREADTH[element.split("[")[0]]:
            state[element] = below(model.levels[element], 2, 0)
    if rng.random() < 0.3:
        state["S[digi-env]"] = 1
    return state


def measure(element: str, level: int, rng: random.Random) -> list[object]:
    """Return a row of the diagnosis: a level, or aspect scores whose weighted mean gives it."""
    kind = element.split("[")[0]
    instrument = INSTRUMENTS[kind] if rng.random() < 0.8 else "self-diagnosis"
    confidence = 50 + 5 * int(rng.random() * 6) if instrument == "self-diagnosis" else 95
    if level == 0 or rng.random() < 0.7:
        return [element, level, "", "", "", instrument, confidence]
    mean = (CUT_POINTS[level - 1] + CUT_POINTS[level]) // 2
    # With weights 2, 3 and 1 the shifts +3e and -2e cancel, so the mean stays where it is.
    shift = int(rng.random() * 3) if level < 5 else 0
    return [element, "", mean + 3 * shift, mean - 2 * shift, mean, instrument, confidence]


def hours_text(standing: str, number: int, rng: random.Random) -> str:
    """Return weekly hours: the same in all weeks, or fewer in the last week of each term."""
    hours = int(pick(rng, HOURS[standing]))
    if number % 8 == 5:
        hours = 15
    if number % 5:
        return str(hours)
    exams = {first + 9 for first in TERM_WEEKS}
    return "|".join(str(hours - 2 if week in exams else hours) for week in range(HORIZON))


def technologies(profile: str, number: int) -> str:
    """Return what the teacher has at hand; blank does not restrict."""
    if number % 4 == 0:
        return ""
    extra = {"video-author": "|camera", "school-informatics": "|camera", "ai": "|gpu-access"}
    return "broadband" + extra.get(profile, "")


def write_teachers(folder: Path, model: Model) -> None:
    """Write teachers, diagnosis, recognition, completion records, goals and absences."""
    rng = random.Random(SEED)
    teachers, diagnosis, recognition, completed, goals, absences = ([] for _ in range(6))
    profiles = list(model.goals)
    for number in range(1, COUNT + 1):
        name = f"T{number:03d}"
        profile = profiles[(number - 1) % len(profiles)]
        standing = STANDINGS[(number - 1) // len(profiles)]
        hours = hours_text(standing, number, rng)
        deadline = "2027-09-05" if number % 10 == 3 else ""
        group = "college" if number % 5 == 0 else "university"
        languages = pick(rng, LANGUAGES)
        tools = technologies(profile, number)
        label = f"Teacher {number:03d}"
        if name == TRADER:
            hours, languages = TRADER_HOURS, TRADER_LANGUAGES
            goals.append([name, TRADER_GOAL, "", "yes", ""])
        teachers.append([name, label, group, hours, deadline, profile, languages, tools, standing])
        state = draw_state(model, profile, standing, rng)
        diagnosis += [[name, *measure(e, level, rng)] for e, level in sorted(state.items())]
        goals.append([name, pick(rng, INTERESTS), "", "no", 1])
        if number % 7 == 0:
            recognition.append([name, "P[DCE-1.1]", 3, "synthetic certificate of another course"])
        if number % 6 == 0:
            completed.append([name, "INV-1", "2026-11-20"])
        if number % 9 == 0:
            first = START + timedelta(weeks=5 + number % 3)
            absences.append([name, first, first + timedelta(days=6)])
    head = "id,name,group,hours,deadline,profile,languages,technologies,note_standing"
    write(folder, "teachers.csv", head, teachers)
    head = "teacher,element,level,content,activity,communicative,instrument,confidence"
    write(folder, "diagnosis.csv", head, diagnosis)
    write(folder, "recognition.csv", "teacher,element,level,evidence", recognition)
    write(folder, "completed.csv", "teacher,module,date", completed)
    write(folder, "goals.csv", "teacher,node,task,hard,weight", goals)
    write(folder, "absences.csv", "teacher,start,end", absences)


def run_starts(duration: int) -> list[int]:
    """Return weeks in which a run can start so that it ends before the break."""
    starts = [*TERM_WEEKS, *(week + 5 for week in TERM_WEEKS if duration <= 5)]
    return sorted(starts)


def write_runs(folder: Path, modes: Sequence[Mapping[str, str]]) -> None:
    """Write runs of every other group mode, and windows of the distance modes of one provider."""
    runs, windows = [], []
    grouped = [m for m in modes if m["form"] in ("full-time", "part-time")]
    for mode in grouped[::2]:
        for week in run_starts(int(mode["duration"])):
            start = START + timedelta(weeks=week)
            key = (mode["module"], mode["mode"])
            runs.append([f"w{week + 1:02d}", *key, start, 40 if week % 2 else 60, 1])
    distance = [m for m in modes if m["form"] == "distance" and m["provider"] == "it-academy"]
    for mode in distance[::3]:
        windows.append([mode["module"], mode["mode"], "", START + timedelta(weeks=30)])
    write(folder, "runs.csv", "id,module,mode,start,seats,minimum_group", runs)
    write(folder, "windows.csv", "module,mode,earliest,latest", windows)


def write_funds(folder: Path) -> None:
    """Write sources of money; every budget covers the ceilings of all who may draw on it."""
    colleges = COUNT // 5
    ceilings = {"state": 30_000_000, "university-fund": 20_000_000, "employer": 20_000_000}
    universities = COUNT - colleges
    rows = [
        ["state", "State order", COUNT * ceilings["state"], ceilings["state"], "0.7", ""],
        [
            "university-fund",
            "University development fund",
            universities * ceilings["university-fund"],
            ceilings["university-fund"],
            "0.5",
            "university",
        ],
        [
            "employer",
            "College as employer",
            colleges * ceilings["employer"],
            ceilings["employer"],
            "0.5",
            "college",
        ],
        ["self", "The teacher", "", 40_000_000, "1", ""],
    ]
    state_forms = "full-time|part-time|blended|distance"
    rows = [[*row, state_forms if row[0] == "state" else "", "synthetic"] for row in rows]
    write(folder, "funds.csv", "id,name,budget,ceiling,share,groups,forms,note", rows)
    resources = [
        ["lab-place", "Place in a laboratory", "renewable", "teacher", 1],
        ["platform-voucher", "Voucher of an open platform", "non-renewable", "teacher", 2],
    ]
    write(folder, "resources.csv", "id,name,kind,scope,capacity", resources)


def main(folder: Path) -> None:
    """Write all generated tables into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    write_teachers(folder, load_model())
    write_runs(folder, read("modes.csv"))
    write_funds(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "it-teachers")
