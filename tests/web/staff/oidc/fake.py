"""An identity provider that can be told to misbehave."""

import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc.jwk import KeySet, RSAKey
from joserfc.jws import JWSRegistry

CLIENT, SECRET = "rightface", "a secret of the tests"
KEY, ANOTHER = (RSAKey.generate_key(2048, {"kid": kid, "use": "sig"}) for kid in ("one", "another"))
Claims = dict[str, Any]


@dataclass
class Answer:
    """What is said on one of its addresses; `slow`: the body never ends, `drips`: it comes byte by byte."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    slow: bool = False
    drips: bool = False


def said(value: Any, status: int = 200) -> Answer:
    return Answer(json.dumps(value).encode(), status, {"Content-Type": "application/json"})


def signed(claims: Claims, key: Any = KEY, alg: str = "RS256", **header: Any) -> str:
    """A token; also such as no library would make."""
    return token({"alg": alg, "kid": key.kid, **header}, claims, lambda text: _by(alg)(text, key))


def token(header: Claims, claims: Claims, sign: Callable[[bytes], bytes]) -> str:
    text = b".".join(packed(json.dumps(part).encode()) for part in (header, claims))
    return f"{text.decode()}.{packed(sign(text)).decode()}"


def _by(alg: str) -> Callable[[bytes, Any], bytes]:
    return JWSRegistry.algorithms[alg].sign


def packed(part: bytes) -> bytes:
    return urlsafe_b64encode(part).rstrip(b"=")


def by_public_key(claims: Claims) -> str:
    """Signed by HS256, with what everybody knows as the secret."""
    known = KEY.as_pem(private=False)
    return token({"alg": "HS256", "kid": KEY.kid}, claims, lambda text: hmac.digest(known, text, "sha256"))


def unsigned(claims: Claims) -> str:
    """As `alg: none` has it."""
    return signed(claims, alg="none")


@dataclass
class Ways:
    """How it answers; each can be bent."""

    claims: Callable[[Claims], Claims] = lambda claims: claims
    sign: Callable[[Claims], Any] = signed
    metadata: Callable[[Claims], Answer] = said
    keys: Callable[[Claims], Answer] = said
    token: Callable[[Claims], Answer] = said
    out_of_order: Answer | None = None
    """What the token endpoint says before it looks at anything."""
    comes_back: Callable[[dict[str, str]], dict[str, str]] = lambda answer: answer


class Fake:
    """The provider. `now` tells the time; `asked` are the forms that came to its token endpoint."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.numbers = count()
        self.closing = Event()
        self.server = ThreadingHTTPServer(("localhost", 0), self._handler())
        self.server.handle_error = lambda *_: None  # type: ignore[method-assign]  # whom it bored hung up
        self.issuer = f"http://localhost:{self.server.server_port}"
        self.reset()

    def reset(self) -> None:
        self.ways = Ways()
        self.person: Claims = {"sub": "ada", "name": "Ada Byron", "groups": ["rf-triage"], "sid": "s1"}
        self.codes: dict[str, dict[str, str]] = {}
        self.refresh_tokens: set[str] = set()
        self.asked: list[dict[str, str]] = []

    def bend(self, **ways: Any) -> None:
        self.ways = replace(self.ways, **ways)

    def id_token(self, **more: Any) -> Claims:
        now = int(self.now())
        return {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, **self.person, **more}

    def logout_token(self, **more: Any) -> Claims:
        events = {"http://schemas.openid.net/event/backchannel-logout": {}}
        now = int(self.now())
        message = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 120, "sid": "s1", "events": events}
        return {**message, "jti": f"message {next(self.numbers)}", **more}

    def answer(self, path: str, query: dict[str, str], form: dict[str, str]) -> Answer:
        match path:
            case "/.well-known/openid-configuration":
                return self.ways.metadata(self.metadata())
            case "/keys":
                return self.ways.keys(KeySet([KEY]).as_dict())
            case "/moved/keys":
                return said(KeySet([KEY]).as_dict())
            case "/authorize":
                return self._authorized(query)
            case "/token":
                self.asked.append(form)
                return self.ways.out_of_order or self._token(form)
            case "/moved/token":
                return self._token(form)
        return Answer(status=404)

    def metadata(self) -> Claims:
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return {
            "issuer": self.issuer,
            "authorization_response_iss_parameter_supported": True,
            **{name: f"{self.issuer}/{path}" for name, path in names.items()},
        }

    def _authorized(self, query: dict[str, str]) -> Answer:
        code = f"code-{next(self.numbers)}"
        self.codes[code] = query
        answer = self.ways.comes_back({"code": code, "state": query["state"], "iss": self.issuer})
        return Answer(status=302, headers={"Location": f"{query['redirect_uri']}?{urlencode(answer, doseq=True)}"})

    def _token(self, form: dict[str, str]) -> Answer:
        if form["grant_type"] == "refresh_token":
            if form["refresh_token"] not in self.refresh_tokens:
                return said({"error": "invalid_grant"}, 400)
            self.refresh_tokens.remove(form["refresh_token"])
            claims = self.id_token()
        else:
            claims = self.id_token(nonce=self.codes.pop(form["code"])["nonce"])
        fresh = f"refresh-{next(self.numbers)}"
        self.refresh_tokens.add(fresh)
        tokens = {"access_token": "secret-access", "token_type": "Bearer", "refresh_token": fresh}
        return self.ways.token({**tokens, "id_token": self.ways.sign(self.ways.claims(claims))})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._say({})

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                self._say(_single(self.rfile.read(length).decode()))

            def _say(self, form: dict[str, str]) -> None:
                parts = urlsplit(self.path)
                answer = fake.answer(parts.path, _single(parts.query), form)
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.body)
                while (answer.slow or answer.drips) and not fake.closing.wait(0.02):
                    self.wfile.write(b" " if answer.drips else b"")

            def log_message(self, *_args: Any) -> None:
                pass

        return Handler


@contextmanager
def running(now: Callable[[], float] = time.time) -> Iterator[Fake]:
    fake = Fake(now)
    thread = Thread(target=fake.server.serve_forever, daemon=True)
    thread.start()
    yield fake
    fake.closing.set()
    fake.server.shutdown()
    fake.server.server_close()
    thread.join()


def _single(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}
