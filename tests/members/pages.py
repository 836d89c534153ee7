"""Filling in forms the way a browser does: everything the page holds is sent back."""

from typing import Any

from django.test import Client
from django.urls import reverse

EMPLOYER = {
    "payer": "employer",
    "payer_name": "Kanslibyrån i Umeå AB",
    "organisation_number": "802999-9995",
    "street": "Storgatan 1",
    "postcode": "90321",
    "city": "Umeå",
}


def join_url(kind: str = "ordinary") -> str:
    return f"{reverse('members:join')}?kind={kind}"


def join_data(client: Client, kind: str = "ordinary", **answers: Any) -> dict[str, Any]:
    """The form with its hidden fields, and answers to what everybody must answer."""
    form = client.get(join_url(kind)).context["form"]
    asked = {
        "ordinary": {"payer": "private"},
        "student": {
            "school": "Umeå universitet",
            "mecenat_number": "1234 5678 90",
            "studies_end_on": "2030-06-06",
            "is_employed": "no",
        },
    }
    return {
        "form_token": form["form_token"].value(),
        "human_ticket": str(form.human.ticket),
        "name": "Åsa Öberg",
        "email": "asa@example.org",
        **asked[kind],
        **answers,
    }
