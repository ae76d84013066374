"""``python -m trajectory_engine``: the program, where it is not on the path."""

import sys

from trajectory_engine.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
