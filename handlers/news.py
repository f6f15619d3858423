"""News of a report: to its reporter, and to those whose reports were joined with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from handlers import codec, news_wording, ombudsman_wording
from handlers.cases.numbers import show
from handlers.deployment_parts import Wording
from handlers.i18n import Field, Phrase, Voice
from handlers.messages import Choice, Reply
from handlers.officers import notices
from handlers.officers.notices import What
from handlers.service import Service
from handlers.sms_length import count_parts, to_gsm
from storage.db import UnitOfWork
from storage.queries import cases, conversations, handling, outbox
from storage.queries.conversations import Contact, Reach
from storage.queries.handling import CaseRow
from storage.vocabulary import ActorKind, Channel, EventKind, Priority


class Asks(StrEnum):
    """What the reporter can answer to news by a button."""

    NOTHING = "nothing"
    #: YA or BELUM
    SOLVED = "solved"
    #: 1 to 5, or BUKA
    RATING = "rating"
    #: whether it may go to the Ombudsman
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Piece:
    """A field that is itself said in the reader's language."""

    phrase: Phrase
    fields: Mapping[str, Field]


Fields = Mapping[str, Field | Wording | Piece]


@dataclass(frozen=True, slots=True)
class News:
    phrase: Phrase
    fields: Fields = field(default_factory=dict)
    #: whom {agency} names; None: who has the case
    agency: str | None = None
    asks: Asks = Asks.NOTHING
    #: ids of kept files that go with it
    files: tuple[int, ...] = ()
    #: not sent after that, nor once the case has moved
    useful_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a reporter would get."""

    #: None: nothing reaches them
    reply: Reply | None
    channel: str = ""
    #: SMS parts it takes there; 0: it goes elsewhere
    parts: int = 0


def tell(
    uow: UnitOfWork,
    service: Service,
    case: CaseRow,
    news: News,
    now: datetime,
    *,
    at: Contact | None = None,
) -> None:
    """Tell the reporter, at the address used last.

    `at`: they have just written from there and wait for an answer: there, and at any hour. What reaches nobody is
    noted in the case, and those who handle it are told, unless the reporter wants it so.
    """
    if at is not None:
        there = Reach(at.address_id, at.channel, at.language)
        outbox.queue(uow, message(service, case, news, there, now, Priority.DIRECT), now=now)
        return
    reach = conversations.find_reach(uow, case.report_id)
    if reach is not None:
        outbox.queue(uow, message(service, case, news, reach, now), now=now)
    else:
        note_undelivered(uow, service, case, now)


def tell_followers(uow: UnitOfWork, service: Service, case: CaseRow, news: News, now: datetime) -> None:
    """Tell those whose reports follow this one, with their own numbers."""
    for child in handling.list_children(uow, case.report_id):
        agency = news.agency or case.agency_code or case.outside_code
        tell(uow, service, child, replace(news, agency=agency, asks=Asks.NOTHING), now)


def tell_all(uow: UnitOfWork, service: Service, case: CaseRow, news: News, now: datetime) -> None:
    tell(uow, service, case, news, now)
    tell_followers(uow, service, case, news, now)


def note_undelivered(uow: UnitOfWork, service: Service, case: CaseRow, now: datetime) -> None:
    """Note in a case that its reporter could not be told, and tell those who handle it."""
    is_wanted = not conversations.is_quiet_by_wish(uow, case.report_id)
    why = "unreachable" if is_wanted else "stopped"
    cases.append_event(
        uow,
        case.report_id,
        EventKind.UNDELIVERED,
        ActorKind.SYSTEM,
        data={"why": why},
        is_public=False,
        now=now,
    )
    if is_wanted:
        notices.tell_officers(uow, service, case, What.UNDELIVERED, now)


class _Undo(Exception):  # noqa: N818 - it says what to do
    pass


def preview(uow: UnitOfWork, case: CaseRow, move: Callable[[], None]) -> Preview:
    """Return exactly what the reporter will get by a move: it is made, looked at, and undone.

    Raises whatever the move raises: Unfit, NotPermitted, TransitionNotAllowed.
    """
    last, found = outbox.get_newest_id(uow), Preview(None)
    try:
        with uow.savepoint():
            move()
            for address_id, channel, payload in outbox.list_queued(uow, case.report_id, last):
                if conversations.is_theirs(uow, case.report_id, address_id):
                    reply = codec.load_reply(payload)
                    parts = count_parts(to_gsm(reply.short)) if channel == Channel.SMS else 0
                    found = Preview(reply, channel, parts)
            raise _Undo  # noqa: TRY301 - the way to undo a savepoint
    except _Undo:
        return found


def message(  # noqa: PLR0917 - as `tell`
    service: Service,
    case: CaseRow,
    news: News,
    reach: Reach,
    now: datetime,
    priority: Priority = Priority.NEWS,
) -> outbox.Message:
    """Return what is sent to one address."""
    can_wait = priority is not Priority.DIRECT and reach.channel != Channel.CONSOLE
    return outbox.Message(
        address_id=reach.address_id,
        channel=reach.channel,
        payload=codec.dump_reply(compose(service, case, news, service.voice(reach.language))),
        priority=priority,
        report_id=case.report_id,
        due_at=service.next_waking(now) if can_wait else None,
        useful_until=news.useful_until,
    )


def compose(service: Service, case: CaseRow, news: News, voice: Voice) -> Reply:
    """Return the message that tells it."""
    deployment = service.deployment
    code = news.agency or case.agency_code or case.outside_code
    agency = deployment.agency_by_code.get(code or "")
    name, short_name = (agency.name, agency.short_name) if agency else (deployment.name, deployment.name)
    long: dict[str, Field] = {"number": show(deployment.number, case.number)}
    short = dict(long)
    for key, value in news.fields.items():
        long[key], short[key] = _in_words(value, voice)
    return Reply(
        text=voice.text(news.phrase.chat, **long, agency=name),
        short=voice.sms(news.phrase.sms, **short, agency=short_name),
        choices=choices_of(news.asks, voice),
        question=f"case:{case.report_id}:{case.version}" if news.asks is not Asks.NOTHING else None,
        about=case.report_id,
        files=news.files,
        files_label=voice.text(news_wording.FILES_LABEL),
    )


def _in_words(value: Field | Wording | Piece, voice: Voice) -> tuple[Field, Field]:
    """Return a field for a chat and for an SMS."""
    match value:
        case Wording():
            return value[voice.language], value[voice.language]
        case Piece(phrase, fields):
            return voice.text(phrase.chat, **fields), voice.sms(phrase.sms, **fields)
        case _:
            return value, value


def choices_of(asks: Asks, voice: Voice) -> tuple[Choice, ...]:
    """Return the answers offered."""
    match asks:
        case Asks.NOTHING:
            return ()
        case Asks.SOLVED:
            labels = {"yes": news_wording.SOLVED, "no": news_wording.NOT_SOLVED}
        case Asks.RATING:
            labels = {"1": news_wording.WORST, "2": "2", "3": "3", "4": "4", "5": news_wording.BEST}
            labels["reopen"] = news_wording.REOPEN
        case Asks.CONSENT:
            labels = {"agree": ombudsman_wording.AGREE, "refuse": ombudsman_wording.REFUSE}
    return tuple(
        Choice(label if label.isdigit() else voice.text(label), value) for value, label in labels.items()
    )
