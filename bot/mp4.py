"""The boxes of an ISO base media file (MP4, 3GP, QuickTime; ISO/IEC 14496-12), as far as privacy needs them."""

from collections.abc import Iterator

#: boxes whose contents are boxes
_CONTAINERS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf"})
#: what phones and programs note of place, device and time; without it a film plays as before
_NOTES = frozenset({b"udta", b"meta", b"uuid"})
_MAX_DEPTH = 4


def without_notes(content: bytes) -> bytes:
    """Return a film with its notes (place, device) blanked out, each byte else in its place; never raises."""
    notes = list(_find_notes(content, 0, len(content), 0))
    if not notes:
        return content
    film = bytearray(content)
    for start, body, end in notes:
        film[start + 4 : start + 8] = b"free"
        film[body:end] = bytes(end - body)
    return bytes(film)


def _find_notes(content: bytes, at: int, end: int, depth: int) -> Iterator[tuple[int, int, int]]:
    """Yield where notes begin, where their contents do, and where they end."""
    while at + 8 <= end:
        size, name = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        body = at + 8
        if size == 1:  # the real one follows, in 8 bytes
            size, body = int.from_bytes(content[body : body + 8]), body + 8
        stop = min(at + size, end) if size else end  # the last one of a film that was cut off
        if stop < body:
            return
        if name in _NOTES:
            yield at, body, stop
        elif name in _CONTAINERS and depth < _MAX_DEPTH:
            yield from _find_notes(content, body, stop, depth + 1)
        at = stop
