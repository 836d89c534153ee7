"""Working off what staff asked for on many invoices. Killed half-way, it goes on where it was."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import override

from billing.models import BulkAct, BulkRow, Invoice

Do = Callable[[Invoice], None]


@transaction.atomic
def ask_in_bulk(
    *, name: str, invoices: Sequence[Invoice], reason: str, by: Any, today: date
) -> BulkAct:
    """Write down what is to be done, and have it begun after the commit."""
    act = BulkAct.objects.create(name=name, reason=reason, on=today, asked_by=by)
    BulkRow.objects.bulk_create(BulkRow(act=act, invoice=invoice) for invoice in invoices)
    transaction.on_commit(lambda: _nudge(act.pk), robust=True)
    return act


def _nudge(act_id: int) -> None:
    from billing.tasks import work_off  # noqa: PLC0415  tasks import this module

    work_off.delay(act_id)


def work_off(*, act: BulkAct, do: Do, refusals: tuple[type[Exception], ...]) -> int:
    """Do what waits of it, each invoice in a transaction of its own. How many were done.

    Several workers share the rows among them; none is done twice.
    """
    done = 0
    with override(act.asked_by.language):
        while _next(act, do, refusals):
            done += 1
    return done


@transaction.atomic
def _next(act: BulkAct, do: Do, refusals: tuple[type[Exception], ...]) -> bool:
    waiting = act.rows.filter(state=BulkRow.State.WAITING).order_by("pk")
    row = waiting.select_for_update(skip_locked=True, of=("self",)).first()
    if row is None:
        return False
    try:
        with transaction.atomic():
            do(row.invoice)
    except refusals as refusal:
        row.state, row.told = BulkRow.State.REFUSED, str(refusal)[:300] or type(refusal).__name__
    else:
        row.state = BulkRow.State.DONE
    row.save(update_fields=["state", "told"])
    return True
