"""A busy officer's slips: what was meant is understood, or it is said what to write; nothing is lost unsaid."""

import pytest

from handlers.service import Service
from storage.db import Database
from storage.vocabulary import CaseState, Channel, Role
from tests.desk import POSTS, Office, labels, presses


@pytest.fixture
def office(loaded: Database, service: Service) -> Office:
    return Office(loaded, service).open()


ANSWER = "Ada tiga lubang di jalan itu. Sudah ditambal aspal dingin tadi."


@pytest.mark.parametrize("is_press", [True, False])
def test_passed_on_while_the_answer_was_written(office: Office, is_press: bool) -> None:
    """Whoever sends an answer of a report that went elsewhere reads that, and has the text back; once."""
    case, budi, rima = office.disposed(), office.people["budi"], office.people["rima"]
    budi.says(f"/jawab {case.number} {ANSWER}")
    shown = budi.heard[-1]
    rima.says(f"/disposisi {case.number} DISHUB")
    if is_press:
        presses(budi, "Kirim", shown)
    else:
        budi.says("kirim")
    assert "tidak lagi di meja Anda. Tidak ada yang terkirim." in budi.last
    assert "Ada tiga lubang di jalan itu.\nSudah ditambal aspal dingin tadi" in budi.last
    assert office.case(case.report_id).state is CaseState.DISPOSED
    assert "tidak berlaku" in presses(budi, "Kirim", shown).text


def test_passed_on_while_the_answer_was_changed(office: Office) -> None:
    """The same at another text for it, also where it was begun by a button."""
    case, budi = office.disposed(), office.people["budi"]
    budi.says(f"/lihat {case.number}")
    presses(budi, "Proses")
    office.people["rima"].says(f"/disposisi {case.number} DISHUB")
    said = budi.says("Petugas cek lokasi besok pagi.")
    assert "tidak lagi di meja Anda" in said
    assert "Petugas cek lokasi besok pagi." in said


def test_sent_twice(office: Office) -> None:
    """The word that sends, once more: an officer is told that nothing waits, not how citizens begin."""
    eka, case = office.joins("eka", Role.LIAISON, "PUPR", Channel.SMS), office.disposed()
    eka.says(f"JAWAB {case.number} {ANSWER}", "1")
    assert office.case(case.report_id).state is CaseState.ANSWERED
    for text in ("1", "KIRIM", "ya"):
        assert eka.says(text) == "Tidak ada yang menunggu dikirim. Daftar Anda: DAFTAR"
    assert "Belum ada laporan di meja Anda yang" in eka.says("PROSES")


def test_slip_of_a_digit_by_sms(office: Office) -> None:
    """What is offered with a number can be chosen by it."""
    eka, case = office.joins("eka", Role.LIAISON, "PUPR", Channel.SMS), office.disposed()
    assert "1 SKD-" in eka.says(f"LIHAT {case.number[:-1]}{(int(case.number[-1]) + 1) % 10}")
    assert "depan SD 3" in eka.says("1")


def test_no_such_reason(office: Office) -> None:
    """A reason that there is not is said before its explanation is written."""
    case, rima = office.files(), office.people["rima"]
    said = rima.says(f"/arsip {case.number} R9")
    assert "Alasan itu tidak ada." in said
    assert "iseng saja bukan laporan." in rima.says("R4 iseng saja bukan laporan")


def test_figures_of_what_is_not_understood(office: Office) -> None:
    """A misspelt agency does not silently become all of them; words that bind are no slip."""
    rima = office.people["rima"]
    assert rima.says("/rekap kelautan").startswith('"kelautan" belum kami mengerti.')
    assert rima.says("/ekspor untuk bulan februari 2025").startswith(
        "Laporan Semua instansi, Sabtu, 1 Februari"
    )
    assert rima.says("/ekspor 1/7").startswith("Laporan Semua instansi, Rabu, 1 Juli")


def test_back_from_leave(office: Office) -> None:
    """The word that the question names ends a leave, alone or as the whole command; days may stand close."""
    eka = office.joins("eka", Role.LIAISON, "PUPR", Channel.SMS)
    for back in ("SELESAI", "CUTI SELESAI"):
        assert eka.says("CUTI 3/8-14/8").startswith("Cuti Sen 03/08 s.d. Jum 14/08.")
        assert "Mulai kapan" in eka.says("CUTI")
        assert eka.says(back).startswith("Selamat datang kembali.")


def test_no_number_at_all(office: Office) -> None:
    """Digits that are no report's number are said to be none."""
    office.disposed()
    office.disposed()
    assert "Itu bukan nomor laporan" in office.people["budi"].says("/lihat 123")


def test_a_number_alone(office: Office) -> None:
    """A report's number alone shows an officer its card; who may not see it reads what citizens do."""
    case = office.disposed()
    assert "Di Dinas PUPR" in office.people["budi"].says(case.number)
    assert "Di Dinas PUPR" not in office.people["dewi"].says(case.number)
    office.people["budi"].says("LAPOR jalan berlubang di depan SD 3 desa mungguk sejak kemarin")
    assert "Di Dinas PUPR" not in office.people["budi"].says(case.number)  # a report of their own is begun


def test_a_day_alone_at_the_preview(office: Office) -> None:
    """It is the day that is changed, not the text."""
    case, budi = office.disposed(), office.people["budi"]
    budi.says(f"/jawab {case.number} {ANSWER}")
    said = budi.says("2/8")
    assert "Tanggal sudah diganti" in said
    assert "Sudah ditambal aspal dingin tadi (Minggu, 2 Agustus 2026)." in said
    assert "tadi (Senin, 27 Juli 2026)" in budi.says("hari Senin lalu")
    assert "tadi (Senin, 3 Agustus 2026)" in budi.says("hari ini")


@pytest.mark.parametrize("text", ["oke siap", "hari ini"])
def test_a_word_at_the_preview_changes_nothing(office: Office, text: str) -> None:
    """What is no button, no day and no text of some words is asked about; what was shown stays."""
    case, budi = office.disposed(), office.people["budi"]
    budi.says(f"/proses {case.number} Regu jalan datang besok pagi.")
    said = budi.says(text)
    assert said.startswith(f'"{text}" menggantikan bagian yang mana?')
    assert "Regu jalan datang besok pagi." in said
    budi.says("kirim")
    assert "Regu jalan datang besok pagi." in office.heard(case)


@pytest.mark.parametrize("channel", [Channel.TELEGRAM, Channel.SMS])
def test_what_is_held_back_is_no_text(office: Office, channel: Channel) -> None:
    """ "Don't send it yet" keeps all as it is; "never mind" ends it, at every preview and question."""
    eka = office.joins("eka", Role.LIAISON, "PUPR", channel)
    case, plan = office.disposed(), "Petugas cek lokasi besok pagi."
    eka.says(f"PROSES {case.number} {plan}")
    for not_yet in ("jangan dikirim dulu", "jgn dikirim dulu pak", "tunggu dulu"):
        said = eka.says(not_yet)
        assert said.startswith("Belum ada yang terkirim.")
        assert plan.rstrip(".") in said
    assert (
        "jangan dikirim dulu"
        not in eka.says("jangan dikirim dulu, saya mau tanya kepala dinas").partition("Warga")[2]
    )
    for begun in (
        f"PROSES {case.number} {plan}",
        f"JAWAB {case.number} {ANSWER}",
        f"JAWAB {case.number}",
    ):
        for never in ("tidak jadi", "tdk jd", "jangan dikirim"):
            eka.says(begun)
            assert eka.says(never).startswith("Dibatalkan"), (begun, never)
    assert office.case(case.report_id).state is CaseState.DISPOSED


def test_passing_on_is_called_off(office: Office) -> None:
    """The same of a report that would go where nobody is yet."""
    case, rima = office.files(), office.people["rima"]
    rima.says(f"/disposisi {case.number} kominfo")
    assert "Kirim" in labels(rima.heard[-1])
    assert rima.says("jangan dikirim dulu").startswith("Belum ada yang terkirim.")
    assert rima.says("tidak jadi").startswith("Dibatalkan")
    assert office.case(case.report_id).disposed_at is None


def test_a_word_refused_is_no_day(office: Office) -> None:
    """The day goes with the text that told it; the photo's question takes another day, and lets go."""
    case, budi = office.disposed(category_code="JALAN"), office.people["budi"]
    budi.says(f"/jawab {case.number}", "Ada tiga lubang di jalan itu.")
    assert "pendek" in budi.says("besok")
    assert "belum tiba" not in budi.says("Sudah ditambal aspal dingin sampai rata.")
    asked = budi.says("kemarin")
    assert budi.says("30/7") == f"Tanggal sudah diganti dengan tulisan Anda barusan.\n\n{asked}"
    assert budi.says("tidak jadi").startswith("Dibatalkan")


def test_nobody_to_choose(office: Office) -> None:
    """Where there is nobody to name, none is asked for, and it is said who helps."""
    assert "koordinator bisa mengundang rekan" in office.people["dewi"].says(
        f"/alihkan {office.disposed('DISHUB').number}"
    )
    assert "Tidak ada orang yang cocok" in office.people["rima"].says("/aktifkan")


@pytest.mark.parametrize(
    ("name", "agency"),
    [("perhubungan", "DISHUB"), ("kominfo", "DISKOMINFO"), ("dinas pekerjaan umum", "PUPR")],
)
def test_a_part_of_an_agencys_name(office: Office, name: str, agency: str) -> None:
    """What only one agency has in its name means it; what a few have is asked about; else the nearest are named."""
    case, rima = office.files(), office.people["rima"]
    said = rima.says(f"/disposisi {case.number} dinas perhubunga laut")
    assert said.startswith("Tidak ada yang bernama itu di sini. Paling mirip: Dishub")
    assert "Paling mirip: " in rima.says("dinas")
    assert "Dinas Kesehatan, BPJS Kesehatan. Mohon tulis nama lengkapnya" in rima.says("kesehatan")
    rima.says(name)
    if agency not in {post[1] for post in POSTS.values()}:  # nobody is there
        presses(rima, "Kirim")
    assert office.case(case.report_id).agency_code == agency


def test_outside_is_for_the_coordinator_to_send(office: Office) -> None:
    """Whoever passes a report on outside gets its text, without identity; a reason beside the body's name is kept."""
    case, rima = office.files("meteran rumah mati, hubungi 081234567890"), office.people["rima"]
    rima.says(f"/bukanwewenang {case.number}")
    assert labels(rima.heard[-1])[0] == "SP4N-LAPOR!"
    said = rima.says("lampu rumah, urusan PLN", "kirim")
    assert "Sekarang Anda yang mengirimkannya ke sana" in said
    assert "meteran rumah mati, hubungi [nomor HP]" in said
    assert "lampu rumah, urusan PLN." in office.heard(case)
    other = office.files()
    rima.says(f"/bukanwewenang {other.number}", "lapor", "kirim")
    assert office.case(other.report_id).outside_code == "SP4N"


def test_hidden_from_who_asked(office: Office) -> None:
    """Who cannot open what is hidden in an answer reads who can."""
    case, dewi = office.disposed("DISHUB"), office.people["dewi"]
    dewi.says(f"/tanya {case.number} di mana lampunya?", "kirim")
    office.citizens[case.report_id].says("di depan rumah saya, hp 081234567890")
    dewi.hears()
    assert f"minta admin koordinator membukanya: /lengkap {case.number}" in dewi.last


def test_too_late_to_hand_back(office: Office) -> None:
    """It is said why, and who can pass it on."""
    case, dewi = office.disposed("DISHUB"), office.people["dewi"]
    dewi.says(f"/proses {case.number} Petugas datang besok pagi.", "kirim")
    said = dewi.says(f"/kembalikan {case.number} ini jalan provinsi, bukan kabupaten")
    assert said.startswith("Laporan hanya bisa dikembalikan sebelum dikerjakan")
    assert "Admin koordinator masih bisa" in said


def test_greeting_and_help(office: Office) -> None:
    """Who works here is not welcomed as a citizen; help is short, the most used first, and whole for a word more."""
    rima = office.people["rima"]
    assert rima.says("halo").startswith("Halo, Rima. Yang menunggu Anda: /daftar.")
    short = rima.says("/bantuan")
    assert short.index("/daftar") < short.index("/disposisi") < short.index("/arsip") < short.index("/undang")
    assert short.partition("Juga: ")[0].count("\n/") == 11
    assert "Undang petugas" not in short
    assert "/undang – Undang petugas" in rima.says("/bantuan semua")


def test_an_objection_is_heard_or_declined(office: Office) -> None:
    """The buttons below an objection say what they do with it."""
    case, rima = office.files(), office.people["rima"]
    rima.says(f"/arsip {case.number} R4 ini hanya iseng saja, bukan laporan", "kirim")
    office.citizens[case.report_id].says(f"BANDING {case.number} lampunya memang mati sejak Senin")
    rima.hears()
    assert labels(rima.heard[-1]) == ["Terima keberatan", "Tolak keberatan"]


@pytest.mark.parametrize("channel", [Channel.TELEGRAM, Channel.SMS])
def test_an_officers_own_report(office: Office, channel: Channel) -> None:
    """What follows LAPOR alone is the report; what follows another command after it is not."""
    lapor = "LAPOR" if channel is Channel.SMS else "/lapor"
    nina = office.joins("nina", Role.LIAISON, "PUPR", channel)
    nina.says(lapor, "/daftar" if channel is Channel.TELEGRAM else "DAFTAR")
    assert "LAPOR" in nina.says("got mampet di depan pasar")
    nina.says(lapor)
    assert "Mungguk" in nina.says("got mampet di depan pasar ds mungguk sejak kemarin")
