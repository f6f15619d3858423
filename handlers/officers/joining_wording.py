"""What is said to people who become officers, and to officers who may not work for a while.

As `handlers/wording.py`.
"""

from handlers.i18n import N_, NP_, Phrase
from storage.vocabulary import Role

ROLES = {
    Role.COORDINATOR: N_("coordinator"),
    Role.LIAISON: N_("liaison officer"),
    Role.APPROVER: N_("approver of answers"),
    Role.SUPERVISOR: N_("head of agency"),
    Role.AUDITOR: N_("auditor"),
    Role.INSPECTORATE: N_("inspectorate officer"),
    Role.DECIDER: N_("deciding officer"),
}
POST_OF_AGENCY = N_("{role}, {agency}")
DEPUTY = N_("{post} (deputy)")

_OF_AGENCY = N_("reports passed to your agency, never who sent them")
SEES = {
    Role.COORDINATOR: N_("all reports; who sent one, only with a reason that is recorded"),
    Role.LIAISON: _OF_AGENCY,
    Role.APPROVER: _OF_AGENCY,
    Role.SUPERVISOR: _OF_AGENCY,
    Role.AUDITOR: N_("figures and whether the history is complete, no report"),
    Role.INSPECTORATE: N_("reports of suspected abuse; who sent one, only with a reason that is recorded"),
    Role.DECIDER: N_("reports that agencies handed back twice"),
}

ACCEPT = N_("Accept")
DECLINE = N_("Decline")
OFFER = Phrase(
    N_(
        "You are invited to work for {service}.\n\n"
        "Name: {name}\n"
        "Post: {post}\n"
        "You may see: {sees}\n\n"
        "Whatever you do with a report is recorded. Do you accept?"
    ),
    NP_("sms", "You are invited to {service} as {post}. Reply ACCEPT or DECLINE"),
)
JOINED_ROUTER = Phrase(
    N_(
        "Welcome, {name}. You are {post} from now on.\n\n"
        "/daftar – what waits for you\n"
        "/disposisi NUMBER – pass a report to an agency\n"
        "/bantuan – everything else"
    ),
    NP_("sms", "Welcome. You are {post}. DAFTAR: what waits. DISPOSISI no.: pass it on. BANTUAN: all words"),
)
JOINED_WORKER = Phrase(
    N_(
        "Welcome, {name}. You are {post} from now on.\n\n"
        "/daftar – what waits for you\n"
        "/jawab NUMBER – answer a report\n"
        "/bantuan – everything else"
    ),
    NP_("sms", "Welcome. You are {post}. DAFTAR: what waits. JAWAB no.: answer it. BANTUAN: all words"),
)
JOINED_READER = Phrase(
    N_(
        "Welcome, {name}. You are {post} from now on.\n\n"
        "/daftar – the reports of your agency\n"
        "/lihat NUMBER – one report\n"
        "/bantuan – everything else"
    ),
    NP_("sms", "Welcome. You are {post}. DAFTAR: all reports. LIHAT no.: one report. BANTUAN: all words"),
)
JOINED_AUDITOR = Phrase(
    N_(
        "Welcome, {name}. You are {post} from now on.\n\n"
        "/rekap – figures\n"
        "/ekspor – a table of them\n"
        "/bantuan – everything else"
    ),
    NP_("sms", "Welcome. You are {post}. REKAP: figures. EKSPOR: a table. BANTUAN: all words"),
)
JOINED = {
    Role.COORDINATOR: JOINED_ROUTER,
    Role.LIAISON: JOINED_WORKER,
    Role.APPROVER: JOINED_READER,
    Role.SUPERVISOR: JOINED_READER,
    Role.AUDITOR: JOINED_AUDITOR,
    Role.INSPECTORATE: JOINED_WORKER,
    Role.DECIDER: JOINED_ROUTER,
}
JOINED_ALREADY = Phrase(
    N_("You have joined already, as {post}. /bantuan shows what you can do."),
    NP_("sms", "You have joined already, as {post}. Reply BANTUAN: all words"),
)
HAS_JOINED = Phrase(
    N_("{name} has accepted your invitation: {post}."),
    NP_("sms", "Your invitation was accepted: {post}."),
)
DECLINED = Phrase(
    N_("You have not accepted, so nothing changes. Until {until} the code can still be used."),
    NP_("sms", "Not accepted, nothing changes. The code is good until {until}."),
)
UNKNOWN_CODE = Phrase(
    N_("We do not know this code. Please compare it with the invitation, or ask for a new one."),
    NP_("sms", "We do not know this code. Compare it with the invitation, or ask for a new one."),
)
USED_CODE = Phrase(
    N_("This code has been used already; each is good once. Please ask for a new one."),
    NP_("sms", "This code has been used already; each is good once. Ask for a new one."),
)
EXPIRED_CODE = Phrase(
    N_("This code was good until {until}. Please ask for a new one."),
    NP_("sms", "This code was good until {until}. Ask for a new one."),
)
EARLIER_CODE = Phrase(
    N_("This code is older than the end of your access. Please ask a coordinator for a new one."),
    NP_("sms", "This code is older than the end of your access. Ask a coordinator for a new one."),
)
TOO_MANY_CODES = Phrase(
    N_("Too many wrong codes. Please try again in an hour."),
    NP_("sms", "Too many wrong codes. Try again in an hour."),
)
SUSPENDED = Phrase(
    N_(
        "Your access as {post} is switched off for now. Thank you for your work.\n"
        "You can still send reports here like everybody. Questions? Please ask your coordinator."
    ),
    NP_("sms", "Your access as {post} is switched off for now. Questions? Ask your coordinator."),
)
RESUMED = Phrase(
    N_("Your access as {post} is back. /daftar shows what waits for you."),
    NP_("sms", "Your access as {post} is back. Reply DAFTAR: what waits for you."),
)
