"""Where a server listens, and who may ask."""

import socket

import pytest

from recdesk.core.errors import UsageError
from recdesk.serving.server import Address, listening


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "::1"])
def test_this_machine_needs_no_token(host: str):
    Address(host).check()
    assert Address(host).hosts


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "example.org"])
def test_other_machines_need_one(host: str):
    for token in ("", "short"):
        with pytest.raises(UsageError, match="so that a token is needed") as caught:
            Address(host, token=token).check()
        assert "at least 8" in caught.value.suggestion
    Address(host, token="long-enough").check()
    assert Address(host, token="long-enough").hosts == frozenset()


@pytest.mark.parametrize("token", ["two words", "mit ä", "line\nend"])
def test_a_token_is_what_a_header_can_hold(token: str):
    with pytest.raises(UsageError, match="ASCII"):
        Address(token=token * 3).check()


def test_a_port_in_use_and_a_foreign_host_are_told():
    with listening(Address(port=0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"Port {port} is in use") as caught, listening(Address(port=port)):
            pass
        assert "--port" in caught.value.suggestion
    for host in ("192.0.2.1", "no such host", "x" * 300):
        with pytest.raises(UsageError, match="is no address of this machine"), listening(Address(host, 0)):
            pass


def test_the_address_is_written_as_a_client_needs_it():
    assert Address("::1").url(80) == "http://[::1]:80" and Address().url(8000) == "http://127.0.0.1:8000"
    assert "secret-token" not in repr(Address(token="secret-token"))
    with listening(Address(port=0)) as taken:
        assert taken.family == socket.AF_INET
