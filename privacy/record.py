"""The record of processing activities (Art. 30), made from the register and nothing else."""

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.controller import controller
from privacy.declarations import Data, Declaration
from privacy.models import Processor
from privacy.processing import Processing, Receiver, all_processing

MEASURES = (
    _("Everything travels encrypted (HTTPS, with HSTS)."),
    _("Passwords are stored as Argon2 hashes; log-in in two steps and by passkey is supported."),
    _("Roles limit what each of the staff can see and do."),
    _("Changes of records are kept with who made them and when."),
    _("Pages load nothing from other sites by themselves; a strict content policy sees to it."),
    _("What is stored, why and how long is declared column by column; undeclared data fail tests."),
)


def record() -> dict[str, Any]:
    """All that Art. 30.1 asks for, in the language that is active, as plain values."""
    return {
        "controller": asdict(controller()),
        "measures": [str(measure) for measure in MEASURES],
        "activities": [_activity(one) for one in all_processing()],
    }


def _activity(one: Processing) -> dict[str, Any]:
    purpose = one.purpose
    return {
        "key": purpose.key,
        "title": str(purpose.title),
        "purpose": str(purpose.why),
        "basis": f"{purpose.basis.title} (Art. {purpose.basis.article})",
        "law_or_interest": str(one.interest),
        "people": str(purpose.whom),
        "source": str(purpose.source),
        "data": [
            {"category": str(category.label), "special": category.is_special, "fields": fields}
            for category, fields in one.categories
        ],
        "recipients": [_recipient(receiver) for receiver in one.receivers],
        "transfers": [_transfer(c) for c in one.transfers] or [one.no_transfers],
        "periods": [
            *({"of": period.of, "kept": str(period.keep)} for period in one.periods),
            *({"of": str(store.title), "kept": str(store.kept)} for store in one.stores),
        ],
        "tables": [_table(declared, fields) for declared, fields in one.tables],
    }


def _recipient(receiver: Receiver) -> dict[str, Any]:
    return {
        "kind": str(receiver.recipient.title),
        "gets": str(receiver.recipient.gets),
        "companies": [
            {
                "name": company.name,
                "country": company.country,
                "role": company.get_role_display(),
                "contract_on": company.contract_on and company.contract_on.isoformat(),
            }
            for company in receiver.companies
        ],
    }


def _transfer(company: Processor) -> str:
    return f"{company.name}, {company.country_name}: {company.get_safeguard_display()}"


def _table(declared: Declaration, fields: list[tuple[str, Data]]) -> dict[str, Any]:
    return {
        "table": declared.model._meta.label,
        "title": declared.heading,
        "columns": [name for name, _held in fields],
        "on_erasure": _on_erasure(declared),
    }


def _on_erasure(declared: Declaration) -> str:
    rule = declared.on_erasure
    words = {
        "delete": gettext("The row is deleted."),
        "blank": gettext("The row stays without the personal data."),
    }
    return words.get(rule.kind) or str(rule.reason)
