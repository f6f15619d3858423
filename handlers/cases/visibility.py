"""What of a report is shown to whom."""

from enum import StrEnum
from typing import Protocol


class View(StrEnum):
    #: all of it: it is theirs
    OWNER = "owner"
    #: status, agency and dates
    PUBLIC = "public"
    #: not even that it exists
    NOTHING = "nothing"


class Shown(Protocol):
    @property
    def is_own(self) -> bool: ...
    @property
    def is_secret(self) -> bool: ...


def view_of(report: Shown) -> View:
    """Return what a citizen who knows the number sees (docs/rules.md, Anonymity)."""
    if report.is_own:
        return View.OWNER
    return View.NOTHING if report.is_secret else View.PUBLIC
