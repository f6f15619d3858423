"""Where a request came from: straight from its sender, or by way of a proxy."""

from starlette.datastructures import Headers


def is_forwarded(headers: Headers) -> bool:
    """Tell whether a proxy passed a request on, by the headers in which they say so (RFC 7239, RFC 9110, custom)."""
    return any(
        name in {"forwarded", "via", "x-real-ip"} or name.startswith("x-forwarded-") for name in headers
    )
