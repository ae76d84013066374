"""One teacher's planning problem, compiled from the scenario to small arrays of integers."""
