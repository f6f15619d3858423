"""What a message about a filed report brings besides an answer: files, albums, accusations, news of danger."""

from collections.abc import Callable
from dataclasses import replace

from handlers import apart, report_wording, wording
from handlers.cases.numbers import find_number
from handlers.conversation import talk
from handlers.conversation.progress import Awaited, Awaits, Progress, ToldApart
from handlers.conversation.sent import unfit
from handlers.filing import keep_files
from handlers.here import PATIENCE, Here, Outcome
from handlers.messages import Inbound, Reply
from handlers.officers import notices
from handlers.officers.notices import What
from storage.queries.handling import CaseRow


def keep_or_refuse(here: Here, case: CaseRow, inbound: Inbound) -> Reply | None:
    """Keep a message's files with the report; return why the message cannot be taken."""
    intake = here.service.deployment.intake
    if len(inbound.text) > intake.max_chars:
        return here.say(case, wording.TOO_LONG, length=len(inbound.text), limit=intake.max_chars)
    if not keep_files(here.uow, here.service, here.contact, case.report_id, inbound.media, now=here.now):
        return here.say(case, wording.TOO_MANY_FILES, limit=intake.max_attachments)
    return None


def without_unfit(
    here: Here, inbound: Inbound, said: Callable[[Here, Inbound], Outcome | None]
) -> Outcome | None:
    """Return what a message leads to without files that no report takes, and why they are none; None: nothing."""
    if (refused := unfit(inbound, here.setting)) is None:
        return said(here, inbound)
    outcome = said(here, replace(inbound, media=())) if inbound.text.strip() else None
    if outcome is None:  # it refuses them itself
        return None
    if not outcome.replies:
        return replace(outcome, replies=(refused,))
    *first, last = outcome.replies  # numbers to call in danger stay first
    return replace(outcome, replies=(*first, talk.combine(refused, last)))


def with_files(here: Here, case: CaseRow, inbound: Inbound, obeyed: Callable[[Here], Outcome]) -> Outcome:
    """Keep the files that come under a word about a report with that report, and say so with what the word leads to."""
    if not inbound.media:
        return obeyed(here)
    if keep_files(here.uow, here.service, here.contact, case.report_id, inbound.media, now=here.now):
        notices.tell_officers(here.uow, here.service, case, What.ADDED_FILES, here.now)
        note = here.say(case, report_wording.ADDED)
    else:
        limit = here.service.deployment.intake.max_attachments
        note = here.say(case, wording.TOO_MANY_FILES, limit=limit)
    outcome = obeyed(here)
    at = with_album(replace(here, at=outcome.at), case.report_id, inbound)
    if not outcome.replies:
        return Outcome(at, (note,))
    first, *others = outcome.replies
    return Outcome(at, (talk.combine(note, first), *others))


def not_kept(here: Here, report_id: int, inbound: Inbound, refused: Reply) -> Outcome:
    """Say why a message is not taken; of files without words once for their album."""
    album = inbound.media[0].group if inbound.media else None
    is_told = album is not None and album == here.at.refused and not inbound.text
    at = replace(with_album(here, report_id, inbound), refused=album)
    return Outcome(at, () if is_told else (refused,))


def kept_apart(
    here: Here,
    case: CaseRow,
    inbound: Inbound,
    then: Callable[[Here], Outcome] = lambda here: Outcome(here.at),
) -> Outcome:
    """Keep what accuses somebody in office where they do not see it, then do what else the message wants."""
    limit = here.service.deployment.intake.max_chars
    if len(inbound.text) > limit:
        return Outcome(here.at, (here.say(case, wording.TOO_LONG, length=len(inbound.text), limit=limit),))
    report_id, kept = apart.keep(
        here.uow, here.service, here.contact, case, inbound.text, here.now, inbound.media
    )
    outcome = then(here)
    at = replace(outcome.at, told_apart=ToldApart(report_id, here.now + PATIENCE))
    at = with_album(replace(here, at=at), report_id, inbound)
    replies = (kept, *outcome.replies) if kept else outcome.replies
    return alarmed(here, Outcome(at, replies), inbound.text)


def with_album(here: Here, report_id: int, inbound: Inbound) -> Progress:
    """Return the state in which the other parts of an album follow its first one."""
    album = inbound.media[0].group if inbound.media else None
    awaited, told_apart = here.at.awaited, here.at.told_apart
    if album is None:
        return here.at
    if told_apart is not None and told_apart.report_id == report_id:
        return replace(here.at, told_apart=replace(told_apart, album=album))
    if awaited is not None and awaited.report_id == report_id and awaited.what is not Awaits.ADDITION:
        return replace(here.at, awaited=replace(awaited, album=album))  # what was asked is still asked
    return replace(here.at, awaited=Awaited(report_id, Awaits.ADDITION, here.now + PATIENCE, album))


def alarmed(here: Here, outcome: Outcome, text: str) -> Outcome:
    """Tell the numbers to call first, where a text tells of danger."""
    if not here.service.knowledge.classifier.read(text).is_emergency:
        return outcome
    return replace(outcome, replies=(talk.emergency(text, here.setting), *outcome.replies))


def without_number(here: Here, number: str, text: str) -> str:
    """Return a text without the number that names the report."""
    found = find_number(here.service.deployment.number, text)
    if found is None or found.number != number:
        return text.strip()
    return f"{text[: found.start].rstrip(' :,-')} {text[found.end :].lstrip(' :,.-')}".strip()
