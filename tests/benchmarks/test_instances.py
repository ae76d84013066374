"""The small readers of the comparison, and the loop over instances and solvers."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import public_sets
import pytest
from instances import find_instances, read_for_peers, solution_of
from peers.problems import CoverProblem, CurriculumProblem, Job, Mode, ProjectProblem
from result_rows import read

PROJECT = """\
*****
jobs (incl. supersource/sink ):  3
  - renewable                 :  1   R
  - nonrenewable              :  1   N
*****
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          1           2
   2        2          1           3
   3        1          0
*****
REQUESTS/DURATIONS:
jobnr. mode duration  R 1  N 1
-----
  1      1     0       0    0
  2      1     2       1    4
         2     3       1    1
  3      1     0       0    0
*****
RESOURCE AVAILABILITIES:
  R 1  N 1
    1    2
"""
COVER = "2 3\n3 2 2\n2\n1 2\n1\n3\n"
DAT = """\
p=2; a=1; b=9; c=1; d=3; /* a comment */
courses = {x1, y, z};
credit = [3, 1, 2];
prereq = {<y, x1>, <y, x1>};  // twice
"""
MZN = """\
include "model.mzn";
n_courses = 3; n_periods = 2;
load_per_period_lb = 1; load_per_period_ub = 9;
courses_per_period_lb = 1; courses_per_period_ub = 3;
course_load = [3, 1, 2, ];
constraint prerequisite(2, 1);
"""
CURRICULUM = CurriculumProblem(2, (3, 1, 2), ((0, 1),), 1, 9, 1, 3)
DUMMY = Mode(0, (0,), (0,))
READ = {
    "mrcpsp/a.mm": (
        PROJECT,
        ProjectProblem(
            (
                Job((DUMMY,), (1,)),
                Job((Mode(2, (1,), (4,)), Mode(3, (1,), (1,))), (2,)),
                Job((DUMMY,), ()),
            ),
            (1,),
            (2,),
        ),
    ),
    "setcover/a.txt": (COVER, CoverProblem((3, 2, 2), ((0, 1), (2,)))),
    "bacp/a.dat": (DAT, CURRICULUM),
    "bacp/a.mzn": (MZN, CURRICULUM),
}


def _file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", sorted(READ))
def test_every_format_is_read(tmp_path: Path, name: str) -> None:
    """Tests a file of every format against the problem written by hand."""
    text, problem = READ[name]
    assert read_for_peers(name.split("/")[0], _file(tmp_path, name, text)) == problem


@pytest.mark.parametrize("name", sorted(READ))
def test_a_cut_file_is_refused(tmp_path: Path, name: str) -> None:
    """Tests the first third of every file."""
    text = READ[name][0]
    path = _file(tmp_path, name, text[: len(text) // 3])
    with pytest.raises(ValueError, match=r"cut off|a\."):
        read_for_peers(name.split("/")[0], path)


def test_instances_come_in_their_natural_order(tmp_path: Path) -> None:
    """Tests that 10 comes after 9, and that other files are left alone."""
    for name in ("j10_1.sm", "j9_1.sm", "x.txt"):
        _file(tmp_path, name, "")
    assert [p.stem for p in find_instances(tmp_path, "rcpsp")] == ["j9_1", "j10_1"]


def _result(*steps: tuple[str, str, int, int]) -> SimpleNamespace:
    found = [SimpleNamespace(module=m, mode=k, start=s, end=e) for m, k, s, e in steps]
    return SimpleNamespace(teachers=[SimpleNamespace(steps=found)])


def test_plans_become_solutions_by_number_and_by_name(tmp_path: Path) -> None:
    """Tests a schedule without the dummies, chosen columns, and courses by name."""
    project = READ["mrcpsp/a.mm"][1]
    plan = _result(("job-2", "mode-2", 0, 3))
    assert solution_of(Path("a.mm"), project, plan) == ((0, 0), (1, 0), (0, 3))
    cover = READ["setcover/a.txt"][1]
    assert solution_of(Path("a.txt"), cover, _result(("c1", "m", 0, 0), ("c3", "m", 0, 0))) == (
        0,
        2,
    )
    path = _file(tmp_path, "a.dat", DAT)
    plan = _result(("y", "m", 1, 2), ("x1", "m", 0, 1))
    assert solution_of(path, CURRICULUM, plan) == (0, 1, -1)


def _arguments(folder: Path, out: Path, *more: str) -> list[str]:
    plain = ["--set", "bacp", "--instances", str(folder), "--out", str(out), "--without-engine"]
    return [*plain, "--time-limit", "10", *more]


def test_a_folder_that_is_missing_has_its_own_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Tests no folder, and a folder without instances."""
    assert public_sets.main(_arguments(tmp_path / "none", tmp_path / "o.csv")) == 6
    assert "no folder" in capsys.readouterr().err
    assert public_sets.main(_arguments(tmp_path, tmp_path / "o.csv")) == 6
    assert "no instance" in capsys.readouterr().err


def test_a_run_resumes_and_says_what_contradicts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Tests the rows of two runs, the picture, and a published value that is wrong."""
    _file(tmp_path, "set/b1.mzn", MZN)
    _file(tmp_path, "set/b2.dat", DAT)
    heading = "instance,best_known,is_optimal,source,lower_bound,set\n"
    known = _file(tmp_path, "known.csv", heading + "b1,3,1,x,3,s\nb2,3,1,x,3,s\n")
    out = tmp_path / "rows.csv"
    more = ["--best-known", str(known), "--against", "cpsat", "highs"]
    first = _arguments(tmp_path / "set", out, *more, "--instances-like", "b1")
    assert public_sets.main(first) == 0
    before = out.read_text(encoding="utf-8")
    assert public_sets.main(_arguments(tmp_path / "set", out, *more)) == 0
    assert out.read_text(encoding="utf-8").startswith(before)
    rows = read(out)
    names = ["cpsat-portfolio", "cpsat-linear", "cpsat", "highs"]
    assert [(r.instance, r.solver) for r in rows] == [(i, s) for i in ("b1", "b2") for s in names]
    assert all((r.status, r.value, r.verified) == ("optimal", 3, True) for r in rows)
    assert out.with_suffix(".png").exists()
    known.write_text(heading + "b1,3,1,x,3,s\nb2,2,1,x,2,s\n", encoding="utf-8")
    assert public_sets.main(_arguments(tmp_path / "set", out, *more)) == 1
    assert "!!! CONTRADICTION: cpsat on b2: says that 3 is optimal" in capsys.readouterr().out


def test_samples_and_parts() -> None:
    """Tests an even pick, a pattern, and that the parts share nothing and lose nothing."""
    paths = [Path(f"j{i}.sm") for i in range(40)]
    assert [p.stem for p in public_sets.chosen(paths, "*", "all", 4)] == ["j0", "j10", "j20", "j30"]
    assert [p.stem for p in public_sets.chosen(paths, "j3", "all", None)] == ["j3"]
    training = public_sets.chosen(paths, "*", "training", None)
    rest = public_sets.chosen(paths, "*", "rest", None)
    assert training and len(training) + len(rest) == 40
    assert not set(training) & set(rest)
