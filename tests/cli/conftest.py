"""A scenario folder small enough to solve by hand, and ways to run the program on it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

FILES = {
    "model/model.yaml": "format: trajectory-engine/model\nversion: 1\nid: m\nname: Small\n",
    "model/subject.csv": "id,name,levels\nnum,Numbers,1-3\nweb,Web pages,2|3\n",
    "model/pedagogical.csv": "id,name\nerr,Working on errors\n",
    "model/social.csv": "id,name\npeers,Peers\n",
    "model/professional.csv": "pedagogical,subject,levels\nerr,num,2\n",
    "model/prerequisites.csv": "node,needs\nSub[web]@2,Sub[num]@2\n",
    "model/tasks.csv": "id,name\nPT1,Errors in conversion\n",
    "model/task_paths.csv": 'task,path,links\nPT1,main,"Sub[num]@2|B[err,num]@2"\n',
    "model/modules.csv": (
        "id,name,component\nM1,Numbers,subject\nM2,Errors,pedagogical\nM3,Applied,pedagogical\n"
    ),
    "model/teaches.csv": (
        'module,element,from,to\nM1,Sub[num],0,2\nM2,P[err],0,2\nM3,"B[err,num]",0,2\n'
    ),
    "model/modes.csv": (
        "module,mode,form,contact_hours,duration,credits,price\n"
        "M1,online,distance,20,2,0.5,1000\n"
        "M2,online,distance,10,1,0.25,500\n"
        "M3,online,distance,10,1,0.25,700\n"
    ),
    "scenario/scenario.yaml": (
        "format: trajectory-engine/scenario\nversion: 1\nid: small\nname: Small world\n"
        "model: ../model\ncalendar:\n  start: 2027-01-18\n  periods: 10\n"
    ),
    "scenario/teachers.csv": "id,name,hours\nT1,Aigerim,10\nT2,Bolat,20\n",
    "scenario/goals.csv": "teacher,node,task\nT1,,PT1\nT2,Sub[num]@2,\n",
    "scenario/funds.csv": "id,name\nstate,State\n",
}


class Run(NamedTuple):
    """What a run of the program left."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Standard output as exactly one JSON document."""
        return json.loads(self.out)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a valid scenario."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "scenario"


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Callable[..., Run]:
    """Return a function that runs the program in this process."""
    from trajectory_engine.cli.main import main

    def call(*arguments: object) -> Run:
        capfd.readouterr()
        code = main([str(a) for a in arguments])
        sys.stdout.flush()
        captured = capfd.readouterr()
        return Run(int(code), captured.out, captured.err)

    return call


PROGRAM = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
{prelude}
from trajectory_engine.cli.main import main
sys.exit(main())
"""


@pytest.fixture
def start() -> Callable[..., subprocess.Popen[str]]:
    """Return a function that starts the program as a process, after a prelude of Python."""

    def call(*arguments: object, prelude: str = "", **options: Any) -> subprocess.Popen[str]:
        program = [sys.executable, "-c", PROGRAM.format(prelude=prelude), *map(str, arguments)]
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **options}
        return subprocess.Popen(program, env={**os.environ, "NO_COLOR": "1"}, **options)

    return call


@pytest.fixture
def interrupt() -> Callable[[subprocess.Popen[str]], None]:
    """Return a function that sends what Ctrl-C sends."""
    return lambda process: process.send_signal(signal.SIGINT)
