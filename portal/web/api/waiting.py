"""How often a network may ask the API, and how it is told."""

from collections.abc import Mapping

from portal.web.house import house

#: What is counted, in `portal.limits.LIMITS` and in the headers.
NAME = "api"


def limit_headers(times: int, seconds: int) -> Mapping[str, str]:
    """How often the network may ask yet, as draft-ietf-httpapi-ratelimit-headers has it."""
    limit = house().limits[NAME]
    return {
        "RateLimit-Policy": f'"{NAME}";q={limit.times};w={int(limit.within.total_seconds())}',
        "RateLimit": f'"{NAME}";r={times};t={seconds}',
    }
