"""The treasurer's pages, as the tests open them."""

LIST = "/admin/billing/invoice/"


def page_of(invoice, act: str = "change") -> str:
    return f"{LIST}{invoice.pk}/{act}/"


def told(page) -> list[str]:
    return [str(message) for message in page.context["messages"]]


def errors(page) -> dict:
    return page.context["form"].errors
