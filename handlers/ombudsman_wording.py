"""What is said of the Ombudsman, who may take over what stays unsettled (docs/rules.md, Messages: M16).

As `news_wording.py`.
"""

from handlers.i18n import N_, NP_, Phrase

OFFER = Phrase(
    N_(
        "Your report {number} is still not solved after {days} days. You have the right to turn to {ombudsman}.\n\nMay we pass it on to them, with how to reach you? Then press I agree, or write AGREE. Without an answer nothing changes: we go on with it."
    ),
    NP_(
        "sms",
        "{number} is not solved after {days} days. You may turn to {ombudsman}. Reply AGREE if we may send it there with your number",
    ),
)  # M16
OFFER_JOINED = Phrase(
    N_(
        "The matter of your report {number} is still not solved. You have the right to turn to {ombudsman}.\n\nMay we pass it on to them, with how to reach you? Then press I agree, or write AGREE. Without an answer nothing changes: we go on with it."
    ),
    NP_(
        "sms",
        "{number} is still not solved. You may turn to {ombudsman}. Reply AGREE if we may send it there with your number",
    ),
)
ASK_AGAIN = Phrase(
    N_("Report {number} goes to {ombudsman} only if you say so: write AGREE {number}. Else nothing changes."),
    NP_(
        "sms", "{number} goes to {ombudsman} only if you say so: reply AGREE {number}. Else nothing changes."
    ),
)
AGREED = Phrase(
    N_(
        "Thank you. We pass report {number} on to {ombudsman}, and go on with it here. Changed your mind? Write PERSON."
    ),
    NP_(
        "sms",
        "Thank you. {number} goes to {ombudsman}; we go on with it here. Changed your mind? Reply PERSON",
    ),
)
AGREED_BEFORE = Phrase(
    N_(
        "Thank you. You agreed on {day} that report {number} goes to {ombudsman}; we see to it. Changed your mind? Write PERSON."
    ),
    NP_("sms", "You agreed on {day}: {number} goes to {ombudsman}. Changed your mind? Reply PERSON"),
)
REFUSED = Phrase(
    N_(
        "All right, report {number} stays with us, and we go on with it. Changed your mind? Write AGREE {number}"
    ),
    NP_("sms", "All right, {number} stays with us. Changed your mind? Reply AGREE {number}"),
)

# labels of buttons
AGREE, REFUSE = N_("I agree"), N_("No")
