"""Drafts left alone: whom the jobs remind and what they drop, on both databases, whatever happens in between."""

import itertools
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from handlers.conversation import progress as saved
from handlers.jobs import BATCH, expire_drafts, forget_inbound, recall_drafts
from handlers.messages import Media, Notice
from handlers.service import Service
from storage.db import Database
from storage.queries import conversations, inbox
from storage.queries.conversations import Contact
from storage.vocabulary import Channel, MediaKind, Priority
from tests import builders
from tests.clockwork import (
    ATTACHMENT,
    CONVERSATION,
    DAY,
    EXPIRED,
    HALF_AN_HOUR,
    INBOUND,
    MORNING,
    OUTBOUND,
    RECALL,
    TEXT,
    Clockwork,
)
from tests.fakes.clock import MONDAY
from tests.killed import Dead, Fuse, Work, statements
from tests.person import Person


@pytest.fixture
def clockwork(loaded: Database, service: Service) -> Clockwork:
    return Clockwork(loaded, service)


@pytest.fixture
def person(clockwork: Clockwork) -> Person:
    """Somebody who has begun a report at MONDAY, and was asked for photos."""
    one = clockwork.person()
    assert "Ada foto?" in one.says(TEXT) or "tepatnya" in one.last
    return one


def set_address(database: Database, person: Contact, **values: object) -> None:
    with database.writing() as uow:
        table_ = conversations.ADDRESS
        uow.connection.execute(update(table_).where(table_.c.id == person.address_id).values(**values))


# --- recalls ---


def test_a_draft_is_recalled_twice(clockwork: Clockwork, person: Person) -> None:
    """After half an hour and in the morning, as news, and never again; the address is not used more lately by it."""
    used = clockwork.row(person).updated_at
    assert clockwork.recalls(MONDAY + timedelta(minutes=29)) == 0
    for now, is_last in ((MONDAY + HALF_AN_HOUR, False), (MORNING, True)):
        assert clockwork.recalls(now) == 1
        (reply,) = clockwork.news(person)
        assert RECALL in reply.text
        assert ("Pengingat terakhir" in reply.text) is is_last
        assert reply.question == str(clockwork.progress(person).asked)
        assert clockwork.recalls(now + timedelta(minutes=1)) == 0
    assert clockwork.recalls(MORNING + DAY) == 0
    row = clockwork.row(person)
    assert (row.recalls, row.draft_touched_at, row.updated_at, row.version) == (2, MONDAY, used, 3)
    with clockwork.database.reading() as uow:
        queued = uow.connection.execute(select(OUTBOUND.c.priority, OUTBOUND.c.useful_until)).all()
    assert [row.priority for row in queued] == [Priority.DIRECT, Priority.NEWS, Priority.NEWS]
    assert queued[1].useful_until < MORNING, "one that could not leave before is not sent beside the next"


def test_a_touch_begins_anew(clockwork: Clockwork, person: Person) -> None:
    """Whoever answers is left alone for half an hour, and is reminded twice of what they leave then."""
    clockwork.recalls(MONDAY + HALF_AN_HOUR)
    person.hears()
    person.now = MONDAY + timedelta(hours=1)
    person.presses("skip")
    assert clockwork.row(person).recalls == 0
    assert clockwork.recalls(person.now + timedelta(minutes=29)) == 0
    assert clockwork.recalls(person.now + HALF_AN_HOUR) == 1
    assert clockwork.recalls(MORNING) == 1


def test_an_sms_comes_once(clockwork: Clockwork) -> None:
    """In the morning."""
    person = clockwork.person(Channel.SMS)
    person.says("LAPOR lampu jalan mati sudah dua minggu, gelap sekali")
    assert clockwork.recalls(MONDAY + HALF_AN_HOUR) == 0
    assert clockwork.recalls(MORNING) == 1
    assert clockwork.news(person)[0].short.startswith(
        "Laporan Anda belum terkirim. Yang belum ada: tempatnya."
    )
    assert clockwork.recalls(MORNING + DAY) == 0


def test_not_without_a_draft(clockwork: Clockwork) -> None:
    """A report that was sent, one that was thrown away, and a mere greeting are nothing to be reminded of."""
    filed, cancelled, greeted = (clockwork.person() for _ in range(3))
    filed.files()
    cancelled.says(TEXT, "batal", "ya")
    greeted.says("halo")
    assert clockwork.recalls(MORNING) == clockwork.expires(MONDAY + 4 * DAY) == 0


def test_not_to_who_wants_no_news_or_cannot_be_reached(clockwork: Clockwork) -> None:
    """STOP and a blocked bot; after MULAI the morning's recall still comes."""
    stopped, blocked = clockwork.person(), clockwork.person()
    stopped.says(TEXT, "STOP")
    blocked.says(TEXT)
    blocked.sends(notice=Notice.BLOCKED)
    assert clockwork.recalls(MONDAY + HALF_AN_HOUR) == 0
    set_address(clockwork.database, clockwork.contact(stopped), stopped_at=None)
    assert clockwork.recalls(MORNING) == 1


def test_one_that_cannot_be_read_holds_up_no_other(clockwork: Clockwork, person: Person) -> None:
    """It is set aside until its owner touches it, and looked at no more."""
    unreadable, senseless = clockwork.person(), clockwork.person()
    for one, content in ((unreadable, b"?"), (senseless, clockwork.database.vault.seal("{]"))):
        one.says(TEXT)
        with clockwork.database.writing() as uow:
            at = CONVERSATION.c.address_id == clockwork.contact(one).address_id
            uow.connection.execute(update(CONVERSATION).where(at).values(progress_sealed=content))
    assert clockwork.recalls(MONDAY + HALF_AN_HOUR) == 3
    assert RECALL in clockwork.news(person)[0].text
    with clockwork.database.reading() as uow:
        touched = uow.connection.execute(
            select(CONVERSATION.c.draft_touched_at).order_by(CONVERSATION.c.address_id)
        )
        assert list(touched.scalars()) == [MONDAY, None, None]
    assert clockwork.recalls(MORNING) == 1


def test_more_than_a_batch(clockwork: Clockwork) -> None:
    """All are told in one run, each once."""
    with clockwork.database.writing() as uow:
        for number in range(BATCH + 5):
            contact = builders.a_contact(uow, f"many-{number}")
            draft = saved.Draft(f"d{number}", TEXT, area_code="61.09.01.2001", category="JALAN")
            progress = saved.dump(saved.Progress(draft=draft, step=saved.Step.PHOTOS))
            conversations.save_progress(uow, contact, progress, draft_touched_at=MONDAY, now=MONDAY)
    assert clockwork.recalls(MONDAY + HALF_AN_HOUR) == BATCH + 5
    with clockwork.database.reading() as uow:
        told = list(uow.connection.execute(select(OUTBOUND.c.address_id)).scalars())
    assert len(set(told)) == len(told) == BATCH + 5


@pytest.mark.parametrize("kind", ["postgresql"])  # SQLite has one writer at a time
def test_who_is_writing_just_now_is_left_alone(
    clockwork: Clockwork,
    person: Person,
    open_database: Callable[[str], Database],
    database_url: str,
) -> None:
    """Another process holds the conversation: it is passed over without waiting, and the others are told."""
    other = clockwork.person()
    other.says(TEXT)
    elsewhere = open_database(database_url)
    with elsewhere.writing() as uow:
        assert conversations.find_contact(uow, person.channel, person.identifier)
        assert clockwork.recalls(MONDAY + HALF_AN_HOUR) == 1
    assert clockwork.news(person) == []
    assert RECALL in clockwork.news(other)[0].text


# --- the end of a draft ---


def test_an_old_draft_is_dropped_with_its_files(clockwork: Clockwork, person: Person) -> None:
    """After the deployment's time its owner is told once; nothing is open any more."""
    person.sends(media=(Media(MediaKind.PHOTO, "file-1"),))
    person.hears()
    assert clockwork.expires(MONDAY + 3 * DAY - timedelta(seconds=1)) == 0
    assert clockwork.expires(MONDAY + 3 * DAY) == 1
    (reply,) = clockwork.news(person)
    assert EXPIRED in reply.text
    assert clockwork.expires(MONDAY + 4 * DAY) == clockwork.recalls(MONDAY + 4 * DAY) == 0
    with clockwork.database.reading() as uow:
        assert uow.connection.execute(select(func.count()).select_from(ATTACHMENT)).scalar_one() == 0
    progress, row = clockwork.progress(person), clockwork.row(person)
    assert (progress.draft, progress.step, progress.choices) == (None, None, ())
    assert (row.draft_touched_at, row.recalls) == (None, 0)
    assert "Ada foto?" in person.says(TEXT) or "tepatnya" in person.last


def test_the_end_comes_by_day(clockwork: Clockwork) -> None:
    """Not in quiet hours: whoever writes at night may still go on."""
    person = clockwork.person(now=MONDAY + timedelta(hours=12))  # 21.05
    person.says(TEXT)
    assert clockwork.expires(person.now + 3 * DAY) == 0
    assert clockwork.expires(person.now + 3 * DAY + timedelta(hours=10)) == 1


def test_some_are_not_told_of_the_end(clockwork: Clockwork) -> None:
    """By SMS it would cost money; others want no news, cannot be reached, or come by themselves."""
    texter, stopped, blocked, sitter = (
        clockwork.person(channel)
        for channel in (Channel.SMS, Channel.TELEGRAM, Channel.TELEGRAM, Channel.CONSOLE)
    )
    for one in (texter, stopped, blocked, sitter):
        one.says(TEXT)
    stopped.says("STOP")
    blocked.sends(notice=Notice.BLOCKED)
    assert clockwork.expires(MONDAY + 3 * DAY) == 4
    for one in (texter, stopped, blocked, sitter):
        assert clockwork.progress(one).draft is None
        assert not any(EXPIRED in reply.text for reply in clockwork.news(one))


# --- message ids ---


def test_old_message_ids_are_forgotten(clockwork: Clockwork) -> None:
    """After the deployment's time, not before."""
    days = clockwork.service.deployment.retention.inbound_days
    with clockwork.database.writing() as uow:
        for number, age in enumerate((0, days, days + 1, days + 2)):
            inbox.record_inbound(uow, Channel.TELEGRAM, str(number), MONDAY - timedelta(days=age))
    assert clockwork.run(forget_inbound, MONDAY) == 2
    with clockwork.database.reading() as uow:
        left = uow.connection.execute(select(INBOUND.c.external_id).order_by(INBOUND.c.id))
        assert list(left.scalars()) == ["0", "1"]


@pytest.mark.parametrize("work", [recall_drafts, expire_drafts, forget_inbound])
def test_no_job_reads_a_whole_table(clockwork: Clockwork, kind: str, work: Work) -> None:
    """What there is to do is found by an index, in its order."""
    with statements(clockwork.database) as seen:
        clockwork.run(work, MONDAY)
    queries = [one for one in seen if not one[0].startswith("BEGIN")]
    assert queries
    with clockwork.database.writing() as uow:
        if kind == "postgresql":  # with next to no rows it would rather read them all, and sort them
            uow.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            uow.connection.exec_driver_sql("SET LOCAL enable_sort = off")
        explain = "EXPLAIN QUERY PLAN " if kind == "sqlite" else "EXPLAIN "
        for statement, parameters in queries:
            plan = str(list(uow.connection.exec_driver_sql(explain + statement, parameters)))
            assert "ix_conversation_draft_touched_at" in plan or "ix_inbound_received_at" in plan, plan
            assert "SCAN" not in plan, plan
            assert "Seq Scan" not in plan, plan


def test_killed_and_run_again(clockwork: Clockwork) -> None:
    """Wherever a run was cut off, in the end everybody has been told once, and whose time was up has lost the draft."""
    fuse = Fuse()
    fuse.watch(clockwork.database)
    for survived in itertools.count():
        fresh, old, texter = clockwork.person(), clockwork.person(), clockwork.person(Channel.SMS)
        fresh.now = texter.now = MONDAY + 2 * DAY
        old.now = MONDAY - DAY
        for one in (fresh, old, texter):
            one.says(TEXT)
        now = MORNING + 2 * DAY
        fuse.left = survived
        with suppress(Dead):
            clockwork.recalls(now)
            clockwork.expires(now)
        was_killed, fuse.left = fuse.left < 0, None
        clockwork.recalls(now)
        clockwork.expires(now)
        assert [RECALL in reply.text for reply in clockwork.news(fresh)] == [True]
        assert [reply.text for reply in clockwork.news(texter)] != []
        assert len(texter.heard) == 1
        assert [EXPIRED in reply.text for reply in clockwork.news(old)] == [True]
        assert clockwork.progress(old).draft is None
        assert clockwork.progress(fresh).asked == clockwork.progress(texter).asked == 2
        if not was_killed:
            assert survived > 10
            return
