"""What becomes of a message after it left: delivery reports, addresses that are lost, the other address."""

from datetime import datetime, timedelta

from handlers.delivery_states import advance
from handlers.messages import DeliveryReport
from storage.db import UnitOfWork
from storage.queries import conversations, outbox
from storage.queries.outbox import Handed
from storage.vocabulary import DeliveryState, Fault

#: attempts in all for a message that the network loses on its way
ATTEMPTS = 3
#: pause before it is sent again
PAUSE = timedelta(minutes=10)
#: an answer that comes later answers a question nobody remembers
STALE = timedelta(hours=4)


def note_delivery(uow: UnitOfWork, report: DeliveryReport, now: datetime) -> bool:
    """Keep what a provider reports of a message, and act on a failure; False: no such message (yet)."""
    message = outbox.find_handed(uow, report.channel, report.provider_id)
    if message is None:
        return False
    old = DeliveryState(message.delivery_state) if message.delivery_state else None
    step = advance(old, report.state)
    if step.is_late_failure:
        outbox.note_late_failure(uow, message.id, report.code)
    if step.has_moved:
        outbox.note_report(uow, message.id, step.state, report.code, now)
        if step.state is DeliveryState.FAILED:
            _failed(uow, message, report, now)
    return True


def _failed(uow: UnitOfWork, message: Handed, report: DeliveryReport, now: datetime) -> None:
    is_passing = report.fault in (Fault.UNREACHABLE, Fault.THROTTLED)
    if is_passing and message.attempts < ATTEMPTS and now - message.created_at < STALE:
        outbox.queue_again(uow, message.id, report.code, now + PAUSE)
    elif report.fault is Fault.BLOCKED:
        lose_address(uow, message.id, message.address_id, now)
    else:
        redirect(uow, message.id, message.address_id, now)


def lose_address(uow: UnitOfWork, outbound_id: int, address_id: int, now: datetime) -> None:
    """Note that an address cannot be reached, and try the reporter's other one."""
    conversations.set_unreachable(uow, address_id, now)
    redirect(uow, outbound_id, address_id, now)


def redirect(uow: UnitOfWork, outbound_id: int, address_id: int, now: datetime) -> None:
    """Send a message about a report to another address it is followed from, if there is one."""
    report_id = outbox.find_report_of(uow, outbound_id)
    reach = conversations.find_reach(uow, report_id, besides=address_id) if report_id else None
    if reach is not None:
        outbox.copy_to(uow, outbound_id, reach.address_id, reach.channel, now)
