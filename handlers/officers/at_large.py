"""Commands that are about no case: what each needs, and does."""

from collections.abc import Callable, Mapping

from handlers.conversation.words import fold
from handlers.messages import Reply
from handlers.officers import looking, posts
from handlers.officers import looking_wording as wording
from handlers.officers.access import OF_AGENCY, Act
from handlers.officers.advice_wording import UNREAD
from handlers.officers.commands import BY_NAME, Arg
from handlers.officers.days import find_days
from handlers.officers.dialogue import below, shortened
from handlers.officers.queue import show_queue
from handlers.officers.seat import Seat
from handlers.officers.task import Task
from storage.vocabulary import Role

#: what one only looks at does not end what one is in the middle of
READING = frozenset({Act.LIST, Act.LOOK, Act.SEARCH, Act.TEMPLATES, Act.FIGURES, Act.EXPORT, Act.OFFICERS})
#: what others in a group do not read
PRIVATE = frozenset(
    {Act.SEARCH, Act.EXPORT, Act.IDENTITY, Act.INVITE, Act.SUSPEND, Act.OFFICERS, Act.LEAVE, Act.TEMPLATES}
)
#: words that bind what figures are asked of: "untuk bulan Juli"
_BINDING = frozenset(
    "untuk bulan tahun dari sampai per di ke dinas semua laporan rekap the of for in by to all".split()
)
show_help = looking.show_help


def read_back(text: str) -> str:
    """Return the word that ends a leave, of a text that says just that ("CUTI SELESAI"); empty: it does not."""
    *before, last = fold(text).split() or [""]
    return last if last in posts.BACK and before in ([], ["cuti"], ["leave"]) else ""


def find_missing(task: Task) -> Arg | None:
    """Return what is to be asked first; None: nothing."""
    if task.command == "cuti" and fold(task.given.get(Arg.TEXT, "")) in posts.BACK:
        return None
    for arg in BY_NAME[task.command].needs:
        if arg not in task.given and not _is_needless(task, arg):
            return arg
    return None


def _is_needless(task: Task, arg: Arg) -> bool:
    """Tell whether a post is in no agency."""
    role = task.given.get(Arg.ROLE)
    return arg is Arg.AGENCY and role is not None and Role(role) not in OF_AGENCY


def run(seat: Seat, task: Task) -> Reply:
    """Do it; what was asked for meanwhile is over."""
    if task.serial:
        seat.drop(task)
    reply = _RUN[task.command](seat, task)
    words = _unread(seat, task)
    return below(seat.say(UNREAD, words=words, command=task.command), reply) if words else reply


def _unread(seat: Seat, task: Task) -> str:
    """Return what was written behind a command for figures and means nothing there; empty: all was understood."""
    if Arg.AGENCY not in BY_NAME[task.command].takes or find_days(task.given.get(Arg.REST, ""), seat.today):
        return ""
    words = task.given.get(Arg.REST, "").split()
    return shortened(" ".join(word for word in words if fold(word) not in _BINDING))


def _leave(seat: Seat, task: Task) -> Reply:
    is_over = Arg.FROM not in task.given
    return posts.end_leave(seat) if is_over else posts.take_leave(seat, task)


_RUN: Mapping[str, Callable[[Seat, Task], Reply]] = {
    "daftar": show_queue,
    "cari": looking.search,
    "templat": looking.show_templates,
    "rekap": looking.show_figures,
    "ekspor": looking.export,
    "cuti": _leave,
    "petugas": posts.list_officers,
    "undang": posts.invite,
    "nonaktif": posts.suspend,
    "aktifkan": posts.resume,
    "grup": lambda seat, _task: seat.say(wording.GROUP_ONLY),  # in a group: handlers.officers.groups
}
