"""An independent judge of plans: brute force over small problems, and the problems themselves."""
