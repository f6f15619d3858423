"""What `kanal doctor` says of one thing."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    OK = "ok"
    #: works, but somebody should know or act
    NOTE = "note"
    #: does not work
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    check: str
    state: State
    #: what is so, and what to do unless it is in order
    says: str
