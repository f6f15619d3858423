"""Loading libraries without what they load for no use of ours."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_rich() -> Iterator[None]:
    """Have what is loaded inside do without rich, as where that is not installed: 5 MiB and 0.03 s.

    structlog takes it for tracebacks that we do not print so, httpx for a command line.
    """
    if "rich" in sys.modules:
        yield
        return
    sys.modules["rich"] = None  # type: ignore[assignment] # to import it is an ImportError now
    try:
        yield
    finally:
        del sys.modules["rich"]
