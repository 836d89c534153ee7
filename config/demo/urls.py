from django.urls import path

from config.demo import mail_views, styleguide, views

app_name = "demo"
urlpatterns = [
    path("error/<int:status>/", views.error, name="error"),
    path("", views.look_around, name="look-around"),
    path("log-in/", views.log_in, name="log-in"),
    path("bank-file/", views.download_bank_file, name="bank-file"),
    path("mail/", mail_views.mails, name="mails"),
    path("mail/<int:pk>/", mail_views.mail, name="mail"),
    path("mail/<int:pk>/html/", mail_views.frame, name="mail-frame"),
    path("mail/<int:pk>/attachment/<int:number>/", mail_views.attachment, name="mail-attachment"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
