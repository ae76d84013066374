"""Small files of every public format, written by hand, with what can be worked out about them."""

from __future__ import annotations

from case_texts import package, text_of
from degree_plan_texts import PLAN
from learning_graph_texts import GRAPH

SINGLE_MODE = """\
************************************************************************
file with basedata            : hand.bas
initial value random generator: 1
************************************************************************
projects                      :  1
jobs (incl. supersource/sink ):  6
horizon                       :  8
RESOURCES
  - renewable                 :  1   R
  - nonrenewable              :  0   N
  - doubly constrained        :  0   D
************************************************************************
PROJECT INFORMATION:
pronr.  #jobs rel.date duedate tardcost  MPM-Time
    1      4      0        6        1        4
************************************************************************
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          3           2   3   4
   2        1          1           5
   3        1          1           5
   4        1          1           6
   5        1          1           6
   6        1          0
************************************************************************
REQUESTS/DURATIONS:
jobnr. mode duration  R 1
------------------------------------------------------------------------
  1      1     0       0
  2      1     3       1
  3      1     2       2
  4      1     2       1
  5      1     1       2
  6      1     0       0
************************************************************************
RESOURCEAVAILABILITIES:
  R 1
    2
************************************************************************
"""
"""Energy 3 + 4 + 2 + 2 = 11 at 2 units a period needs 6 periods: 2 and 4, then 3, then 5 take 6."""

MULTI_MODE = """\
jobs  (incl. supersource/sink ):\t6
RESOURCES
- renewable                 : 1 R
- nonrenewable              : 1 N
- doubly constrained        : 0 D
************************************************************************
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
1\t1\t2\t\t2 3 \n\
2\t2\t1\t\t4 \n\
3\t2\t1\t\t4 \n\
4\t1\t1\t\t5 \n\
5\t1\t1\t\t6 \n\
6\t1\t0\t\t\n\
************************************************************************
REQUESTS/DURATIONS
jobnr.\tmode\tdur\tR1\tN1
------------------------------------------------------------------------
1\t1\t0\t0\t0
2\t1\t1\t2\t4
\t2\t4\t1\t0
3\t1\t2\t1\t3
\t2\t3\t1\t1
4\t1\t0\t0\t0
5\t1\t1\t1\t0
6\t1\t0\t0\t0
************************************************************************
RESOURCE AVAILABILITIES
\tR 1\tN 1
\t2\t5
"""
"""Both jobs in their quick modes would end at 3, but take 7 of the budget of 5; any other choice
ends at 4, then job 4 takes no time and job 5 one period: 5. With a budget of 0 job 3 has no mode
that it could pay for."""

COVER = """\
 3 5
 2 3 4 1 9
 2
 1 3
 2
 2 3
 3
 2 3 4
"""
"""Column 3 covers all rows at 4; without it rows 1 and 2 need columns 1 and 2, which cost 5."""

CURRICULUM = """\
// two terms
p=2;
a=1; /* least load,
        of a term */
b=6;
c=1;
d=3; /* never closed
courses = { x , y,
  z, w };
credit = [3, 2,
  2, 1];
prereq = {
<y, x>,
< w ,x >
<y,x>
};
"""
"""Of 8 a term has 4 at best. Term 1 has x, with 3, and may have z, which is 5; so w or y would have
to join x, and both come after x. So 5: x and z, then y and w with 3; x alone leaves 5 as well."""

CURRICULUM_MINIZINC = """\
% the same without what never closes
include "curriculum.mzn.model";
n_courses = 4;
n_periods = 2;
load_per_period_lb = 1;
load_per_period_ub = 6;
courses_per_period_lb = 1;
courses_per_period_ub = 3;
course_load = [3, 2, 2, 1, ];
constraint prerequisite(2, 1);
constraint prerequisite(4, 1);
"""

SMALL_FILES = {
    "psplib": ("small.sm", SINGLE_MODE),
    "mmlib": ("small.mm", MULTI_MODE),
    "set-cover": ("small.txt", COVER),
    "bacp": ("small.dat", CURRICULUM),
    "bacp-minizinc": ("small.mzn", CURRICULUM_MINIZINC),
    "degree-plan": ("small.csv", PLAN),
    "learning-graph": ("small.csv", GRAPH),
    "case": ("small.json", text_of(package())),
}
"""Name and text of a file by what it is a sample of."""
