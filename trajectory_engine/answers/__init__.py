"""Questions about one teacher's plan: what else is good, why this, what limits cost, what if.

Each answer comes from solving the teacher again under changed facts or further demands; each plan
in it has passed the judge.  The teacher is planned alone and owns the shared limits.
"""

from trajectory_engine.answers.alternatives import alternatives as alternatives
from trajectory_engine.answers.assess import assess_first as assess_first
from trajectory_engine.answers.front import pareto as pareto
from trajectory_engine.answers.prices import prices as prices
from trajectory_engine.answers.robust import robust as robust
from trajectory_engine.answers.why import why as why
