"""What officers are told above the card of a case that needs them; short, as it goes into SMS as well."""

from handlers.i18n import N_, NP_, Phrase

NEW = N_("New report, to be checked.")
NEW_EMERGENCY = N_("New report with DANGER TO LIFE.")
RETURNED = N_("Handed back by {agency}: {words}")
BOUNCED = N_("Handed back again, by {agency}: {words}\nThe Sekda's officer decides where it goes.")
DISPOSED = N_("New for your agency.")
NOBODY = N_("Nobody at {agency} can be reached. /undang invites somebody.")
REPLIED = N_("The reporter has answered.")
ADDED = N_("The reporter has added something.")
ADDED_MUCH = N_("The reporter has added more than is shown one by one. The newest of it: /lihat {digits}")
ADDED_FILES = N_("The reporter has added photos or files.")
REJECTED = N_("The reporter says: not solved.")
CONFIRMED = N_("The reporter says: solved. Thank you.")
REOPENED = N_("The report was opened again.")
APPEALED = N_("The reporter objects to the archiving.")
PROPOSED = N_("An answer waits for your approval.")
DECLINED = N_("Your answer came back: {words}")
TAKEN = N_("This report is yours from now on.")
EXTENDED = N_("The due date was moved: {words}")
JOINED = N_("Another report was joined with this one.")
RELEASED = N_("The report that this one was joined with was taken back. To be checked anew.")
SEPARATED = N_(
    "The report that this one was joined with is protected in another way now. To be checked anew."
)
WITHDRAWN = N_("The reporter has taken it back.")
UNASKED = N_("Your question has never reached the reporter. Please go on with what is known.")
UNDELIVERED = N_("NOT DELIVERED: our last message has not reached the reporter.")
CONSENTED = N_(
    "The reporter agrees that it goes to {words}, with how to reach them (/identitas). "
    "Pass it on there, then note it: /catat {digits} and the number it has there."
)
#: by itself, without a card: perhaps it is theirs no more
PROPOSAL_DROPPED = Phrase(
    N_("{number}: your answer was not approved in time. It is not sent, as the report goes another way now."),
    NP_("sms", "{number}: your answer is not sent, as the report goes another way now."),
)
#: who writes to us asks for a person
HUMAN_WANTED = Phrase(
    N_("Somebody asks for a person. No report to answer by: they know how to reach your office."),
    NP_("sms", "Somebody who writes to us asks for a person."),
)
HUMAN_WANTED_OF = Phrase(
    N_("The reporter of {number} asks for a person. /lihat {digits}"),
    NP_("sms", "The reporter of {number} asks for a person. Reply SHOW {digits}"),
)
FILE_LOST = Phrase(
    N_(
        "File {position} of yours did not reach us, or cannot be taken (photos, videos and PDF up to {limit} MB). Please send it again."
    ),
    NP_("sms", "File {position} of yours did not reach us."),
)
