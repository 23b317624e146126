"""User ids replaced by keyed pseudonyms: with the key a person gets the same one again, without it nobody goes back."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable

import pandas as pd

from recdesk.data.coded import Check, unasked
from recdesk.data.report import Reject

KEY_BYTES = 32
LENGTH = 32
"""Characters of a pseudonym: 128 bits, so that no two people ever meet in one."""
CHUNK = 2**17


def new_key() -> bytes:
    """A key that nobody can guess."""
    return secrets.token_bytes(KEY_BYTES)


def key_name(key: bytes) -> str:
    """What a key is known by; tells nothing of it."""
    return hashlib.sha256(b"recdesk pseudonyms\0" + key).hexdigest()[:16]


def pseudonym(key: bytes, user_id: str) -> str:
    """HMAC-SHA-256 of an id, the first 128 bits as hexadecimal digits."""
    return hmac.digest(key, user_id.encode("utf-8", "surrogatepass"), "sha256").hex()[:LENGTH]


def pseudonyms(key: bytes, user_ids: Iterable[str], check: Check = unasked) -> pd.Index:
    """Pseudonyms in the order of the ids; `check` is asked now and then."""
    made: list[str] = []
    for number, user_id in enumerate(user_ids):
        if number % CHUNK == 0:
            check()
        made.append(pseudonym(key, user_id))
    return pd.Index(made, dtype="str")


def without_people(rejects: Iterable[Reject]) -> list[Reject]:
    """Rejected rows with place and reason alone: what stood there may name a person."""
    return [Reject(reject.file, reject.line, reject.column, "", reject.reason, "") for reject in rejects]
