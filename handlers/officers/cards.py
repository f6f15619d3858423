"""The card of a case: what an officer needs to know of it, what matters first, and what they may do now."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from handlers.cases import masking
from handlers.cases.lifecycle import Move
from handlers.cases.numbers import show
from handlers.conversation.flows.facts import area_label, area_name
from handlers.figures_wording import STATES, TYPES
from handlers.i18n import Field, Voice
from handlers.messages import Choice, Reply
from handlers.news_wording import FILES_LABEL, SOLUTION
from handlers.officers import cards_wording as wording
from handlers.officers import commands_wording
from handlers.officers.access import Act, may, shows_in_group
from handlers.officers.offers import offered
from handlers.officers.reaching import last_news
from handlers.service import Service
from handlers.sms_length import sentences
from storage.db import UnitOfWork
from storage.queries import cases, dossiers, officers, reminders
from storage.queries.dossiers import Dossier, Line, Story
from storage.queries.handling import CaseRow
from storage.queries.officers import OfficerRow
from storage.vocabulary import CaseState, Clock, EventKind, ReportType

#: pictures that go with a card: an album holds so many
PICTURES = 10
#: later additions, and internal notes, that a card shows
LATEST = 3
#: of a text on a card; whoever needs more is rare
LONGEST = 1200
#: of a text by SMS, so that the whole fits three parts
SHORTENED = 220
#: the button that answers in private what a group does not see
PRIVATE = "private"
_TOLD_LATER = (
    *(EventKind.ADDED, EventKind.CORRECTED, EventKind.REPLIED),
    *(EventKind.REJECTED, EventKind.REOPENED),
)
_NOTES, _OBJECTIONS, _RETURNS = (EventKind.NOTED,), (EventKind.APPEALED,), (EventKind.HANDED_BACK,)
_NEWS = (
    *(EventKind.HELD, EventKind.ASKED, EventKind.STARTED, EventKind.ANSWERED),
    *(EventKind.EXTENDED, EventKind.ARCHIVED),
)
_UNDELIVERED, _FILED = (EventKind.UNDELIVERED,), (EventKind.FILED,)
_LINES = {
    _TOLD_LATER: LATEST,
    _NEWS: 1,
    _NOTES: LATEST,
    _OBJECTIONS: 1,
    _RETURNS: 1,
    _UNDELIVERED: LATEST,
}
_WAITING = frozenset({Clock.CITIZEN_DATA, Clock.CITIZEN_REPLY})
MOST_BUTTONS = 8


@dataclass(frozen=True, slots=True)
class _View:
    """One card in the making."""

    uow: UnitOfWork
    service: Service
    officer: OfficerRow
    case: CaseRow
    voice: Voice
    today: date
    #: names and numbers in a reporter's words are shown
    is_unmasked: bool = False

    def text(self, message: str, **fields: Field) -> str:
        return self.voice.text(message, **fields)

    def shown(self, text: str) -> str:
        """Return a reporter's words as this officer sees them: whole to whoever gave a reason."""
        if self.is_unmasked:
            return masking.mark(text)
        text = masking.mask(text)  # before it is cut: half a number is not known as one
        return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"

    def name_of(self, officer_id: object) -> str:
        if officer_id == self.officer.id:
            return self.officer.name
        found = officers.find_officer(self.uow, officer_id) if isinstance(officer_id, int) else None
        return found.name if found else self.text(wording.SOMEBODY)


def read(uow: UnitOfWork, case: CaseRow) -> Dossier:
    """Return what the cards of a case are made of: once for all who get one at the same time."""
    lines = _LINES | {_FILED: 1} if case.type is ReportType.OVERSIGHT else _LINES
    return dossiers.get_dossier(uow, case.report_id, lines, PICTURES)


def card(
    uow: UnitOfWork,
    service: Service,
    officer: OfficerRow,
    case: CaseRow,
    now: datetime,
    *,
    intro: str = "",
    in_group: bool = False,
    is_whole: bool = False,
    is_unmasked: bool = False,
    dossier: Dossier | None = None,
) -> Reply:
    """Return the card for one officer, below an introduction; `is_whole`: with its files, whatever happened before.

    `dossier`: where it is read already (`read`).
    `is_unmasked`: with names and numbers in the text, for whoever gave a reason (`moves.see_text`).

    In a group a secret report is number, category and due date. One of type berkadar must not get there at all.
    """
    voice = service.voice(officer.language)
    view = _View(uow, service, officer, case, voice, service.local_day(now), is_unmasked)
    is_open = not in_group or shows_in_group(case, case.is_secret)
    dossier = dossier or read(uow, case)
    lines = [*_head(view), *_body(view, dossier)] if is_open else list(_closed(view))
    own = (
        reminders.find_own(uow, case.report_id, officer.id)
        if dossier.has_reminders and not in_group and case.closed_at is None
        else None
    )
    if own is not None:
        lines.append(view.text(wording.OWN_REMINDER, day=own))
    told = [_told_in_short(view, dossier)] if is_whole else []
    if is_whole and is_open and (reached := last_news(uow, voice, case, dossier.lines[_NEWS], now)):
        lines.append(reached.text)
        told.append(reached.short)
    return Reply(
        text="\n\n".join(filter(None, (intro, "\n".join(lines)))),
        short=sentences(intro, _short(view), *told),
        choices=tuple(_choices(view)) if is_open else (_private(view),),
        question=f"desk:{case.report_id}:{case.version}",
        about=case.report_id,
        files=tuple(_files(view, dossier, is_whole=is_whole))[:PICTURES] if is_open else (),
        files_label=view.text(FILES_LABEL),
    )


def brief(
    uow: UnitOfWork,
    service: Service,
    officer: OfficerRow,
    case: CaseRow,
    now: datetime,
    *,
    in_group: bool = False,
) -> Reply:
    """Return number, due date and state alone, with what may be done now: after something was done."""
    view = _View(uow, service, officer, case, service.voice(officer.language), service.local_day(now))
    is_open = not in_group or shows_in_group(case, case.is_secret)
    return Reply(
        text="\n".join(_head(view) if is_open else _closed(view)),
        short=_short(view),
        choices=tuple(_choices(view)) if is_open else (_private(view),),
        question=f"desk:{case.report_id}:{case.version}",
        about=case.report_id,
    )


def to_pass_on(uow: UnitOfWork, service: Service, officer: OfficerRow, case: CaseRow, now: datetime) -> str:
    """Return a report as a body outside may read it: without who reported it."""
    view = _View(uow, service, officer, case, service.voice(officer.language), service.local_day(now))
    dossier = read(uow, case)
    lines = [f"{show(service.deployment.number, case.number)} · {category_of(service, case, view.voice)}"]
    if place := _place(view, dossier.story):
        lines.append(view.text(wording.PLACE, place=place))
    lines.append(view.text(_when(view, dossier.story), day=dossier.story.occurred_on))
    lines.append(view.text(wording.SAID, text=view.shown(dossier.story.description)))
    lines += filter(None, (_later(view, line) for line in dossier.lines[_TOLD_LATER]))
    return "\n".join(lines)


def _closed(view: _View) -> Iterator[str]:
    """Number, due date and category."""
    yield due_line(view.service, view.case, view.voice, view.today).text
    yield category_of(view.service, view.case, view.voice)
    yield view.text(wording.IN_PRIVATE)


def category_of(service: Service, case: CaseRow, voice: Voice) -> str:
    return service.deployment.category_by_code[case.category_code].name[voice.language]


def _private(view: _View) -> Choice:
    return Choice(view.text(wording.OPEN_IN_PRIVATE), PRIVATE)


# --- when ---


def due_line(service: Service, case: CaseRow, voice: Voice, today: date) -> Reply:
    """Return number and due date; for an SMS with category and place."""
    deployment = service.deployment
    number = show(deployment.number, case.number)
    category = category_of(service, case, voice)
    area = area_name(case.area_code, deployment, voice) if case.area_code else deployment.name
    fields: dict[str, Field] = {"number": number, "category": category, "area": area}
    if case.due_on is None:
        return Reply(text=number, short=f"{number} {category}, {area}.")
    left = service.calendar_for(case.clock, case.week).working_days_between(today, case.due_on)
    fields |= {"due": case.due_on, "left": left, "late": max(-left, 1)}
    if case.clock in _WAITING:
        return voice.reply(wording.WAITING, fields)
    if case.due_on == today:
        return voice.reply(wording.DUE_TODAY, fields)
    return voice.reply(wording.LATE if case.due_on < today else wording.DUE, fields)


def due_in_short(service: Service, case: CaseRow, voice: Voice, today: date) -> str:
    """Return "sisa 3 hr", behind a word of danger to life: for a line among others."""
    if case.is_emergency:
        due = due_in_short(service, replace(case, is_emergency=False), voice, today)
        return voice.text(wording.EMERGENCY_SHORT, due=due)
    if case.due_on is None:
        return voice.text(STATES[case.state])
    if case.clock in _WAITING:
        return voice.text(wording.WAITING_SHORT, due=f"{case.due_on:%d/%m}")
    left = service.calendar_for(case.clock, case.week).working_days_between(today, case.due_on)
    if case.due_on == today:
        return voice.text(wording.TODAY_SHORT)
    if case.due_on < today:
        return voice.text(wording.LATE_SHORT, late=max(-left, 1))
    return voice.text(wording.LEFT_SHORT, left=left)


def _head(view: _View) -> Iterator[str]:
    case = view.case
    yield due_line(view.service, case, view.voice, view.today).text
    about = category_of(view.service, case, view.voice)
    is_checked = case.state is CaseState.UNVERIFIED and case.checked_at is not None
    state = view.text(wording.CHECKED if is_checked else STATES[case.state])
    if case.type is ReportType.COMPLAINT:
        yield view.text(wording.ABOUT, state=state, about=about)
    else:
        type_ = view.text(TYPES[case.type])
        yield view.text(wording.ABOUT_TYPE, state=state, type=type_, about=about)


def _short(view: _View) -> str:
    """One line, and how to answer it as far as this officer may."""
    line = due_line(view.service, view.case, view.voice, view.today).short
    if may(view.officer, Move.HAND_BACK, view.case):
        how = wording.HOW_NEW
    elif may(view.officer, Move.ANSWER, view.case):
        how = wording.HOW_ANSWER
    else:
        how = wording.HOW_OTHERS
    return f"{line} {view.voice.sms(how, digits=view.case.number)}"


def _told_in_short(view: _View, dossier: Dossier) -> str:
    """What the reporter said: for whoever asks for it by SMS."""
    text = view.shown(dossier.story.description)
    return view.voice.sms(wording.SAID_SHORT, words=text[:SHORTENED])


# --- what ---


def _body(view: _View, dossier: Dossier) -> Iterator[str]:
    case, story = view.case, dossier.story
    if case.is_emergency:
        yield view.text(wording.EMERGENCY)
    if place := _place(view, story):
        yield view.text(wording.PLACE, place=place)
    yield view.text(_when(view, story), day=story.occurred_on)
    yield ""
    told = [view.text(wording.SAID, text=view.shown(story.description))]
    told += [_later(view, line) for line in dossier.lines[_TOLD_LATER]]
    yield from filter(None, told)
    yield from _hidden(view, dossier)
    if dossier.enclosed.count:
        yield view.text(wording.FILES, count=dossier.enclosed.count)
    yield ""
    yield from _handling(view, dossier)


def _when(view: _View, story: Story) -> str:
    if not story.is_day_told:
        return wording.NO_DAY
    if not story.is_ongoing:
        return wording.ON
    return wording.SINCE if view.case.closed_at is None else wording.BEGAN


def _hidden(view: _View, dossier: Dossier) -> Iterator[str]:
    """Say that something is hidden, and who may see it; or that it is seen now."""
    hides = hides_something(view.case, dossier)
    if view.is_unmasked:
        yield view.text(wording.OPENED if hides else wording.NOTHING_HIDDEN)
    elif hides:
        may_open = may(view.officer, Act.IDENTITY, view.case)
        yield view.text(wording.HIDDEN if may_open else wording.HIDDEN_FROM_YOU, digits=view.case.number)


def hides_something(case: CaseRow, dossier: Dossier) -> bool:
    """Tell whether anything is hidden on a card, in whatever the reporter wrote."""
    story, lines = dossier.story, list(dossier.lines[_TOLD_LATER])
    if case.appealed_at is not None:
        lines += dossier.lines[_OBJECTIONS]
    words = (story.place, story.description, *(str(line.data.get("text") or "") for line in lines))
    return any(map(masking.found, words))


def _place(view: _View, story: Story) -> str:
    area = view.case.area_code
    named = area_label(area, view.service.deployment, view.voice) if area else ""
    return ", ".join(filter(None, (view.shown(story.place), named, story.location)))


def _later(view: _View, line: Line) -> str:
    text = str(line.data.get("text") or "")
    if not text:
        return ""
    return view.text(wording.ADDED, day=view.service.local_day(line.at), text=view.shown(text))


def _handling(view: _View, dossier: Dossier) -> Iterator[str]:
    """What officers did, and who has it."""
    case = view.case
    if case.appealed_at is not None:
        for line in dossier.lines[_OBJECTIONS]:
            yield view.text(wording.OBJECTS, text=view.shown(str(line.data.get("text") or "")))
    for line in dossier.lines[_NEWS]:
        if text := _news(line):  # joined reports have the news of the one they follow
            # What reaches nobody is noted in the same moment.
            is_lost = any(lost.at == line.at for lost in dossier.lines[_UNDELIVERED])
            said = wording.NEWS_LOST if is_lost else wording.NEWS
            yield view.text(said, day=view.service.local_day(line.at), text=text)
    for line in dossier.lines[_NOTES]:
        name, text = view.name_of(line.data.get("officer")), str(line.data.get("text") or "")
        yield view.text(wording.NOTE, name=name, day=view.service.local_day(line.at), text=text)
    yield from _holding(view, dossier)
    if case.consented_at is not None:
        day, name = view.service.local_day(case.consented_at), view.service.deployment.ombudsman.name
        yield view.text(wording.CONSENTED, day=day, ombudsman=name)
    if case.closed_at is None and not dossier.is_reachable:
        yield view.text(wording.STOPPED if dossier.is_stopped else wording.UNREACHABLE)
    yield from _proposed(view, dossier)


def _holding(view: _View, dossier: Dossier) -> Iterator[str]:
    """Who has it, and where it has been."""
    case, deployment = view.case, view.service.deployment
    agencies = deployment.agency_by_code
    if case.disposed_at is not None and case.agency_code in agencies:
        yield view.text(wording.AT_AGENCY, agency=agencies[case.agency_code].short_name)
    if case.outside_code in agencies:
        agency = agencies[case.outside_code].short_name
        yield view.text(wording.OUTSIDE, agency=agency, outside=case.outside_number or "-")
    if case.officer_id is not None:
        yield view.text(wording.HOLDER, name=view.name_of(case.officer_id))
    if case.parent_report_id is not None:
        parent = show(deployment.number, cases.get_number(view.uow, case.parent_report_id))
        yield view.text(wording.JOINED, parent=parent)
    for line in dossier.lines.get(_FILED, ()):
        if besides := line.data.get("besides"):  # an accusation
            yield view.text(wording.BESIDES, parent=show(deployment.number, str(besides)))
    if case.returns:
        for line in dossier.lines[_RETURNS]:
            yield view.text(wording.RETURNED, count=case.returns, text=str(line.data.get("text") or ""))


def _news(line: Line) -> str:
    told = [line.data.get("text"), line.data.get("finding"), line.data.get("action")]
    return ". ".join(str(one).rstrip(" .") for one in told if one)


def _proposed(view: _View, dossier: Dossier) -> Iterator[str]:
    if (found := dossier.proposed) is not None:
        answer = json.loads(found.answer)  # handlers.moves.Solution: the moves know of cards, not the reverse
        told = {"finding": answer["finding"], "action": answer["action"].rstrip(" .")}
        text = view.text(SOLUTION.chat, **told, day=date.fromisoformat(answer["done_on"]))
        yield view.text(wording.PROPOSED, name=view.name_of(found.officer_id), text=text)
        if answer["files"]:
            yield view.text(wording.FILES, count=len(answer["files"]))


def _files(view: _View, dossier: Dossier, *, is_whole: bool) -> Iterator[int]:
    """Return what goes with an open card: the report's, behind those of an answer for whoever approves it."""
    if dossier.proposed is not None and (is_whole or may(view.officer, Act.APPROVE, view.case)):
        yield from json.loads(dossier.proposed.answer)["files"]
    if is_whole or view.case.officer_id is None:
        yield from dossier.enclosed.ids


# --- what may be done ---


def _choices(view: _View) -> Iterator[Choice]:
    for command in offered(view.uow, view.officer, view.case)[:MOST_BUTTONS]:
        is_again = command.act is Move.ARCHIVE and view.case.state is CaseState.ARCHIVED
        label = commands_wording.ARCHIVE_AGAIN if is_again else commands_wording.BUTTONS[command.name]
        yield Choice(view.text(label), command.name)
