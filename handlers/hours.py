"""Times of day where the deployment is: when nothing that can wait is sent, and when the morning's news leaves."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.deployment_parts import QuietHours

#: what waited for the morning leaves at this local time, or at the end of the quiet hours if that is later
MORNING = time(8)


def is_quiet(at: datetime, quiet: QuietHours, zone: ZoneInfo) -> bool:
    """Tell whether an instant lies in the quiet hours."""
    return quiet.cover(at.astimezone(zone).time())


def last_morning(at: datetime, quiet: QuietHours, zone: ZoneInfo) -> datetime:
    """Return the last instant, not after `at`, when the morning's news left."""
    return last_time(at, max(MORNING, quiet.end), zone)


def last_time(at: datetime, clock: time, zone: ZoneInfo) -> datetime:
    """Return the last instant, not after `at`, when local clocks showed this time."""
    today = at.astimezone(zone).date()
    then = datetime.combine(today, clock, zone)
    return then if then <= at else datetime.combine(today - timedelta(days=1), clock, zone)


def next_waking(at: datetime, quiet: QuietHours, zone: ZoneInfo) -> datetime:
    """Return when what can wait may be sent: at once, or in quiet hours when the morning's news leaves."""
    if not is_quiet(at, quiet, zone):
        return at
    return (last_morning(at, quiet, zone) + timedelta(days=1)).astimezone(UTC)
