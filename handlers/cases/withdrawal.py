"""Which reports their reporter can still take back."""

from storage.vocabulary import CaseState

#: what is over already, or is handled outside, where our word does not reach
_TOO_LATE = frozenset({CaseState.SETTLED, CaseState.ARCHIVED, CaseState.FORWARDED})


def may_be_withdrawn(state: CaseState) -> bool:
    return state not in _TOO_LATE
