"""What an operator can mend."""


class Mistake(Exception):  # noqa: N818 - it is told to people, in these words
    """The message has one line for each thing that is wrong: what it is, and what to do about it."""
