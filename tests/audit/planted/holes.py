"""Holes that each tool of `make audit` must find; run by nobody."""

import hashlib
import random
import subprocess

from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils.safestring import mark_safe
from django.views.decorators.csrf import csrf_exempt

from members.models import User

AWS_KEY = "AKIAIOSFODNN7" + "EXAMPLE"


def search(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM members_user WHERE name = '" + name + "'")
        return cursor.fetchall()


def count(column):
    return User.objects.annotate(number=RawSQL(f"count({column})", []))


@csrf_exempt
def greet(request):
    return mark_safe("<h1>" + request.GET["name"] + "</h1>")


def run(command):
    subprocess.call(command, shell=True)


def token():
    return hashlib.md5(str(random.random()).encode()).hexdigest()
