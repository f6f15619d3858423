"""What is asked of an officer, one thing at a time, with buttons where the answers are few."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from handlers.cases.masking import mask
from handlers.cases.numbers import show
from handlers.conversation.words import fold, phrase_table, read_phrase
from handlers.i18n import Field, Phrase
from handlers.messages import Choice, Reply
from handlers.officers import advice_wording, joining_wording, proposals, wording
from handlers.officers.access import Act, may, reach_of
from handlers.officers.arguments import agencies_like, agencies_named, read_one
from handlers.officers.cards import due_in_short
from handlers.officers.commands import BY_NAME, Arg, Command
from handlers.officers.proposals import agencies_for, parents_for
from handlers.officers.seat import NO_REPORT, Seat
from handlers.officers.task import Task
from handlers.report_wording import EXAMPLE_NUMBER
from handlers.sms_length import sentences
from storage.queries import desks, officers
from storage.queries.desks import Sieve
from storage.queries.handling import CaseRow
from storage.vocabulary import Role

#: begins the value of a button that answers the open question; the question's number follows
ANSWERS = "="
#: buttons under what is to be sent
SEND, AS_NEWS, EDIT, CANCEL = "send", "news", "edit", "cancel"
#: so many numbers a dialogue's first question may have
SERIALS = 10**8
#: of a text in a list
SHORT = 60
#: agencies named where there is none of that name
NEAR = 4
#: reports offered where none was named
OFFERED = 6
#: of the most urgent ones, for those that a command fits
LOOKED_AT = 50
_TYPED = {
    SEND: {"kirim", "send", "ya", "y", "ok", "oke", "yes"},
    AS_NEWS: {"sebagai kabar", "kabar", "as news"},
    EDIT: {"ubah", "change", "edit"},
    CANCEL: {"batal", "cancel", "tidak", "no", "jangan"},
}
#: not yet: what is open stays so
WAIT = "wait"
_HELD_BACK = phrase_table(
    {
        CANCEL: "tidak jadi,tidak jadi kirim,tidak jadi dikirim,tidak usah kirim,tidak usah dikirim,jangan kirim,"
        "jangan dikirim,batalkan,batal kirim,do not send,do not send it,don t send,don t send it",
        WAIT: "jangan dulu,jangan kirim dulu,jangan dikirim dulu,jangan dulu kirim,jangan dulu dikirim,nanti dulu,"
        "tunggu,tunggu dulu,tunggu sebentar,sebentar,do not send yet,do not send it yet,don t send yet,"
        "don t send it yet,wait",
    }
)


@dataclass(frozen=True, slots=True)
class Question:
    phrase: Phrase
    #: value → label
    choices: Mapping[str, str]
    fields: Mapping[str, Field]


def ask(seat: Seat, task: Task, arg: Arg, case: CaseRow | None, advice: Reply | None = None) -> Reply:
    """Ask for what is missing, below some advice, and remember it."""
    question = QUESTIONS[arg](seat, task, case)
    asked = replace(task, asked=arg, is_editing=False)
    reply = offer(seat, asked, question.phrase, question.choices, case, **question.fields)
    return below(advice, reply) if advice else reply


def ask_missing(seat: Seat, task: Task, arg: Arg, case: CaseRow | None) -> Reply:
    """Ask for what a command lacks; say that what stood behind it instead was not understood."""
    given: dict[Arg, str] = {name: value for name, value in task.given.items() if name is not Arg.REST}
    rest = task.given.get(Arg.REST)
    advice = not_understood(seat, arg, rest) if rest is not None else None
    return ask(seat, replace(task, given=given), arg, case, advice)


def ask_what_to_edit(seat: Seat, task: Task, args: Sequence[Arg], case: CaseRow) -> Reply:
    choices = {arg.value: seat.voice.text(wording.FIELDS[arg]) for arg in args}
    return offer(seat, replace(task, asked=None, is_editing=True), wording.ASK_EDIT, choices, case)


def offer(
    seat: Seat,
    task: Task,
    phrase: Phrase,
    choices: Mapping[str, str],
    case: CaseRow | None,
    **fields: Field,
) -> Reply:
    """Say something with choices that belong to this turn of the task, and keep the task."""
    # Begins anywhere: a button of what was over before must not fit by chance.
    serial = task.serial + 1 if task.serial else 1 + seat.service.random_below(SERIALS)
    task = replace(task, serial=serial, options=tuple(choices))
    seat.keep(task)
    buttons = tuple(Choice(label, f"{ANSWERS}{task.serial}:{value}") for value, label in choices.items())
    if case is not None:
        fields = {"number": seat.number(case), "digits": case.number, **fields}
    reply = seat.voice.reply(phrase, fields, choices=buttons)
    return replace(
        reply,
        question=f"desk:{case.report_id}:{case.version}" if case else f"desk:{NO_REPORT}:0",
        about=case.report_id if case else None,
        wants_reply=seat.in_group and not buttons,
    )


def below(above: Reply, reply: Reply) -> Reply:
    """Return a reply below another's words."""
    return replace(reply, text=f"{above.text}\n\n{reply.text}", short=sentences(above.short, reply.short))


# --- answers ---


def read_choice(task: Task, text: str) -> str | None:
    """Return the value of an offered choice that was typed: its number, or its word."""
    typed = text.strip().rstrip(".")
    if typed.isdecimal() and len(typed) <= 2 and 1 <= int(typed) <= len(task.options):
        return task.options[int(typed) - 1]
    word = fold(text)
    return next((value for value in task.options if word == value or word in _TYPED.get(value, ())), None)


def held_back(text: str) -> str | None:
    """Return CANCEL or WAIT where a text, in its own words, says that something is not to be sent, or not yet."""
    return read_phrase(text, _HELD_BACK)


def is_choice(text: str) -> bool:
    """Tell whether a text chooses among what was shown before something is sent, whatever that was."""
    typed = text.strip().rstrip(".")
    return typed in {str(n) for n in range(1, len(_TYPED) + 1)} or any(
        fold(text) in one for one in _TYPED.values()
    )


#: "3" is a number of days, not the third choice; a text is a text
_TYPED_AS_IT_IS = frozenset({Arg.TEXT, Arg.FINDING, Arg.ACTION, Arg.DAYS, Arg.WHEN})


def read_answer(seat: Seat, task: Task, arg: Arg, text: str) -> str:
    """Return what a text answers to the open question; empty: nothing that fits."""
    chosen = read_choice(task, text)
    if chosen is not None and arg not in _TYPED_AS_IT_IS:
        return chosen
    return read_one(text, arg, seat.service.deployment, seat.today)


# --- questions ---

_Asker = Callable[[Seat, Task, CaseRow | None], Question]


def _plain(phrase: Phrase) -> _Asker:
    return lambda _seat, _task, _case: Question(phrase, {}, {})


def find_only(seat: Seat, command: Command) -> CaseRow | None:
    """Return the one running report that a command fits; none where not all were looked at."""
    fitting, is_all = _fitting(seat, command)
    return fitting[0] if is_all and len(fitting) == 1 else None


def _fitting(seat: Seat, command: Command) -> tuple[list[CaseRow], bool]:
    """Return running reports that a command fits, the most urgent first, and whether all were looked at."""
    reach = reach_of(seat.officer)
    if reach is None:
        return [], True
    sieve = Sieve(is_proposed=command.act is Act.APPROVE)
    urgent = desks.list_queue(seat.uow, reach, sieve, limit=LOOKED_AT + 1)
    return [one for one in urgent if may(seat.officer, command.act, one)], len(urgent) <= LOOKED_AT


def _ask_number(seat: Seat, task: Task, _case: CaseRow | None) -> Question:
    """Offer the most urgent ones that the command fits."""
    if seat.in_group:
        return Question(wording.ASK_NUMBER, {}, {})
    voice, form = seat.voice, seat.service.deployment.number
    fitting, is_all = _fitting(seat, BY_NAME[task.command])
    choices = {
        one.number: f"{show(form, one.number)} · {due_in_short(seat.service, one, voice, seat.today)}"
        for one in fitting[:OFFERED]
    }
    unoffered = wording.NONE_FITS if is_all and not choices else wording.ASK_NUMBER
    if not seat.has_buttons:
        return Question(unoffered, {}, {})
    return Question(wording.CHOOSE_NUMBER if choices else unoffered, choices, {})


def _ask_text(_seat: Seat, task: Task, _case: CaseRow | None) -> Question:
    return Question(wording.ASK_TEXT[task.command], {}, {})


def _ask_agency(seat: Seat, _task: Task, case: CaseRow | None) -> Question:
    listed = agencies_for(seat, case) if case else []
    text = seat.voice.text
    names = {
        one.code: text(wording.OUTSIDE, agency=one.short_name) if one.is_outside else one.short_name
        for one in seat.service.deployment.agencies
    }
    if not listed:
        return Question(wording.ASK_AGENCY, {}, {})
    lines = [
        text(wording.AGENCY_LINE, position=n, agency=names[one.code], why=one.why)
        for n, one in enumerate(listed, start=1)
    ]
    choices = {one.code: names[one.code] for one in listed}
    return Question(wording.PROPOSED_AGENCIES, choices, {"lines": "\n".join(lines)})


def _ask_outside(seat: Seat, _task: Task, _case: CaseRow | None) -> Question:
    outside = (one for one in seat.service.deployment.agencies if one.is_outside)
    return Question(wording.ASK_OUTSIDE, {one.code: one.short_name for one in outside}, {})


def _ask_parent(seat: Seat, _task: Task, case: CaseRow | None) -> Question:
    told = parents_for(seat, case) if case else []
    if not told:
        return Question(wording.ASK_PARENT, {}, {})
    lines = [
        seat.voice.text(
            wording.PARENT_LINE,
            number=seat.number(one.case),
            day=seat.service.local_day(one.case.filed_at),
            text=shortened(mask(one.description)),
        )
        for one in told
    ]
    choices = {one.case.number: seat.number(one.case) for one in told}
    return Question(wording.PROPOSED_PARENTS, choices, {"lines": "\n".join(lines)})


def shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHORT else f"{text[: SHORT - 1].rstrip()}…"


def _ask_action(seat: Seat, task: Task, _case: CaseRow | None) -> Question:
    return Question(wording.ASK_ACTION, {}, {"least": least_of_action(seat, task)})


def least_of_action(seat: Seat, task: Task) -> int:
    """Return how long an action must be: what was found counts as well."""
    answers = seat.service.deployment.answers
    found = task.given.get(Arg.FINDING, "")
    return max(answers.min_part_chars, answers.min_chars - len(found) - 1)


def _ask_reason_code(seat: Seat, _task: Task, _case: CaseRow | None) -> Question:
    reasons = seat.service.deployment.archive_reasons
    choices = {one.code: f"{one.code} {one.name[seat.voice.language]}" for one in reasons}
    return Question(wording.ASK_REASON_CODE, choices, {})


def _ask_day(seat: Seat, _task: Task, _case: CaseRow | None) -> Question:
    day, text = timedelta(days=1), seat.voice.text
    choices = {
        seat.today.isoformat(): text(wording.TODAY),
        (seat.today - day).isoformat(): text(wording.YESTERDAY),
        (seat.today + day).isoformat(): text(wording.TOMORROW),
    }
    return Question(wording.ASK_DAY, choices, {})


def _ask_evidence(seat: Seat, task: Task, _case: CaseRow | None) -> Question:
    is_to_come = task.given.get(Arg.DAY, "") > seat.today.isoformat()
    choices = {AS_NEWS: seat.voice.text(wording.AS_NEWS)} if is_to_come else {}
    return Question(wording.ASK_EVIDENCE, choices, {})


def _ask_days(seat: Seat, _task: Task, _case: CaseRow | None) -> Question:
    choices = {str(n): seat.voice.text(wording.DAYS_CHOICE, count=n) for n in (2, 3, 5, 10)}
    return Question(wording.ASK_DAYS, choices, {})


def _ask_when(seat: Seat, _task: Task, _case: CaseRow | None) -> Question:
    choices = {str(n): seat.voice.text(wording.DAYS_CHOICE, count=n) for n in (1, 3, 5)}
    return Question(wording.ASK_WHEN, choices, {})


def _ask_officer(seat: Seat, task: Task, case: CaseRow | None) -> Question:
    people = proposals.colleagues_of(seat, case) if case else people_to_govern(seat, task.command)
    if not people:
        return Question(advice_wording.NOBODY_ELSE if case else advice_wording.NOBODY_FITS, {}, {})
    return Question(wording.ASK_OFFICER, {str(one.id): one.name for one in people[:OFFERED]}, {})


def people_to_govern(seat: Seat, command: str) -> list[officers.OfficerRow]:
    """Return whom a coordinator can suspend, or let work again."""
    wants_suspended = command == "aktifkan"
    listed = officers.list_officers(seat.uow)
    return [one for one in listed if one.is_suspended is wants_suspended and one.id != seat.officer.id]


def _ask_role(seat: Seat, _task: Task, _case: CaseRow | None) -> Question:
    choices = {role.value: seat.voice.text(joining_wording.ROLES[role]) for role in Role}
    return Question(wording.ASK_ROLE, choices, {})


def _ask_kind(seat: Seat, _task: Task, _case: CaseRow | None) -> Question:
    codes = ", ".join(seat.service.deployment.category_by_code)
    return Question(wording.ASK_KIND, {}, {"lines": codes})


def _ask_from(_seat: Seat, _task: Task, _case: CaseRow | None) -> Question:
    return Question(wording.ASK_FROM, {}, {"done": "/cuti selesai"})


QUESTIONS: Mapping[Arg, _Asker] = {
    Arg.NUMBER: _ask_number,
    Arg.AGENCY: _ask_agency,
    Arg.OUTSIDE: _ask_outside,
    Arg.PARENT: _ask_parent,
    Arg.REASON_CODE: _ask_reason_code,
    Arg.TEXT: _ask_text,
    Arg.FINDING: _plain(wording.ASK_FINDING),
    Arg.ACTION: _ask_action,
    Arg.DAY: _ask_day,
    Arg.EVIDENCE: _ask_evidence,
    Arg.DAYS: _ask_days,
    Arg.WHEN: _ask_when,
    Arg.OFFICER: _ask_officer,
    Arg.ROLE: _ask_role,
    Arg.NAME: _plain(wording.ASK_NAME),
    Arg.OUTSIDE_NUMBER: _plain(wording.ASK_OUTSIDE_NUMBER),
    Arg.FROM: _ask_from,
    Arg.UNTIL: _plain(wording.ASK_UNTIL),
    Arg.WORDS: _plain(wording.ASK_WORDS),
    Arg.KIND: _ask_kind,
}


def not_understood(seat: Seat, arg: Arg, text: str) -> Reply | None:
    """Return what is told of a text that is no answer; with the agencies whose names come near."""
    agencies = seat.service.deployment.agencies
    if arg in {Arg.AGENCY, Arg.OUTSIDE}:
        fitting = [one for one in agencies if one.is_outside or arg is Arg.AGENCY]
        named = agencies_named(text, fitting)
        if 1 < len(named) <= NEAR:
            names = ", ".join(one.name for one in named)
            return seat.say(advice_wording.SEVERAL_AGENCIES, names=names)
        near = ", ".join(one.short_name for one in agencies_like(text, fitting, NEAR))
        return seat.say(advice_wording.NO_SUCH_AGENCY, names=near)
    phrase = advice_wording.NOT_UNDERSTOOD.get(arg)
    example = show(seat.service.deployment.number, EXAMPLE_NUMBER)
    return seat.voice.reply(phrase, {"example": example}) if phrase else None
