"""What officers read that is about no single report: queues, findings, figures, help.

As `handlers/wording.py`.
"""

from handlers.i18n import N_, NP_, Phrase

QUEUE = Phrase(
    N_(
        "{title}: {new} new · {due} due today or tomorrow · {late} late · {waiting} wait for the citizen\n\n{lines}"
    ),
    NP_("sms", "{new} new, {due} due, {late} late, {waiting} with citizens. {lines} Reply SHOW number"),
)
QUEUE_EMPTY = Phrase(
    N_(
        "{title}: {new} new · {due} due today or tomorrow · {late} late · {waiting} wait for the citizen\n\nNothing here."
    ),
    NP_("sms", "{new} new, {due} due, {late} late, {waiting} with citizens. Nothing waits for you."),
)
TITLE_OWN, TITLE_ALL = N_("To be done"), N_("All agencies")
PAGE = N_("Page {page} of {pages}")
LINE = N_("{number} · {category} · {area} · {due}")
LINE_IN_GROUP = N_("{number} · {category} · {due}")
OBJECTION = N_("{number} · {category} · objection to the archiving")
FILTERS = {
    "baru": N_("New"),
    "terlambat": N_("Late"),
    "menunggu": N_("With citizens"),
    "saya": N_("Mine"),
    "semua": N_("All agencies"),
}
EARLIER, LATER = N_("Earlier"), N_("Later")

FOUND = Phrase(N_("Found: {count}\n\n{lines}"), NP_("sms", "Found {count}: {lines} Reply SHOW number"))
FOUND_NOTHING = Phrase(
    N_("Nothing found among your reports. Try a place, a topic or a single word."),
    NP_("sms", "Nothing found among your reports."),
)

TEMPLATES = Phrase(
    N_("Prepared answers:\n\n{lines}\n\nOne of them whole: /templat CODE"),
    NP_("sms", "Prepared answers: {lines}"),
)
NO_TEMPLATES = Phrase(
    N_("There are no prepared answers for you."), NP_("sms", "There are no prepared answers for you.")
)
TEMPLATE_LINE = N_("{code} – {name}")
TEMPLATE = Phrase(
    N_(
        "{words}\n\nCopy it, fill in what stands in braces, and send it as your answer (/jawab) or news (/proses)."
    ),
    NP_("sms", "{words}"),
)

FIGURES = Phrase(
    N_("{title}, {agency}\n{period}\n\n{lines}"),
    NP_("sms", "{agency}, {period}: {lines}"),
)
OWN_FIGURES = Phrase(
    N_("You have the figures of your own agency. Write /rekap without the name of another one."),
    NP_("sms", "You have the figures of your own agency. Write REKAP without another one's name."),
)
MORE_GROUPS = N_("And {count} more: /ekspor has them all.")
EXPORT = Phrase(
    N_("Reports of {agency}, {period}, as a table; without identities and texts."),
    NP_("sms", "A table cannot go by SMS: ask the coordinator for it. REKAP shows the figures here."),
)

HELP = Phrase(
    N_(
        "Your commands:\n\n{lines}\n\nThe number, a name or a date may stand anywhere. What is missing, I ask. A reply to a "
        "card is an answer to the citizen; you see it before it is sent.\n\nTo report something yourself: /lapor"
    ),
    NP_("sms", "{lines}. Write a word and the number of the report. To report something yourself: REPORT"),
)
HELP_MORE = N_("Also: {names}\nWhat they do: /bantuan semua")
HELP_LINE = N_("/{command} – {means}")

LEAVE = Phrase(
    N_("You are away from {since} to {until}. {deputy}\n\n{lines}"),
    NP_("sms", "Away {since} to {until}. {deputy}"),
)
LEAVE_DEPUTY = N_("Meanwhile {name} gets your news.")
LEAVE_NOBODY = N_("You have no deputy who is there: please give away what cannot wait (/alihkan).")
LEAVE_CASES = N_("Your open reports:")
LEAVE_NO_CASES = N_("You have no open reports.")
LEAVE_ENDED = Phrase(
    N_("Welcome back. You get your news yourself again."),
    NP_("sms", "Welcome back. You get your news again."),
)
LEAVE_NONE = Phrase(N_("You have no leave to end."), NP_("sms", "You have no leave to end."))
LEAVE_BACKWARDS = Phrase(
    N_("The last day is before the first, or over. Please write both days anew: /cuti 3/8 7/8"),
    NP_("sms", "The last day is before the first, or over."),
)

OFFICERS = Phrase(N_("Officers:\n\n{lines}"), NP_("sms", "Officers: {lines}"))
OFFICER_LINE = N_("{id}. {name}, {post}")
OFFICER_LINE_STATE = N_("{id}. {name}, {post} ({state})")
IS_SUSPENDED, IS_AWAY, IS_UNREACHABLE = N_("suspended"), N_("on leave"), N_("cannot be reached")
INVITED = Phrase(
    N_(
        "Invitation for {name}, {post}:\n\n{code}\n\nThey write this code to me in a private chat or by SMS, within {hours} "
        "hours. It works once."
    ),
    NP_("sms", "Code for {name}: {code}. Good once, {hours} hours."),
)
SUSPENDED = Phrase(
    N_("{name} is suspended as of now; their open reports belong to the agency again."),
    NP_("sms", "{name} is suspended."),
)
RESUMED = Phrase(N_("{name} may work again."), NP_("sms", "{name} may work again."))

GROUP_SET = Phrase(
    N_(
        "This group is the group of {agency} from now on: new reports are shown here. Of secret ones only number, "
        "category and due date; the rest each officer opens in the private chat."
    ),
    NP_("sms", "This group is now that of {agency}."),
)
GROUP_UNSET = Phrase(
    N_("This group is no agency's any more; nothing is shown here from now on."),
    NP_("sms", "This group is no agency's any more."),
)
GROUP_ONLY = Phrase(
    N_("/grup is written in the group that is to be the agency's. Add me to it first."),
    NP_("sms", "This works in a Telegram group only."),
)
GROUP_TAKEN = Phrase(
    N_("This group is the group of {agency}. Only a coordinator gives it to another one."),
    NP_("sms", "This group is the group of {agency}."),
)
GROUP_WHICH = Phrase(
    N_("Which agency's group is this? Write for example /grup PUPR"),
    NP_("sms", "Which agency's group is this?"),
)
