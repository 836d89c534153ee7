"""Invoices and what belongs to them, each with a default for everything."""

import itertools
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from billing import operations
from billing.models import (
    BankFile,
    BankTransaction,
    Invoice,
    Payment,
    Product,
    StripeMovement,
    StripePayout,
)

_count = itertools.count(1)


def product(code: str = "membership") -> Product:
    """One of the first rows."""
    return Product.objects.get(code=code)


def customer(**changes: Any) -> operations.Customer:
    return operations.Customer(
        **{
            "name": "Kanslibyrån i Umeå AB",
            "email": "ekonomi@kansli.example",
            "address": "Storgatan 1\n903 21 Umeå",
            **changes,
        }
    )


def line(*, price: str = "1645", quantity: str = "1", **changes: Any) -> operations.Line:
    return operations.Line(
        **{
            "product": changes.pop("product", None) or product(),
            "text": "Medlemsavgift",
            "unit_price": Decimal(price),
            "quantity": Decimal(quantity),
            **changes,
        }
    )


def issue_invoice(
    *,
    price: str = "1645",
    today: date = date(2026, 3, 2),
    source: str = "",
    lines: list[operations.Line] | None = None,
    **changes: Any,
) -> Invoice:
    return operations.issue_invoice(
        **{
            "source": source or f"test:{next(_count)}",
            "customer": changes.pop("customer", None) or customer(),
            "lines": lines or [line(price=price)],
            "today": today,
            **changes,
        }
    )


def pay(
    invoice: Invoice,
    *,
    amount: str | None = None,
    paid_on: date = date(2026, 3, 10),
    **changes: Any,
) -> Payment:
    """The whole balance unless told otherwise."""
    left = Invoice.objects.with_balance().get(pk=invoice.pk).balance
    return operations.register_payment(
        **{
            "invoice": invoice,
            "amount": Decimal(amount) if amount else left,
            "paid_on": paid_on,
            "method": Payment.Method.BANK,
            "external_id": f"test-payment:{next(_count)}",
            **changes,
        }
    )


def bank_transaction(*, amount: str = "1645", ocr: str = "", **changes: Any) -> BankTransaction:
    number = next(_count)
    references = [{"kind": "ocr", "value": ocr, "amount": None}] if ocr else []
    return BankTransaction.objects.create(
        **{
            "file": BankFile.objects.create(sha256=f"{number:064d}", name="bank.xml", format="x"),
            "external_id": f"test-bank:{number}",
            "booked_on": date(2026, 3, 10),
            "amount": Decimal(amount),
            "references": references,
            **changes,
        }
    )


def payout(
    *,
    amount: str = "100",
    movements: Sequence[tuple[str, str, str, str]] = (),
    payout_id: str = "po_1",
    arrived_on: date = date(2026, 3, 15),
) -> StripePayout:
    """Movements are kind, what they are about, amount and fee."""
    row = StripePayout.objects.create(
        payout_id=payout_id, amount=Decimal(amount), arrived_on=arrived_on
    )
    for kind, reference, moved, fee in movements:
        StripeMovement.objects.create(
            payout=row,
            movement_id=f"txn_{next(_count)}",
            kind=kind,
            reference=reference,
            amount=Decimal(moved),
            fee=Decimal(fee),
        )
    return row


def copies(invoice: Invoice, number: int) -> None:
    """Rows enough to fill pages of a list; they have no lines, so nothing else may see them."""
    names = [field.attname for field in Invoice._meta.concrete_fields if field.attname != "id"]
    values = {name: getattr(invoice, name) for name in names}
    Invoice.objects.bulk_create(
        Invoice(
            **{
                **values,
                "number": f"X{index}",
                "sequence": 50_000 + index,
                "ocr": f"9{index:09}",
                "link_token": f"copy{index}",
                "source": f"copy:{index}",
            }
        )
        for index in range(number)
    )


def balance(invoice: Invoice) -> Decimal:
    return Invoice.objects.with_balance().get(pk=invoice.pk).balance
