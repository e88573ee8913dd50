"""What a load balancer and an operator ask: whether the process lives, and whether it can serve."""

from dataclasses import asdict

from django.core.cache import caches
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import RedisError

from services.evidence.queries.registers import outages


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer that the process lives, asking nobody."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 if the portal can serve, else 503; without the broker it serves, only slower."""
    found: dict[str, object] = {"database": _database(), "broker": _broker()}
    ready = found["database"] == "ok"
    # How many registers fail, not which nor where: the portal serves all the same.
    found |= {"registers": asdict(outages())} if ready else {}
    return JsonResponse({"status": "ok" if ready else "not ready", **found}, status=200 if ready else 503)


def _database() -> str:
    try:
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "away"
    return "not migrated" if behind else "ok"


def _broker() -> str:
    # The plain client: the portal's own cache forgives an absent Valkey, which is what is asked here.
    try:
        caches["default"]._cache.get_client().ping()
    except RedisError:
        return "away"
    return "ok"
