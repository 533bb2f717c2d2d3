"""Lists of AWS that come in pages."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from botocore.exceptions import PaginationError


def pages(call: Callable[..., Mapping[str, Any]], key: str, **given: object) -> Iterator[Any]:
    """Yield the items of every page, in order.

    A page may be empty and still have a token for the next one (Organizations API reference, ListAccounts), so only
    the token says whether there is more. For calls that botocore has no paginator for, as well as for those it has.

    Raises:
        PaginationError: A token came twice, so that the list would never end.
    """
    token: str | None = None
    seen: set[str] = set()
    while True:
        page = call(**given, **({"NextToken": token} if token else {}))
        yield from page.get(key) or ()
        token = page.get("NextToken")
        if not token:
            return
        if token in seen:
            raise PaginationError(message=f"the same page of {key} was announced twice")
        seen.add(token)
