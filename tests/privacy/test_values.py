"""How what is stored reads to the person it is about."""

import pytest
from django.db import models

from privacy.values import as_text


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        (None, ""),
        ({}, ""),
        ([{"kind": "ocr", "value": "1001197605", "amount": None}], "kind: ocr, value: 1001197605"),
        ([None, "", "a"], "a"),
        ({"seats": 0, "names": ["Bo", "Eva"]}, "seats: 0, names: Bo, Eva"),
    ],
)
def test_what_is_empty_in_a_structure_is_left_out(stored: object, told: str) -> None:
    assert as_text(stored, models.JSONField()) == told
