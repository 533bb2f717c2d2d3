"""Posts to a public host, and tells what went wrong in words that hold no secret."""

import http.client
import re
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from notifier.https.address import Address
from notifier.https.answer import Answer, retry_after
from notifier.https.exchange import ANSWER_LIMIT, CutShort, Exchange
from notifier.https.public import IpAddress, Resolve, is_public, public_places, resolve
from notifier.outcomes import Refused, RetryLater

_PORT = 443
_HEADER = re.compile(r"[A-Za-z0-9-]{1,64}")
_VALUE = re.compile(r"[ -~]{0,4096}")


@cache
def trusted() -> ssl.SSLContext:
    """TLS 1.2 or newer, verified against the system's certificate authorities.

    Not the standard library's default context: that lets environment variables name other authorities
    (SSL_CERT_FILE) and write the session keys to a file (SSLKEYLOGFILE).
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # verifies certificate and host name
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    paths = ssl.get_default_verify_paths()
    file = paths.openssl_cafile if Path(paths.openssl_cafile).is_file() else None
    folder = paths.openssl_capath if Path(paths.openssl_capath).is_dir() else None
    if file or folder:
        context.load_verify_locations(cafile=file, capath=folder)
    else:
        # A system that keeps them elsewhere says where by these variables only.
        context.load_default_certs()
    return context


@dataclass(frozen=True, slots=True, kw_only=True)
class Https:
    """Posts to hosts on the public internet.

    No redirect is followed, no proxy, `.netrc` or bundle of the environment is honoured, no compressed answer is
    unpacked. The name is looked up once, and the connection goes to an address that has been checked.

    Attributes:
        resolve: How names are looked up.
        permitted: Which addresses may be connected to.
        tls: Makes the TLS settings.
        clock: Seconds that only grow.
    """

    resolve: Resolve = resolve
    permitted: Callable[[IpAddress], bool] = is_public
    tls: Callable[[], ssl.SSLContext] = trusted
    clock: Callable[[], float] = time.monotonic

    def post(self, address: Address, *, body: bytes, headers: Mapping[str, str], deadline: float) -> Answer:
        """Post, and give the answer, whatever its status; a redirect is refused.

        Args:
            address: Where to.
            body: What to send.
            headers: On top of Host, Content-Length, Connection, Accept-Encoding and User-Agent.
            deadline: Seconds for everything together: name, connection, TLS, request and answer.

        Raises:
            RetryLater: the host could not be reached, or gave no whole answer in time; it may have the message.
            Refused: it is not on the public internet, or redirects.
        """
        end = self.clock() + deadline
        request = _request(address, body=body, headers=headers)
        try:
            places = public_places(address.host, _PORT, within=deadline, resolve=self.resolve, permitted=self.permitted)
            with Exchange(places, host=address.host, tls=self.tls(), left=lambda: end - self.clock()) as exchange:
                status, sent_headers, answer = exchange.post(request)
        except ssl.SSLCertVerificationError as error:
            raise RetryLater(f"{address.host}: certificate refused ({error.verify_message})", cause="tls") from None
        except ssl.SSLError as error:
            raise RetryLater(f"{address.host}: no TLS connection: {type(error).__name__}", cause="tls") from None
        except TimeoutError:
            raise RetryLater(f"{address.host} gave no whole answer within {deadline:g} s", cause="timeout") from None
        except CutShort as error:
            raise RetryLater(f"{address.host} gave no whole answer: {error}", cause="connection") from None
        except (OSError, http.client.HTTPException) as error:
            # Without the exception's own text: nobody knows what it quotes.
            raise RetryLater(
                f"{address.host} could not be reached: {type(error).__name__}", cause="connection"
            ) from None
        if status // 100 == 3:  # noqa: PLR2004
            raise Refused(f"{address.host} answered {status}; redirects are not followed", cause="redirect")
        return Answer(
            status=status,
            body=answer[:ANSWER_LIMIT].decode("utf-8", "replace").strip(),
            retry_after=retry_after(sent_headers.get("Retry-After")),
        )


def _request(address: Address, *, body: bytes, headers: Mapping[str, str]) -> bytes:
    lines = [f"POST {address.path} HTTP/1.1"]
    for name, value in {
        "Host": address.host,
        "User-Agent": "aws-detection-stack",
        "Accept-Encoding": "identity",
        "Connection": "close",
        **headers,
        "Content-Length": str(len(body)),
    }.items():
        if not _HEADER.fullmatch(name) or not _VALUE.fullmatch(value):
            raise Refused(f"the header {name[:64]!r} holds what no header may hold", cause="header")
        lines.append(f"{name}: {value}")
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body
