"""Requests as Stripe takes them: nested form bodies, checked against the library's own types.

The stripe package ships a TypedDict for the parameters of every call. A key that is not in it, a
value of another type, a choice that is not offered or a missing key is refused as Stripe does, so
a mistake shows here and not first in production.
"""

import re
import sys
import types
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Literal, Optional, Union, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl

from stripe._request_options import RequestOptions
from typing_extensions import is_typeddict

from config.demo.stripe_stand_in.errors import StripeRefusal, parameter

_KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_PART = re.compile(r"\[([^\[\]]*)\]")
# For names that are imported for type checkers only, and for Stripe's own kind of dict.
_STAND_INS = {
    "Any": Any,
    "Dict": dict,
    "Mapping": Mapping,
    "Optional": Optional,
    "StripeContext": str,
    "UntypedStripeObject": dict,
}


def decode(body: str) -> dict[str, Any]:
    """`a[b][0]=x` becomes `{"a": {"b": {"0": "x"}}}`; lists are told apart when checked."""
    decoded: dict[str, Any] = {}
    for name, value in parse_qsl(body, keep_blank_values=True, errors="strict"):
        match = _KEY.fullmatch(name)
        if match is None:
            raise parameter(f"Invalid parameter name: {name}", name)
        place = decoded
        path = [match[1], *_PART.findall(match[2])]
        for part in path[:-1]:
            place = place.setdefault(part or str(len(place)), {})
            if not isinstance(place, dict):
                raise parameter(f"Invalid parameter: {name}", name)
        place[path[-1] or str(len(place))] = value
    return decoded


def checked(values: Mapping[str, Any], shape: type) -> dict[str, Any]:
    """The values with the types that `shape`, one of Stripe's TypedDicts, gives them."""
    return _as_object(values, shape, "")


@cache
def _fields(shape: type) -> dict[str, Any]:
    """The parameters of a call without what goes into its headers."""
    module = vars(sys.modules[shape.__module__])
    hints = get_type_hints(shape, globalns=module, localns={**module, **_STAND_INS})
    return {
        name: hint for name, hint in hints.items() if name not in RequestOptions.__annotations__
    }


def _as_object(values: Any, shape: type, path: str) -> dict[str, Any]:
    if not isinstance(values, Mapping):
        raise parameter("Invalid object", path)
    fields = _fields(shape)
    for name in values:
        if name not in fields:
            param = _inside(path, name)
            raise parameter(f"Received unknown parameter: {param}", param, "parameter_unknown")
    for name in sorted(getattr(shape, "__required_keys__", ())):
        if name not in values:
            param = _inside(path, name)
            raise parameter(f"Missing required param: {param}.", param, "parameter_missing")
    return {
        name: _as_type(value, fields[name], _inside(path, name)) for name, value in values.items()
    }


def _inside(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name


def _as_type(value: Any, hint: Any, path: str) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _as_one_of(value, get_args(hint), path)
    if origin is Literal:
        return _as_choice(value, get_args(hint), path)
    if origin is list:
        return _as_list(value, get_args(hint)[0], path)
    if is_typeddict(hint):
        return _as_object(value, hint, path)
    if hint is dict or origin is dict:
        return _as_texts(value, path)
    return _as_scalar(value, hint, path)


def _as_one_of(value: Any, hints: tuple[Any, ...], path: str) -> Any:
    """Stripe's types leave choices open (`Literal[...] | str`); its API does not."""
    choices = [choice for hint in hints if get_origin(hint) is Literal for choice in get_args(hint)]
    if value == "" and "" in choices:
        return ""
    if any(choices):
        hints = tuple(hint for hint in hints if hint is not str)
    refusal = parameter("Invalid value", path)
    for hint in hints:
        try:
            return _as_type(value, hint, path)
        except StripeRefusal as error:
            refusal = error
    raise refusal


def _as_choice(value: Any, choices: tuple[Any, ...], path: str) -> Any:
    if value not in choices:
        offered = ", ".join(str(choice) for choice in choices)
        raise parameter(f"Invalid {path}: must be one of {offered}", path)
    return value


def _as_list(value: Any, hint: Any, path: str) -> list[Any]:
    if not isinstance(value, Mapping) or not all(key.isdecimal() for key in value):
        raise parameter("Invalid array", path)
    return [_as_type(value[key], hint, _inside(path, key)) for key in sorted(value, key=int)]


def _as_texts(value: Any, path: str) -> dict[str, str]:
    """Metadata: at most 50 keys of 40 characters with values of 500."""
    if not isinstance(value, Mapping):
        raise parameter("Invalid object", path)
    if len(value) > 50:
        raise parameter("Metadata can have at most 50 keys.", path)
    for key, text in value.items():
        if not isinstance(text, str) or len(key) > 40 or len(text) > 500:
            raise parameter(
                "Metadata keys have at most 40 and values at most 500 characters.",
                _inside(path, key),
            )
    return dict(value)


def _as_scalar(value: Any, hint: Any, path: str) -> Any:
    if not isinstance(value, str):
        raise parameter(f"Invalid {getattr(hint, '__name__', 'value')}", path)
    if hint is bool:
        if value not in ("true", "false"):
            raise parameter(f"Invalid boolean: {value}", path)
        return value == "true"
    if hint is int:
        if not re.fullmatch(r"-?[0-9]{1,18}", value):
            raise parameter(f"Invalid integer: {value}", path, "parameter_invalid_integer")
        return int(value)
    if hint in (Decimal, float):
        return _as_decimal(value, path)
    if value == "":
        raise parameter(
            f"You passed an empty string for '{path}', which cannot be unset.",
            path,
            "parameter_invalid_empty",
        )
    return value


def _as_decimal(value: str, path: str) -> Decimal:
    try:
        return Decimal(value)
    except InvalidOperation:
        raise parameter(f"Invalid decimal: {value}", path) from None
