"""allauth's forms that take an address from anybody, and take as long over one that nobody has.

For a proven address allauth asks one table, for an unknown one the people as well; the time of that
question would tell which it was.
"""

from allauth.account import forms

from members.models import User


class ResetPasswordForm(forms.ResetPasswordForm):
    def clean_email(self) -> str:
        email: str = super().clean_email()
        if self.users:
            ask_the_people_too(email)
        return email


class RequestLoginCodeForm(forms.RequestLoginCodeForm):
    def clean_email(self) -> str:
        email: str = super().clean_email()
        if self._user:
            ask_the_people_too(email)
        return email


def ask_the_people_too(email: str) -> None:
    """As `filter_users_by_email` of allauth asks: by a cursor. The answer is not needed."""
    list(User.objects.filter(email=email.lower()).iterator())
