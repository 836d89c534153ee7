from django.urls import path
from django.utils.translation import gettext_lazy as _

from billing import views

app_name = "billing"
urlpatterns = [
    path(_("invoice/<str:token>/"), views.invoice, name="invoice"),
    path(_("invoice/<str:token>/pdf/"), views.invoice_pdf, name="invoice-pdf"),
    path(_("invoice/<str:token>/receipt/<int:pk>/"), views.receipt_pdf, name="receipt-pdf"),
    path(_("invoice/<str:token>/pay/"), views.pay_by_card, name="pay-by-card"),
]
