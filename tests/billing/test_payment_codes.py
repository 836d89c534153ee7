from dataclasses import replace
from datetime import date
from decimal import Decimal as D

from billing.documents import payment_codes
from tests.billing.document_factories import PAYMENT, SELLER, invoice, text


def test_usingqr() -> None:
    found = payment_codes.using_qr(seller=SELLER, payment=PAYMENT, invoiced_on=date(2026, 3, 31))
    assert found == (
        '{"uqr":1,"tp":1,"nme":"Exempelföreningen","cid":"802999-9995","iref":"1001004207",'
        '"idt":"20260331","ddt":"20260430","due":3640.0,"cur":"SEK","pt":"BG","acc":"991-2346"}'
    )


def test_usingqr_by_plusgiro() -> None:
    seller = replace(SELLER, bankgiro="", plusgiro="1234566")
    found = payment_codes.using_qr(seller=seller, payment=PAYMENT, invoiced_on=date(2026, 3, 31))
    assert found.endswith('"pt":"PG","acc":"123456-6"}')


def test_swish() -> None:
    assert (
        payment_codes.swish_qr(payee="1234567890", amount=D("1645"), ocr="1001004207")
        == "C1234567890;1645,00;1001004207;0"
    )


def test_no_swish_number_no_swish_code() -> None:
    assert "Swish" in text(invoice())
    assert "Swish" not in text(invoice(seller=replace(SELLER, swish="")))
