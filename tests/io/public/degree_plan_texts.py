"""A small degree plan in the format of Curricular Analytics, argued by hand."""

from __future__ import annotations

HEADING = (
    "Course ID,Course Name,Prefix,Number,Prerequisites,Corequisites,Strict-Corequisites,"
    "Credit Hours,Institution,Canonical Name,Term"
)

PLAN = f"""\
Curriculum,Baking,,,,,,,,,
Degree Plan,Three terms,,,,,,,,,
Institution,"School of Bread, North",,,,,,,,,
Degree Type,AA,,,,,,,,,
System Type,Semester,,,,,,,,,
CIP,12.0501,,,,,,,,,
Courses,,,,,,,,,,
{HEADING}
1,Dough,BA,101,,,,6,,,1
2,Bread,BA,102,1,,3,6.0,,,2
3,"Oven, practical",BA,102L,,,,4,,,2
4,Cakes,BA,201,"2;1",5,,6,,,3
Additional Courses,,,,,,,,,,
{HEADING}
5,Sugar,CH,1xx,,,,6,,,1
6,History,XX,XX,,,,5.5,,,2
"""
"""Chain 1, 2, 4: three terms at least. Terms 1 and 2 need 12 credits. Beside course 1 (6 credits),
course 5 makes 12, course 6 only 11.5, and both 17.5, but then courses 2 and 3 alone (10) would be
left for term 2. So: 1 and 5, then 2, 3 and 6 (15.5), then 4 in the last term, which may be light.
"""

STARTS = {"1": 0, "5": 0, "2": 1, "3": 1, "6": 1, "4": 2}
"""The one plan of three terms."""

CURRICULUM = PLAN.replace("Degree Plan,Three terms,,,,,,,,,\n", "")
