"""The books of three years: invoices, credit notes, payments and reminders, as rows.

An operation a row would take minutes, so the rows are written together. Amounts come from
`billing.vat.summarise` as everywhere, numbers from the series in the order of the days, and
`check_ledger` looks at the result.
"""

import contextlib
import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from random import Random

from django.utils import translation
from django.utils.translation import gettext

from billing import ocr
from billing.models import (
    BankFile,
    BankTransaction,
    Invoice,
    InvoiceLine,
    InvoiceVat,
    Payment,
    Reminder,
    ReminderStep,
    Seller,
    Series,
    StripeCheckout,
)
from billing.operations import Customer, ExportRefused, export_sie
from billing.operations.issuing import snapshot, total_columns
from billing.vat import PricedLine, VatSummary, summarise
from config.demo.seed.clock import Clock
from config.demo.seed.payouts import write_payouts
from config.demo.seed.rows import add
from config.demo.seed.sales import BANK, CARD, Paid, Sale, reminders_of
from members.models import User

_COPIED = (
    "language",
    "buyer",
    "customer_name",
    "customer_address",
    "customer_email",
    "customer_organisation_number",
    "customer_reference",
    "order_number",
    "cost_centre",
    "peppol_id",
    "seller",
)


class Ledger:
    def __init__(self, random: Random, clock: Clock, treasurer: User) -> None:
        self.random, self.clock, self.treasurer = random, clock, treasurer
        seller = Seller.objects.get()
        self.seller, self.payment_days = snapshot(seller), timedelta(days=seller.payment_days)

    def write(self, sales: Iterable[Sale]) -> None:
        issued = sorted(sales, key=lambda sale: (sale.issued_on, not sale.is_by_night))
        self._write_invoices(issued)
        self._write_credit_notes([sale for sale in issued if sale.fate.credit])
        self._write_payments(issued)
        self._write_reminders(issued)

    def hand_over(self) -> None:
        """The books have all but the last two months, a file a financial year."""
        until = self.clock.today.replace(day=1) - timedelta(days=32)
        for year in range(until.year - 3, until.year + 1):
            last = min(date(year, 12, 31), until)
            with contextlib.suppress(ExportRefused):  # a year in which nothing happened
                export_sie(
                    since=date(year, 1, 1),
                    until=last,
                    by=self.treasurer,
                    now=self.clock.night(last + timedelta(days=15)),
                )

    # --- Invoices ---------------------------------------------------------------------------------

    def _write_invoices(self, sales: Sequence[Sale]) -> None:
        summaries = [_summary(sale) for sale in sales]
        series = Series.locked(Series.Code.INVOICE)
        for sale, summary in zip(sales, summaries, strict=True):
            sale.invoice = self._invoice(sale, summary, *_take(series))
        series.save()
        invoices = add([sale.invoice for sale in sales if sale.invoice])
        self.lines = _write_lines(sales, summaries)
        _write_vat(invoices, summaries, [_exemptions(sale) for sale in sales])

    def _invoice(self, sale: Sale, summary: VatSummary, number: str, sequence: int) -> Invoice:
        return Invoice(
            kind=Invoice.Kind.INVOICE,
            number=number,
            sequence=sequence,
            ocr=ocr.reference(sequence),
            issued_on=sale.issued_on,
            due_on=sale.issued_on + self.payment_days,
            language=sale.customer.language,
            source=sale.source,
            buyer=sale.buyer,
            seller=self.seller,
            created_at=self._issued_at(sale),
            **_columns(sale.customer),
            **total_columns(summary),
        )

    def _issued_at(self, sale: Sale) -> datetime:
        return self.clock.night(sale.issued_on) if sale.is_by_night else self._noon(sale.issued_on)

    def _noon(self, day: date) -> datetime:
        return self.clock.at(day, 12)

    # --- Credit notes -----------------------------------------------------------------------------

    def _write_credit_notes(self, sales: Sequence[Sale]) -> None:
        sales = sorted(sales, key=lambda sale: sale.fate.credit.on)  # type: ignore[union-attr]
        summaries = [_credit_summary(sale) for sale in sales]
        series = Series.locked(Series.Code.CREDIT)
        notes = [
            self._credit_note(sale, summary, *_take(series))
            for sale, summary in zip(sales, summaries, strict=True)
        ]
        series.save()
        add(notes)
        _write_vat(notes, summaries, [_exemptions(sale) for sale in sales])
        add(
            [
                row
                for sale, note, summary in zip(sales, notes, summaries, strict=True)
                for row in _credit_lines(self._credited(sale), note, summary)
            ]
        )

    def _credit_note(self, sale: Sale, summary: VatSummary, number: str, sequence: int) -> Invoice:
        credit, original = sale.fate.credit, sale.invoice
        assert credit is not None and original is not None  # noqa: S101  only such sales come here
        at = self.clock.night if credit.is_by_night else self._noon
        with translation.override(original.language):
            reason = gettext(credit.reason)
        return Invoice(
            kind=Invoice.Kind.CREDIT,
            number=number,
            sequence=sequence,
            issued_on=credit.on,
            credits=original,
            reason=reason,
            source=f"credit:{original.pk}:1",
            created_at=at(credit.on),
            **{name: getattr(original, name) for name in _COPIED},
            **total_columns(summary),
        )

    def _credited(self, sale: Sale) -> list[InvoiceLine]:
        credit, rows = sale.fate.credit, self.lines[sale]
        return rows if credit is None or credit.rows is None else [rows[row] for row in credit.rows]

    # --- Payments ---------------------------------------------------------------------------------

    def _write_payments(self, sales: Iterable[Sale]) -> None:
        entries = [(sale, paid) for sale in sales for paid in sale.fate.payments]
        entries.sort(key=lambda entry: entry[1].on)
        by_bank = [(sale, paid) for sale, paid in entries if paid.method == BANK]
        transactions = self._write_bank_files(by_bank)
        add([self._checkout(sale, paid) for sale, paid in entries if paid.method == CARD])
        rows = [self._payment(sale, paid, transactions.get(paid)) for sale, paid in entries]
        payments = add(rows)
        write_payouts([paid for paid in payments if paid.method == CARD], self.clock)

    def _payment(self, sale: Sale, paid: Paid, row: BankTransaction | None) -> Payment:
        invoice = sale.invoice
        assert invoice is not None  # noqa: S101  written by now
        by_card = paid.method == CARD
        return Payment(
            invoice=invoice,
            amount=sale.amount_of(paid),
            paid_on=paid.on,
            method=paid.method,
            external_id=f"stripe:{_stripe('pi', invoice)}" if by_card else _by_hand(invoice, row),
            bank_transaction=row,
            registered_at=self._paid_at(paid),
            registered_by=None if by_card else self.treasurer,
        )

    def _paid_at(self, paid: Paid) -> datetime:
        """Bank files are imported in the evening of their day."""
        return self.clock.at(paid.on, 18) if paid.method == BANK else self.clock.at(paid.on, 14)

    def _checkout(self, sale: Sale, paid: Paid) -> StripeCheckout:
        invoice = sale.invoice
        assert invoice is not None  # noqa: S101  written by now
        opened_at = self._paid_at(paid) - timedelta(minutes=3)
        return StripeCheckout(
            invoice=invoice,
            attempt=1,
            amount=sale.amount_of(paid),
            session_id=_stripe("cs_test", invoice),
            payment_intent=_stripe("pi", invoice),
            created_at=opened_at,
            expires_at=opened_at + timedelta(hours=1),
        )

    def _write_bank_files(
        self, entries: Sequence[tuple[Sale, Paid]]
    ) -> dict[Paid, BankTransaction]:
        """A file for each day with payments."""
        days = sorted({paid.on for _sale, paid in entries})
        files = dict(zip(days, add([self._bank_file(day) for day in days]), strict=True))
        rows = [
            self._transaction(sale, paid, files[paid.on], number)
            for number, (sale, paid) in enumerate(entries, start=1)
        ]
        return {paid: row for (_sale, paid), row in zip(entries, add(rows), strict=True)}

    def _bank_file(self, day: date) -> BankFile:
        name = f"camt054-{day}.xml"
        return BankFile(
            sha256=hashlib.sha256(name.encode()).hexdigest(),
            name=name,
            format="camt.054.001.08",
            imported_at=self.clock.at(day, 18),
            imported_by=self.treasurer,
        )

    def _transaction(self, sale: Sale, paid: Paid, file: BankFile, number: int) -> BankTransaction:
        invoice = sale.invoice
        assert invoice is not None  # noqa: S101  written by now
        amount = sale.amount_of(paid)
        return BankTransaction(
            file=file,
            external_id=f"camt:{self.seller['bankgiro']}:{paid.on:%Y%m%d}:{number:07}:{amount}SEK",
            booked_on=paid.on,
            amount=amount,
            references=[{"kind": "ocr", "value": invoice.ocr, "amount": None}],
            payer_name=invoice.customer_name,
        )

    # --- Reminders --------------------------------------------------------------------------------

    def _write_reminders(self, sales: Iterable[Sale]) -> None:
        steps = {step.days: step for step in ReminderStep.objects.all()}
        add(
            [
                Reminder(
                    invoice=sale.invoice,
                    level=level,
                    sent_at=self.clock.night(day),
                    balance=balance,
                    heading=getattr(steps[level], f"name_{sale.customer.language}"),
                    text=getattr(steps[level], f"text_{sale.customer.language}"),
                )
                for sale in sales
                for level, day, balance in reminders_of(
                    sale,
                    due_on=sale.issued_on + self.payment_days,
                    steps=list(steps),
                    today=self.clock.today,
                )
            ]
        )


# --- Rows of one document -------------------------------------------------------------------------


def _take(series: Series) -> tuple[str, int]:
    """As `Series.take`, for a series that is saved once at the end."""
    series.next += 1
    return f"{series.prefix}{series.next - 1}", series.next - 1


def _columns(customer: Customer) -> dict[str, str]:
    return {
        "customer_name": customer.name,
        "customer_address": customer.address,
        "customer_email": customer.email,
        "customer_organisation_number": customer.organisation_number,
        "customer_reference": customer.reference,
        "order_number": customer.order_number,
        "cost_centre": customer.cost_centre,
        "peppol_id": customer.peppol_id,
    }


def _summary(sale: Sale) -> VatSummary:
    return summarise(
        PricedLine(row.quantity, row.unit_price, row.product.vat) for row in sale.lines
    )


def _credit_summary(sale: Sale) -> VatSummary:
    return summarise(
        PricedLine(-row.quantity, row.unit_price, row.product.vat) for row in sale.credited_lines
    )


def _exemptions(sale: Sale) -> dict[str, str]:
    """Why a category carries no VAT, in the invoice's language."""
    return {
        row.product.vat.category: getattr(row.product, f"exemption_text_{sale.customer.language}")
        for row in sale.lines
    }


def _write_lines(
    sales: Sequence[Sale], summaries: Sequence[VatSummary]
) -> dict[Sale, list[InvoiceLine]]:
    lines = {
        sale: [
            InvoiceLine(
                invoice=sale.invoice,
                position=position,
                text=row.text,
                detail=row.detail,
                quantity=row.quantity,
                unit_price=row.unit_price,
                net=priced.net,
                vat_code=row.product.vat_code,
                product_code=row.product.code,
                account=row.product.account,
                recognition=row.product.recognition,
            )
            for position, (row, priced) in enumerate(
                zip(sale.lines, summary.lines, strict=True), start=1
            )
        ]
        for sale, summary in zip(sales, summaries, strict=True)
    }
    add([line for rows in lines.values() for line in rows])
    return lines


def _credit_lines(
    originals: Sequence[InvoiceLine], note: Invoice, summary: VatSummary
) -> list[InvoiceLine]:
    return [
        InvoiceLine(
            invoice=note,
            position=position,
            quantity=-original.quantity,
            net=priced.net,
            credits=original,
            **{name: getattr(original, name) for name in _LINE_COPIED},
        )
        for position, (original, priced) in enumerate(
            zip(originals, summary.lines, strict=True), start=1
        )
    ]


_LINE_COPIED = (
    "text",
    "detail",
    "unit_price",
    "vat_code",
    "product_code",
    "account",
    "recognition",
)


def _write_vat(
    documents: Sequence[Invoice],
    summaries: Sequence[VatSummary],
    exemptions: Sequence[dict[str, str]],
) -> None:
    add(
        [
            InvoiceVat(
                invoice=document,
                category=row.category,
                rate=row.rate,
                net=row.net,
                vat=row.vat,
                exemption_text=texts[row.category],
            )
            for document, summary, texts in zip(documents, summaries, exemptions, strict=True)
            for row in summary.sums
        ]
    )


def _by_hand(invoice: Invoice, row: BankTransaction | None) -> str:
    """Of the bank's row, or of the one payment of an invoice that was entered without one."""
    return f"bank:{row.external_id}:{invoice.pk}" if row else f"by-hand:{invoice.pk}"


def _stripe(prefix: str, invoice: Invoice) -> str:
    return f"{prefix}_{hashlib.sha256(invoice.number.encode()).hexdigest()[:24]}"
