"""What becomes of a message after it left: delivery reports, addresses that are lost, the other address."""

from datetime import datetime, timedelta

from handlers import news
from handlers.delivery_states import advance
from handlers.messages import DeliveryReport
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import conversations, handling, outbox, sent
from storage.queries.sent import Handed
from storage.vocabulary import DeliveryState, Fault, Priority

#: attempts in all for a message that the network loses on its way
ATTEMPTS = 3
#: pause before it is sent again
PAUSE = timedelta(minutes=10)
#: an answer that comes later answers a question nobody remembers
STALE = timedelta(hours=4)
#: so long somebody who has asked something looks for the answer
AWAITED = timedelta(minutes=15)


def note_delivery(uow: UnitOfWork, service: Service, report: DeliveryReport, now: datetime) -> bool:
    """Keep what a provider reports of a message, and act on a failure; False: no such message (yet)."""
    message = sent.find_handed(uow, report.channel, report.provider_id)
    if message is None:
        return False
    old = DeliveryState(message.delivery_state) if message.delivery_state else None
    step = advance(old, report.state)
    if step.is_late_failure:
        sent.note_late_failure(uow, message.id, report.code)
    if step.has_moved:
        sent.note_report(uow, message.id, step.state, report.code, now)
        if step.state is DeliveryState.FAILED:
            _failed(uow, service, message, report, now)
    return True


def _failed(
    uow: UnitOfWork, service: Service, message: Handed, report: DeliveryReport, now: datetime
) -> None:
    is_passing = report.fault in (Fault.UNREACHABLE, Fault.THROTTLED)
    if is_passing and message.attempts < ATTEMPTS and now - message.created_at < STALE:
        sent.queue_again(uow, message.id, report.code, now + PAUSE)
        return
    redirect(uow, service, message.id, now)
    if report.fault is Fault.BLOCKED:
        lose_address(uow, service, message.address_id, now)


def lose_address(uow: UnitOfWork, service: Service, address_id: int, now: datetime) -> None:
    """Note that an address cannot be reached; the news that waits for it goes where else the reporter is."""
    conversations.set_unreachable(uow, address_id, now)
    for outbound_id in outbox.give_up_news(uow, address_id):
        redirect(uow, service, outbound_id, now)


def redirect(uow: UnitOfWork, service: Service, outbound_id: int, now: datetime) -> None:
    """Send a message to a reporter to another address of theirs; without one, who handles the report is told.

    A message to an officer about a report goes nowhere else: least of all to the reporter.
    """
    message = sent.get_subject(uow, outbound_id)
    if message.report_id is None or not conversations.is_theirs(uow, message.report_id, message.address_id):
        return
    reach = conversations.find_reach(uow, message.report_id, besides=message.address_id)
    if reach is not None:
        # Whoever has just asked is awake.
        is_awaited = message.priority == Priority.DIRECT and now - message.created_at < AWAITED
        waking = service.next_waking(now)
        due_at = now if is_awaited else waking
        sent.copy_to(uow, outbound_id, reach.address_id, reach.channel, now=now, due_at=due_at)
    elif message.priority != Priority.DIRECT:  # an answer that is lost is asked for again
        news.note_undelivered(uow, service, handling.read_case(uow, message.report_id), now)
