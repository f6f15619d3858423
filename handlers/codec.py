"""Messages as the JSON that rows hold."""

from pydantic import TypeAdapter

from handlers.messages import Inbound, Reply

_INBOUND = TypeAdapter(Inbound)
_REPLY = TypeAdapter(Reply)


def dump_inbound(inbound: Inbound) -> str:
    return _INBOUND.dump_json(inbound, exclude_defaults=True).decode()


def load_inbound(text: str) -> Inbound:
    return _INBOUND.validate_json(text)


def dump_reply(reply: Reply) -> str:
    return _REPLY.dump_json(reply, exclude_defaults=True).decode()


def load_reply(text: str) -> Reply:
    return _REPLY.validate_json(text)
