"""The words that rows hold: enums and typed ids. Imports the standard library only."""

from enum import StrEnum


class Channel(StrEnum):
    #: Telegram private chat or group
    TELEGRAM = "telegram"
    #: plain SMS, whichever provider carries it
    SMS = "sms"
    #: a person at the keyboard of the server (`kanal chat`)
    CONSOLE = "console"


class Language(StrEnum):
    INDONESIAN = "id"
    ENGLISH = "en"


class AreaLevel(StrEnum):
    #: kabupaten or kota: the whole deployment
    REGENCY = "regency"
    #: kecamatan
    DISTRICT = "district"
    #: desa or kelurahan
    VILLAGE = "village"


class ReportType(StrEnum):
    """Klasifikasi laporan (domain notes, section 2)."""

    #: Permintaan Informasi
    INFORMATION = "information"
    #: Pengaduan Tidak Berkadar Pengawasan
    COMPLAINT = "complaint"
    #: Pengaduan Berkadar Pengawasan
    OVERSIGHT = "oversight"
    #: Aspirasi
    ASPIRATION = "aspiration"


class CaseState(StrEnum):
    """Where a case stands (domain notes, section 3)."""

    #: Laporan Belum Terverifikasi
    UNVERIFIED = "unverified"
    #: Laporan Tertunda
    ON_HOLD = "on_hold"
    #: bukan_wewenang, maps to Laporan Belum Terverifikasi
    RETURNED = "returned"
    #: diteruskan_luar, maps to Laporan Arsip
    FORWARDED = "forwarded"
    #: duplikat, maps to Laporan Arsip
    DUPLICATE = "duplicate"
    #: Terdisposisi Belum Ditindaklanjuti
    DISPOSED = "disposed"
    #: Terdisposisi Sedang Diproses
    IN_PROGRESS = "in_progress"
    #: dijawab, maps to Terdisposisi Sedang Diproses
    ANSWERED = "answered"
    #: Terdisposisi Selesai
    SETTLED = "settled"
    #: dibuka_kembali, maps to Terdisposisi Sedang Diproses
    REOPENED = "reopened"
    #: Laporan Arsip
    ARCHIVED = "archived"


class EventKind(StrEnum):
    """What a line of a case's history says happened."""

    FILED = "filed"
    ADDED = "added"
    ATTACHMENT_STORED = "attachment_stored"
    ATTACHMENT_LOST = "attachment_lost"
    #: a second address follows the report now
    LINKED = "linked"
    #: it follows no more
    UNLINKED = "unlinked"
    #: the reporter edited the message it was filed with; the filed text stays
    CORRECTED = "corrected"
    #: CABUT: the reporter takes it back
    WITHDRAWN = "withdrawn"
    #: the reporter raised its protection
    PROTECTED = "protected"
    #: the reporter's name, addresses and files were erased
    ERASED = "erased"


class ActorKind(StrEnum):
    REPORTER = "reporter"
    OFFICER = "officer"
    SYSTEM = "system"


class MediaKind(StrEnum):
    PHOTO = "photo"
    VIDEO = "video"
    VOICE = "voice"
    DOCUMENT = "document"


class AttachmentState(StrEnum):
    #: known by the provider's reference, not fetched yet
    PENDING = "pending"
    #: kept in the attachment store
    STORED = "stored"
    #: could not be fetched or is not accepted; the reporter was told
    LOST = "lost"


class OutboundState(StrEnum):
    PENDING = "pending"
    LEASED = "leased"
    SENT = "sent"
    #: given up: refused for good, or too old to be of use
    DEAD = "dead"


class DeliveryState(StrEnum):
    """What a provider last said of a message it took; in order of rank, never a step back."""

    #: on its way through the provider
    ACCEPTED = "accepted"
    #: handed to the network
    SENT = "sent"
    #: on the person's device
    DELIVERED = "delivered"
    #: will not arrive
    FAILED = "failed"


class Priority(StrEnum):
    """Which message leaves first when the provider's limit makes them wait; sorts by value."""

    #: answers a message the person has just sent
    DIRECT = "0-direct"
    #: news of a report
    NEWS = "1-news"
    #: digests and the like
    BULK = "2-bulk"


class Fault(StrEnum):
    """Why a message could not be sent; decides what is done next (bot/retry.py)."""

    #: the provider asks us to slow down
    THROTTLED = "throttled"
    #: provider or network out of reach, or the outcome is unknown
    UNREACHABLE = "unreachable"
    #: the person blocked us or opted out, or there is no such number
    BLOCKED = "blocked"
    #: the provider refuses this very message or address
    REJECTED = "rejected"
    #: our account, token or number is not in order
    MISCONFIGURED = "misconfigured"
