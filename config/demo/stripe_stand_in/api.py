"""Stripe's API as far as the site uses it: routes, checks, lists, expansion, idempotency keys."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from stripe.params import (
    BalanceRetrieveParams,
    BalanceTransactionListParams,
    BalanceTransactionRetrieveParams,
    ChargeListParams,
    ChargeRetrieveParams,
    DisputeListParams,
    DisputeRetrieveParams,
    EventListParams,
    EventRetrieveParams,
    PaymentIntentListParams,
    PaymentIntentRetrieveParams,
    PayoutCreateParams,
    PayoutListParams,
    PayoutRetrieveParams,
    RefundCreateParams,
    RefundListParams,
    RefundRetrieveParams,
)
from stripe.params.checkout import (
    SessionCreateParams,
    SessionExpireParams,
    SessionLineItemListParams,
    SessionListParams,
    SessionRetrieveParams,
)

from config.demo.stripe_stand_in.account import Account
from config.demo.stripe_stand_in.errors import StripeRefusal, parameter
from config.demo.stripe_stand_in.objects import Object, listing, new_id, public
from config.demo.stripe_stand_in.parameters import checked, decode

KEY = re.compile(r"Bearer ((?:sk|rk)_test_\w+)", re.ASCII)
# Kind of object, where it is found, how one is read and how all are listed.
READABLE = (
    ("checkout.session", "/v1/checkout/sessions", SessionRetrieveParams, SessionListParams),
    ("payment_intent", "/v1/payment_intents", PaymentIntentRetrieveParams, PaymentIntentListParams),
    ("charge", "/v1/charges", ChargeRetrieveParams, ChargeListParams),
    ("refund", "/v1/refunds", RefundRetrieveParams, RefundListParams),
    ("dispute", "/v1/disputes", DisputeRetrieveParams, DisputeListParams),
    ("event", "/v1/events", EventRetrieveParams, EventListParams),
    ("payout", "/v1/payouts", PayoutRetrieveParams, PayoutListParams),
    (
        "balance_transaction",
        "/v1/balance_transactions",
        BalanceTransactionRetrieveParams,
        BalanceTransactionListParams,
    ),
)
PAGING = frozenset({"limit", "starting_after", "ending_before", "expand", "created"})


@dataclass(frozen=True)
class Call:
    """What the address of a request says: which object, and where this server is."""

    identifier: str
    origin: str


Handler = Callable[[Object, Call], Object]


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: str
    body: bytes
    headers: Mapping[str, str]  # names in lower case


@dataclass(frozen=True)
class Route:
    method: str
    path: re.Pattern[str]
    params: type
    handler: Handler


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    headers: dict[str, str]


class Api:
    def __init__(self, account: Account) -> None:
        self.account = account
        self.routes = [*self._acting(), *self._reading()]

    def answer(self, request: Request) -> Answer:
        """Never raises for what a client sends: a refusal is an answer too."""
        headers = {"Request-Id": new_id("req")}
        try:
            self._authenticate(request)
            route, call = self._route(request)
            sent = request.query if request.method == "GET" else request.body.decode("ascii")
            params = checked(decode(sent), route.params)
            key = request.headers.get("idempotency-key", "")
            if request.method == "POST" and key:
                return self._once(key, route, params, call, headers)
            return self._answer(route, params, call, headers)
        except UnicodeDecodeError:
            refusal = StripeRefusal("The request is not encoded as a form.")
            return Answer(refusal.status, json.dumps(refusal.body), headers)
        except StripeRefusal as refusal:
            return Answer(refusal.status, json.dumps(refusal.body), headers)

    def _authenticate(self, request: Request) -> None:
        authorization = request.headers.get("authorization", "")
        if not authorization:
            raise StripeRefusal("You did not provide an API key.", status=401)
        if not KEY.fullmatch(authorization):
            raise StripeRefusal("Invalid API Key provided: ***", status=401)

    def _route(self, request: Request) -> tuple[Route, Call]:
        for route in self.routes:
            match = route.path.fullmatch(request.path)
            if match and route.method == request.method:
                origin = f"http://{request.headers.get('host', '')}"
                return route, Call(match.groupdict().get("id", ""), origin)
        raise StripeRefusal(
            f"Unrecognized request URL ({request.method}: {request.path}).", status=404
        )

    # --- Idempotency ----------------------------------------------------------------------

    def _once(
        self,
        key: str,
        route: Route,
        params: Object,
        call: Call,
        headers: dict[str, str],
    ) -> Answer:
        """The first answer for a key is its answer for ever; refused parameters are not kept."""
        fingerprint = json.dumps(
            [route.path.pattern, call.identifier, params], sort_keys=True, default=str
        )
        with self.account.state.change():
            kept = self.account.state.answer(key)
            if kept is None:
                answer = self._answer(route, params, call, headers)
                self.account.state.keep_answer(key, fingerprint, answer.status, answer.body)
                return answer
        if kept[0] != fingerprint:
            raise StripeRefusal(
                "Keys for idempotent requests can only be used with the same parameters they were"
                f" first used with. Try using a key other than '{key}'.",
                kind="idempotency_error",
            )
        return Answer(kept[1], kept[2], {**headers, "Idempotent-Replayed": "true"})

    def _answer(self, route: Route, params: Object, call: Call, headers: dict[str, str]) -> Answer:
        found = route.handler(params, call)
        for path in params.get("expand", []):
            found = self._expanded(found, path.split("."), path)
        return Answer(200, json.dumps(public(found)), headers)

    # --- Routes ---------------------------------------------------------------------------

    def _acting(self) -> list[Route]:
        account = self.account
        sessions = "/v1/checkout/sessions"
        return [
            _route(
                "POST",
                sessions,
                SessionCreateParams,
                lambda p, call: account.create_session(p, page=call.origin),
            ),
            _route(
                "POST",
                f"{sessions}/ID/expire",
                SessionExpireParams,
                lambda _, call: account.expire_session(call.identifier),
            ),
            _route("GET", f"{sessions}/ID/line_items", SessionLineItemListParams, self._lines),
            _route("POST", "/v1/refunds", RefundCreateParams, lambda p, _: account.refund(p)),
            _route(
                "POST",
                "/v1/payouts",
                PayoutCreateParams,
                lambda p, _: account.pay_out(currency=p["currency"], amount=p["amount"]),
            ),
            _route("GET", "/v1/balance", BalanceRetrieveParams, lambda _, __: self._balance()),
        ]

    def _reading(self) -> list[Route]:
        routes = []
        for kind, path, one, many in READABLE:
            routes.append(_route("GET", f"{path}/ID", one, self._retrieve(kind)))
            routes.append(_route("GET", path, many, self._list(kind, path)))
        return routes

    def _retrieve(self, kind: str) -> Handler:
        if kind == "checkout.session":
            return lambda _, call: self.account.session(call.identifier)
        return lambda _, call: self.account.find(kind, call.identifier)

    def _lines(self, _params: Object, call: Call) -> Object:
        return _lines_of(self.account.session(call.identifier))

    def _balance(self) -> Object:
        amount = self.account.available("sek")
        available = {"amount": amount, "currency": "sek", "source_types": {"card": amount}}
        none = {"amount": 0, "currency": "sek", "source_types": {"card": 0}}
        return {
            "object": "balance",
            "available": [available],
            "livemode": False,
            "pending": [none],
        }

    # --- Lists ----------------------------------------------------------------------------

    def _list(self, kind: str, url: str) -> Handler:
        def handler(params: Object, _call: Call) -> Object:
            if kind == "checkout.session":
                self.account.expire_what_is_due()
            found = [
                item
                for item in self.account.state.newest_first(kind)
                if _is_within(item["created"], params.get("created")) and _matches(item, params)
            ]
            return _page(found, params, url)

        return handler

    # --- Expansion ------------------------------------------------------------------------

    def _expanded(self, item: Object, path: list[str], whole: str) -> Object:
        """The object with the id at the end of the path replaced by what it stands for."""
        name, rest = path[0], path[1:]
        if item.get("object") == "list" and name == "data":
            data = [self._expanded(each, rest, whole) for each in item["data"]]
            return item | {"data": data}
        if item.get("object") == "checkout.session" and name == "line_items":
            return item | {"line_items": _lines_of(item)}
        inner = item.get(name)
        if isinstance(inner, str) and name != "id":
            inner = self.account.state.get(inner)
        # Null stays null: there is nothing yet that could be expanded.
        if name not in item or (item[name] is not None and not isinstance(inner, dict)):
            raise parameter(f"This property cannot be expanded ({whole}).", "expand")
        if inner is not None and rest:
            inner = self._expanded(inner, rest, whole)
        return item | {name: inner}


def _route(method: str, path: str, params: type, handler: Handler) -> Route:
    pattern = re.escape(path).replace("/ID", "/(?P<id>[A-Za-z0-9_]+)")
    return Route(method, re.compile(pattern), params, handler)


def _lines_of(session: Object) -> Object:
    return listing(session["_lines"], f"/v1/checkout/sessions/{session['id']}/line_items")


def _is_within(created: int, wanted: Any) -> bool:
    if wanted is None:
        return True
    if isinstance(wanted, int):
        return created == wanted
    return (
        created > wanted.get("gt", -1)
        and created >= wanted.get("gte", -1)
        and created < wanted.get("lt", created + 1)
        and created <= wanted.get("lte", created)
    )


def _matches(item: Object, params: Object) -> bool:
    """By the fields of the object; events also by several kinds or a group of them."""
    for name, wanted in params.items():
        if name in PAGING:
            continue
        if name == "types":
            matches = item["type"] in wanted
        elif name == "type" and wanted.endswith(".*"):
            matches = item["type"].startswith(wanted[:-1])
        elif name == "payout":
            matches = item["_payout"] == wanted
        else:
            matches = name in item and item[name] == wanted
        if not matches:
            return False
    return True


def _page(found: list[Object], params: Object, url: str) -> Object:
    limit = params.get("limit", 10)
    if not 1 <= limit <= 100:
        raise parameter("Invalid limit: must be between 1 and 100", "limit")
    places = {item["id"]: place for place, item in enumerate(found)}
    if "ending_before" in params:
        end = _place(places, params["ending_before"], "ending_before")
        start = max(0, end - limit)
        return listing(found[start:end], url, has_more=start > 0)
    start = 0
    if "starting_after" in params:
        start = _place(places, params["starting_after"], "starting_after") + 1
    return listing(found[start : start + limit], url, has_more=start + limit < len(found))


def _place(places: dict[str, int], identifier: str, param: str) -> int:
    if identifier not in places:
        raise parameter(f"No such object: '{identifier}'", param, "resource_missing")
    return places[identifier]
