"""Danger and abuse are recognised in a citizen's words, in both languages, and what follows of it."""

import pytest

from handlers.conversation.classify import Classifier
from handlers.conversation.progress import Step
from storage.vocabulary import Channel, Language, ReportType
from tests.deployment import sekadau
from tests.talk import Talk, at

CLASSIFIER = Classifier(sekadau())


@pytest.mark.parametrize(
    "text",
    ["kebakaran di desa mungguk dekat pasar", "ada yang mau bunuh diri di jembatan desa mungguk dekat pasar"],
)
def test_in_danger_no_photo_is_asked_for(text: str) -> None:
    talk = Talk()
    talk.says(text)
    assert "110" in talk.replies[0].text
    assert talk.step is Step.SUMMARY


@pytest.mark.parametrize(
    "text",
    [
        *("there is a fire at the market", "a boy is drowning in the river", "a man wants to commit suicide"),
        *("I want to kill myself", "motorbike accident near the bridge", "someone was stabbed at the market"),
        *(
            "flood water inside the house, we are on the roof",
            "gas leak next to the school",
            "need an ambulance",
        ),
        *(
            "a power line is down on the road",
            "people are trapped under the landslide",
            "the transformer exploded",
        ),
    ],
)
def test_danger_in_english(text: str) -> None:
    assert CLASSIFIER.read(text).is_emergency


@pytest.mark.parametrize(
    "text",
    [
        *(
            "the fire brigade never answers",
            "people are burning garbage every night",
            "the road is accident prone",
        ),
        *(
            "the broken bridge may cause an accident",
            "fish are dying in the river",
            "the street light is broken",
        ),
    ],
)
def test_no_danger_in_english(text: str) -> None:
    assert not CLASSIFIER.read(text).is_emergency


@pytest.mark.parametrize(
    "text",
    [
        *(
            "the officer asked for a bribe",
            "I was asked for money at the office",
            "extortion at the checkpoint",
        ),
        *(
            "a corrupt official in the village",
            "the village head embezzled the village fund",
            "officials take kickbacks",
        ),
        *(
            "pay extra and your permit is faster",
            "they demanded money for a birth certificate",
            "a fictitious project",
        ),
        *("the village fund was used for his own house", "money went into the village head's pocket"),
    ],
)
def test_abuse_in_english(text: str) -> None:
    assert CLASSIFIER.read(text).is_integrity


@pytest.mark.parametrize(
    "text",
    [
        *("the officer was rude", "the money for school books has not come", "a beggar asked for money"),
        *("there is no money left for the road at the village office", "the licence office is closed"),
    ],
)
def test_no_abuse_in_english(text: str) -> None:
    assert not CLASSIFIER.read(text).is_integrity


SEJIWA, SAPA = "119 ext 8", "129"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *((text, None) for text in (
            "lapor warga dipukul preman di terminal sekadau skrg tolong", "saya diancam dibunuh", "rampok masuk rumah",
            "ada begal di jalan rawak", "ada yg digebukin di pasar", "saya digampar", "polisi nembak warga",
            "tetangga mau bunuh saya", "org dikeroyok dpn terminal", "dijambret di jalan rawak",
            "someone is threatening me with a knife", "they want to kill me", "a man was beaten up", "he punched me",
        )),
        *((text, SAPA) for text in (
            "suami saya mukulin saya terus, saya takut", "tetangga saya KDRT tiap malam", "adek sy dicabuli guru ngaji",
            "anak kecil digebukin bapaknya", "adik saya diperkosa", "murid dilecehkan guru", "anaknya mau diculik",
            "ada anak disekap di rumah kosong", "guru mukul murid smp", "my husband beats me every night",
            "my neighbour beats his wife", "kids are beaten at school", "woman raped near market",
        )),
        *((text, SEJIWA) for text in (
            "saya mau bunuh diri aja", "gak mau hidup lagi", "udah capek idup", "pengen mati aja rasanya",
            "ada yg mau bunuh diri di jembatan", "suami mukulin saya, saya mau mati saja", "I want to die",
            "he wants to kill himself", "i don't want to live any more",
        )),
    ],
)  # fmt: skip
def test_what_people_do_to_each_other_is_danger_and_may_have_a_helpline(
    text: str, number: str | None
) -> None:
    reading = CLASSIFIER.read(text)
    assert reading.is_emergency
    assert (reading.helpline.number if reading.helpline else None) == number


@pytest.mark.parametrize(
    "text",
    [
        *("lampu mati, jalan gelap rawan begal", "takut dibegal karena lampu mati", "longsor mengancam rumah warga"),
        *("datang pukul 8 petugas belum ada, anak sekolah menunggu", "kami diancam akan dicoret dari bansos"),
        *("jembatan dipukul ombak", "lampu mau mati", "anak anak dan perempuan takut lewat", "murid duduk di lantai"),
        *("the officer kicked me out of the office", "women and children walk in the dark for fear of robbery"),
    ],
)  # fmt: skip
def test_words_of_violence_without_danger(text: str) -> None:
    assert not CLASSIFIER.read(text).is_emergency


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("text", ["suami saya mukulin saya terus, saya takut", "anak sy dicabuli"])
def test_who_is_hurt_gets_the_numbers_and_is_asked_gently(text: str, channel: Channel) -> None:
    """A village is enough: no landmark, photo, detail; and the report is secret."""
    talk = Talk(channel)
    talk.says(text)
    first, question = ((reply.short if channel is Channel.SMS else reply.text) for reply in talk.replies)
    assert first.index("110") < first.index(SAPA)
    assert "catat" in question
    assert "rusak" not in question
    talk.says("ds mungguk")
    assert talk.step is Step.SUMMARY
    talk.says("ya")
    (draft,) = talk.filed
    assert (draft.description, draft.is_emergency, draft.is_secret) == (text, True, True)


def test_what_one_suffers_is_secret_even_where_anonymous_was_asked_for() -> None:
    talk = Talk()
    talk.says("saya mau lapor tapi anonim ya", "suami saya mukulin saya di desa mungguk")
    assert talk.draft.is_secret


def test_by_sms_nothing_tells_who_holds_the_phone_what_it_is_about() -> None:
    talk = Talk(Channel.SMS)
    talk.says("suami saya mukulin saya terus, saya takut", "ds mungguk")
    said = " ".join(reply.short.lower() for reply in talk.outputs if hasattr(reply, "short"))
    assert not any(word in said for word in ("perempuan", "anak", "suami", "sapa", "kekerasan"))


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize(
    ("text", "kind", "language"),
    [
        ("saya mau bunuh diri aja", "Anda tidak sendirian", Language.INDONESIAN),
        ("i want to kill myself and that is all", "You are not alone", Language.ENGLISH),
    ],
)
def test_who_wants_to_die_is_met_kindly(text: str, kind: str, language: Language, channel: Channel) -> None:
    talk = Talk(channel, language)
    talk.says(text)
    first = talk.replies[0].short if channel is Channel.SMS else talk.replies[0].text
    assert kind in first
    assert SEJIWA in first
    assert "110" in first
    assert "rusak" not in talk.said
    assert "broken" not in talk.said


def test_whether_to_record_it_is_theirs_to_say() -> None:
    """A plain no to that ends it; a yes asks for the place."""
    talk = Talk()
    talk.says("saya mau bunuh diri aja", "tidak")
    assert (talk.step, talk.progress.draft) == (None, None)
    talk.says("saya mau bunuh diri aja", "ya")
    assert talk.step is Step.PLACE
    assert "Di mana" in talk.said


def test_who_is_hurt_is_not_pressed_for_the_place() -> None:
    talk = Talk()
    talk.says("anak sy dicabuli", "lewati")
    assert (talk.step, talk.draft.area_code) == (Step.SUMMARY, None)


@pytest.mark.parametrize("step", [Step.PLACE, Step.PHOTOS, Step.SUMMARY])
def test_who_wants_to_die_is_not_told_that_it_was_added(step: Step) -> None:
    """What was being reported waits meanwhile."""
    talk = at(step)
    before = talk.draft.description
    talk.says("saya mau bunuh diri")
    assert SEJIWA in talk.replies[0].text
    assert "tambahkan" not in talk.said
    assert (talk.step, talk.progress.waiting) == (Step.PLACE, before)


def test_a_helpline_that_was_not_told_yet_is_told() -> None:
    """Danger of another kind, told later in the draft, has its own number."""
    talk = at(Step.PLACE)
    talk.says("ada kebakaran di rumah tetangga kami", "saya mau bunuh diri saja sekarang juga")
    assert SEJIWA in talk.replies[0].text
    talk.says("saya mau bunuh diri saja sekarang juga, sungguh")
    assert SEJIWA not in talk.said


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize(
    ("first", "second", "number"),
    [
        ("kebakaran di ds mungguk", "saya mau bunuh diri saja pak", SEJIWA),
        ("ada org mau bunuh saya pak tolong", "saya mau mati saja", SEJIWA),
        (
            "saya diancam kades mungguk, katanya rumah sy mau dibakar",
            "suami saya juga sering pukul saya",
            SAPA,
        ),
        ("saya mau bunuh diri aja", "suami saya sering pukul saya", SAPA),
    ],
)
def test_another_kind_of_danger_is_no_place_and_has_its_helpline(
    first: str, second: str, number: str, channel: Channel
) -> None:
    talk = Talk(channel)
    talk.says(first, second)
    told = talk.replies[0]
    assert number in (told.short if channel is Channel.SMS else told.text)
    assert (talk.draft.place, talk.draft.description) == ("", f"{first}\n{second}")
    talk.says(second)  # sent twice
    assert talk.draft.description.count(second) == 1


def test_danger_without_a_helpline_is_no_place_either() -> None:
    talk = Talk()
    talk.says("kebakaran di ds mungguk", "ada yang bawa parang")
    assert (talk.step, talk.draft.place) == (Step.LANDMARK, "")
    talk.says("rumah yang terbakar depan SD 3")
    assert "SD 3" in talk.draft.place


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("text", ["jangan dicatat", "tdk usah dicatat pak", "don't record it"])
def test_what_is_not_to_be_recorded_is_not(text: str, channel: Channel) -> None:
    talk = Talk(channel)
    talk.says("suami sy pukul sy tiap malam", text)
    assert talk.progress.draft is None
    assert "kecamatan" not in talk.said
    other = at(Step.PLACE, channel)  # nobody asked: whether it goes is asked first
    other.says(text)
    assert other.step is Step.DISCARD


@pytest.mark.parametrize(
    "text",
    [
        *("bidan puskesmas minta bayaran lebih", "pak kades makan duit desa", "kades makan uang rakyat"),
        *("dana desa diembat kades", "uang bansos ditilep rt", "perawat minta duit 50rb", "kades nilep dana desa"),
        *("the midwife asks for extra money", "the village head eats the village money"),
    ],
)  # fmt: skip
def test_abuse_in_everyday_words(text: str) -> None:
    reading = CLASSIFIER.read(text)
    assert reading.is_integrity
    assert reading.type is ReportType.OVERSIGHT


@pytest.mark.parametrize(
    "text",
    [
        *("uang makan perangkat desa belum dibayar", "tukang parkir minta bayaran lebih", "sekali makan 50rb di desa"),
        *("bidan jarang ada, obat harus beli sendiri 50rb", "the nurse says there is no money for medicine"),
    ],
)  # fmt: skip
def test_everyday_words_of_money_without_abuse(text: str) -> None:
    assert not CLASSIFIER.read(text).is_integrity
