"""A provider as the machine sees it: takes messages, refuses them by script, holds files."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Sequence

from bot.channels.base import FetchError, OutFile, SendResult
from bot.pacing import Limits
from handlers.messages import Address, Reply
from storage.vocabulary import Channel


class FakeChannel:
    """Implements `bot.channels.base.Channel`; remembers what it took, in order."""

    def __init__(self, name: Channel = Channel.TELEGRAM, limits: Limits | None = None) -> None:
        self.name = name
        self.limits = limits or Limits()
        self.takes_files = name is not Channel.SMS
        #: (identifier, text) of each message that arrived
        self.arrived: list[tuple[str, str]] = []
        #: whole replies that arrived, and what came along
        self.replies: list[Reply] = []
        self.enclosed: list[list[OutFile]] = []
        #: the same of each attempt, and the keys they carried
        self.tried: list[tuple[str, str]] = []
        self.keys: list[str | None] = []
        #: raised by attempts to come, by identifier; "" stands for anybody
        self._faults: defaultdict[str, deque[BaseException]] = defaultdict(deque)
        self.files: dict[str, bytes | Exception] = {}
        self.fetched: list[str] = []
        #: sending waits for this
        self.gate = asyncio.Event()
        self.gate.set()
        #: attempts under way, by identifier, and the most there were at once
        self._under_way: defaultdict[str, int] = defaultdict(int)
        self.most_at_once = 0
        #: the same for one address
        self.most_for_one = 0

    def fail(self, *faults: BaseException, identifier: str = "") -> None:
        """Raise these, one for each attempt to come."""
        self._faults[identifier].extend(faults)

    async def send(
        self, to: Address, reply: Reply, *, key: str | None = None, files: Sequence[OutFile] = ()
    ) -> SendResult:
        self.tried.append((to.identifier, reply.text))
        self.keys.append(key)
        self._under_way[to.identifier] += 1
        self.most_for_one = max(self.most_for_one, self._under_way[to.identifier])
        self.most_at_once = max(self.most_at_once, sum(self._under_way.values()))
        try:
            await self.gate.wait()
            for name in (to.identifier, ""):
                if self._faults[name]:
                    raise self._faults[name].popleft()
            self.arrived.append((to.identifier, reply.text))
            self.replies.append(reply)
            self.enclosed.append(list(files))
            return SendResult(provider_id=str(len(self.arrived)), parts=1)
        finally:
            self._under_way[to.identifier] -= 1

    async def fetch(self, ref: str, max_bytes: int) -> bytes:
        self.fetched.append(ref)
        content = self.files.get(ref, FetchError("unknown", is_final=True))
        if isinstance(content, Exception):
            raise content
        if len(content) > max_bytes:
            raise FetchError("too_big", is_final=True)
        return content

    def texts(self, identifier: str | None = None) -> list[str]:
        """The texts that arrived, all or one person's."""
        return [text for to, text in self.arrived if identifier in {None, to}]
