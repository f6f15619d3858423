"""What the reporter's words do to one filed report of theirs: answer, judge, rate, contest, add. The caller commits."""

from dataclasses import replace
from datetime import datetime

from handlers import actions, apart, missed, moves, news, ombudsman_wording, pace, report_wording, rights
from handlers import feedback_wording as said
from handlers.brought import (
    alarmed,
    keep_or_refuse,
    kept_apart,
    not_kept,
    with_album,
    with_files,
    without_number,
)
from handlers.cases.lifecycle import TransitionNotAllowed
from handlers.conversation import talk
from handlers.conversation.choosing import protection_said
from handlers.conversation.flows.questions import HIDDEN
from handlers.conversation.phrasebook import Word
from handlers.conversation.progress import Awaited, Awaits
from handlers.conversation.verdicts import Verdict, read_consent, read_stars, read_verdict
from handlers.conversation.words import Command, read_command
from handlers.here import PATIENCE, Here, Outcome
from handlers.i18n import Field
from handlers.messages import Inbound, Reply
from handlers.moves import Fault, Unfit
from handlers.news import Asks
from handlers.officers import notices
from handlers.officers.notices import What
from handlers.pace import Pace
from storage.queries import cases, handling
from storage.queries.cases import Standing
from storage.queries.handling import CaseRow
from storage.vocabulary import ActorKind, CaseState, Channel, EventKind

CONTESTING = frozenset({Word.REOPEN, Word.APPEAL})
#: words that answer a question; all others mean the same at any time
ANSWERING = CONTESTING | {Word.YES, Word.NO, Word.NOT_YET, Word.SKIP}
_AWAITED = {Word.REOPEN: Awaits.REOPENING, Word.APPEAL: Awaits.APPEAL}


def take(here: Here, report_id: int, inbound: Inbound) -> Outcome:
    """Take whatever a reporter says about one report."""
    case = handling.get_case(here.uow, report_id)
    command = read_command(inbound.text, inbound.address.channel)
    if command is not None and command.word in CONTESTING:
        return contest_by(here, case, inbound, command)
    if command is not None and command.word is Word.ADD and not command.rest and not inbound.media:
        return ask_addition(here, case)
    inbound = replace(inbound, text=without_number(here, case.number, inbound.text))
    if protection_said(inbound.text) == HIDDEN:
        return with_files(here, case, inbound, lambda here: _protected(here, case))
    if apart.accuses(here.uow, here.service, case, inbound.text):
        return kept_apart(here, case, inbound, lambda here: _without_accusation(here, case, inbound))
    if (refused := keep_or_refuse(here, case, inbound)) is not None:
        return not_kept(here, report_id, inbound, refused)
    here = replace(here, at=with_album(here, report_id, inbound))
    return alarmed(here, _taken_in_time(here, case, inbound), inbound.text)


def _protected(here: Here, case: CaseRow) -> Outcome:
    return Outcome(here.at, (rights.protect(here.uow, here.service, here.contact, case.number, here.now),))


def ask_addition(here: Here, case: CaseRow) -> Outcome:
    """Ask what is to be added; the next words, or files, are it."""
    if here.at.step is not None:  # the next words belong to the draft
        example = here.shown(case.number)
        return Outcome(here.at, (here.say(case, report_wording.ASK_ADDITION, example=example),))
    awaited = Awaited(case.report_id, Awaits.ADDITION, here.now + PATIENCE)
    return Outcome(replace(here.at, awaited=awaited), (here.say(case, said.ASK_ADDITION_HERE),))


def add(here: Here, report_id: int, inbound: Inbound) -> Outcome:
    """TAMBAH: keep what comes with the report."""
    case = handling.get_case(here.uow, report_id)
    if apart.accuses(here.uow, here.service, case, inbound.text):
        return kept_apart(here, case, inbound)
    if (refused := keep_or_refuse(here, case, inbound)) is not None:
        return not_kept(here, report_id, inbound, refused)
    here = replace(here, at=with_album(here, report_id, inbound))
    return alarmed(here, Outcome(here.at, _added(here, case, inbound)), inbound.text)


def add_following(here: Here, inbound: Inbound) -> Outcome | None:
    """Take files for where what they follow went: an album's other parts, and what comes after an accusation."""
    first, told_apart = _first_of_album(here, inbound), here.at.told_apart
    if first is not None:
        return _add_part(here, first, inbound) if own(here, first) else None
    if not inbound.media or inbound.text or inbound.reply_to is not None or here.at.step is not None:
        return None
    if told_apart is None or here.now >= told_apart.until or _is_asked_since(here, told_apart.until):
        return None
    return add(here, told_apart.report_id, inbound) if own(here, told_apart.report_id) else None


def own(here: Here, report_id: int) -> Standing | None:
    standing = cases.find_standing_by_id(here.uow, report_id, here.contact)
    return standing if standing and standing.is_own else None


def _first_of_album(here: Here, inbound: Inbound) -> int | None:
    """Return the report that the first part of a message's album went to."""
    album = inbound.media[0].group if inbound.media else None
    went = (here.at.told_apart, here.at.awaited)
    return next((one.report_id for one in went if one and album and one.album == album), None)


def _is_asked_since(here: Here, until: datetime) -> bool:
    """Tell whether what comes next was asked for after what is good until then."""
    awaited = here.at.awaited
    if awaited is None or awaited.album is not None or awaited.what is Awaits.WITHDRAWAL:
        return False
    return awaited.until > until


def _add_part(here: Here, report_id: int, inbound: Inbound) -> Outcome:
    """Keep another part of an album; what came of its first part was said, and once that there is no more room."""
    if inbound.text:
        return add(here, report_id, inbound)
    refused = keep_or_refuse(here, handling.get_case(here.uow, report_id), inbound)
    if refused is not None:
        return not_kept(here, report_id, inbound, refused)
    return Outcome(with_album(here, report_id, inbound))


def contest_with(here: Here, report_id: int, word: Word, inbound: Inbound) -> Outcome:
    """Take the reason that was asked for, perhaps with files."""
    case = handling.get_case(here.uow, report_id)
    if apart.accuses(here.uow, here.service, case, inbound.text):
        return kept_apart(here, case, inbound, lambda here: contest(here, case, word, ""))
    if (refused := keep_or_refuse(here, case, inbound)) is not None:
        return Outcome(here.at, (refused,))
    outcome = contest(here, case, word, told(here, inbound))
    return replace(outcome, at=with_album(replace(here, at=outcome.at), report_id, inbound))


def _without_accusation(here: Here, case: CaseRow, inbound: Inbound) -> Outcome:
    """Take the bare YA or BELUM of an answer that accuses besides; a question stays open."""
    verdict = verdict_of(here, inbound.text)
    if verdict is not None and case.state in {CaseState.ANSWERED, CaseState.SETTLED}:
        bare = "YA" if verdict.is_solved else "BELUM"
        return _taken_in_time(here, case, replace(inbound, text=bare, media=(), location=None))
    if case.asked_at is not None and case.state is not CaseState.ANSWERED:
        return Outcome(here.at, (here.say(case, said.STILL_ASKED),))
    return Outcome(here.at)


def _taken_in_time(here: Here, case: CaseRow, inbound: Inbound) -> Outcome:
    try:
        return _taken(here, case, inbound)
    except TransitionNotAllowed:  # somebody was faster
        return Outcome(here.at, (status(here, case),))


def _taken(here: Here, case: CaseRow, inbound: Inbound) -> Outcome:
    text = inbound.text
    verdict, stars = verdict_of(here, text), read_stars(text)
    if (about_offer := _about_offer(here, case, text)) is not None:
        return about_offer
    if case.asked_at is not None and case.state is not CaseState.ANSWERED:
        moves.reply(here.uow, here.service, case, told(here, inbound), here.now, at=here.contact)
    elif case.state is CaseState.ANSWERED and verdict is not None:
        if missed.is_missed(here.uow, case, here.now):  # to something else, then
            return Outcome(here.at, (missed.ask(here.uow, here.service, here.contact, case, here.now),))
        judge(here, case, verdict)
    elif case.state is CaseState.SETTLED and verdict is not None and not verdict.is_solved:
        return contest(here, case, Word.REOPEN, verdict.words)
    elif case.state is CaseState.SETTLED and stars is not None:
        rated = rate(here, case, stars)
        return Outcome(here.at, () if rated else (status(here, case),))
    elif not inbound.media and _is_answer(text, inbound.address.channel):  # to what is asked no more
        return Outcome(here.at, (status(here, case),))
    else:
        return Outcome(here.at, _added(here, case, inbound))
    return Outcome(here.at)


# --- the Ombudsman ---


def _about_offer(here: Here, case: CaseRow, text: str) -> Outcome | None:
    """Take a word about going to the Ombudsman; None: it is about something else, or what was asked since."""
    consent, command = read_consent(text), read_command(text, Channel(here.contact.channel))
    is_yes = command is not None and command.word is Word.YES
    if (consent is None and not is_yes) or not _is_offered(here, case):
        return None
    if case.asked_at is not None and (not consent or case.asked_at >= (case.offered_at or here.now)):
        return None
    if case.state is CaseState.ANSWERED:  # asked since: SETUJU may mean either
        return Outcome(here.at, (ask_solved(here, case),)) if consent else None
    return decide(here, case, is_agreed=consent)


def _is_offered(here: Here, case: CaseRow) -> bool:
    """Tell whether it may go to the Ombudsman still: neither it nor what it was joined with is over."""
    followed = case
    if case.state is CaseState.DUPLICATE and case.parent_report_id is not None:
        followed = handling.read_case(here.uow, case.parent_report_id)
    return case.offered_at is not None and case.closed_at is None and followed.closed_at is None


def decide(here: Here, case: CaseRow, *, is_agreed: bool | None) -> Outcome:
    """SETUJU or TIDAK; a mere YA (None) is asked about again, as nothing goes elsewhere on a doubtful word."""
    day = here.service.local_day(case.consented_at) if case.consented_at else None
    if day is None and is_agreed:
        moves.consent(here.uow, here.service, case, here.now, at=here.contact)
        return Outcome(here.at)
    phrase = ombudsman_wording.REFUSED if is_agreed is False else ombudsman_wording.ASK_AGAIN
    fields: dict[str, Field] = {"ombudsman": here.service.deployment.ombudsman.name}
    if day is not None:
        phrase, fields["day"] = ombudsman_wording.AGREED_BEFORE, day
    return Outcome(here.at, (here.say(case, phrase, **fields),))


def press_offer(here: Here, case: CaseRow, value: str) -> Outcome | None:
    """Take a button of the offer, which is good as long as the report is unsettled; None: it is over."""
    return decide(here, case, is_agreed=value == "agree") if _is_offered(here, case) else None


# --- is it solved? ---


def verdict_of(here: Here, text: str) -> Verdict | None:
    """Return what a text says to "is it solved?"; at the keyboard of the server the choices bear numbers."""
    if here.contact.channel == Channel.CONSOLE and text in {"1", "2"}:
        return Verdict(is_solved=text == "1")
    return read_verdict(text)


def _is_answer(text: str, channel: Channel) -> bool:
    command = read_command(text, channel)
    return read_stars(text) is not None or (command is not None and command.word in ANSWERING)


def judge(here: Here, case: CaseRow, verdict: Verdict) -> None:
    """YA or BELUM. Raises TransitionNotAllowed."""
    if not verdict.is_solved:
        moves.reject(here.uow, here.service, case, verdict.words, here.now, at=here.contact)
        return
    moves.confirm(here.uow, here.service, case, here.now, at=here.contact)
    if verdict.words:
        _note(here, case, verdict.words)


def rate(here: Here, case: CaseRow, stars: int) -> bool:
    """Keep 1 to 5; False: this solution has its stars."""
    return moves.rate(here.uow, here.service, case, stars, here.now, at=here.contact)


def _note(here: Here, case: CaseRow, text: str) -> None:
    data = {"text": text}
    cases.append_event(
        here.uow,
        case.report_id,
        EventKind.ADDED,
        ActorKind.REPORTER,
        data=data,
        is_public=False,
        now=here.now,
    )


def told(here: Here, inbound: Inbound) -> str:
    """Return what a message says, in words also where it has none."""
    if inbound.text:
        return inbound.text
    if inbound.location:
        return actions.describe_point(here.service, here.contact, inbound.location)
    return here.voice.text(said.FILES_SENT)


def _added(here: Here, case: CaseRow, inbound: Inbound) -> tuple[Reply, ...]:
    """Add to the report, for who has it; where we wait to hear whether it is solved, that is still to be said."""
    is_told = bool(inbound.text or inbound.location)
    if is_told:
        _note(here, case, told(here, inbound))
    shown, what = Pace.EACH, What.ADDED_FILES if inbound.media else What.ADDED
    if is_told:
        text = inbound.text
        shown = pace.show_addition(here.uow, here.service, case, text, what, here.now)
    else:  # of files there is a number that a report may have
        notices.tell_officers(here.uow, here.service, case, what, here.now)
    if shown is Pace.SILENT:
        return ()
    added = here.say(case, report_wording.ADDED if shown is Pace.EACH else said.ADDED_MUCH)
    if case.state is CaseState.ARCHIVED and not is_withdrawn(here, case):  # where nobody looks for it
        return (talk.combine(added, here.say(case, said.ASK_APPEAL, example=here.shown(case.number))),)
    if case.state is not CaseState.ANSWERED:
        return (added,)
    return (talk.combine(added, ask_solved(here, case)),)


def ask_solved(here: Here, case: CaseRow) -> Reply:
    question = f"case:{case.report_id}:{case.version}"
    return replace(
        here.say(case, said.ASK_SOLVED), choices=news.choices_of(Asks.SOLVED, here.voice), question=question
    )


def status(here: Here, case: CaseRow) -> Reply:
    """Say how a report stands: what happened meanwhile."""
    return actions.show_status(here.uow, here.service, here.contact, here.shown(case.number), here.now)


# --- BUKA and BANDING ---


def contest_by(here: Here, case: CaseRow, inbound: Inbound, command: Command) -> Outcome:
    """Take BUKA or BANDING with what stands behind it, perhaps under files."""
    reason = rights.reason_in(here.service, command.rest)
    if apart.accuses(here.uow, here.service, case, reason):
        inbound = replace(inbound, text=reason)
        return kept_apart(here, case, inbound, lambda here: contest(here, case, command.word, ""))
    return with_files(here, case, inbound, lambda here: contest(here, case, command.word, reason))


def contest(here: Here, case: CaseRow, word: Word, reason: str) -> Outcome:
    """Open a report again, or contest that it is archived; without a reason the next words are it."""
    at = replace(here.at, awaited=None)
    if is_withdrawn(here, case):
        return Outcome(at, (here.say(case, said.WITHDRAWN_BEFORE),))
    try:
        _contest(here, case, word, reason)
    except TransitionNotAllowed:
        phrase = said.NOT_REOPENED if word is Word.REOPEN else said.NOT_APPEALED
        refused = here.say(case, phrase, state=here.voice.text(report_wording.STATE_WORDS[case.state]))
        return Outcome(at, (_with_words_kept(here, case, reason, refused),))
    except Unfit as unfit:
        if unfit.fault is Fault.TOO_SHORT:
            return _ask_why(here, case, word)
        return Outcome(at, (_refused(here, case, word, unfit),))
    return Outcome(at)


def _with_words_kept(here: Here, case: CaseRow, words: str, refused: Reply) -> Reply:
    """Keep with the report what came with a word that is refused, and say so as well."""
    if not words:
        return refused
    _note(here, case, words)
    shown = pace.show_addition(here.uow, here.service, case, words, What.ADDED, here.now)
    kept = said.ADDED_MUCH if shown is Pace.LAST else said.WORDS_KEPT_HERE
    return talk.combine(refused, here.say(case, kept))


def is_withdrawn(here: Here, case: CaseRow) -> bool:
    """Tell whether it is archived because its reporter took it back."""
    ends = {EventKind.WITHDRAWN, EventKind.ARCHIVED, EventKind.RESTORED}
    last = cases.find_event(here.uow, case.report_id, ends) if case.state is CaseState.ARCHIVED else None
    return last is not None and last.kind == EventKind.WITHDRAWN


def _contest(here: Here, case: CaseRow, word: Word, reason: str) -> None:
    uow, service, now, at = here.uow, here.service, here.now, here.contact
    if word is Word.APPEAL:
        moves.appeal(uow, service, case, reason, now, at=at)
    elif case.state is CaseState.ANSWERED:
        moves.reject(uow, service, case, reason, now, at=at)
    else:
        moves.reopen(uow, service, case, moves.REPORTER, reason, now, at=at)


def _ask_why(here: Here, case: CaseRow, word: Word) -> Outcome:
    number = here.shown(case.number)
    if here.at.step is not None:  # the next words belong to the draft
        phrase = said.ASK_REOPEN if word is Word.REOPEN else said.ASK_APPEAL
        return Outcome(here.at, (here.say(case, phrase, example=number),))
    awaited = Awaited(case.report_id, _AWAITED[word], here.now + PATIENCE)
    phrase = said.ASK_WHY_REOPEN if word is Word.REOPEN else said.ASK_WHY_APPEAL
    return Outcome(replace(here.at, awaited=awaited), (here.say(case, phrase),))


def _refused(here: Here, case: CaseRow, word: Word, unfit: Unfit) -> Reply:
    is_late = unfit.fault is Fault.TOO_LATE
    if word is Word.APPEAL:
        phrase = said.APPEAL_TOO_LATE if is_late else said.APPEAL_TOO_OFTEN
    else:
        phrase = said.REOPEN_TOO_LATE if is_late else said.REOPEN_TOO_OFTEN
    contact = talk.human_contact(here.setting)
    return here.say(case, phrase, days=unfit.limit, count=unfit.limit, contact=contact)
