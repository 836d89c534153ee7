from django.urls import path

from config.demo import styleguide

app_name = "demo"
urlpatterns = [path("styleguide/", styleguide.styleguide, name="styleguide")]
