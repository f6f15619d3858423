"""What is said where one person hurts another, or wants to die.

As `wording.py`. An SMS names no more than numbers to call: who does it may read the phone.
"""

from handlers.i18n import N_, NP_, Phrase

HELPLINE = Phrase(
    N_(
        "Are you or is someone in danger now? Call at once: {numbers}. For protection and advice: {helpline} ({line}). "
        "This channel does not send help."
    ),
    NP_("sms", "In danger? Call {calls} now. Protection: {helpline}. This channel does not send help."),
)
DESPAIR = Phrase(
    N_(
        "We are sorry that it is so hard. You are not alone: please talk now to {helpline} ({line}), or to somebody you "
        "trust. In danger, call at once: {numbers}."
    ),
    NP_(
        "sms",
        "You are not alone. Please call {helpline} now, or talk to somebody you trust. In danger: {calls}.",
    ),
)
ASK_PLACE_GENTLY = Phrase(
    N_("If you want us to record it as a report, write in which village and district. If not: DISCARD."),
    NP_("sms", "Shall we record it as a report? Then write the village and district. If not: DISCARD"),
)
DANGER_FIRST = Phrase(
    N_("The danger comes first. The report you were writing is kept and has its turn after it."),
    NP_("sms", "Your other report is kept for later."),
)
