"""The officers' commands: what they are called, what they do, what they need, and who has them.

`access.py` says who may; the menus follow from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from handlers.cases.lifecycle import Move
from handlers.officers import commands_wording as wording
from handlers.officers.access import Act, has_in_post
from storage.vocabulary import Role


class Arg(StrEnum):
    """What a command can be given, in any order."""

    #: of the report it is about
    NUMBER = "number"
    AGENCY = "agency"
    #: a body outside
    OUTSIDE = "outside"
    #: the number of the report to follow
    PARENT = "parent"
    #: a code of docs/rules.md, Reasons
    REASON_CODE = "reason_code"
    #: question, plan, reason, note: whatever the command is about
    TEXT = "text"
    FINDING = "finding"
    ACTION = "action"
    #: done or planned
    DAY = "day"
    #: photos or documents
    EVIDENCE = "evidence"
    #: working days
    DAYS = "days"
    OFFICER = "officer"
    ROLE = "role"
    NAME = "name"
    OUTSIDE_NUMBER = "outside_number"
    #: first and last day
    FROM = "from"
    UNTIL = "until"
    #: working days ahead, a day, or CANCEL's word
    WHEN = "when"
    #: words looked for
    WORDS = "words"
    #: type, category, protection
    KIND = "kind"
    #: what fits nothing that the command takes
    REST = "rest"
    PAGE = "page"
    #: days without their numbers: a month, a year, this week
    SPAN = "span"
    #: by what figures are told apart
    AXIS = "axis"


@dataclass(frozen=True, slots=True)
class Command:
    #: as buttons and menus have it
    name: str
    #: what else it is called, English too
    aliases: tuple[str, ...]
    act: Act | Move
    #: asked for one by one where they are missing
    needs: tuple[Arg, ...] = ()
    #: taken where they are given
    takes: tuple[Arg, ...] = ()
    #: asked before anything reaches the reporter
    is_confirmed: bool = False

    @property
    def is_about_case(self) -> bool:
        return Arg.NUMBER in self.needs


def _command(
    names: str,
    act: Act | Move,
    *needs: Arg,
    takes: tuple[Arg, ...] = (),
    is_confirmed: bool = False,
) -> Command:
    name, *aliases = names.split()
    return Command(name, tuple(aliases), act, needs, takes, is_confirmed)


_N, _TEXT = Arg.NUMBER, Arg.TEXT
_TIME = (Arg.SPAN, Arg.FROM, Arg.UNTIL)
#: several may have the same name: the first that a role has is meant
COMMANDS: tuple[Command, ...] = (
    _command("daftar antrean antrian list queue", Act.LIST, takes=(Arg.PAGE,)),
    _command("lihat show view", Act.LOOK, _N),
    _command("verifikasi verify", Move.VERIFY, _N, takes=(Arg.KIND,)),
    _command("disposisi teruskan dispose route forward", Move.DISPOSE, _N, Arg.AGENCY),
    _command("tunda tanya hold ask", Move.HOLD, _N, _TEXT, is_confirmed=True),
    _command("tanya tunda ask hold", Move.ASK, _N, _TEXT, is_confirmed=True),
    _command("bukanwewenang", Move.FORWARD, _N, Arg.OUTSIDE, takes=(_TEXT,), is_confirmed=True),
    _command(
        "kembalikan kembali bukanwewenang handback return", Move.HAND_BACK, _N, _TEXT, is_confirmed=True
    ),
    _command("arsip archive", Move.ARCHIVE, _N, Arg.REASON_CODE, _TEXT, is_confirmed=True),
    _command("gabung join", Move.JOIN, _N, Arg.PARENT, is_confirmed=True),
    _command("proses start progress", Move.START, _N, _TEXT, is_confirmed=True),
    _command(
        "jawab answer",
        Move.ANSWER,
        *(_N, Arg.FINDING, Arg.ACTION, Arg.DAY, Arg.EVIDENCE),
        is_confirmed=True,
    ),
    _command("setujui approve", Act.APPROVE, _N, is_confirmed=True),
    _command("tolak decline", Act.APPROVE, _N, _TEXT),
    _command("ambil take", Act.TAKE, _N),
    _command("alihkan pass assign", Act.PASS, _N, Arg.OFFICER),
    _command("catat note", Act.NOTE, _N, _TEXT),
    _command("ingatkan remind", Act.REMIND, _N, Arg.WHEN),
    _command("perpanjang extend", Move.EXTEND, _N, Arg.DAYS, _TEXT, is_confirmed=True),
    _command("bukalagi reopen", Move.REOPEN, _N, _TEXT, is_confirmed=True),
    _command("banding restore", Move.RESTORE, _N, is_confirmed=True),
    _command("nomorluar outsidenumber", Act.NUMBER, _N, Arg.OUTSIDE_NUMBER),
    _command("klasifikasi classify", Act.RECLASSIFY, _N, Arg.KIND),
    _command("identitas identity", Act.IDENTITY, _N, _TEXT),
    _command("lengkap whole", Act.IDENTITY, _N, _TEXT),
    _command("cari search find", Act.SEARCH, Arg.WORDS),
    _command("templat template templates", Act.TEMPLATES, takes=(Arg.WORDS,)),
    _command("rekap figures", Act.FIGURES, takes=(Arg.AGENCY, Arg.AXIS, *_TIME)),
    _command("ekspor export", Act.EXPORT, takes=(Arg.AGENCY, *_TIME)),
    _command("cuti leave", Act.LEAVE, Arg.FROM, Arg.UNTIL, takes=(_TEXT,)),
    _command("petugas officers", Act.OFFICERS),
    _command("undang invite", Act.INVITE, Arg.ROLE, Arg.AGENCY, Arg.NAME),
    _command("nonaktif suspend", Act.SUSPEND, Arg.OFFICER),
    _command("aktifkan resume", Act.SUSPEND, Arg.OFFICER),
    _command("grup group", Act.GROUP, takes=(Arg.AGENCY, _TEXT)),
)
BY_NAME: Mapping[str, Command] = {one.name: one for one in reversed(COMMANDS)}
#: no more than these end what an officer is in the middle of, and help
CANCEL, HELP = frozenset({"batal", "cancel"}), frozenset({"bantuan", "help"})
#: what help explains first, the most used before the others
OFTEN = (
    *("daftar", "lihat", "verifikasi", "disposisi", "jawab", "proses", "tanya", "kembalikan", "setujui"),
    *("tolak", "tunda", "gabung", "arsip", "bukanwewenang", "cari"),
)
#: the citizens' words too: alone, without a slash, they are theirs
SHARED = frozenset({"kembali", "return", "petugas", "banding", "list"})


def find_command(word: str, role: Role) -> Command | None:
    """Return what a word means for a role; what it has not in its post as well, so that it can be told so."""
    named = [one for one in COMMANDS if word == one.name or word in one.aliases]
    return next((one for one in named if has_in_post(role, one.act)), named[0] if named else None)


def commands_of(role: Role) -> list[Command]:
    return [one for one in COMMANDS if has_in_post(role, one.act)]


def _menu(role: Role) -> tuple[tuple[str, str], ...]:
    listed = tuple((one.name, wording.MEANS[one.name]) for one in commands_of(role))
    return (*listed, ("batal", wording.MEANS["batal"]), ("bantuan", wording.MEANS["bantuan"]))


#: in an agency's group
GROUP_MENU = "group"
#: by the name that `Reply.menu` gives: (command, what it does as a message id)
MENUS: Mapping[str, tuple[tuple[str, str], ...]] = {
    **{role.value: _menu(role) for role in Role},
    GROUP_MENU: tuple(
        (name, wording.MEANS[name])
        for name in ("daftar", "lihat", "ambil", "jawab", "proses", "rekap", "grup", "bantuan")
    ),
}
