"""Text as every wire and every database takes it."""


def well_formed(text: str) -> str:
    """Return `text` without what neither a wire nor a database takes: lone surrogates and NUL.

    JSON may carry both; a message that has them must not be one that cannot be stored.
    """
    mended = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return mended.replace("\x00", "")
