"""Keeps the tests at home: whoever connects to another machine, or asks for its address, fails."""

import ipaddress
import socket
import sys
from typing import Any

#: what was tried; a test whose code swallows the error fails by this
attempts: list[str] = []


class OutsideError(RuntimeError):
    """A test wanted to talk to the world."""


def guard() -> None:
    """Watch this process from now on (an audit hook cannot be taken back)."""
    sys.addaudithook(_audit)


def _audit(event: str, args: tuple[Any, ...]) -> None:
    if event in {"socket.connect", "socket.sendto"}:
        family, address = args[0].family, args[1]
        if family in {socket.AF_INET, socket.AF_INET6} and not _is_local(str(address[0])):
            _refuse(f"connection to {address[0]}")
    elif event == "socket.getaddrinfo" and args[0] is not None and not _is_local(_text(args[0])):
        _refuse(f"address of {_text(args[0])}")


def _text(host: str | bytes) -> str:
    return host.decode() if isinstance(host, bytes) else host


def _is_local(host: str) -> bool:
    if host in {"", "localhost"}:
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse(what: str) -> None:
    attempts.append(what)
    raise OutsideError(f"tests stay on this machine; this one asked for the {what}")
