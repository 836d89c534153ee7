"""Student applications: looked at by staff, approved, rejected, or asked about."""

from datetime import date, datetime

from django.db import transaction

from members import emails, free_years
from members.models import Application, BillingDetails, Membership, User
from members.operations.applying import take_over_payer
from members.operations.ending import end_period
from members.operations.histories import note_actor
from members.operations.refusals import NotToReview, NotYourOwn, ReasonMissing
from members.operations.rights import demand
from members.operations.starting import PlannedYear, locked, periods_of, plan_year, start_year
from members.periods import Period, next_period

State = Application.State
RIGHT = "members.change_application"


def plan_approval(*, application: Application, today: date) -> PlannedYear:
    """What approving today would give: the period, and the fee or the free first year."""
    user = application.user
    assert user is not None  # noqa: S101  confirmed applications have one
    given_up = _unpaid_ordinary_to_come(user, today)
    taken = {Period(row.starts_on, row.last_day_on) for row in given_up}
    earlier = [period for period in periods_of(user) if period not in taken]
    return plan_year(
        user,
        application.kind,
        period=next_period(earlier, today),
        had_free_year=_had_free_year(application, user),
    )


def _let_no_employer_pay(user: User, application: Application) -> None:
    """Students are not employed: the employer of earlier years hears nothing more."""
    pays_alone = BillingDetails.objects.filter(user=user, payer=BillingDetails.Payer.PRIVATE)
    if not pays_alone.exists():
        take_over_payer(user, application)


def _had_free_year(application: Application, user: User) -> bool:
    had_one = user.memberships.filter(kind__first_year_free=True).exists()
    return had_one or free_years.had_free_year(free_years.marks_of(application))


def _unpaid_ordinary_to_come(user: User, today: date) -> list[Membership]:
    """A renewal already invoiced, of somebody who goes on as a student instead."""
    rows = Membership.objects.with_fee().filter(
        user=user, starts_on__gt=today, ended_on__isnull=True, kind__is_for_students=False
    )
    return [row for row in rows if row.fee_left and row.fee_left > 0]


@transaction.atomic
def approve(*, application: Application, by: User, now: datetime, today: date) -> Membership:
    """Begin the student's year. Approving twice gives the same membership. Raises NotToReview."""
    application, user = _locked_for(by, application)
    if application.state == State.APPROVED:
        return user.memberships.order_by("-created_at")[0]
    _demand_in_review(application)
    year = plan_approval(application=application, today=today)
    for row in _unpaid_ordinary_to_come(user, today):
        end_period(
            membership=row,
            last_day=today,  # before it began: on its eve
            why=Membership.Ended.CONVERTED,
            by=by,
            today=today,
        )
    _let_no_employer_pay(user, application)
    _decide(application, State.APPROVED, by=by, now=now)
    if year.is_first_student_year:
        free_years.remember(free_years.marks_of(application), today=today)
    membership = start_year(user=user, kind=application.kind, year=year, by=by, today=today)
    emails.welcome(membership, because_of=f"application:{application.pk}")
    return membership


@transaction.atomic
def reject(*, application: Application, reason: str, by: User, now: datetime) -> Application:
    """Turn an application down, with a reason that is mailed. Rejecting twice changes nothing."""
    application, _user = _locked_for(by, application)
    if application.state == State.REJECTED:
        return application
    _demand_in_review(application)
    if not reason.strip():
        raise ReasonMissing
    application.decision_reason = reason.strip()
    _decide(application, State.REJECTED, by=by, now=now)
    emails.application_rejected(application)
    return application


@transaction.atomic
def ask_applicant(
    *, application: Application, question: str, by: User, now: datetime
) -> Application:
    """Mail a question; the application goes on waiting. The answer comes by mail."""
    application, _user = _locked_for(by, application)
    _demand_in_review(application)
    if not question.strip():
        raise ReasonMissing
    application.question, application.asked_at = question.strip(), now
    note_actor(application, by)
    application.save(update_fields=["question", "asked_at"])
    emails.application_question(application)
    return application


def _locked_for(by: User, application: Application) -> tuple[Application, User]:
    """Nobody decides without the right, or on their own application."""
    demand(by, RIGHT)
    if application.user is None:
        raise NotToReview
    if application.user_id == by.pk:
        raise NotYourOwn
    user = locked(application.user)
    rows = Application.objects.select_for_update(of=("self",)).select_related("kind", "user")
    return rows.get(pk=application.pk), user


def _demand_in_review(application: Application) -> None:
    if application.state != State.IN_REVIEW:
        raise NotToReview


def _decide(application: Application, state: str, *, by: User, now: datetime) -> None:
    application.move_to(state)
    application.decided_at, application.decided_by = now, by
    note_actor(application, by)
    application.save()
