"""How figures are said on a page: days, money, and the parts of a date."""

from datetime import date
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, ngettext

from services.catalogue import queries as catalogue

register = template.Library()


@register.filter
def working_days(days: int) -> str:
    """Say how long the offices take: `same day`, `1 working day`, `20 working days`."""
    if days == 0:
        return gettext("Same day")
    return ngettext("%(days)d working day", "%(days)d working days", days) % {"days": days}


@register.filter
def fee(amount: Any) -> str:
    """Say what is charged, in yuan; nothing at all is `Free`. The amount may be a Decimal, a text or None."""
    if amount in (None, "", "0", "0.00", 0):
        return gettext("Free")
    return gettext("%(amount)s yuan") % {"amount": number_format(amount, 2)}


@register.filter
def law(basis: str) -> str:
    """Say a legal basis in the reader's language."""
    return "".join(catalogue.cited([basis], get_language() or "en"))


@register.filter
def date_parts(value: Any) -> dict[str, str]:
    """Split a date, an ISO text or what was typed (`year`, `month`, `day`) into three fields."""
    if isinstance(value, date):
        value = value.isoformat()
    if isinstance(value, str):
        value = dict(zip(("year", "month", "day"), value.split("-"), strict=False))
    return {part: (value or {}).get(part) or "" for part in ("year", "month", "day")}
