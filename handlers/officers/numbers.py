"""Which report a wrong number was meant to be."""

from handlers.cases.numbers import show
from handlers.officers.cards import category_of
from handlers.officers.proposals import numbers_like
from handlers.officers.seat import Seat
from storage.queries import handling


def find_meant(seat: Seat, digits: str) -> list[tuple[str, str]]:
    """Return numbers that a slip of one digit makes out of this one, with what they are about."""
    found = []
    for number in numbers_like(seat, digits):
        case = handling.find_case(seat.uow, number)
        if case is not None:
            label = f"{show(seat.service.deployment.number, number)} · {category_of(seat.service, case, seat.voice)}"
            found.append((number, label))
    return found
