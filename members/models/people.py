"""People and who pays for them."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from billing import giro


class UserManager(BaseUserManager["User"]):
    """Django and allauth ask a manager for these; the address is stored in lower case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        fields = {"name": email, **fields, "is_staff": True, "is_superuser": True}
        return self.create_user(email, password, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account: member, former member, guest who wanted one, or staff."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    employer = models.CharField(_("employer"), max_length=120, blank=True)
    title = models.CharField(_("title"), max_length=120, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default="sv"
    )
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("can log in"), default=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    details_confirmed_on = models.DateField(_("details confirmed"), null=True, blank=True)
    imported_on = models.DateField(
        _("taken over from the old register"), null=True, blank=True, editable=False
    )
    email_bounced_at = models.DateTimeField(_("e-mail bounced at"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)

    history = HistoricalRecords(excluded_fields=["password", "last_login"])
    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once_whatever_case"),
        ]

    def save(self, **kwargs: Any) -> None:
        """A log-in changes nothing of the person's own data, and leaves no version of it."""
        if set(kwargs.get("update_fields") or ()) != {"last_login"}:
            super().save(**kwargs)
            return
        self.skip_history_when_saving = True
        try:
            super().save(**kwargs)
        finally:
            del self.skip_history_when_saving

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]

    def clean(self) -> None:
        super().clean()
        self.email = self.email.lower()


class BillingDetails(models.Model):
    """Who pays a person's fee, and how the payer wants the invoice."""

    class Payer(models.TextChoices):
        PRIVATE = "private", pgettext_lazy("payer", "I pay myself")
        EMPLOYER = "employer", pgettext_lazy("payer", "My employer pays")

    user = models.OneToOneField(
        User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="billing_details"
    )
    payer = models.CharField(
        _("who pays"), max_length=8, choices=Payer.choices, default=Payer.PRIVATE
    )
    name = models.CharField(_("name on the invoice"), max_length=200)
    organisation_number = giro.OrganisationNumberField(_("organisation number"), blank=True)
    street = models.CharField(_("street or box"), max_length=120, blank=True)
    care_of = models.CharField(_("c/o"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    city = models.CharField(_("town"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, default="SE")
    email = models.EmailField(_("e-mail for invoices"), blank=True)
    reference = models.CharField(_("your reference"), max_length=100, blank=True)
    order_number = models.CharField(_("purchase order number"), max_length=50, blank=True)
    cost_centre = models.CharField(_("cost centre"), max_length=50, blank=True)
    peppol_id = models.CharField(_("Peppol id"), max_length=60, blank=True)
    is_collective = models.BooleanField(
        _("one invoice for colleagues"),
        default=False,
        help_text=_(
            "When years are renewed, the fees of colleagues with the same payer, whose years end "
            "within a month, are put on one invoice. It names each of them."
        ),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("billing details")
        verbose_name_plural = _("billing details")
        constraints = [
            models.CheckConstraint(
                name="employer_has_number",
                condition=~Q(payer="employer") | ~Q(organisation_number=""),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """As on an envelope, one line a row."""
        town = f"{self.postcode} {self.city}".strip()
        rows = [f"c/o {self.care_of}" if self.care_of else "", self.street, town]
        return "\n".join(row for row in rows if row)

    @property
    def invoice_email(self) -> str:
        return self.email or self.user.email


class DistinctPeople(models.Model):
    """Staff has looked: these two, who seem to be one, are two people. The older account first."""

    one = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="+"
    )
    other = models.ForeignKey(
        User, verbose_name=_("other person"), on_delete=models.CASCADE, related_name="+"
    )
    decided_by = models.ForeignKey(
        User,
        verbose_name=_("decided by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided at"), auto_now_add=True)

    class Meta:
        verbose_name = _("pair of different people")
        verbose_name_plural = _("pairs of different people")
        constraints = [
            models.UniqueConstraint(name="distinct_people_once", fields=["one", "other"]),
            models.CheckConstraint(
                name="older_account_first", condition=Q(one__lt=models.F("other"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.one}, {self.other}"
