"""Words that the input may use, beside the enumerations of the domain."""

from __future__ import annotations

import re

FORMS = ("full-time", "part-time", "blended", "distance", "self-paced")
"""Forms of study."""

SEEN = ("stored_primary", "stored_secondary", "general_knowledge", "invented")
"""How the citation of a rule was checked."""

IDENTIFIER = re.compile(r"[^\s,@\[\]|\x00-\x1f\x7f]+")
"""What an identifier may look like."""

CURRENCY = re.compile(r"[A-Z]{3}")
"""What a currency may look like (ISO 4217)."""

EVERYBODY = "*"
"""Stands for all teachers in a decision, so no teacher may be called that."""

NOTHING = "none"
"""Stands for an empty list where a blank means something else; no module may be called that."""

MOST_WAYS_OF_RUNNING_DRY = 4096
"""Most ways in which the limited funds that serve one teacher can run dry: those of 12 ceilings."""

LAST_DAY = 28
"""Last day of a month on which a fiscal year may begin, so that every year has it."""
