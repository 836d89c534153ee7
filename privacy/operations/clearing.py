"""What has outlived its period goes, every night, by the rules of the register."""

import datetime as dt
import logging
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from privacy import erasure_ledger
from privacy.batches import SIZE, in_batches
from privacy.collection import guest, rows_of, subject_of
from privacy.models import Protection, RetentionRun
from privacy.operations.erasing import erase_account
from privacy.refusals import Refused
from privacy.register import Register, register
from privacy.removal import blank_rows, delete_rows
from privacy.retention import Rule, rule_of, rules

log = logging.getLogger(__name__)

NIGHT = dt.time(3, 15)
EVIDENCE_KEPT = dt.timedelta(days=730)
# What became due since then is an ordinary night's work, however much: a newsletter to everybody is
# a year old, too, on one and the same night.
EXPECTED_WITHIN = dt.timedelta(days=7)


def clear_expired(
    *, today: dt.date, dry_run: bool = False, cap: int | None = None
) -> list[RetentionRun]:
    """One night: the rules that found something. Late, twice or half-way, the same result.

    A rule that finds something unusual (see `is_unusual`; without `cap`, by RETENTION_CAP) removes
    nothing and raises the alarm. `dry_run` only counts.
    """
    now = timezone.make_aware(dt.datetime.combine(today, NIGHT))
    most = settings.RETENTION_CAP if cap is None else cap
    runs = [clear(rule, now=now, dry_run=dry_run, cap=most) for rule in rules()]
    if not dry_run:
        RetentionRun.objects.filter(night__lt=today - EVIDENCE_KEPT).delete()
        erasure_ledger.catch_up()
        erasure_ledger.forget(now - EVIDENCE_KEPT)
    return [run for run in runs if run.found]


def clear(
    rule: Rule,
    *,
    now: dt.datetime,
    dry_run: bool = False,
    cap: int = 500,
    night: dt.date | None = None,
    known: Register = register,
) -> RetentionRun:
    """Apply one rule, a batch to a transaction, and leave evidence of each. What fails is logged
    and left for the next night.

    Returns what this run did, unsaved.
    """
    found = rule.overdue(now)
    free = without_holds(rule, found)
    run = RetentionRun(
        night=night or timezone.localdate(now),
        rule=rule.key,
        found=len(found),
        held=len(found) - len(free),
        stopped=is_unusual(rule, free, now=now, cap=cap),
        ran_at=now,
    )
    if dry_run:
        return run
    _keep_evidence(run)
    if run.stopped:
        log.error("retention stopped: %s found %d rows", rule.key, len(free))
        return run
    remove = partial(_remove, rule, night=run.night, now=now, known=known)
    run.removed = sum(in_batches(remove, free, size=_together(rule)))
    return run


@dataclass(frozen=True)
class Preview:
    """What a rule would do, unsaved."""

    rule: Rule
    run: RetentionRun

    @property
    def title(self) -> str:
        return self.rule.title


def preview(*, now: dt.datetime, only: str = "") -> list[Preview]:
    """Every rule (or one, by its key) with what a night would do at `now`. Changes nothing."""
    wanted = [rule for rule in rules() if only in ("", rule.key)]
    most = settings.RETENTION_CAP
    return [Preview(rule, clear(rule, now=now, dry_run=True, cap=most)) for rule in wanted]


def is_unusual(rule: Rule, pks: Sequence[Any], *, now: dt.datetime, cap: int) -> bool:
    """Whether somebody should look before these go: a changed period or a wrong clock shows here.

    More than `cap` rows are, if they are most of the table, or if more than `cap` of them should
    have gone on an earlier night.
    """
    if len(pks) <= cap:
        return False
    if 2 * len(pks) > rule.declared.model._base_manager.count():
        return True
    return len(set(rule.overdue(now - EXPECTED_WITHIN)).intersection(pks)) > cap


def clear_after_all(*, stopped: RetentionRun, by: Any, now: dt.datetime) -> RetentionRun:
    """Let a rule that was stopped do its work, because somebody has looked. Safe to repeat.

    The evidence stays with the night that stopped. Raises LookupError for a rule that is no more.
    """
    if not by.has_perm("privacy.add_erasure"):
        raise PermissionDenied
    run = clear(rule_of(stopped.rule), now=now, cap=sys.maxsize, night=stopped.night)
    RetentionRun.objects.filter(pk=stopped.pk).update(released_by=by)
    return run


def _together(rule: Rule) -> int:
    """An account has rows in every room, which are locked until the transaction ends."""
    return 1 if rule.declared.model is get_user_model() and not rule.columns else SIZE


@transaction.atomic
def _remove(
    rule: Rule, pks: Sequence[Any], *, night: dt.date, now: dt.datetime, known: Register
) -> int:
    """With the evidence: killed, a night has told what it did."""
    removed = _removed(rule, pks, now, known)
    RetentionRun.objects.filter(night=night, rule=rule.key).update(removed=F("removed") + removed)
    return removed


def _removed(rule: Rule, pks: Sequence[Any], now: dt.datetime, known: Register) -> int:
    declared, model, end = rule.declared, rule.declared.model, rule.declared.at_end
    if rule.columns:
        return blank_rows(declared, model, pks, rule.columns)
    if model is get_user_model():
        return sum(_erase(pk, now) for pk in pks)
    if end.kind == "blank":
        return blank_rows(declared, model, pks)
    if end.kind == "function" and end.function is not None:
        return end.function(model._base_manager.filter(pk__in=pks)) if pks else 0
    return delete_rows(model, pks, known)


def _erase(pk: Any, now: dt.datetime) -> bool:
    """An account is more than its row: it goes as if the person had asked."""
    try:
        erase_account(pk=pk, by=None, now=now)
    except Refused:
        return False
    return True


def without_holds(rule: Rule, pks: Iterable[Any]) -> list[Any]:
    """Those rows that nobody has asked us to keep for a claim."""
    held: set[Any] = set()
    for person, email in Protection.objects.keeps_data().values_list("person", "email").distinct():
        subject = guest(email) if person is None else subject_of(person)
        rows = rows_of(rule.declared, rule.declared.model, subject)
        held.update(rows.values_list("pk", flat=True))
    return [pk for pk in pks if pk not in held]


def _keep_evidence(run: RetentionRun) -> None:
    """One row a night: what a second run of the night finds is added to what was removed before."""
    row, _created = RetentionRun.objects.get_or_create(
        night=run.night, rule=run.rule, defaults={"ran_at": run.ran_at}
    )
    row.found = max(row.found, row.removed + run.found)
    row.held, row.stopped, row.ran_at = run.held, run.stopped, run.ran_at
    row.save(update_fields=["found", "held", "stopped", "ran_at"])
