"""Fields that stand encrypted in the database, and the keyed hash by which an equal value is still found.

AES-256-GCM with a fresh nonce for every value. What is encrypted is bound to its place (table, column, key of
the row), so a value copied into another row does not open. Each value names its key: `settings.FIELD_KEYS`
holds them by id, the first one encrypts, the others still open what they closed.
"""

import hmac
import json
import os
from datetime import date
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import FieldError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from services.ledger import looking

NONCE_BYTES = 12
# Whether there is a value; and, for triggers that compare a row before and after, whether its bytes changed.
LOOKUPS = ("isnull", "df")


class Ciphertext(bytes):
    """A value as the database keeps it: the length and id of its key, the nonce, and what is encrypted."""


def encrypted(plain: bytes, *, place: str) -> Ciphertext:
    """Return the bytes encrypted for one place with the current key."""
    key_id = next(iter(settings.FIELD_KEYS))
    nonce = os.urandom(NONCE_BYTES)
    named = key_id.encode()
    closed = _cipher(settings.FIELD_KEYS[key_id]).encrypt(nonce, plain, place.encode())
    return Ciphertext(bytes([len(named)]) + named + nonce + closed)


def decrypted(ciphertext: bytes, *, place: str) -> bytes:
    """Return the bytes that were encrypted for this place.

    :raises cryptography.exceptions.InvalidTag: if they were altered, or encrypted for another place.
    :raises KeyError: if their key is not among `settings.FIELD_KEYS`.
    """
    end = 1 + ciphertext[0]
    key = settings.FIELD_KEYS[ciphertext[1:end].decode()]
    nonce, closed = ciphertext[end : end + NONCE_BYTES], ciphertext[end + NONCE_BYTES :]
    return _cipher(key).decrypt(nonce, closed, place.encode())


def encrypted_anew(ciphertext: bytes, *, place: str) -> Ciphertext:
    """Return the same value for the same place, closed with the current key.

    :raises cryptography.exceptions.InvalidTag: see `decrypted`.
    """
    return encrypted(decrypted(ciphertext, place=place), place=place)


def blind_index(value: str, *, purpose: str) -> str:
    """Return the keyed hash by which an equal value is found; the same value differs from purpose to purpose.

    The value must already be in its one form (`identifiers.normalized`).
    """
    return hmac.digest(settings.FIELD_INDEX_KEY, f"{purpose}\n{value}".encode(), "sha256").hex()


@lru_cache(maxsize=8)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


class SealedAttribute(DeferredAttribute):
    """Opens a value when it is first looked at: only then is the row, and with it the place, known."""

    def __get__(self, instance: models.Model | None, cls: type | None = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Ciphertext):
            looking.check(f"{instance._meta.label}.{self.field.attname}")
            value = instance.__dict__[self.field.attname] = self.field.opened(value, instance)
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.Field):
    """A text only the portal can read. It cannot be searched, nor set by `update()`: its row is its lock."""

    descriptor_class = SealedAttribute

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Leave out what every such field has."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        """Stand as bytes in the database."""
        return "BinaryField"

    def get_lookup(self, lookup_name: str) -> Any:
        """Allow no question about what the value is."""
        if lookup_name not in LOOKUPS:
            raise FieldError(f"{self.name} is encrypted: find its row by a blind index.")
        return super().get_lookup(lookup_name)

    def from_db_value(self, value: bytes | None, *_: Any) -> Ciphertext | None:
        """Take the bytes as they are; the attribute opens them."""
        return None if value is None else Ciphertext(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Ciphertext | None:
        """Encrypt what was set; what was never looked at stays as it is."""
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Ciphertext):
            return value
        return encrypted(self.as_bytes(value), place=self._place(model_instance))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> bytes | None:
        """Hand encrypted bytes to the database, and refuse anything else."""
        if value is not None and not isinstance(value, Ciphertext):
            raise TypeError(f"{self.name} is encrypted for its row: set it on the row and save that.")
        return None if value is None else bytes(value)

    def opened(self, value: Ciphertext, instance: models.Model) -> Any:
        """Return what was encrypted for this row."""
        return self.from_bytes(decrypted(value, place=self._place(instance)))

    def as_bytes(self, value: Any) -> bytes:
        """Write the value as bytes."""
        return str(value).encode()

    def from_bytes(self, plain: bytes) -> Any:
        """Read the value from bytes."""
        return plain.decode()

    def _place(self, instance: models.Model) -> str:
        return f"{instance._meta.db_table}|{self.column}|{instance.pk}"


class EncryptedDateField(EncryptedTextField):
    """A day that only the portal can read."""

    def as_bytes(self, value: date) -> bytes:
        """Write the day in ISO form."""
        return value.isoformat().encode()

    def from_bytes(self, plain: bytes) -> date:
        """Read the day."""
        return date.fromisoformat(plain.decode())


class EncryptedJSONField(EncryptedTextField):
    """Plain JSON that only the portal can read."""

    def as_bytes(self, value: Any) -> bytes:
        """Write the value as JSON; days, moments and amounts become text."""
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":")).encode()

    def from_bytes(self, plain: bytes) -> Any:
        """Read the value."""
        return json.loads(plain)
