"""What an officer is told of something that does not do.

As `handlers/wording.py`.
"""

from handlers.i18n import N_, NP_, Phrase
from handlers.moves import Fault
from handlers.officers.commands import Arg

ANOTHER_MATTER = Phrase(
    N_("Please look twice: {number} is about {category}, {area}."),
    NP_("sms", "Look twice: {number} is about {category}, {area}."),
)
OWN_REPORT = Phrase(
    N_("{number} is your own report: {who} decides about it. What you can do stands below."),
    NP_("sms", "{number} is your own report: {who} decides about it. Possible: {possible}"),
)
ANOTHER_COORDINATOR = N_("another coordinator")
A_COLLEAGUE = N_("a colleague")
#: behind why a report may go to an agency
WHY_NOT = N_("nobody there can be reached")
EMPTY_AGENCY = Phrase(
    N_(
        "Nobody at {agency} can be reached: nobody there would hear of this report, and yet the citizen gets a date. Better /undang somebody first."
    ),
    NP_("sms", "Nobody at {agency} can be reached."),
)
NO_SUCH_DAY = Phrase(
    N_("There is no {shown} in any calendar. Please write /{command} again, with another day."),
    NP_("sms", "There is no {shown} in any calendar. Please write it again with another day."),
)

NOT_UNDERSTOOD = {
    Arg.NUMBER: Phrase(
        N_("That is no number of a report, such as {example}."), NP_("sms", "That is no number of a report.")
    ),
    Arg.PARENT: Phrase(
        N_("That is no number of a report, such as {example}."), NP_("sms", "That is no number of a report.")
    ),
    Arg.REASON_CODE: Phrase(N_("There is no such reason."), NP_("sms", "There is no such reason.")),
    Arg.DAY: Phrase(N_("I did not understand the day."), NP_("sms", "I did not understand the day.")),
    Arg.FROM: Phrase(N_("I did not understand the day."), NP_("sms", "I did not understand the day.")),
    Arg.UNTIL: Phrase(N_("I did not understand the day."), NP_("sms", "I did not understand the day.")),
    Arg.DAYS: Phrase(N_("That is no number of days."), NP_("sms", "That is no number of days.")),
    Arg.WHEN: Phrase(N_("I did not understand the day."), NP_("sms", "I did not understand the day.")),
    Arg.OFFICER: Phrase(N_("There is nobody of that name."), NP_("sms", "There is nobody of that name.")),
    Arg.ROLE: Phrase(N_("There is no such role."), NP_("sms", "There is no such role.")),
    Arg.KIND: Phrase(
        N_("There is no such type or category."), NP_("sms", "There is no such type or category.")
    ),
    Arg.EVIDENCE: Phrase(N_("That is no photo or document."), NP_("sms", "That is no photo or document.")),
}
GREETING = Phrase(
    N_(
        "Hello, {name}. What waits for you: /daftar. What you can do: /bantuan. To report something yourself: /lapor"
    ),
    NP_("sms", "Hello, {name}. What waits for you: LIST. What you can do: HELP"),
)
NOTHING_TO_END = Phrase(
    N_("You are in the middle of nothing, so there is nothing to end. What you can do: /help"),
    NP_("sms", "There is nothing to end. What you can do: HELP"),
)

NOT_YET_SENT = Phrase(N_("Nothing was sent yet. This is still open:"), NP_("sms", "Nothing was sent yet."))
GONE = Phrase(
    N_("{number} is not with you any more. Nothing was sent."),
    NP_("sms", "{number} is not with you any more. Nothing was sent."),
)
NO_SUCH_AGENCY = Phrase(
    N_("There is none of that name here. Nearest: {names}."),
    NP_("sms", "There is none of that name here."),
)
SEVERAL_AGENCIES = Phrase(
    N_("Several have that in their names: {names}. Please write the whole name."),
    NP_("sms", "Which one: {names}? Please write the whole name."),
)
NOBODY_ELSE = Phrase(
    N_(
        "Nobody else here can have it. The coordinator invites a colleague (/undang) or passes it to another agency. To end this: CANCEL"
    ),
    NP_("sms", "Nobody else here can have it. The coordinator can invite somebody. Reply CANCEL"),
)
BACK_TOO_LATE = Phrase(
    N_(
        "It can be handed back only before work on it or an answer; a report that is open again stays with who answered it. The coordinator can still pass it elsewhere: please ask them."
    ),
    NP_("sms", "It can be handed back only before work or an answer. Ask the coordinator."),
)
NOBODY_FITS = Phrase(
    N_("There is nobody whom that could be. To end it: CANCEL"),
    NP_("sms", "There is nobody whom that could be. Reply CANCEL"),
)
NOTHING_TO_SEND = Phrase(
    N_("Nothing of yours waits to be sent: it has left, or was ended. Your list: /daftar"),
    NP_("sms", "Nothing of yours waits to be sent. Your list: LIST"),
)
UNREAD = Phrase(
    N_('"{words}" was not understood. An agency, a month or two days can stand there: /{command} PUPR juli'),
    NP_("sms", '"{words}" was not understood.'),
)
#: what a text lacks
UNFIT = {
    Fault.TOO_SHORT: Phrase(
        N_(
            "That is too short: at least {limit} letters. Please write what was found or done: what, where, when."
        ),
        NP_("sms", "Too short: at least {limit} letters."),
    ),
    Fault.TOO_LONG: Phrase(
        N_("That is too long: at most {limit} letters, so that it fits an SMS."),
        NP_("sms", "Too long: at most {limit} letters."),
    ),
    Fault.STOCK_PHRASE: Phrase(
        N_("That says nothing of this case. Please write what was found or done: what, where, when."),
        NP_("sms", "That says nothing of this case. Write what was found or done."),
    ),
    Fault.UNFILLED: Phrase(
        N_("A field of the prepared text is not filled in yet."), NP_("sms", "A field is not filled in yet.")
    ),
    Fault.NO_EVIDENCE: Phrase(
        N_("Physical works need a photo or document."), NP_("sms", "Physical works need a photo.")
    ),
    Fault.NO_SUCH_AGENCY: Phrase(
        N_("It cannot go to that agency."), NP_("sms", "It cannot go to that agency.")
    ),
    Fault.SAME_AGENCY: Phrase(
        N_("That agency has the report already."), NP_("sms", "That agency has the report already.")
    ),
    Fault.ACCUSED: Phrase(
        N_("The report is about that agency: it must not get it."),
        NP_("sms", "The report is about that agency: it must not get it."),
    ),
    Fault.NO_SUCH_PARENT: Phrase(
        N_("It cannot follow that report: it is closed, follows another itself, or is the same."),
        NP_("sms", "It cannot follow that report."),
    ),
    Fault.OTHER_PROTECTION: Phrase(
        N_(
            "Only reports that are protected alike can be joined: who follows hears all the news of the other."
        ),
        NP_("sms", "Only reports that are protected alike can be joined."),
    ),
    Fault.NO_SUCH_REASON: Phrase(N_("There is no such reason."), NP_("sms", "There is no such reason.")),
    Fault.NO_SUCH_CATEGORY: Phrase(
        N_("There is no such type or category."), NP_("sms", "There is no such type or category.")
    ),
    Fault.TOO_LATE: Phrase(
        N_(
            "The time for that is over ({limit} working days). Please ask the coordinator to pass it elsewhere."
        ),
        NP_("sms", "The time for that is over ({limit} working days). Please ask the coordinator."),
    ),
    Fault.TOO_OFTEN: Phrase(
        N_("That was done {limit} times already."), NP_("sms", "Done {limit} times already.")
    ),
    Fault.BAD_DAY: Phrase(N_("That day cannot be right."), NP_("sms", "That day cannot be right.")),
    Fault.TOO_FAR: Phrase(
        N_(
            "A date can be moved by {limit} working days in all. If it takes longer, those above hear that it is late."
        ),
        NP_("sms", "A date can be moved by {limit} working days in all."),
    ),
    Fault.UNREACHABLE: Phrase(
        N_(
            "The citizen cannot be reached, or wants no news: nobody would read that question. Please go on with what is "
            "known, and note what is missing: /catat."
        ),
        NP_("sms", "The citizen cannot be reached. Go on with what is known, or note it: CATAT"),
    ),
    Fault.UNPROPOSED: Phrase(
        N_(
            "Two people of your agency see each answer: a colleague writes it (/jawab), then you approve it (/setujui) "
            "or send it back (/tolak)."
        ),
        NP_(
            "sms", "A colleague writes the answer (JAWAB), you approve it (SETUJUI) or send it back (TOLAK)."
        ),
    ),
}
