"""What an officer is in the middle of, as a row holds it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pydantic import TypeAdapter, ValidationError

from handlers.officers.commands import Arg

#: an open question is forgotten then: what is written later means something else
FORGOTTEN_AFTER = timedelta(hours=12)
#: in the place of a command: nothing is begun, but the buttons of a message may be chosen by number
OFFER = ""
#: in the place of a command: LAPOR was written with nothing behind it, and what comes next is a report of their own
OWN_REPORT = "own-report"
#: begins the id under which an officer's files are kept until they go with an answer
DRAFT_PREFIX = "desk-"


@dataclass(frozen=True, slots=True)
class Task:
    """A stored value is a file format: new fields have defaults."""

    #: name of the command
    command: str
    #: the chat it goes on in
    address_id: int
    at: datetime
    given: dict[Arg, str] = field(default_factory=dict)
    report_id: int | None = None
    #: of the case when it began
    version: int = 0
    #: the open question; None: what the reporter will get was shown, and waits to be sent
    asked: Arg | None = None
    #: counts questions, so that a button of an older one is known; 0: none was asked yet
    serial: int = 0
    #: values of the choices last offered: their numbers may be typed
    options: tuple[str, ...] = ()
    #: under which the officer's files are kept
    draft_id: str = ""
    #: the album whose first picture was answered
    album: str = ""
    #: which of what was given is to be changed is asked
    is_editing: bool = False
    #: of OFFER: to what the buttons belong
    question: str = ""


_TASK = TypeAdapter(Task)


def dump(task: Task) -> str:
    return _TASK.dump_json(task, exclude_defaults=True).decode()


def load(text: str | None, now: datetime) -> Task | None:
    """Return the stored task; None: there is none, none that we can read any more, or an old one."""
    if text is None:
        return None
    try:
        task = _TASK.validate_json(text)
    except ValidationError:
        return None
    return None if now - task.at > FORGOTTEN_AFTER else task
