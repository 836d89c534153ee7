from members.forms.joining import OrdinaryForm, StudentForm
from members.forms.own_pages import DetailsForm, PayerForm

__all__ = ["DetailsForm", "OrdinaryForm", "PayerForm", "StudentForm"]
