"""The program: a file per command, and what the commands share."""
