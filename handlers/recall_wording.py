"""What is said of a report that was begun and left alone. As `wording.py`."""

from handlers.i18n import N_, NP_, Phrase

RECALL = Phrase(
    N_(
        "Your report is not sent yet. We still wait for: {missing}.\n"
        "We keep it until {until}. Not needed any more? Write DISCARD."
    ),
    NP_("sms", "Your report is not sent yet. Still missing: {missing}. Reply by {until}, or DISCARD"),
)
RECALL_COMPLETE = Phrase(
    N_("Your report is complete, but not sent yet. We keep it until {until}."),
    NP_("sms", "Your report is not sent yet. Reply YES to send, EDIT to change, DISCARD to throw away"),
)
LAST_RECALL = Phrase(
    N_(
        "Our last reminder: your report is not sent yet. We still wait for: {missing}.\n"
        "After {until} we delete it. Not needed any more? Write DISCARD."
    ),
    NP_("sms", "Your report is not sent yet. Still missing: {missing}. Reply by {until}, or DISCARD"),
)
LAST_RECALL_COMPLETE = Phrase(
    N_("Our last reminder: your report is complete, but not sent yet. After {until} we delete it."),
    NP_("sms", "Your report is not sent yet. Reply YES to send, EDIT to change, DISCARD to throw away"),
)
EXPIRED = Phrase(
    N_("Nobody came back to your unfinished report, so we deleted it. You can write a new one at any time."),
    NP_("sms", "The unfinished report is deleted. You can write a new one at any time."),
)
