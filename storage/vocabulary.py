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
    """Klasifikasi laporan (docs/rules.md, Types)."""

    #: Permintaan Informasi
    INFORMATION = "information"
    #: Pengaduan Tidak Berkadar Pengawasan
    COMPLAINT = "complaint"
    #: Pengaduan Berkadar Pengawasan
    OVERSIGHT = "oversight"
    #: Aspirasi
    ASPIRATION = "aspiration"


class CaseState(StrEnum):
    """Where a case stands (docs/rules.md, Life cycle)."""

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
    #: verifikasi: looked at and found fit to be passed on
    VERIFIED = "verified"
    #: tunda: the reporter is asked for what is missing, the clock stands still
    HELD = "held"
    #: the officer at work asks the reporter something, the clock goes on
    ASKED = "asked"
    #: the reporter gave what was asked for
    REPLIED = "replied"
    #: disposisi
    DISPOSED = "disposed"
    #: kembalikan, bukan wewenang
    HANDED_BACK = "handed_back"
    #: passed on to a body outside this government
    FORWARDED = "forwarded"
    #: the number a body outside gave it
    NUMBERED = "numbered"
    #: gabung: it follows another report from now on
    JOINED = "joined"
    ARCHIVED = "archived"
    #: proses: what is being done
    STARTED = "started"
    #: an answer waits for the second person
    PROPOSED = "proposed"
    #: the second person sent it back
    DECLINED = "declined"
    ANSWERED = "answered"
    #: the reporter says it is solved
    CONFIRMED = "confirmed"
    #: the reporter says it is not
    REJECTED = "rejected"
    #: settled since nobody replied
    LAPSED = "lapsed"
    REOPENED = "reopened"
    RATED = "rated"
    #: banding
    APPEALED = "appealed"
    #: the appeal was heard
    RESTORED = "restored"
    #: a due date was moved, with a reason the reporter got
    EXTENDED = "extended"
    #: an internal note
    NOTED = "noted"
    #: an officer has taken it, or was given it
    TAKEN = "taken"
    #: type, category or protection were set right
    RECLASSIFIED = "reclassified"
    #: somebody looked at who the reporter is
    IDENTITY_SEEN = "identity_seen"
    #: news could not be delivered anywhere
    UNDELIVERED = "undelivered"
    #: the clock spoke up
    REMINDED = "reminded"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    #: the reporter lets it be passed to the Ombudsman
    CONSENTED = "consented"


class Role(StrEnum):
    """What an officer is there for."""

    #: admin koordinator: verifies, disposes, sees all
    COORDINATOR = "coordinator"
    #: pejabat penghubung of one agency
    LIAISON = "liaison"
    #: penyetuju: approves an agency's answers, where the agency wants a second person
    APPROVER = "approver"
    #: kepala OPD: gets an agency's escalations, reads
    SUPERVISOR = "supervisor"
    #: reads figures and the audit chain
    AUDITOR = "auditor"
    #: inspektorat: handles reports of type berkadar pengawasan
    INSPECTORATE = "inspectorate"
    #: pejabat Sekda: decides where a report goes that came back twice
    DECIDER = "decider"


class Clock(StrEnum):
    """Which deadline a case's `due_on` is (docs/rules.md, Deadlines)."""

    #: D1
    CHECK = "check"
    #: D2
    FIRST_ANSWER = "first_answer"
    #: D3 to D5, by type
    SETTLE = "settle"
    #: D6
    CITIZEN_REPLY = "citizen_reply"
    #: D7
    CITIZEN_DATA = "citizen_data"
    #: asks after a report that is handled outside
    OUTSIDE = "outside"


class Period(StrEnum):
    """How often officers are sent what gathered."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Closing(StrEnum):
    """How a case ended."""

    #: the reporter said that it is solved
    CONFIRMED = "confirmed"
    #: nobody replied to the answer in time: counted apart
    SILENCE = "silence"
    ARCHIVED = "archived"
    #: by its reporter
    WITHDRAWN = "withdrawn"


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
