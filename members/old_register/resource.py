"""Going through the file row by row, with django-import-export: in earnest, or to see what would
happen and leave nothing behind."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.results import Result, RowResult

from members import operations
from members.models import User
from members.old_register.rows import NotTakenOver, OldMember, old_member

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Told:
    """One row of the file, for the page. `outcome` is new, changed, same, left_out or wrong."""

    line: int
    name: str
    email: str
    outcome: str
    words: tuple[str, ...]


class OldRegister(ModelResource):
    email = Field(column_name="email", attribute="email")

    class Meta:
        model = User
        fields = ("email",)
        import_id_fields = ("email",)
        skip_diff = True
        report_skipped = True

    def __init__(self, *, by: User, now: datetime, today: date, send_invitations: bool) -> None:
        super().__init__()
        self.by, self.now, self.today = by, now, today
        self.send_invitations = send_invitations
        self.lines: dict[str, int] = {}
        self.told: list[Told] = []

    def go_through(self, rows: tablib.Dataset, *, dry_run: bool) -> Result:
        """What each row did, or would do, stands in `told` afterwards."""
        return self.import_data(rows, dry_run=dry_run, use_transactions=True)

    # --- What the library asks of a resource ------------------------------------------------

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        """Of several rows with one address the one that runs longest is used."""
        longest: dict[str, date] = {}
        for row in dataset.dict:
            try:
                member = old_member(row, today=self.today)
            except (ValidationError, NotTakenOver):
                continue
            runs_until = member.period.last if member.period else date.min
            if member.email not in longest or runs_until > longest[member.email]:
                longest[member.email] = runs_until
                self.lines[member.email] = row["line"]

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        self.outcome: operations.Imported | None = None
        self.left_out = ""
        self.member: OldMember | None = None
        try:
            self.member = old_member(row, today=self.today)
        except NotTakenOver as reason:
            self.left_out = str(reason)
            return
        row["email"] = self.member.email
        if self.lines[self.member.email] != row["line"]:
            self.left_out = (
                _("The same address stands on line %d, which is used.")
                % (self.lines[self.member.email])
            )

    def import_instance(self, instance: User, row: dict[str, Any], **kwargs: Any) -> None:
        """Columns are not copied; see save_instance."""

    def skip_row(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self.left_out)

    def save_instance(
        self, instance: User, is_create: bool, row: dict[str, Any], **kwargs: Any
    ) -> None:
        assert self.member is not None  # noqa: S101  such rows are skipped
        try:
            self.outcome = operations.import_member(
                member=self.member,
                by=self.by,
                now=self.now,
                today=self.today,
                send_invitation=self.send_invitations,
            )
        except operations.Refused as refusal:
            raise ValidationError(str(refusal)) from refusal
        instance.pk = self.outcome.user.pk

    def import_row(self, row: Any, instance_loader: Any, **kwargs: Any) -> RowResult:
        result: RowResult = super().import_row(row, instance_loader, **kwargs)
        if self.outcome and not self.outcome.has_changed:
            result.import_type = RowResult.IMPORT_TYPE_SKIP
        outcome, words = self._in_words(result)
        name = " ".join(str(row["name"] or f"{row['first_name']} {row['last_name']}").split())
        self.told.append(Told(row["line"], name, str(row["email"]), outcome, tuple(words)))
        return result

    # --- What is told -----------------------------------------------------------------------

    def _in_words(self, result: RowResult) -> tuple[str, list[str]]:
        if result.errors:
            for fault in result.errors:
                log.error("a row of the old register failed", exc_info=fault.error)
            return "wrong", [_("This row could not be taken over. The log says why.")]
        if result.validation_error:
            return "wrong", list(result.validation_error.messages)
        if self.left_out or self.outcome is None:
            return "left_out", [self.left_out]
        words = list(self._said(self.outcome))
        if self.outcome.is_new:
            return "new", words
        return "changed" if self.outcome.has_changed else "same", words

    def _said(self, outcome: operations.Imported) -> Iterator[str]:
        if outcome.membership:
            words = {"kind": outcome.membership.kind, "first": outcome.membership.starts_on}
            words["last"] = outcome.membership.ends_on
            yield _("%(kind)s, %(first)s – %(last)s") % words
        if outcome.is_filled_in:
            yield _("What was empty is filled in.")
        yield from outcome.notes
