"""Who was affected by a breach, and the draft of the notification to the authority (Art. 33)."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.collection import addresses_in, guest_addresses
from privacy.controller import controller
from privacy.declarations import Way
from privacy.fingerprints import all_fingerprints
from privacy.models import AccessLog, Incident
from privacy.register import register


@dataclass(frozen=True)
class Affected:
    """Accounts, addresses of people without one, and how many whose address is no longer here."""

    people: list[Any]
    addresses: list[str]
    unknown: int = 0

    @property
    def count(self) -> int:
        return len(self.people) + self.guests

    @property
    def guests(self) -> int:
        return len(self.addresses) + self.unknown


def affected(incident: Incident) -> Affected:
    """By the looks of the account that was misused meanwhile, and by the tables concerned."""
    looks = _looks(incident) if incident.actor_id is not None else []
    accounts = {account for account, _guest in looks}
    marks = {guest for _account, guest in looks} - {""}
    addresses = _addresses_of(marks)
    for label in incident.tables:
        model = apps.get_model(label)
        accounts |= _accounts_in(model)
        addresses |= addresses_in(model, _ways(model))
    users = get_user_model()._default_manager.filter(pk__in=accounts - {None}, erased_at=None)
    known = {mark for address in addresses for mark in all_fingerprints(address)}
    return Affected(list(users.order_by("pk")), sorted(addresses), len(marks - known))


def _looks(incident: Incident) -> list[tuple[Any, str]]:
    rows = AccessLog.objects.filter(actor_id=incident.actor_id, at__gte=incident.began_at)
    if incident.ended_at is not None:
        rows = rows.filter(at__lte=incident.ended_at)
    return list(rows.values_list("person", "guest").distinct())


def _addresses_of(marks: set[str]) -> set[str]:
    """The log keeps fingerprints; the addresses themselves stand in the rows, if they still do."""
    candidates = guest_addresses() if marks else ()
    return {address for address in candidates if marks.intersection(all_fingerprints(address))}


def _ways(model: type[Model]) -> list[Way]:
    declared = register.of(model)
    return register.ways(declared) if declared else []


def _accounts_in(model: type[Model]) -> set[Any]:
    rows = model._base_manager.all()
    links = [path for way in _ways(model) for path in way.links]
    return {pk for path in links for pk in rows.values_list(path, flat=True)}


def draft(incident: Incident, found: Affected, now: dt.datetime) -> list[tuple[str, str]]:
    """The fields of the authority's form, filled in as far as the system knows them."""
    who = controller()
    categories = {
        str(held.category.label)
        for label in incident.tables
        if (declared := register.of(apps.get_model(label))) is not None
        for _name, held in declared.personal()
    }
    return [
        (_("Controller"), f"{who.name}, {who.organisation_number}"),
        (_("Contact"), f"{who.email} {who.phone}".strip()),
        (_("Kind of breach"), str(incident.get_kind_display())),
        (_("When it began"), _moment(incident.began_at)),
        (_("When it ended"), _moment(incident.ended_at) or _("It goes on.")),
        (_("When we knew of it"), _moment(incident.discovered_at)),
        (_("What happened, and why"), incident.happened),
        (_("Kinds of data"), ", ".join(sorted(categories)) or _("Not known yet")),
        (_("How many people"), str(found.count)),
        (_("Likely consequences"), incident.consequences),
        (_("What we have done and will do"), incident.measures),
        (_("Risk to people"), str(incident.get_risk_display())),
        (_("Have the people been told?"), _moment(incident.told_at) or _("No")),
        (
            _("Why later than 72 hours"),
            incident.late_because or ("" if now <= incident.notify_by else "?"),
        ),
    ]


def letter(incident: Incident) -> str:
    """What the people are told (Art. 34.2), to be looked over before it is sent."""
    who = controller()
    parts = [
        _("We write to you because something happened with personal data of yours that we hold."),
        incident.happened,
        _("What it may mean for you: %(text)s") % {"text": incident.consequences or "…"},
        _("What we have done and will do: %(text)s") % {"text": incident.measures or "…"},
        _("Questions: %(email)s") % {"email": who.email},
    ]
    return "\n\n".join(parts)


def _moment(at: dt.datetime | None) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""
