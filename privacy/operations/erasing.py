"""Somebody is erased, for good, in every room at once."""

import datetime as dt
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction

from privacy import erasure, erasure_ledger
from privacy.collection import subject_of
from privacy.declarations import Subject
from privacy.models import Erasure, Protection
from privacy.refusals import OnHold, WorksHere
from privacy.register import register


@transaction.atomic
def erase(*, subject: Subject, by: Any, now: dt.datetime, number: Any = None) -> Erasure:
    """Erase what the register says, and write the receipt. Erased twice, once.

    `by` is staff, or nobody when the person does it, a period was over or a backup is being gone
    through again (`number` is then that of the first time). Raises OnHold, WorksHere or
    PermissionDenied.
    """
    if by is not None and not by.has_perm("privacy.add_erasure"):
        raise PermissionDenied
    account = _locked(subject)
    if number is None:
        _refuse(account, subject)
    earlier = Erasure.objects.filter(who__in=subject.marks()).order_by("-at").first()
    if account is not None:
        for closing in register.closings:
            closing(subject, by=by, now=now)
    steps = erasure.plan(subject)
    went = [step for step in steps if step.did != erasure.KEPT]
    if earlier is not None and not _is_worth_it(went, account):
        return earlier
    erasure.carry_out(went)
    # As it was found before: what led to it may have gone by now.
    stays = [step for step in steps if step.did == erasure.KEPT]
    done = Erasure(
        who=subject.mark(), at=now, by=by, receipt=erasure.receipt(went, _without_own(stays))
    )
    done.id = number or done.id
    done.save(force_insert=True)
    transaction.on_commit(lambda: erasure_ledger.write(done), robust=True)
    return done


def erase_account(*, pk: Any, by: Any, now: dt.datetime, number: Any = None) -> Erasure:
    """The same by the account's primary key."""
    return erase(subject=subject_of(pk), by=by, now=now, number=number)


def _locked(subject: Subject) -> Any:
    if subject.pk is None:
        return None
    people = get_user_model()._default_manager.select_for_update(no_key=True)
    return people.get(pk=subject.pk)


def _refuse(account: Any, subject: Subject) -> None:
    if account is not None and account.is_staff:
        raise WorksHere
    if Protection.objects.keeps_data().of(subject.pk, subject.emails).exists():
        raise OnHold


def _is_worth_it(went: list[erasure.Step], account: Any) -> bool:
    """Whether anything is left but the empty row of the account itself."""
    return any(step.pks for step in went if account is None or step.model is not type(account))


def _without_own(stays: list[erasure.Step]) -> list[erasure.Step]:
    """Receipts of earlier times say nothing more of what is stored of the person."""
    return [step for step in stays if step.model is not Erasure]
