"""Queue, lease, settle: what the statements do and that they stay quick."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, insert, select, text

from storage.db import Database
from storage.queries import departures, outbox
from storage.queries.outbox import OUTBOUND, Settlement
from storage.vocabulary import Channel, OutboundState, Priority
from tests import builders
from tests.fakes.clock import MONDAY

UNTIL = MONDAY + timedelta(seconds=90)


def lease_ids(database: Database, room: int = 100) -> list[int]:
    with database.writing() as uow:
        return [one.id for one in outbox.lease(uow, Channel.TELEGRAM, room, MONDAY, UNTIL)]


def row_of(database: Database, outbound_id: int) -> Any:
    with database.reading() as uow:
        return uow.connection.execute(select(OUTBOUND).where(OUTBOUND.c.id == outbound_id)).one()


@pytest.fixture
def leased(database: Database) -> outbox.Leased:
    """A message that is being sent."""
    with database.writing() as uow:
        builders.queue(uow)
        (one,) = outbox.lease(uow, Channel.TELEGRAM, 1, MONDAY, UNTIL)
    return one


def settle(database: Database, *settlements: Settlement) -> None:
    with database.writing() as uow:
        outbox.settle(uow, settlements)


def test_a_lease_opens_what_was_sealed(leased: outbox.Leased) -> None:
    """Address and text come back as they were queued."""
    assert (leased.identifier, leased.attempts, leased.priority) == ("1001", 1, Priority.DIRECT)
    assert "baik" in leased.payload


def test_a_lease_takes_no_more_than_there_is_room_for(database: Database) -> None:
    """The most urgent first, then the longest due."""
    with database.writing() as uow:
        builders.queue(uow, "1", priority=Priority.BULK)
        builders.queue(uow, "2", priority=Priority.NEWS)
        builders.queue(uow, "3", due_at=MONDAY - timedelta(seconds=1))
        builders.queue(uow, "4", due_at=MONDAY - timedelta(seconds=2))
    assert lease_ids(database, room=3) == [4, 3, 2]


def test_what_is_of_no_use_any_more_is_not_sent(database: Database) -> None:
    """It says so, does not hold up what comes after it, and stays unsent when somebody tries it again."""
    with database.writing() as uow:
        builders.queue(uow, priority=Priority.NEWS, useful_until=MONDAY)
        builders.queue(uow, priority=Priority.NEWS, useful_until=MONDAY + timedelta(seconds=1))
    assert lease_ids(database) == [2]
    assert (row_of(database, 1).state, row_of(database, 1).code) == (OutboundState.DEAD, "late")
    with database.writing() as uow:
        assert outbox.retry_dead(uow, {1}, MONDAY) == 1
    assert lease_ids(database) == []


def test_nothing_is_leased_twice(database: Database, leased: outbox.Leased) -> None:
    """Nor what comes after it at the same address, whatever its urgency."""
    with database.writing() as uow:
        builders.queue(uow)
        builders.queue(uow, "2")
    assert lease_ids(database) == [3]


def test_a_terminal_leaves_what_is_for_others(database: Database) -> None:
    """To take it and give it back would keep it from the terminal that waits for it."""
    with database.writing() as uow:
        for identifier in ("1", "2"):
            builders.queue(uow, identifier)
        (one,) = outbox.lease(uow, Channel.TELEGRAM, 9, MONDAY, UNTIL, only="2")
    assert one.identifier == "2"
    assert row_of(database, 1).attempts == 0


def test_a_row_that_is_not_due_is_left(database: Database) -> None:
    with database.writing() as uow:
        builders.queue(uow, due_at=MONDAY + timedelta(microseconds=1))
    assert lease_ids(database) == []


def test_settling_twice_changes_nothing(database: Database, leased: outbox.Leased) -> None:
    """A settlement whose commit broke off is written down again."""
    done = Settlement(leased.id, leased.attempts, OutboundState.SENT, provider_id="77", sent_at=MONDAY)
    settle(database, done)
    first = row_of(database, leased.id)
    settle(database, done)
    settle(database, Settlement(leased.id, leased.attempts, OutboundState.DEAD, code="late"))
    assert row_of(database, leased.id) == first


def test_putting_back_does_not_count(database: Database, leased: outbox.Leased) -> None:
    """And is done once, however often it is said."""
    back = Settlement(
        leased.id, leased.attempts, OutboundState.PENDING, due_at=MONDAY, code="paced", was_tried=False
    )
    settle(database, back)
    settle(database, back)
    assert row_of(database, leased.id).attempts == 0


def test_a_late_failure_does_not_undo_a_later_lease(database: Database, leased: outbox.Leased) -> None:
    """The lease ran out, another attempt is under way: the first one's failure is no longer of interest."""
    with database.writing() as uow:
        (again,) = outbox.lease(uow, Channel.TELEGRAM, 1, UNTIL, UNTIL + timedelta(seconds=90))
    assert again.attempts == 2
    settle(database, Settlement(leased.id, leased.attempts, OutboundState.DEAD, code="late"))
    assert row_of(database, leased.id).state == "leased"


def test_a_late_success_counts_whoever_holds_the_lease(database: Database, leased: outbox.Leased) -> None:
    """It was sent: nobody must send it again."""
    with database.writing() as uow:
        outbox.lease(uow, Channel.TELEGRAM, 1, UNTIL, UNTIL + timedelta(seconds=90))
    settle(database, Settlement(leased.id, leased.attempts, OutboundState.SENT, sent_at=MONDAY))
    assert row_of(database, leased.id).state == "sent"


def test_many_are_settled_together(database: Database) -> None:
    """Sent, dead and later in one call."""
    with database.writing() as uow:
        for number in range(6):
            builders.queue(uow, str(number))
    ids = lease_ids(database)
    states = [OutboundState.SENT, OutboundState.DEAD, OutboundState.PENDING] * 2
    settle(
        database,
        *(
            Settlement(
                one,
                1,
                state,
                code="x",
                due_at=MONDAY if state is OutboundState.PENDING else None,
                sent_at=MONDAY,
            )
            for one, state in zip(ids, states, strict=True)
        ),
    )
    assert [row_of(database, one).state for one in ids] == states


def test_releasing_touches_leases_only(database: Database) -> None:
    """What waits for its own time keeps waiting."""
    later = MONDAY + timedelta(hours=1)
    with database.writing() as uow:
        builders.queue(uow, "1")
        builders.queue(uow, "2", due_at=later)
        builders.queue(uow, "+62811", channel=Channel.SMS)
    lease_ids(database)
    with database.writing() as uow:
        assert departures.release_leases(uow, [Channel.TELEGRAM], MONDAY, MONDAY) == 1
    assert (row_of(database, 1).state, row_of(database, 1).due_at) == ("pending", MONDAY)
    assert row_of(database, 2).due_at == later


def test_only_named_dead_messages_are_retried(database: Database) -> None:
    with database.writing() as uow:
        for number in range(3):
            builders.queue(uow, str(number))
    ids = lease_ids(database)
    settle(database, *(Settlement(one, 1, OutboundState.DEAD, code="x") for one in ids))
    with database.writing() as uow:
        assert outbox.retry_dead(uow, [ids[1]], MONDAY) == 1
        assert [one.id for one in outbox.list_waiting(uow, [OutboundState.PENDING], 9)] == [ids[1]]
        assert outbox.count_open(uow) == {"telegram": 1}


def test_the_database_keeps_open_rows_due(database: Database, leased: outbox.Leased) -> None:
    """A sent row with a due time, or an open one without, cannot exist."""
    for change in (
        "due_at = NULL",
        "state = 'sent'",
        "state = 'lost'",
        "priority = 'soon'",
        "delivery_state = 'x'",
    ):
        with pytest.raises(Exception, match=r"(?i)check"), database.writing() as uow:
            uow.connection.execute(text(f"UPDATE outbound SET {change}"))  # noqa: S608


def _fill(database: Database, waiting: int, due: int, addresses: int) -> None:
    """An outbox with much in it that is not due, much that is, and much that has been sent."""
    with database.writing() as uow:
        ids = [builders.a_contact(uow, str(number)).address_id for number in range(addresses)]
        sealed = uow.vault.seal("{}")
        row = {"channel": "telegram", "payload_sealed": sealed, "attempts": 0, "created_at": MONDAY}
        later = MONDAY + timedelta(hours=8)
        rows = [
            {**row, "state": "pending", "priority": "1-news", "due_at": later} for _ in range(waiting)
        ] + [{**row, "state": "pending", "priority": "2-bulk", "due_at": MONDAY} for _ in range(due)]
        for number, one in enumerate(rows):
            one["address_id"] = ids[number % addresses]
        uow.connection.execute(insert(OUTBOUND), rows)


def test_a_full_outbox_is_not_read_through(
    database: Database, database_url: str, open_database: Callable[[str], Database]
) -> None:
    """What is not due, and what others of the same urgency hold, costs a lease nothing: the plans use the indexes."""
    _fill(database, waiting=2000, due=500, addresses=300)
    statements: list[tuple[str, Any]] = []
    event.listen(
        database.engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, parameters, *_rest: statements.append((statement, parameters)),
    )
    lease_ids(database, room=5)
    candidates = next(one for one in statements if one[0].lstrip().startswith("SELECT"))
    with database.writing() as uow:
        if not database.is_sqlite:
            uow.connection.execute(text("ANALYZE outbound"))
        explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
        plan = "\n".join(
            str(tuple(row)) for row in uow.connection.exec_driver_sql(explain + candidates[0], candidates[1])
        )
    assert "ix_outbound_due" in plan
    assert "SCAN outbound" not in plan.replace("SCAN due", "")
    assert "Seq Scan on outbound" not in plan


def test_ids_count_beyond_32_bits(database: Database) -> None:
    """A busy installation does not stop after two billion messages."""
    with database.writing() as uow:
        address_id = builders.a_contact(uow).address_id
        values = {
            "id": 2**40,
            "address_id": address_id,
            "channel": "telegram",
            "payload_sealed": b"",
            "state": "dead",
            "priority": "2-bulk",
            "attempts": 0,
            "created_at": MONDAY,
        }
        uow.connection.execute(insert(OUTBOUND), values)
        assert uow.connection.execute(select(func.max(OUTBOUND.c.id))).scalar_one() == 2**40
