"""Words that the input may use, beside the enumerations of the domain."""

from __future__ import annotations

import re

FORMS = ("full-time", "part-time", "blended", "distance", "self-paced")
"""Forms of study."""

SEEN = ("stored_primary", "stored_secondary", "general_knowledge", "invented")
"""How the citation of a rule was checked."""

IDENTIFIER = re.compile(
    r"[^\s,@\[\]|\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u08e2\u180e\u200b-\u200f"
    r"\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]+"
)
"""What an identifier may look like: nothing in it that cannot be seen, or that turns the text."""

FIRST_YEAR, LAST_YEAR = 1900, 2400
"""Years of a calendar: tables begin from 1900 to 2200, and 2,000 months may follow."""

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
