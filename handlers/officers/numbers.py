"""Which report a wrong number was meant to be."""

from handlers.cases.numbers import show
from handlers.moves import as_outside_number
from handlers.officers.arguments import read_one
from handlers.officers.cards import category_of
from handlers.officers.commands import Arg
from handlers.officers.proposals import numbers_like
from handlers.officers.seat import Seat
from storage.queries import handling

#: shorter words with a digit are something else
_SHORTEST = 3
#: of words that may be another body's number, so many are looked up
_TRIED = 3


def with_our_number(seat: Seat, text: str) -> str:
    """Return the text with our number in the place of one that a body outside gave; itself where there is none.

    Theirs have letters, or digits that are no number of ours.
    """
    deployment = seat.service.deployment
    if read_one(text, Arg.NUMBER, deployment, seat.today):
        return text
    words = [word for word in text.split() if any(map(str.isdecimal, word)) and len(word) > _SHORTEST]
    for word in words[:_TRIED]:
        case = handling.find_case(seat.uow, as_outside_number(word))
        if case is not None:
            return text.replace(word, case.number, 1)
    return text


def find_meant(seat: Seat, digits: str) -> list[tuple[str, str]]:
    """Return numbers that a slip of one digit makes out of this one, with what they are about."""
    found = []
    for number in numbers_like(seat, digits):
        case = handling.find_case(seat.uow, number)
        if case is not None:
            label = f"{show(seat.service.deployment.number, number)} · {category_of(seat.service, case, seat.voice)}"
            found.append((number, label))
    return found
