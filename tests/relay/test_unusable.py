"""What only a start can find wrong is named as the setting that it is, with what to write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from configs import some_settings

from config.scaffold import dkim_key
from config.settings import Settings
from config.values import Unusable
from relay.app import of_dkim_keys
from relay.brokers import open_broker
from relay.delivery.signing import public_record
from relay.failures import Failed
from relay.intake.listening import open_door


def sign(settings: Settings) -> tuple[str, ...]:
    return of_dkim_keys(settings, lambda pem, selector: f"{selector}: {public_record(pem)[:14]}")


def listen(settings: Settings) -> int:
    """The port that was bound for a moment."""
    with ExitStack() as ends:
        bound: int = open_door(settings.relay, ends).sockets[0].getsockname()[1]
        return bound


def test_a_key_that_is_one_is_used(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(dkim_key())
    settings = some_settings({"delivery.dkim_key": str(tmp_path / "key.pem")})
    assert sign(settings) == ("peerpost: v=DKIM1; k=rsa",)


@pytest.fixture
def here() -> Iterator[Path]:
    """A folder with a short path: a longer one would be shortened in what is said of it."""
    with TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.mark.parametrize("name", ["missing.pem", "garbage.pem"])
@pytest.mark.parametrize("key", ["delivery.dkim_key", "delivery.next_dkim_key"])
def test_a_key_that_is_none_is_named(key: str, name: str, here: Path) -> None:
    (here / "garbage.pem").write_text("no key")
    with pytest.raises(Unusable, match=f"^{key} = .*{name}.* RSA private key"):
        sign(some_settings({key: str(here / name)}))


@pytest.mark.parametrize("name", ["missing.pem", "garbage.pem"])
def test_a_certificate_that_is_none_is_named(name: str, here: Path) -> None:
    (here / "garbage.pem").write_text("no certificate")
    file = str(here / name)
    with pytest.raises(Unusable, match=f"^relay.tls_cert = .*{name}"):
        listen(
            some_settings(
                {"relay.listen": "127.0.0.1:0", "relay.tls_cert": file, "relay.tls_key": file}
            )
        )


def test_an_address_that_is_not_ours_is_named() -> None:
    with pytest.raises(Failed, match=r"^relay\.listen = 192\.0\.2\.1:25: Cannot assign"):
        listen(some_settings({"relay.listen": "192.0.2.1:25"}))


def test_a_port_that_is_free_is_bound() -> None:
    assert listen(some_settings({"relay.listen": "127.0.0.1:0"})) > 0


def test_a_broker_that_we_do_not_know_is_named_without_its_password() -> None:
    with pytest.raises(Unusable, match=r"^broker\.url = .*kafka://.*embedded://, redis://") as why:
        open_broker("kafka://me:secret@broker.example")
    assert "secret" not in str(why.value)
