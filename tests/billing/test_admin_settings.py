"""What the treasurer sets: the association as a seller, its products and reminders."""

import pytest
from django.urls import reverse

from billing.models import Product, Seller

pytestmark = pytest.mark.django_db


def test_the_seller_is_one_row(client, treasurer):
    seller = Seller.objects.get()
    url = reverse("admin:billing_seller_change", args=[seller.pk])

    assert client.get("/admin/billing/seller/", follow=True).redirect_chain == [(url, 302)]
    assert client.get("/admin/billing/seller/add/").status_code == 403
    assert client.post(f"/admin/billing/seller/{seller.pk}/delete/").status_code == 403


def test_a_wrong_bankgiro_is_told(client, treasurer):
    seller = Seller.objects.get()
    fields = (
        "name",
        "address",
        "email",
        "website",
        "organisation_number",
        "registered_office",
        "vat_number",
        "payment_days",
        "reminder_fee",
        "fiscal_year_start_month",
    )
    data = {name: getattr(seller, name) for name in fields}

    url = reverse("admin:billing_seller_change", args=[seller.pk])
    page = client.post(url, {**data, "bankgiro": "991-2345"})
    client.post(url, {**data, "bankgiro": "991-2346", "payment_days": "20"})

    assert "bankgiro" in page.context["adminform"].form.errors
    seller.refresh_from_db()
    assert (seller.bankgiro, seller.payment_days) == ("9912346", 20)
    assert seller.history.count() == 1


def test_products_and_reminder_steps_are_edited_and_series_read(client, treasurer):
    step = {"days": "35", "name_sv": "Sista", "name_en": "Last", "text_sv": "T", "text_en": "T"}
    assert client.post("/admin/billing/reminderstep/add/", step).status_code == 302

    conference = Product.objects.get(code="conference")
    page = client.get(f"/admin/billing/product/{conference.pk}/change/")
    assert "code" not in page.context["adminform"].form.fields
    assert client.post(f"/admin/billing/product/{conference.pk}/delete/").status_code == 403

    assert client.get("/admin/billing/series/").status_code == 200
    assert client.get("/admin/billing/series/add/").status_code == 403


@pytest.mark.parametrize("account", ["abc", "30", "9001", "0001"])
def test_an_account_that_is_none_is_told(client, treasurer, account):
    product = Product.objects.get(code="membership")
    url = reverse("admin:billing_product_change", args=[product.pk])

    page = client.post(url, {"account": account})

    assert "account" in page.context["adminform"].form.errors
