"""Who outside may receive personal data, by kind. The names and contracts stand in `Processor`."""

from django.utils.translation import gettext_lazy as _

from privacy.purposes import Recipient, Text

HOSTING = Recipient(
    key="hosting",
    title=_("The company that runs our server"),
    gets=_("Everything that is stored here, on our instructions only."),
)
MAIL = Recipient(
    key="mail",
    title=_("The company that carries our e-mail"),
    gets=_("Your e-mail address and the text of the messages that we send you."),
)
CARD = Recipient(
    key="card",
    title=_("Stripe, for card payments"),
    gets=_(
        "The number and amount of the invoice and the e-mail address of the payer. "
        "Your card number goes to Stripe alone, never to us."
    ),
    only_if=_("if you choose to pay by card"),
)
BANK = Recipient(
    key="bank",
    title=_("Our bank"),
    gets=_("Payments and refunds with the name of the payer."),
)
AUDITOR = Recipient(
    key="auditor",
    title=_("Our auditors and, when the law demands it, authorities"),
    gets=_("Invoices, payments and the books."),
)
GOOGLE = Recipient(
    key="google",
    title=_("Google reCAPTCHA"),
    gets=_("Your network address, what your browser tells of itself and a cookie of Google's."),
    only_if=_("if you choose Google's check instead of ours"),
)
ORGANISER = Recipient(
    key="organiser",
    title=_("Those who hold the event with us"),
    gets=_("Your name and employer on the list of participants."),
    only_if=_("if you agreed to be on the list of participants"),
)

ALL = (HOSTING, MAIL, CARD, BANK, AUDITOR, GOOGLE, ORGANISER)


def choices() -> list[tuple[str, Text]]:
    return [(recipient.key, recipient.title) for recipient in ALL]
