"""Lists of AWS that come in pages."""

from collections.abc import Iterator

from investigation.aws import Service
from investigation.refused import Refusal
from investigation.wire import Block


def pages(client: Service, operation: str, /, *, most: int, **parameters: object) -> Iterator[Block]:
    """Each page, up to so many; one that is empty may have others behind it, so only the token says whether there are.

    The `NextToken` of the last one says whether there would have been more.

    Raises:
        Throttled: Another attempt may succeed.
        Refusal: It may not be asked, or a page announces one that was there, so that nobody knows what is missing.
    """
    token: dict[str, object] = {}
    seen: list[object] = []
    for _ in range(most):
        page = client.call(operation, **parameters, **token)
        yield page
        following = page.get("NextToken")
        if not following:
            return
        if following in seen:
            raise Refusal(f"{operation} announced the same page twice")
        seen.append(following)
        token = {"NextToken": following}
