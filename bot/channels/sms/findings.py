"""What a look at a provider's side of the set-up brings to light; `kanal doctor` finds the words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing seen at the provider."""

    #: our word for it
    code: str
    #: SMS will not work, or not both ways; False: good to know
    is_fault: bool = True
    expected: str | None = None
    found: str | None = None
