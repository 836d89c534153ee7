"""The roles of staff: groups, and the rights that come with them.

One table for the whole site, written into the database by a migration (call `grant` from a new one
when the table changes). Who holds which role is staff's to decide in the admin; nobody but a
superuser changes what a role may do.
"""

from typing import Any

from django.apps import apps as installed

_ALL = "view add change delete"
_WORK = "view add change"

MEMBERSHIP_SECRETARY = "Medlemssekreterare"
TREASURER = "Kassör"
EVENT_MANAGER = "Evenemangsansvarig"
EDITOR = "Redaktör"
PRIVACY_OFFICER = "Dataskyddsansvarig"

ROLES: dict[str, dict[str, str]] = {
    MEMBERSHIP_SECRETARY: {
        "members.user": _WORK,
        "members.billingdetails": _WORK,
        "members.application": "view change",
        "members.membership": _WORK,
        "members.membershipkind": "view change",
        "members.fee": _WORK,
        "members.feeexemption": _ALL,
        "members.renewalterms": "view change",
        "members.consenttext": "view",
        "members.consent": "view",
        "billing.invoice": "view",
        "billing.invoiceline": "view",
        "billing.payment": "view",
        "billing.reminder": "view",
        "events.booking": "view",
        "events.event": "view",
        "mail.mail": "view change",
    },
    TREASURER: {
        "members.user": "view",
        "members.billingdetails": "view change",
        "members.membership": "view",
        "members.membershipkind": "view",
        "members.fee": "view",
        "members.feeexemption": "view",
        "billing.invoice": _WORK,
        "billing.invoiceline": "view",
        "billing.invoicevat": "view",
        "billing.payment": "view add",
        "billing.reminder": "view",
        "billing.reminderstep": _ALL,
        "billing.interestrate": _WORK,
        "billing.product": _WORK,
        "billing.seller": "view change",
        "billing.series": "view change",
        "billing.bankfile": "view add",
        "billing.banktransaction": "view change",
        "billing.stripecheckout": "view",
        "billing.stripeevent": "view change",
        "billing.ledgeraccount": "view change",
        "billing.siebatch": "view add",
        "billing.bulkact": "view",
        "billing.stripepayout": "view",
        "events.booking": "view",
        "events.event": "view",
        "mail.mail": "view change",
    },
    EVENT_MANAGER: {
        "members.user": "view",
        "members.membership": "view",
        "events.event": _ALL,
        "events.price": _ALL,
        "events.booking": _WORK,
        "events.certificate": "view change",
        "events.session": _ALL,
        "events.speaker": _ALL,
        "events.document": _ALL,
        "events.message": _WORK,
        "events.needs": "view",
        "events.surveyanswer": "view",
        "billing.product": "view",
        "billing.invoice": "view",
        "billing.invoiceline": "view",
        "mail.mail": "view change",
    },
    EDITOR: {
        "news.article": _ALL,
        "news.page": _ALL,
        "news.newsletter": _ALL,
        "news.subscriber": "view",
        "news.source": _ALL,
        "news.topic": _ALL,
    },
    PRIVACY_OFFICER: {
        "members.user": _WORK,
        "members.billingdetails": "view change",
        "members.application": "view",
        "members.membership": "view",
        "members.consenttext": _WORK,
        "members.consent": "view",
        "members.freeyear": "view",
        "events.booking": "view",
        "billing.invoice": "view",
        "mail.mail": "view",
        "privacy.accesslog": "view",
        "privacy.processor": _ALL,
        "privacy.request": _WORK,
        "privacy.protection": _WORK,
        "privacy.incident": _WORK,
        "privacy.erasure": "view add",
        "privacy.copy": "view add",
        "privacy.retentionrun": "view",
        "admin.logentry": "view",
    },
}


def grant(apps: Any) -> None:
    """Make the groups and give each what stands in the table, no more and no less.

    A permission is written by Django only after the last migration of all, so one that is missing
    yet is made here under the name that Django would give it.
    """
    groups = apps.get_model("auth", "Group")
    for name, rights in ROLES.items():
        group, _created = groups.objects.get_or_create(name=name)
        group.permissions.set(
            [
                _permission(apps, label, action)
                for label, actions in rights.items()
                for action in actions.split()
            ]
        )


def _permission(apps: Any, label: str, action: str) -> Any:
    model = installed.get_model(label)
    content_type, _created = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=model._meta.app_label, model=model._meta.model_name
    )
    permission, _created = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type,
        codename=f"{action}_{model._meta.model_name}",
        defaults={"name": f"Can {action} {model._meta.verbose_name_raw}"},
    )
    return permission
