"""The cache on Valkey: while Valkey is away it is an empty cache, never an error."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import redis
import structlog
from django.core.cache.backends.redis import RedisCache

log = structlog.get_logger(__name__)


def _forgiving(method: Callable[..., Any], empty: Any) -> Callable[..., Any]:
    @wraps(method)
    def forgiving(self: RedisCache, *args: Any, **kwargs: Any) -> Any:
        try:
            return method(self, *args, **kwargs)
        except (redis.ConnectionError, redis.TimeoutError):
            log.warning("cache_away", operation=method.__name__)
            return kwargs.get("default") if method.__name__ == "get" else empty

    return forgiving


class ForgivingCache(RedisCache):
    """Nothing that matters is kept here, so nothing that matters waits for it."""

    get = _forgiving(RedisCache.get, None)
    get_many = _forgiving(RedisCache.get_many, {})
    add = _forgiving(RedisCache.add, True)
    set = _forgiving(RedisCache.set, None)
    set_many = _forgiving(RedisCache.set_many, [])
    touch = _forgiving(RedisCache.touch, False)
    delete = _forgiving(RedisCache.delete, False)
    delete_many = _forgiving(RedisCache.delete_many, None)
    has_key = _forgiving(RedisCache.has_key, False)
    clear = _forgiving(RedisCache.clear, True)
