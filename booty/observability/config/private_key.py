"""The private key of a GitHub App, checked at the start: GitHub would only say that it cannot decode a signature."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from booty.observability.text.sealed import Secret


def _check_private_key(text: str) -> Secret:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415 - only an App has a key
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415 - the same

    try:
        found = load_pem_private_key(text.encode(), password=None)
    except TypeError:
        raise PydanticCustomError("private_key", "is encrypted") from None
    except Exception:  # noqa: BLE001 - the library names its failures differently from release to release
        raise PydanticCustomError("private_key", "holds no private key in PEM form") from None
    if not isinstance(found, RSAPrivateKey):
        raise PydanticCustomError("private_key", "is not an RSA key, as GitHub's are")
    return Secret(text)


PrivateKey = Annotated[Secret, BeforeValidator(_check_private_key)]
"""As GitHub gives it."""
