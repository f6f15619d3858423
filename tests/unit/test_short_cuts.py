"""Short cuts of reading leave out nothing that the full look-up finds."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.conversation import dates
from handlers.conversation.phrases import Parts, _Spread
from tests.talk import knowledge

_GAZETTEER = knowledge().gazetteer
#: words of days, and what stands between them
_OF_DAYS = (
    *dates._MONTHS, *dates.WEEKDAYS, *dates.NUMBERS, *dates._UNITS, *dates._FEASTS, *dates._SINCE_WORD.split("|"),
    *"kemarin kmrn lusa lalu lewat silam wingi ago yg tadi td malam mlm pagi hari ini barusan baru saja".split(),
    *"this last night just now today yesterday day before of sudah selama hampir tidak bisa mati rusak tgl".split(),
    *"on bulan bln awal tahun terakhir habis st th se- sebulan 1 15 31 2026 15/8 1/8/26 24.8.2026 , - / ٣".split(),
)  # fmt: skip
_AS_DAYS = st.lists(st.sampled_from(_OF_DAYS), max_size=8)
#: what some rule reads
_READ = st.sampled_from(dates._RULES).flatmap(lambda rule: st.from_regex(rule.pattern))
_OF_PLACES = sorted({part for words in _GAZETTEER._names for part in (*words, "".join(words))})
_WORD = st.sampled_from("abcd")
_PARTS = st.lists(st.lists(_WORD, min_size=1, max_size=2).map(tuple), min_size=2, max_size=3).map(tuple)


@given(st.builds(str.join, st.sampled_from(["", " "]), _AS_DAYS) | _READ | st.text(max_size=60))
def test_rules_of_days(text: str) -> None:
    """A rule that is left out, as a text says nothing that it needs, reads nothing in it."""
    spaced = dates._spaced(text)
    tried = dates._rules_for(spaced)
    left_out = [rule for rule in dates._RULES if rule not in tried]
    assert [rule.pattern.pattern for rule in left_out if rule.pattern.search(spaced)] == []


@given(st.lists(_PARTS, max_size=12), st.frozensets(_WORD))
def test_phrases_in_parts(phrases: list[Parts], present: frozenset[str]) -> None:
    """Of phrases in several parts all those are found whose words are there, in their order."""
    numbered = [(parts, number) for number, parts in enumerate(phrases)]
    held = [(parts, n) for parts, n in numbered if all(present.issuperset(part) for part in parts)]
    assert _Spread(numbered).held_by(present) == held


@given(
    st.lists(
        st.sampled_from(_OF_PLACES) | st.text("aiunsgre", min_size=1, max_size=8), min_size=1, max_size=5
    ),
    st.integers(0, 12),
)
def test_beginnings_of_places(told: list[str], end: int) -> None:
    """No name, together or apart, begins by a word that is the beginning of none."""
    words = (told[0][:end] or told[0], *told[1:])
    is_tried = words[0] in _GAZETTEER._beginnings
    found = [_GAZETTEER._exact(words, 0, length) for length in range(1, len(words) + 1)]
    assert is_tried or not any(found)
