from events.forms.answers import NeedsForm, SurveyForm
from events.forms.booking import CheckoutForm, GuestCheckoutForm, GuestWaitingForm, checkout_form

__all__ = [
    "CheckoutForm",
    "GuestCheckoutForm",
    "GuestWaitingForm",
    "NeedsForm",
    "SurveyForm",
    "checkout_form",
]
