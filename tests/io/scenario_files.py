"""A small, sound scenario on disk whose files a test changes before they are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

MODEL_FILES = {
    "model.yaml": """\
format: trajectory-engine/model
version: 1
id: tiny
name: Tiny model
period: week
formation:
  rule: weakest-link
  social: {team: 1}
  default: taught
""",
    "subject.csv": """\
id,name,levels,group,weight,hours
num,Number systems,2-4,basics,1,6
chart,Charts,1|3,office,2,4
""",
    "pedagogical.csv": "id,name\nerr,Working on errors\nvideo,Instructional video\n",
    "social.csv": "id,name,levels\nteam,Team,1-2\n",
    "professional.csv": """\
pedagogical,subject,levels,formation
err,num,2-4,taught
video,chart,,derived
""",
    "prerequisites.csv": """\
node,needs,least
Sub[chart]@3,Sub[num]@2,
P[video]@3,P[err]@2|Sub[num]@3,1
""",
    "tasks.csv": "id,name,free\nPT1,Errors in conversion,no\nPT2,Video lesson,yes\n",
    "task_paths.csv": """\
task,path,links,from,to
PT1,a,"Sub[num]@2|Sub[num]@3|B[err,num]@3",,
PT1,b,,Sub[num]@2,Sub[num]@4
PT2,a,"P[video]@1|Sub[chart]@1",,
""",
    "profiles.csv": """\
profile,name,node,task,hard,weight
basic,Basic profile,Sub[num]@3,,yes,
basic,,,PT1,no,3
""",
    "modules.csv": """\
id,name,component,group,invariant,exempt_if_formed,entry,excludes,replaces,co,strict_co
M1,Number systems,subject,core,yes,no,,,,,
M2,Errors,pedagogical,core,no,no,,,,,
M3,Errors in numbers,subject,extra,no,no,"Sub[num]@2|M1",M4,,,
M4,Errors in numbers II,subject,extra,no,no,none,,M3,M1|M2,M2
""",
    "teaches.csv": """\
module,element,from,to,micro_goal,tasks
M1,Sub[num],,4,,
M2,P[err],0,3,,
M3,"B[err,num]",0,3,errors,PT1
M4,"B[err,num]",,4,,
""",
    "modes.csv": """\
module,mode,form,provider,language,contact_hours,independent_hours,practice_hours,duration,profile,credits,price,technologies,resources
M1,full,full-time,uni,kk,20,10,6,4,10|10|8|8,1.2,4500000,,
M1,dist,distance,uni,ru,12,24,0,6,,1.2,3000000,lms,
M2,full,full-time,uni,,18,0,0,3,,0.6,2000000,,lab:1
M3,blend,blended,centre,,36,0,0,5,,1.2,4000000,,
M4,full,full-time,uni,,36,0,0,5,,1.2,4000000,,
""",
}

STANDARD = """\
format: trajectory-engine/standard
version: 1
id: std
name: Standard
rules:
  - id: R1
    title: hours
    kind: amount
    citation: invented for the tests
    seen: invented
    measure: hours
    least: 36
    scope: {groups: [core, extra]}
  - id: R2
    title: credits
    kind: amount
    measure: credits
    most: 4.5
  - id: R3
    title: share of distance study
    kind: share
    measure: credits
    part: {forms: [distance]}
    most: 1/2
  - {id: R4, title: required, kind: required, modules: [M1], nodes: ["Sub[num]@2"]}
  - {id: R5, kind: order, before: {modules: [M1]}, after: {modules: [M3]}}
  - {id: R6, kind: exclusion, scope: {modules: [M3, M4]}}
  - {id: R7, kind: at_least, k: 1, scope: {components: [subject], providers: [uni]}}
  - {id: R8, kind: at_most, k: 3, per: year, year_starts: 9, scope: {groups: [core]}}
  - {id: R9, kind: size, measure: hours, least: 10, each: group}
  - {id: R10, kind: recency, measure: hours, least: 10, years: 3, by: 2027-05-01}
  - {id: R11, kind: renewal, records: [CARD], by: {modules: [M2]}}
  - id: R12
    kind: accredited
    providers: [{provider: uni, valid_from: 2026-01-01, valid_to: 2028-01-01}, {provider: centre}]
  - {id: R13, kind: parallel, most: 3}
  - {id: R14, kind: balance, tolerance: 90, hard: false, weight: 2}
  - {id: R15, kind: amount, measure: modules, most: 4, per: term}
  - {id: R16, kind: exclusion, scope: {modules: [M2, M4]}, per: period, valid_to: 2027-02-01}
  - {id: R16, kind: exclusion, scope: {modules: [M2, M3]}, valid_from: 2027-02-02}
"""

SCENARIO_FILES = {
    "scenario.yaml": """\
format: trajectory-engine/scenario
version: 1
id: tiny
name: Tiny scenario
model: ../model
standard: ../model/standard.yaml
currency: KZT
calendar:
  unit: week
  start: 2027-01-04
  periods: 20
  terms:
    - {id: spring, start: 2027-01-04, end: 2027-04-11}
  breaks:
    - {name: holiday, start: 2027-03-08, end: 2027-03-09}
objectives:
  - unmet_goals
  - {name: completion, tolerance: 1}
  - cost
""",
    "teachers.csv": """\
id,name,group,hours,deadline,profile,languages,technologies
T1,Aigerim,g1,12,2027-05-01,basic,kk|ru,lms
T2,Daniyar,g1,10,,basic,,
T3,Elena,,8,,,,none
""",
    "diagnosis.csv": """\
teacher,element,level,content,activity,communicative,instrument,confidence
T1,Sub[num],2,,,,test,90
T1,P[err],,60,70,,practical work,
T2,"B[err,num]",3,,,,test,
""",
    "recognition.csv": "teacher,element,level,evidence\nT1,S[team],2,certificate\n",
    "completed.csv": "teacher,module,date\nT2,M1,2026-05-01\n",
    "goals.csv": """\
teacher,node,task,hard,weight
T3,P[err]@2,,yes,
T1,"B[err,num]@3",,no,5
""",
    "absences.csv": "teacher,start,end\nT1,2027-02-01,2027-02-05\n",
    "funds.csv": """\
id,name,budget,ceiling,share,teachers,groups,modules,components,forms,providers
state,State,90000000,20000000,2/3,,g1,,subject,,uni
self,Own money,,10000000,,,,,,,
""",
    "resources.csv": "id,name,kind,scope,capacity\nlab,Laboratory,renewable,shared,5\n",
    "runs.csv": """\
id,module,mode,start,seats,minimum_group
r1,M1,full,2027-01-11,10,
r2,M1,full,2027-04-05,,1
""",
    "waivers.csv": """\
teacher,rule,why,by,until
T3,R9,on leave,dean,2027-12-31
*,R3,no distance this year,council,2027-06-01
""",
    "substitutions.csv": """\
teacher,module,instead_of,why,by,until
T2,M3,M4,taught it before,dean,2027-12-31
""",
    "windows.csv": "module,mode,earliest,latest\nM2,full,2027-01-18,\n",
    "decisions.csv": """\
teacher,kind,subject,value
T1,run,M1,r1
T1,path,PT1,a
*,forbid,M4,
T2,start,M2,2027-02-15
""",
}


@dataclass
class Folder:
    """The texts of the files of a model and a scenario, written below ``root`` on demand."""

    root: Path
    model: dict[str, str] = field(default_factory=lambda: dict(MODEL_FILES))
    scenario: dict[str, str] = field(default_factory=lambda: dict(SCENARIO_FILES))
    standard: str = STANDARD

    @property
    def path(self) -> Path:
        """The scenario folder."""
        return self.root / "scenario"

    def files(self, name: str) -> dict[str, str]:
        """Return the dictionary that holds a file."""
        return self.model if name in self.model else self.scenario

    def replace(self, name: str, old: str, new: str) -> Folder:
        """Replace a text that must occur in a file."""
        if name == "standard.yaml":
            assert old in self.standard
            self.standard = self.standard.replace(old, new, 1)
            return self
        files = self.files(name)
        assert old in files[name], (name, old)
        files[name] = files[name].replace(old, new, 1)
        return self

    def append(self, name: str, line: str) -> Folder:
        """Add a row to a table."""
        self.files(name)[name] += line + "\n"
        return self

    def write(self) -> Path:
        """Write all files and return the scenario folder."""
        for folder, files in (("model", self.model), ("scenario", self.scenario)):
            target = self.root / folder
            target.mkdir(exist_ok=True)
            for name, text in files.items():
                (target / name).write_text(text, encoding="utf-8")
        (self.root / "model" / "standard.yaml").write_text(self.standard, encoding="utf-8")
        return self.path
