"""What befalls a town, and when: drawn from a seed, which alone tells it again."""

import random
from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """How a town is served."""

    POLLING = "polling"
    TWILIO = "twilio"
    GATEWAY = "gateway"
    SMALL_DISK = "small-disk"
    #: one process
    POSTGRESQL = "postgresql"
    #: two or three processes of each role
    SEVERAL = "several"


class Kind(StrEnum):
    KILLED = "killed at some moment"
    KILLED_SENDING = "killed when a message has left, before the answer comes"
    KILLED_UNSENT = "killed when a message is on its way and does not arrive"
    KILLED_POSTED = "killed when a webhook is posted, before its answer"
    KILLED_TAKEN = "killed right after a webhook was taken"
    CRASHED = "killed at a point named in the code"
    STOPPED = "told to stop, and started again"
    LOST = "a message leaves, its answer breaks off"
    BROKEN = "a message does not leave, the answer breaks off"
    REFUSED = "Telegram refuses with 502"
    THROTTLED = "Telegram refuses with 429"
    SLOW = "Telegram takes its time to answer"
    AWAY = "Telegram is down for seconds"
    REPEATED = "updates are posted twice at once"
    RENUMBERED = "updates are numbered anew, as after a week of silence"
    SMS_LOST = "a text leaves, its answer breaks off"
    SMS_REFUSED = "the SMS provider refuses with 503"
    REPORTS_TWICE = "delivery reports come twice, the last one first"
    REPORTS_NEVER = "no delivery reports come, until all is over"
    LOCKED = "another program holds the SQLite file"
    FULL = "the disk is full for seconds"
    CUT = "the database server cuts all connections"
    CLOSED = "the database server lets nobody in for seconds"
    CLOCK = "jobs are run by hand, twice at once"
    JOB_CRASHED = "killed in the middle of a job's batch, and the job is run again, twice at once"
    POISON = "a message makes the program fail, and is tried again when that is mended"
    DAY = "a day passes while nothing can be sent"
    SET = "the machine's clock is set: by seconds, forward or back, or back by hours"


KILLS = frozenset(
    {Kind.KILLED, Kind.KILLED_SENDING, Kind.KILLED_UNSENT, Kind.KILLED_POSTED, Kind.KILLED_TAKEN}
)
_EVERYWHERE = (
    *(Kind.KILLED, Kind.KILLED_SENDING, Kind.KILLED_UNSENT, Kind.STOPPED, Kind.LOST, Kind.BROKEN),
    *(Kind.REFUSED, Kind.THROTTLED, Kind.SLOW, Kind.AWAY, Kind.CLOCK, Kind.JOB_CRASHED, Kind.POISON),
    *(Kind.DAY, Kind.SET),
)
_POSTED = (Kind.KILLED_POSTED, Kind.KILLED_TAKEN, Kind.REPEATED, Kind.RENUMBERED)
_SMS = (Kind.SMS_LOST, Kind.SMS_REFUSED, Kind.REPORTS_TWICE, Kind.REPORTS_NEVER)
_SERVER = (Kind.CUT, Kind.CLOSED)
#: what can befall which town
POSSIBLE = {
    Way.POLLING: (*_EVERYWHERE, Kind.LOCKED),
    Way.TWILIO: (*_EVERYWHERE, *_POSTED, *_SMS, Kind.LOCKED),
    Way.GATEWAY: (*_EVERYWHERE, *_POSTED, *_SMS, Kind.LOCKED),
    Way.SMALL_DISK: (*_EVERYWHERE, *_POSTED, Kind.FULL),
    Way.POSTGRESQL: (*_EVERYWHERE, *_POSTED, *_SERVER),
    Way.SEVERAL: (*_EVERYWHERE, *_POSTED, *_SERVER),
}
#: the short form, part of every run of the tests: each kind once, but for the full disk, which needs root
SHORT = {
    Way.POLLING: (Kind.SLOW, Kind.LOCKED, Kind.KILLED, Kind.CLOCK, Kind.POISON),
    Way.TWILIO: (
        *(Kind.REPORTS_NEVER, Kind.SMS_LOST, Kind.REPEATED, Kind.RENUMBERED, Kind.KILLED_TAKEN),
        *(Kind.CRASHED, Kind.SET, Kind.DAY),
    ),
    Way.GATEWAY: (Kind.REPORTS_TWICE, Kind.SMS_REFUSED, Kind.BROKEN, Kind.KILLED_POSTED, Kind.THROTTLED),
    Way.POSTGRESQL: (
        *(Kind.LOST, Kind.KILLED_SENDING, Kind.CUT, Kind.STOPPED, Kind.CLOSED, Kind.REFUSED),
        *(Kind.KILLED_UNSENT, Kind.AWAY, Kind.JOB_CRASHED),
    ),
}


@dataclass(frozen=True)
class Misfortune:
    kind: Kind
    #: requests on either wire before it happens, from when the ones before it are over
    after: int
    #: whatever it has to choose
    draw: int


@dataclass(frozen=True)
class Plan:
    seed: int
    misfortunes: tuple[Misfortune, ...]

    def __str__(self) -> str:
        lines = [f"seed {self.seed}"]
        lines += [f"  {one.after:2} requests later: {one.kind} ({one.draw})" for one in self.misfortunes]
        return "\n".join(lines)


def drawn(way: Way, seed: int) -> Plan:
    """Return a kill by what is seen on the wire, one at a named point, and three other misfortunes."""
    draw = random.Random(f"{way}:{seed}")
    possible = POSSIBLE[way]
    kinds = [*draw.sample([kind for kind in possible if kind in KILLS], 1), Kind.CRASHED]
    kinds += draw.sample([kind for kind in possible if kind not in kinds], 3)
    draw.shuffle(kinds)
    return _plan(seed, kinds, draw)


def short(way: Way) -> Plan:
    """Return the misfortunes of the short form."""
    return _plan(0, SHORT[way], random.Random(0))


def _plan(seed: int, kinds: tuple[Kind, ...] | list[Kind], draw: random.Random) -> Plan:
    return Plan(seed, tuple(Misfortune(kind, draw.randrange(1, 13), draw.randrange(1000)) for kind in kinds))
