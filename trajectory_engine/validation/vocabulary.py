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

MOST_LIMITED_FUNDS = 12
"""Most funds with a ceiling or a budget that may serve one teacher."""
