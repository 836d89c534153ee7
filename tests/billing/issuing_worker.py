"""A worker that issues invoices until all are there; the drill kills it in the middle.

`python -m tests.billing.issuing_worker TOTAL SEED [number-first]` on the database of DATABASE_URL.
With `number-first` the number is taken in a transaction of its own, as a database sequence does.
"""

import os
import random
import sys

import django


class Undone(Exception):
    """What came after the invoice in the same transaction went wrong."""


def main(total: int, seed: int, *, number_first: bool) -> None:
    from django.db import transaction  # noqa: PLC0415  after django.setup()

    from billing.models import Series  # noqa: PLC0415
    from tests.factories.billing import issue_invoice  # noqa: PLC0415

    if number_first:
        _take_numbers_first(Series)
    chance = random.Random(seed)
    order = list(range(total))
    chance.shuffle(order)
    for number in order:
        while True:
            try:
                with transaction.atomic():
                    issue_invoice(source=f"drill:{number}", mail=False)
                    if chance.random() < 0.01:
                        raise Undone
            except Undone:
                continue
            break


def _take_numbers_first(series) -> None:
    """A second connection commits the number whatever becomes of the invoice."""
    from django.db import connections  # noqa: PLC0415

    other = connections["default"].copy()

    def take_many(self, count):
        with other.cursor() as cursor:
            cursor.execute(
                "UPDATE billing_series SET next = next + %s WHERE id = %s RETURNING next - %s",
                [count, self.pk, count],
            )
            (first,) = cursor.fetchone()
        return [(f"{self.prefix}{number}", number) for number in range(first, first + count)]

    series.locked = classmethod(lambda cls, code: cls.objects.get(code=code))
    series.take_many = take_many


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]), number_first="number-first" in sys.argv)
