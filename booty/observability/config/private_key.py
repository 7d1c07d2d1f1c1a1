"""The private key of a GitHub App, checked at the start: GitHub would only say that it cannot decode a signature."""

from __future__ import annotations

from typing import Annotated

from booty.observability.config_errors import Unusable
from booty.observability.text.sealed import Secret


def _check_private_key(text: str) -> Secret:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415 - only an App has a key
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415 - the same

    try:
        found = load_pem_private_key(text.encode(), password=None)
    except TypeError:
        raise Unusable("is encrypted") from None
    except Exception:  # noqa: BLE001 - the library names its failures differently from release to release
        raise Unusable("holds no private key in PEM form") from None
    if not isinstance(found, RSAPrivateKey):
        raise Unusable("is not an RSA key, as GitHub's are")
    return Secret(text)


PrivateKey = Annotated[Secret, _check_private_key]
"""As GitHub gives it."""
