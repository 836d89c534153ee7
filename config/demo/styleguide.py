"""Every piece of the look on one page, with invented content. Only in the demonstration."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from privacy.access import public

COLOURS = ["paper", "surface", "surface-deep", "ink", "ink-soft", "line", "line-strong"]
COLOURS += ["accent", "accent-strong", "accent-soft", "band", "ok", "warn", "bad", "mark"]


class SampleForm(forms.Form):
    name = forms.CharField(label="Namn")
    email = forms.EmailField(label="E-postadress", help_text="Hit skickar vi bekräftelsen.")
    reference = forms.CharField(label="Er referens", required=False)
    kind = forms.ChoiceField(
        label="Vem betalar?",
        choices=[("employer", "Min arbetsgivare"), ("self", "Jag själv")],
        widget=forms.RadioSelect,
    )
    country = forms.ChoiceField(label="Land", choices=[("se", "Sverige"), ("no", "Norge")])
    message = forms.CharField(label="Meddelande", widget=forms.Textarea({"rows": 3}))
    news = forms.BooleanField(
        label="Ja, skicka mig nyheter med e-post",
        required=False,
        help_text="Frivilligt. Du kan ändra dig när som helst.",
    )


@public
def styleguide(request: HttpRequest) -> HttpResponse:
    messages.success(request, "Sparat. Bokningen är bekräftad.")
    messages.info(request, "Nästa faktura kommer i mars.")
    messages.warning(request, "Fakturan förfaller i morgon.")
    messages.error(request, "Betalningen gick inte igenom. Inget är draget.")
    return render(request, "styleguide.html", _content())


def _content() -> dict[str, Any]:
    page = Paginator(range(100), 10).page(3)
    return {
        "colours": COLOURS,
        "empty_form": SampleForm(auto_id="empty_%s"),
        "refused_form": SampleForm({"email": "asta", "country": "no"}),
        "events": _events(),
        "articles": _articles(),
        "price": _price(),
        "steps": [
            {"label": "Platser", "is_done": True, "url": "#steps"},
            {"label": "Uppgifter", "is_current": True},
            {"label": "Betalning"},
        ],
        "held_until": timezone.now() + timedelta(minutes=30),
        "page_obj": page,
        "page_range": page.paginator.get_elided_page_range(3, on_each_side=1),
    }


def _events() -> list[dict[str, Any]]:
    start = timezone.now().replace(hour=13, minute=30) + timedelta(days=20)
    return [
        {
            "title": "Överföring till tredjeland efter de nya besluten",
            "url": "#events",
            "starts_at": start,
            "place": "Stockholm och på nätet",
            "kind_label": "Seminarium",
            "price_label": "Gratis för medlemmar",
            "status_label": "Platser kvar",
            "status_class": "pill-ok",
        },
        {
            "title": "Nordic Privacy Arena",
            "url": "#events",
            "starts_at": start + timedelta(days=40),
            "place": "Münchenbryggeriet, Stockholm",
            "kind_label": "Konferens",
            "price_label": "5 900 kr",
            "status_label": "Få platser kvar",
            "status_class": "pill-warn",
            "seats_label": "7 av 400",
        },
        {
            "title": "Nätverksträff för dataskyddsombud i kommuner och regioner",
            "url": "#events",
            "starts_at": start + timedelta(days=61),
            "place": "Göteborg",
            "kind_label": "Nätverksträff",
            "status_label": "Fullbokat",
            "seats_label": "12 på väntelistan",
        },
    ]


def _articles() -> list[dict[str, Any]]:
    return [
        {
            "title": "Brittisk sanktionsavgift kan vänta för ansiktsigenkänning",
            "url": "#articles",
            "lead": "Myndigheten ser flera brister i hur bilderna samlats in och sparats.",
            "published_at": timezone.now() - timedelta(days=2),
        },
        {
            "title": "Guidance on legitimate interest",
            "url": "#articles",
            "lead": "Three tests to write down before you rely on it.",
            "published_at": timezone.now() - timedelta(days=9),
            "lang": "en",
            "language_notice": "Artikeln finns bara på engelska.",
        },
    ]


def _price() -> dict[str, Any]:
    return {
        "title": "Ditt pris",
        "amount_label": "5 900 kr",
        "vat_label": "varav moms 1 180 kr",
        "reason": "Du är inte inloggad och betalar det öppna priset.",
        "better": [
            {"text": "Medlem? Då är priset 4 400 kr.", "url": "#price", "link_label": "Logga in"},
            {
                "text": "Bli medlem och boka på en gång.",
                "url": "#price",
                "link_label": "Bli medlem",
            },
        ],
        "rows": [
            {"audience_label": "Medlem", "amount_label": "4 400 kr"},
            {"audience_label": "Student", "amount_label": "900 kr"},
            {"audience_label": "Övriga", "amount_label": "5 900 kr", "is_yours": True},
        ],
    }
