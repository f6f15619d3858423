"""What both providers have in common on the way out."""

from datetime import timedelta
from typing import Final

from bot.channels.base import SendError
from handlers.messages import Address
from storage.vocabulary import Fault

#: How long the network may hold a text back from a phone that is off or out of reach. A reply that comes
#: later answers a question nobody remembers, and news due today must not arrive tomorrow; who asks for the
#: status hears it again. Twilio takes 1 second to 10 hours.
VALID_FOR: Final = timedelta(hours=4)


def number_of(to: Address) -> str:
    """Return the number to send to. Raises SendError if the address is not in E.164."""
    number = to.identifier
    if not (number.startswith("+") and number[1:].isascii() and number[1:].isdecimal()):
        raise SendError(Fault.REJECTED, code="bad_address")
    return number
