from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.emails import filename
from billing.models import Invoice
from billing.operations.minimising import (
    MASKED,
    NOT_MINIMISED,
    minimise,
    minimise_bank_transactions,
)
from privacy.collection import rows_of
from privacy.recipients import AUDITOR, BANK, CARD, HOSTING, MAIL
from privacy.register import (
    DELETE,
    Basis,
    Category,
    Data,
    Keep,
    Purpose,
    Subject,
    by_function,
    declare,
    in_the_copy,
    keep_row,
    no_person,
    register,
    technical,
)

BOOKS = Purpose(
    key="bookkeeping",
    title=_("Invoices and bookkeeping"),
    why=_("To invoice what you or your employer ordered, receive payments and keep our books."),
    basis=Basis.LEGAL_OBLIGATION,
    because=_("Bookkeeping Act (1999:1078), chapters 5 and 7; VAT Act (2023:200), chapter 17."),
    keep=Keep(years=7, end_of_year=True, after=_("the invoice was issued")),
    needed=_("Required by law for an invoice. What is free of charge gives no invoice."),
    whom=_("Those who pay, and those who are named on an invoice."),
    recipients=(HOSTING, MAIL, BANK, CARD, AUDITOR),
)
ARRIVAL = Purpose(
    key="invoice-arrival",
    title=_("Whether an invoice has arrived"),
    why=_("To see that an invoice has reached its receiver before we remind of it."),
    basis=Basis.LEGITIMATE_INTEREST,
    because=_(
        "Both sides' interest that nobody is reminded of an invoice that never arrived. Only the "
        "first time that its page is opened is noted: not by whom, how often or from where."
    ),
    keep=Keep(months=12, after=_("the invoice's page was opened for the first time")),
    needed=_("Voluntary: the PDF in the mail says the same, and opening it is not noted."),
    whom=_("Those who receive an invoice."),
    source=_("It arises when the page of an invoice is opened for the first time."),
    recipients=(HOSTING,),
)


def invoices_of(subject: Subject) -> Iterator[tuple[str, bytes]]:
    """Every invoice and credit note of the person as PDF."""
    from billing import papers  # noqa: PLC0415  the layout engine must not be used before a fork

    declared = register.of(Invoice)
    assert declared is not None  # noqa: S101  it stands below
    for invoice in rows_of(declared, Invoice, subject).select_related("credits"):
        yield f"{filename(invoice)}.pdf", papers.invoice_pdf(invoice)


in_the_copy(invoices_of)

KEPT_BY_LAW = keep_row(
    _("The Bookkeeping Act demands that invoices and payments are kept for seven years.")
)

declare(
    "billing.Invoice",
    person="buyer",
    person_email="customer_email",
    purpose=BOOKS,
    kept_from="issued_on",
    on_erasure=KEPT_BY_LAW,
    at_end=by_function(
        minimise, left=NOT_MINIMISED, reason=_("Number and amounts stay, without the buyer.")
    ),
    fields={
        "customer_name customer_address": Data(Category.IDENTITY),
        "customer_email": Data(Category.CONTACT),
        "customer_organisation_number customer_vat_number customer_reference order_number "
        "cost_centre peppol_id": Data(Category.WORK),
        "number issued_on due_on total reason": Data(Category.PAYMENT, provided=False),
        "kind sequence ocr language credits source link_token seller net vat rounding "
        "created_at": technical(),
    },
    actors="issued_by",
)
declare(
    "billing.InvoiceLine",
    person="invoice__buyer",
    person_email="invoice__customer_email",
    purpose=BOOKS,
    kept_with="invoice",
    on_erasure=KEPT_BY_LAW,
    fields={
        "text detail": Data(Category.PAYMENT, provided=False),
        "position quantity unit_price net vat_code product_code account recognition "
        "credits": technical(),
    },
)
declare(
    "billing.Payment",
    person="invoice__buyer",
    person_email="invoice__customer_email",
    purpose=BOOKS,
    kept_with="invoice",
    on_erasure=KEPT_BY_LAW,
    fields={
        "amount paid_on method note": Data(Category.PAYMENT, provided=False),
        "external_id bank_transaction registered_at": technical(),
    },
    actors="registered_by",
)
declare(
    "billing.BankTransaction",
    person="payments__invoice__buyer",
    person_email="payments__invoice__customer_email",
    purpose=BOOKS,
    kept_from="booked_on",
    on_erasure=KEPT_BY_LAW,
    at_end=by_function(
        minimise_bank_transactions,
        left=~Q(payer_name=MASKED),
        reason=_("Day and amount stay, without the payer."),
    ),
    fields={
        "booked_on amount currency": Data(Category.PAYMENT, provided=False),
        "text payer_name payer_account references closed_note": Data(
            Category.PAYMENT, provided=False
        ),
        "file external_id problem closed_at": technical(),
    },
    actors="closed_by",
)
declare(
    "billing.StripeCheckout",
    person="invoice__buyer",
    person_email="invoice__customer_email",
    purpose=BOOKS,
    kept_with="invoice",
    on_erasure=KEPT_BY_LAW,
    fields={
        "amount created_at": Data(Category.PAYMENT, provided=False),
        "attempt session_id url payment_intent expires_at": technical(),
    },
)
declare(
    "billing.Reminder",
    person="invoice__buyer",
    person_email="invoice__customer_email",
    purpose=BOOKS,
    kept_with="invoice",
    on_erasure=KEPT_BY_LAW,
    fields={
        "sent_at balance late_charges": Data(Category.PAYMENT, provided=False),
        "level heading text": technical(),
    },
)
declare(
    "billing.InvoiceOpening",
    person="invoice__buyer",
    person_email="invoice__customer_email",
    purpose=ARRIVAL,
    kept_from="opened_at",
    on_erasure=DELETE,
    fields={"opened_at": Data(Category.ACTIVITY, provided=False)},
)
declare(
    "billing.InvoiceVat",
    person="invoice__buyer",
    person_email="invoice__customer_email",
    purpose=BOOKS,
    kept_with="invoice",
    on_erasure=KEPT_BY_LAW,
    fields={"category rate net vat exemption_text": technical()},
)
no_person(
    "billing.BankFile",
    fields="sha256 name format imported_at",
    reason=_("Which files were imported; their rows are declared as bank transactions."),
    actors="imported_by",
)
no_person(
    "billing.StripeEvent",
    fields="event_id type payload received_at applied_at problem closed_at closed_note",
    reason=_("Stripe's messages, of which only its own numbers, states and amounts are stored."),
)
no_person(
    "billing.Seller",
    fields=(
        "name organisation_number registered_office address email website bankgiro swish "
        "vat_number f_skatt_approved payment_days reminder_fee late_interest "
        "fiscal_year_start_month names_in_books"
    ),
    reason=_("The association itself."),
)
no_person("billing.Series", fields="code prefix first next", reason=_("Series of numbers."))
no_person(
    "billing.Product",
    fields=(
        "code name_sv name_en vat_code exemption_text_sv exemption_text_en account recognition"
    ),
    reason=_("What is sold, as the books see it."),
)
no_person(
    "billing.ReminderStep",
    fields="days name_sv name_en text_sv text_en charges",
    reason=_("When unpaid invoices are reminded of."),
)
no_person(
    "billing.InterestRate",
    fields="valid_from percent",
    reason=_("The reference rate that late interest is counted from."),
)
no_person(
    "billing.LedgerAccount",
    fields="use number name",
    reason=_("Which account is used for what."),
)
no_person(
    "billing.BulkAct",
    fields="name reason on asked_at",
    reason=_("What staff did to many invoices at once."),
    actors="asked_by",
)
declare(
    "billing.BulkRow",
    person="invoice__buyer",
    person_email="invoice__customer_email",
    purpose=BOOKS,
    kept_with="invoice",
    on_erasure=KEPT_BY_LAW,
    fields={"act state told": technical()},
)
no_person(
    "billing.SieBatch",
    fields="since until content sha256 created_at",
    reason=_("Files for the books; they name invoices by number unless the treasurer decides."),
    actors="created_by",
)
no_person(
    "billing.SieVoucher",
    fields="batch key booked_on text amount",
    reason=_("Which rows stand in which file for the books."),
)
no_person(
    "billing.StripePayout",
    fields="payout_id amount arrived_on stored_at",
    reason=_("Sums that Stripe has sent to the bank account."),
)
no_person(
    "billing.StripeMovement",
    fields="payout movement_id kind reference amount fee",
    reason=_("What a payout is made of, by Stripe's own numbers."),
)
no_person(
    "billing.LedgerUnlock", fields="reason", reason=_("Never holds a row outside a transaction.")
)
