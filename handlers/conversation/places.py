"""The village or district that a text names, among those of the deployment.

A wrong place is worse than a question: a name counts when it is written out, give or take a letter; a part of a
name only where a place is meant ("di", "desa", a text that holds little else).
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from handlers.conversation.words import LOOKED_AT, fold
from handlers.deployment_parts import Area, Places
from storage.vocabulary import AreaLevel


class Found(StrEnum):
    VILLAGE = "village"
    DISTRICT = "district"
    #: several have that name
    AMBIGUOUS = "ambiguous"
    #: several are named
    SEVERAL = "several"
    #: a place that lies elsewhere
    OUTSIDE = "outside"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Match:
    found: Found
    #: areas that may be meant: one if VILLAGE or DISTRICT, in order if AMBIGUOUS or SEVERAL
    codes: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """The person must say which is meant."""
        return self.found in (Found.AMBIGUOUS, Found.SEVERAL)


_NOTHING = Match(Found.NONE)
Words = tuple[str, ...]

# --- words about places, Indonesian in general ---


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ABBREVIATIONS = {
    written: word
    for word, listed in {
        "desa": "ds dsa dessa kel kelurahan desanya",
        "kecamatan": "kec kcmtn kecmatan camat kecamatannya",
        "kabupaten": "kab",
        "dusun": "dsn dukuh",
        "kampung": "kp kpg kmpg kampong",
        "sungai": "sei sungei sngai sungay s",
        "nanga": "ng nga nangah",
        "tanjung": "tj tjg tanjong tjung",
        "bukit": "bkt",
        "lubuk": "lb",
        "teluk": "tlk",
        "seberang": "sebrang sbrg",
        "hulu": "ulu",
        "satu": "1 i",
        "dua": "2 ii",
        "tiga": "3 iii",
        "di": "neng nang ning",
    }.items()
    for written in listed.split()
}
#: a place of this level follows
_LEVELS = {
    **dict.fromkeys(("desa", "kades", "sekdes", "lurah", "bumdes"), AreaLevel.VILLAGE),
    "kecamatan": AreaLevel.DISTRICT,
    "kabupaten": AreaLevel.REGENCY,
}
_HAMLET, _SETTLEMENT = "dusun", "kampung"
#: a place may follow
_ANCHORS = _listed(
    "di ke dari dr warga masyarakat orang daerah wilayah lokasi sekitar area kawasan arah tujuan kampung dusun"
    " alamat sd sdn smp smpn sma paud puskesmas pustu posyandu polindes kantor masjid gereja simpang in at from near"
) | set(_LEVELS)
#: words that name no village by themselves
_GENERIC = _listed(
    "sungai nanga batu bukit teluk lubuk karang lembah balai tanjung hulu hilir satu dua tiga raya indah jaya baru"
    " lama tengah timur barat utara selatan muara pulau kuala"
)
#: words that say nothing about the place in an answer such as "di desa mungguk pak"
_FILLERS = _ANCHORS | _listed(
    "pak bu min admin mas mbak bang kak ya yang yg itu ini nya saja aja mohon tolong saya kami kita adalah namanya"
    " lokasinya tempatnya kejadian kejadiannya provinsi kalbar kota the of village district"
)
#: an elsewhere behind these is a street or a shop ("jalan sintang")
_NAMED_AFTER = _listed("jalan jln jl gang gg toko warung perumahan komplek bus travel makan")

#: letters of a name in which one slip is forgiven, or two
_SHORTEST_SLIP, _SHORTEST_TWO_SLIPS = 6, 11
#: letters of a part of a name
_SHORTEST_PART = 4
#: an answer to "where?", besides the place, not a story
_FEW_WORDS = 3


@dataclass(slots=True)
class _Name:
    """What a phrase may mean."""

    #: areas of just this name
    full: tuple[str, ...] = ()
    #: areas of which it is a part, or that it is a nickname of
    partial: tuple[str, ...] = ()
    is_nickname: bool = False
    is_outside: bool = False


@dataclass(frozen=True, slots=True)
class _Mention:
    codes: tuple[str, ...]
    is_outside: bool = False
    #: words it takes
    length: int = 1
    #: "dusun tanjung" need not lie in the village of that name
    is_hamlet: bool = False


class Gazetteer:
    def __init__(self, areas: Sequence[Area], places: Places | None = None) -> None:
        places = places or Places()
        self._areas: dict[str, Area] = {area.code: area for area in areas}
        self._everyday = frozenset(word for phrase in places.everyday_words for word in phrase.split())
        self._names: dict[Words, _Name] = defaultdict(_Name)
        for area in areas:
            self._add(area)
        for nickname, codes in places.nicknames.items():
            self._names[_words(nickname)] = _Name(partial=codes, is_nickname=True)
        for neighbour in places.neighbours:
            self._names.setdefault(_words(neighbour), _Name(is_outside=True))
        self._longest = max(map(len, self._names), default=1)
        self._joined = {"".join(words): words for words in sorted(self._names, key=len, reverse=True)}
        #: what the first word of a name is, or a word that has swallowed more of it ("sungairingin")
        self._beginnings = frozenset(
            joined[:end] for joined in self._joined for end in range(1, len(joined) + 1)
        )
        self._parts = frozenset(word for words in self._names for word in words) - _GENERIC
        self._never_slips = _FILLERS | self._everyday
        self._by_shape = self._names_by_shape()
        #: one message is looked at from several sides
        self.find = lru_cache(maxsize=LOOKED_AT)(self._find)

    def _names_by_shape(self) -> dict[tuple[str, int], list[str]]:
        """Return names by the first letter and the length of what may be a slip of them."""
        names: dict[tuple[str, int], list[str]] = defaultdict(list)
        for joined, words in self._joined.items():
            is_known = self._names[words].full or self._names[words].is_outside
            for length in (
                range(_SHORTEST_SLIP, len(joined) + 3) if is_known and len(joined) >= _SHORTEST_SLIP else ()
            ):
                if abs(length - len(joined)) <= _slips(length):
                    names[joined[0], length].append(joined)
        return names

    def _add(self, area: Area) -> None:
        words = _words(_bare(area.name))
        full = self._names[words]
        full.full = (*full.full, area.code)
        for start in range(len(words)):
            for end in range(start + 1, len(words) + 1):
                part = words[start:end]
                if part != words and not set(part) <= _GENERIC:
                    name = self._names[part]
                    name.partial = (*name.partial, area.code)

    def _find(self, text: str) -> Match:
        """Return the place a text names. Total: any text, never raises."""
        words = _words(text)
        mentions = list(self._mentions(words))
        told = sum(word not in _FILLERS for word in words)
        rest = told - sum(mention.length for mention in mentions)
        return self._settle(mentions, is_short=rest <= _FEW_WORDS)

    def find_within(self, text: str, codes: Collection[str]) -> Match:
        """Return which of a few areas an answer means; "hulu" is enough where just one has it in its name."""
        found = [code for code in self.find(text).codes if code in codes]
        return self._one_or_several(found or self._loosely(text, codes))

    # --- names in a text ---

    def _mentions(self, words: Words) -> Iterator[_Mention]:
        at = 0
        while at < len(words):
            mention = self._mention(words, at)
            if mention:
                yield mention
            at += mention.length if mention else 1

    def _mention(self, words: Words, at: int) -> _Mention | None:
        looks = []
        if words[at] in self._beginnings:
            looks.append(self._exact)
        if words[at] not in self._never_slips:
            looks.append(self._misspelt)
        several = range(min(self._longest, len(words) - at), 1, -1)
        tries = ((look, length) for lengths in (several, (1,)) for look in looks for length in lengths)
        for look, length in tries:  # a misspelt name of two words goes before half a one
            name = look(words, at, length)
            mention = self._accepted(name, words, at, length) if name else None
            if mention:
                return mention
        return None

    def _exact(self, words: Words, at: int, length: int) -> _Name | None:
        part = words[at : at + length]
        return self._names.get(part) or self._glued(part)

    def _glued(self, part: Words) -> _Name | None:
        """Find "sungairingin"."""
        words = self._joined.get("".join(part))
        return self._names[words] if words and len(words) > len(part) else None

    def _misspelt(self, words: Words, at: int, length: int) -> _Name | None:
        part = words[at : at + length]
        joined = "".join(part)
        if (joined[0], len(joined)) not in self._by_shape or not self._never_slips.isdisjoint(part):
            return None
        is_meant = self._is_anchored(words, at) or len(words) <= length + _FEW_WORDS
        if length == 1 and not is_meant:
            return None
        near = self._nearest(joined)
        if near is None or any(word in self._parts and word not in near for word in part):
            return None
        is_slip = len(near) != length or all(map(_is_slip, part, near))  # "sungai salah" is no "sungai tapah"
        return self._names[near] if is_slip else None

    def _nearest(self, joined: str) -> Words | None:
        candidates = self._by_shape[joined[0], len(joined)]
        near = process.extract(
            joined, candidates, scorer=OSA.distance, score_cutoff=_slips(len(joined)), limit=None
        )
        is_one = len(near) == 1 or (len(near) > 1 and near[0][1] < near[1][1])
        return self._joined[near[0][0]] if is_one else None

    def _accepted(self, name: _Name, words: Words, at: int, length: int) -> _Mention | None:
        """Decide whether the words mean the place, and narrow it down by what stands before them."""
        before = words[at - 1] if at else ""
        if name.is_outside:
            return None if before in _NAMED_AFTER else _Mention((), is_outside=True, length=length)
        if name.is_nickname:
            return _Mention(name.partial, length=length)
        level = _LEVELS.get(before)
        full = name.full if self._is_name_meant(words, at, length) else ()
        partial = name.partial if self._is_part_meant(words, at, length) else ()
        codes = self._of_level(full, level) or self._of_level(partial, level) or (*full, *partial)
        return _Mention(codes, length=length, is_hamlet=before == _HAMLET) if codes else None

    def _is_name_meant(self, words: Words, at: int, length: int) -> bool:
        is_everyday = length == 1 and words[at] in self._everyday
        return not is_everyday or self._is_anchored(words, at) or self._is_alone(words, at, length)

    def _is_part_meant(self, words: Words, at: int, length: int) -> bool:
        is_short = length == 1 and len(words[at]) < _SHORTEST_PART
        if is_short or set(words[at : at + length]) <= self._everyday:
            before = words[at - 1] if at else ""
            return before in _LEVELS or before == _SETTLEMENT or self._is_alone(words, at, length)
        return self._is_anchored(words, at) or len(words) <= length + _FEW_WORDS

    def _is_anchored(self, words: Words, at: int) -> bool:
        return at > 0 and words[at - 1] in _ANCHORS

    def _is_alone(self, words: Words, at: int, length: int) -> bool:
        return all(word in _FILLERS for word in (*words[:at], *words[at + length :]))

    def _of_level(self, codes: Iterable[str], level: AreaLevel | None) -> tuple[str, ...]:
        return tuple(code for code in codes if self._areas[code].level is level)

    # --- what they mean together ---

    def _settle(self, mentions: Sequence[_Mention], *, is_short: bool) -> Match:
        inside = [mention for mention in mentions if mention.codes]
        villages = self._certain(inside, AreaLevel.VILLAGE)
        districts = self._certain(inside, AreaLevel.DISTRICT)
        if villages:
            return self._villages(villages, districts)
        vague = [mention.codes for mention in inside if len(mention.codes) > 1 or mention.is_hamlet]
        vague = [codes for codes in vague if is_short or not self._is_regency(codes)]
        for codes in vague:
            narrowed = [code for code in codes if {code, self._areas[code].parent_code} & set(districts)]
            if narrowed:
                return self._one_or_several(narrowed)
        if districts:
            return self._one_or_several(districts, Found.SEVERAL)
        if vague:
            return Match(Found.AMBIGUOUS, tuple(sorted(vague[0])))
        if any(mention.is_outside for mention in mentions):
            return Match(Found.OUTSIDE)
        return _NOTHING

    def _certain(self, mentions: Iterable[_Mention], level: AreaLevel) -> list[str]:
        named = (
            mention.codes[0] for mention in mentions if len(mention.codes) == 1 and not mention.is_hamlet
        )
        return list(dict.fromkeys(code for code in named if self._areas[code].level is level))

    def _villages(self, villages: Sequence[str], districts: Sequence[str]) -> Match:
        if not districts:
            return self._one_or_several(villages, Found.SEVERAL)
        agreeing = [code for code in villages if self._areas[code].parent_code in districts]
        return self._one_or_several(agreeing or [*villages, *districts], Found.SEVERAL)

    def _is_regency(self, codes: Iterable[str]) -> bool:
        return any(self._areas[code].level is AreaLevel.REGENCY for code in codes)

    def _one_or_several(self, codes: Collection[str], several: Found = Found.AMBIGUOUS) -> Match:
        codes = tuple(sorted(set(codes)))
        match [self._areas[code].level for code in codes]:
            case []:
                return _NOTHING
            case [AreaLevel.VILLAGE]:
                return Match(Found.VILLAGE, codes)
            case [AreaLevel.DISTRICT]:
                return Match(Found.DISTRICT, codes)
            case _:
                return Match(several, codes)

    def _loosely(self, text: str, codes: Iterable[str]) -> list[str]:
        """Return the areas whose names hold every word of a short answer, level words aside."""
        words = _words(text)
        levels = {_LEVELS[word] for word in words if word in _LEVELS}
        told = {word for word in words if word not in _FILLERS}
        if not told and not levels:
            return []
        return [
            code
            for code in codes
            if code in self._areas
            and (not levels or self._areas[code].level in levels)
            and told <= set(_words(self._areas[code].name))
        ]


def _words(text: str) -> Words:
    """Return the words of a text, abbreviations of places written out."""
    return tuple(_ABBREVIATIONS.get(word, word) for word in fold(text).split())


def _slips(letters: int) -> int:
    """Return how many slips are forgiven in so many letters."""
    return 2 if letters >= _SHORTEST_TWO_SLIPS else 1


def _is_slip(word: str, name: str) -> bool:
    return OSA.distance(word, name) <= _slips(len(name))


def _bare(name: str) -> str:
    return re.sub(r"^(?:Kabupaten|Kota|Kecamatan|Desa|Kelurahan)\s+", "", name)


# --- where exactly ---

_SIDES = (
    "depan dpn dpan muka ngarep belakang blkg blkng blakang samping smping smpng sebelah seblah sblh dekat dkt deket"
    " dket ujung antara persis simpang simpangan spg pertigaan perempatan persimpangan bundaran tikungan tanjakan"
    " turunan gang gg behind near opposite"
)
_BUILDINGS = (
    "jembatan pasar terminal dermaga steher komplek kompleks perum perumahan btn masjid mesjid surau musholla mushola"
    " gereja kapel vihara kelenteng puskesmas pustu rsud polsek polres koramil lapangan tugu warung toko bengkel pabrik"
    " spbu paud sekolah"
)
#: what a building is called, and not how the sentence goes on
_CALLED = r"(?!(?:tapi|tp|yang|yg|dan|itu|ini|di|tidak|tdk)\b)\w+"
_LANDMARK = re.compile(
    rf"\b(?:{'|'.join(f'{_SIDES} {_BUILDINGS}'.split())}"
    rf"|seberang (?:jalan|jl|jln|sd|smp|masjid|kantor|pasar)|balai desa|rumah sakit|(?:kantor|gedung) {_CALLED}"
    rf"|(?:rt|rw|km|kilometer|no|nomor|blok) ?\d+|(?:sdn?|smpn?|sm[ak]n?|tk)(?: negeri)? ?\d+|sd {_CALLED}"
    r"|in front of|next to|corner of)\b"
)
#: words of those that tell a person, a thing or a time
_NO_LANDMARK = re.compile(
    r"\b(?:(?:anak|murid|siswa|bus|kepala|pihak|bendahara|pengawas|uang|putus|seragam|jam|pulang|masuk) sekolah"
    r"|(?:minggu|mgg|bulan|bln|tahun|thn|hari|hr|senin|selasa|rabu|kamis|jumat|sabtu) (?:depan|dpn)"
    r"|petugas lapangan|antara lain)\b"
)


def has_landmark(text: str) -> bool:
    """Tell whether a text says where exactly: "depan", "dekat", "simpang", a house number, a school's."""
    return _LANDMARK.search(_NO_LANDMARK.sub(" ", fold(text))) is not None
