"""The rows that billing cannot start without. Staff edit them; this never changes one."""

from typing import Any


def create(apps: Any) -> None:
    """Called by a migration with its historical models."""
    _seller(apps.get_model("billing", "Seller"))
    _series(apps.get_model("billing", "Series"))
    _products(apps.get_model("billing", "Product"))
    create_late_products(apps)
    _reminder_steps(apps.get_model("billing", "ReminderStep"))
    _accounts(apps.get_model("billing", "LedgerAccount"))


def _seller(model: Any) -> None:
    """Placeholders in the form the association must fill in; the numbers are synthetic."""
    model.objects.get_or_create(
        pk=1,
        defaults={
            "name": "Forum för Dataskydd",
            "organisation_number": "8029999995",
            "registered_office": "Stockholm",
            "address": "Box 1\n111 11 Stockholm",
            "email": "info@dpforum.se",
            "website": "https://dpforum.se",
            "bankgiro": "9912346",
            "vat_number": "SE802999999501",
            "f_skatt_approved": True,
        },
    )


def _series(model: Any) -> None:
    model.objects.get_or_create(code="invoice", defaults={"prefix": "F"})
    model.objects.get_or_create(code="credit", defaults={"prefix": "K"})


def _products(model: Any) -> None:
    """The VAT treatment and account of each are the treasurer's to decide in the admin."""
    without_vat = {
        "vat_code": "E",
        "exemption_text_sv": "Medlemsavgift, ej momspliktig",
        "exemption_text_en": "Membership fee, not subject to VAT",
        "account": "3001",
    }
    with_vat = {"vat_code": "S25", "account": "3041"}
    for code, swedish, english, rest in (
        ("membership", "Medlemsavgift", "Membership fee", without_vat),
        ("seminar", "Seminarium", "Seminar", with_vat),
        ("conference", "Konferens", "Conference", with_vat),
    ):
        model.objects.get_or_create(
            code=code, defaults={"name_sv": swedish, "name_en": english, **rest}
        )


def create_late_products(apps: Any) -> None:
    """What is charged for paying late; called by a later migration too."""
    model = apps.get_model("billing", "Product")
    without_vat = {
        "vat_code": "O",
        "exemption_text_sv": "Ersättning för sen betalning, ingen moms",
        "exemption_text_en": "Compensation for late payment, outside VAT",
    }
    for code, swedish, english, account in (
        ("reminder-fee", "Påminnelseavgift", "Reminder fee", "3540"),
        ("late-interest", "Dröjsmålsränta", "Late interest", "8313"),
    ):
        names = {"name_sv": swedish, "name_en": english}
        model.objects.get_or_create(
            code=code, defaults={**names, "account": account, **without_vat}
        )


def _accounts(model: Any) -> None:
    """As in the BAS chart."""
    for use, number, name in _ACCOUNTS:
        model.objects.get_or_create(use=use, defaults={"number": number, "name": name})


_ACCOUNTS = (
    ("receivables", "1510", "Kundfordringar"),
    ("cards", "1580", "Fordringar för kontokort och kuponger"),
    ("bank", "1930", "Företagskonto"),
    ("by-hand", "1930", "Företagskonto"),
    ("advances", "2420", "Förskott från kunder"),
    ("vat-25", "2611", "Utgående moms, 25 %"),
    ("vat-12", "2621", "Utgående moms, 12 %"),
    ("vat-6", "2631", "Utgående moms, 6 %"),
    ("rounding", "3740", "Öres- och kronutjämning"),
    ("card-fees", "6570", "Bankkostnader"),
    ("losses", "6351", "Konstaterade förluster på kundfordringar"),
)


def _reminder_steps(model: Any) -> None:
    for days, name_sv, name_en, text_sv, text_en in _STEPS:
        model.objects.get_or_create(
            days=days,
            defaults={
                "name_sv": name_sv,
                "name_en": name_en,
                "text_sv": text_sv,
                "text_en": text_en,
            },
        )


_STEPS = (
    (
        -7,
        "Fakturan förfaller om en vecka",
        "The invoice is due in a week",
        "En påminnelse i god tid. Har du redan betalat kan du bortse från det här.",
        "A reminder in good time. If you have paid already, please disregard this.",
    ),
    (
        7,
        "Påminnelse om obetald faktura",
        "Reminder of an unpaid invoice",
        "Förfallodagen har passerat och vi kan inte se att fakturan är betald.",
        "The due date has passed and we cannot see that the invoice is paid.",
    ),
    (
        21,
        "Andra påminnelsen om obetald faktura",
        "Second reminder of an unpaid invoice",
        "Fakturan är fortfarande obetald. Hör av dig om något är fel, så löser vi det.",
        "The invoice is still unpaid. If something is wrong, tell us and we will sort it out.",
    ),
)
