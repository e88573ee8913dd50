"""The order of services: what one issues is there when the next asks for it."""

from collections.abc import Iterable, Mapping, Sequence

from portal.demonstration.catalogue import Service


def in_order(services: Iterable[Service]) -> list[Service]:
    """Return the services so that what one issues comes before those that ask for it; a circle is cut anywhere."""
    waiting = sorted(services, key=lambda one: one.code)
    issuers: dict[str, list[Service]] = {}
    for one in waiting:
        issuers.setdefault(one.certificate, []).append(one)
    ordered: dict[str, Service] = {}
    for one in waiting:
        _place(one, issuers, ordered, path=())
    return list(ordered.values())


def _place(
    one: Service, issuers: Mapping[str, Sequence[Service]], ordered: dict[str, Service], path: tuple[str, ...]
) -> None:
    if one.code in ordered or one.code in path:
        return
    for kind in sorted(one.required_kinds()):
        for issuer in issuers.get(kind, ()):
            _place(issuer, issuers, ordered, (*path, one.code))
    ordered.setdefault(one.code, one)
