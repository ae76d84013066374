"""Every planted fault of a public file is named with its line and its field."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_files import SMALL_FILES

from trajectory_engine.errors import InputError, InputProblem
from trajectory_engine.io.public import FORMATS, read_public

Write = Callable[[str, str], Path]


def problems_of(path: Path, format: str | None = None) -> tuple[InputProblem, ...]:
    with pytest.raises(InputError) as caught:
        read_public(path, format=format)
    assert all(p.found and p.expected for p in caught.value.problems)
    return caught.value.problems


FAULTS = [
    ("psplib", "sink ):  6", "sink ):  7", 17, "", "wrong_count"),
    ("psplib", "sink ):  6", "sink ):  six", 6, "jobs", "whole_number"),
    ("psplib", "sink ):  6", "sink ):  99999999999999999999", 6, "jobs", "out_of_range"),
    ("psplib", "  - renewable ", "  - renewabel ", 9, "", "unknown_line"),
    ("psplib", "  - renewable                 :  1   R\n", "", None, "renewable", "missing_value"),
    ("psplib", "constrained        :  0", "constrained        :  1", 11, "", "out_of_range"),
    ("psplib", "projects                      :  1", "projects : 2", 5, "", "out_of_range"),
    ("psplib", "    1      4      0 ", "    1      4      3 ", 15, "rel.date", "out_of_range"),
    ("psplib", "PROJECT INFORMATION:", "PROJECT INFORMATIONS:", 13, "", "unknown_section"),
    ("psplib", "RESOURCEAVAILABILITIES:", "jobs : 6", None, "", "missing_section"),
    ("psplib", "   2        1          1           5", "   2        1          1           2",
     20, "successors", "itself"),
    ("psplib", "   2        1          1           5", "   2        1          1           9",
     20, "successors", "unknown_id"),
    ("psplib", "   2        1          1           5", "   2        1          2           5",
     20, "successors", "wrong_count"),
    ("psplib", "   2        1          1           5", "   2        1          2           5 5",
     20, "successors", "duplicate_id"),
    ("psplib", "   2        1          1           5", "   2        1 ", 20, "", "wrong_count"),
    ("psplib", "   5        1          1           6", "   5        1          2           6 2",
     20, "", "cycle"),
    ("psplib", "   3        1          1 ", "   4        1          1 ",
     21, "jobnr.", "job_number"),
    ("psplib", "   3        1 ", "   3        2 ", 31, "mode", "wrong_count"),
    ("psplib", "  3      1     2       2\n", "", 31, "jobnr.", "job_number"),
    ("psplib", "  3      1     2       2", "  3      1    -2       2",
     31, "duration", "out_of_range"),
    ("psplib", "  3      1     2       2", "  3      2     2       2", 31, "mode", "mode_number"),
    ("psplib", "  3      1     2       2", "  3      1     2", 30, "mode", "wrong_count"),
    ("psplib", "  3      1     2       2", "  3      1     2  1e3", 31, "R 1", "whole_number"),
    ("psplib", "  3      1     2       2", "  3      1  9000     2", None, "", "too_long"),
    ("psplib", "    2\n***", "    2 2\n***", 38, "", "wrong_count"),
    ("psplib", "    2\n***", "***", 36, "", "wrong_count"),
    ("mmlib", "\t2\t4\t1\t0\n", "", 20, "mode", "wrong_count"),
    ("mmlib", "\t2\t5\n", "\t2\t-5\n", 30, "2. number", "out_of_range"),
    ("set-cover", " 3 5\n", " 4 5\n", 8, "number of columns of row 4", "wrong_count"),
    ("set-cover", " 3 5\n", " 2 5\n", 7, "", "wrong_count"),
    ("set-cover", " 3 5\n", " 0 5\n", 1, "rows and columns", "out_of_range"),
    ("set-cover", " 3 5\n", " 3 99999999999\n", 1, "rows and columns", "out_of_range"),
    ("set-cover", " 2 3 4 1 9\n", " 2 -3 4 1 9\n", 2, "costs", "out_of_range"),
    ("set-cover", " 2 3 4 1 9\n", " 2 3.5 4 1 9\n", 2, "costs", "whole_number"),
    ("set-cover", " 2 3 4 1 9\n", " 2 999999999999999 4 1 9\n", None, "costs", "out_of_range"),
    ("set-cover", " 1 3\n", " 1 6\n", 4, "columns of row 1", "out_of_range"),
    ("set-cover", " 1 3\n", " 3 3\n", 4, "columns of row 1", "duplicate_id"),
    ("set-cover", " 2 3 4\n", " 2 3\n", 8, "columns of row 3", "wrong_count"),
    ("bacp", "p=2;", "p=0;", 2, "p", "out_of_range"),
    ("bacp", "p=2;", "q=2;", 2, "", "unknown_statement"),
    ("bacp", "p=2;", "p=2;p=2;", 2, "p", "duplicate_line"),
    ("bacp", "p=2;", "p=2.5;", 2, "p", "whole_number"),
    ("bacp", "a=1;", "a=7;", 3, "a", "least_above_most"),
    ("bacp", "d=3;", "d=0;", 6, "c", "least_above_most"),
    ("bacp", "z, w }", "z, x }", 9, "courses", "duplicate_id"),
    ("bacp", "z, w }", "z w }", 9, "courses", "identifier"),
    ("bacp", "x , y,\n", "x , , y,\n", 8, "courses", "identifier"),
    ("bacp", "z, w }", "z, w ", 8, "courses", "not_a_list"),
    ("bacp", "  2, 1]", "  2]", 10, "credit", "wrong_count"),
    ("bacp", "  2, 1]", "  2, one]", 11, "credit", "whole_number"),
    ("bacp", "<y, x>", "<y, v>", 13, "prerequisite", "unknown_id"),
    ("bacp", "<y, x>", "<y, y>", 13, "prerequisite", "itself"),
    ("bacp", "<y, x>", "<x, y>", None, "", "cycle"),
    ("bacp", "<y, x>", "<y x>", 13, "prereq", "pair"),
    ("bacp", "};\n", "}\n", None, "courses", "not_a_list"),
    ("bacp-minizinc", "n_periods = 2;\n", "", None, "n_periods", "missing_value"),
    ("bacp-minizinc", "n_courses = 4;", "n_courses = 5;", 9, "course_load", "wrong_count"),
    ("bacp-minizinc", "[3, 2, 2, 1, ]", "[3, 2, -2, 1, ]", 9, "course_load", "out_of_range"),
    ("bacp-minizinc", "[3, 2, 2, 1, ]", "[3, 2, , 1, ]", 9, "course_load", "whole_number"),
    ("bacp-minizinc", "prerequisite(4, 1)", "prerequisite(4, 5)", 11, "prerequisite", "unknown_id"),
    ("bacp-minizinc", "prerequisite(4, 1)", "prerequisite(4)", 11, "", "unknown_statement"),
    ("bacp-minizinc", "prerequisite(4, 1);", "prerequisite(1, 2);", 10, "", "cycle"),
    ("bacp-minizinc", "prerequisite(4, 1);", "prerequisite(4, 1)", 11, "", "unfinished"),
]  # fmt: skip


@pytest.mark.parametrize(("sample", "old", "new", "row", "column", "code"), FAULTS)
def test_a_fault_is_named_where_it_stands(
    write: Write, sample: str, old: str, new: str, row: int | None, column: str, code: str
) -> None:
    """Tests line, field and kind; a row of None stands for the whole file or any line."""
    name, text = SMALL_FILES[sample]
    assert old in text
    path = write(name, text.replace(old, new, 1))
    found = problems_of(path)
    assert all(p.file == str(path) for p in found)
    alike = [p for p in found if p.code == code and (not column or p.column == column)]
    assert alike, found
    assert row is None or row in {p.row for p in alike}, found


def test_all_faults_at_once(write: Write) -> None:
    """Tests faults of header, both sections and the limits in one report, in order of lines."""
    text = SMALL_FILES["psplib"][1]
    for old, new in (
        ("projects                      :  1", "projects : 3"),
        ("   2        1          1           5", "   2        1          1           9"),
        ("  3      1     2       2", "  3      1    -2       2"),
        ("    2\n***", "    x\n***"),
    ):
        text = text.replace(old, new, 1)
    found = problems_of(write("p.sm", text))
    assert [p.row for p in found] == [5, 20, 31, 38]


OPEN_ENDED = {"bacp-minizinc", "degree-plan", "learning-graph"}
"""Formats that count nothing: a file that was cut between two lines may well be whole."""


@pytest.mark.parametrize("sample", [s for s in SMALL_FILES if s not in OPEN_ENDED])
def test_a_file_that_ends_early_is_refused(write: Write, sample: str) -> None:
    """Tests every place to cut between two lines, but where only rulers or nothing is lost."""
    name, text = SMALL_FILES[sample]
    lines = text.splitlines(keepends=True)
    for count in range(1, len(lines)):
        if any(line.strip("* \n") for line in lines[count:]):
            assert problems_of(write(name, "".join(lines[:count]))), count


def test_what_is_no_instance(write: Write, tmp_path: Path) -> None:
    """Tests a missing file, an empty one, a folder, other content, and a format not known."""
    assert problems_of(tmp_path / "none.sm")[0].code == "missing_file"
    assert problems_of(write("empty.sm", ""))[0].code == "empty_file"
    assert problems_of(tmp_path)[0].code == "unknown_format"
    assert problems_of(tmp_path, "psplib")[0].code == "missing_file"
    assert problems_of(write("note.md", "A note."))[0].code == "unknown_format"
    path = write("small.sm", SMALL_FILES["psplib"][1])
    (problem,) = problems_of(path, "pslib")
    assert problem.code == "unknown_format"
    assert "perhaps psplib" in problem.expected
    both = SMALL_FILES["psplib"][1] + "course_load = [1];"
    assert "could be psplib, bacp-minizinc" in problems_of(write("both.md", both))[0].found


def test_names_of_files_become_identifiers(write: Write) -> None:
    """Tests signs that an identifier may not have."""
    text = SMALL_FILES["set-cover"][1]
    assert read_public(write("my set, [one].txt", text)).id == "my-set-one"


def test_very_many_faults_are_cut_off(write: Write) -> None:
    """Tests that a long file of nonsense gives a report of bounded length."""
    rows = " ".join(f"x{i}" for i in range(5_000))
    found = problems_of(write("c.txt", f"1 5000 {rows} 0"))
    assert len(found) == 1_001
    assert found[-1].code == "too_many"


def test_a_long_text_is_refused_before_it_is_taken_apart(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tests the limit of an importer with a small one in its place."""
    from dataclasses import replace

    from trajectory_engine.io.public import registry

    small = {"set-cover": replace(FORMATS["set-cover"], most_characters=10)}
    monkeypatch.setattr(registry, "FORMATS", small)
    assert problems_of(write("c.txt", SMALL_FILES["set-cover"][1]))[0].code == "file_too_large"
