"""The key of pseudonyms, and the pseudonym of an id under it."""

import hashlib
import hmac
import secrets

KEY_BYTES = 32
LENGTH = 32
"""Characters of a pseudonym: 128 bits, so that no two people ever meet in one."""


def new_key() -> bytes:
    """A key that nobody can guess."""
    return secrets.token_bytes(KEY_BYTES)


def key_name(key: bytes) -> str:
    """What a key is known by; tells nothing of it."""
    return hashlib.sha256(b"recdesk pseudonyms\0" + key).hexdigest()[:16]


def pseudonym(key: bytes, user_id: str) -> str:
    """HMAC-SHA-256 of an id, the first 128 bits as hexadecimal digits."""
    return hmac.digest(key, user_id.encode("utf-8", "surrogatepass"), "sha256").hex()[:LENGTH]
