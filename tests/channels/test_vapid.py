"""VAPID keys in every form in which people have them, and the tokens that are signed with them."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from py_vapid import Vapid02

from engine.channels.vapid import (
    VapidTokens,
    check_subject,
    public_key,
    read_private_key,
)
from engine.kernel.errors import CredentialsError, UsageError
from tests.channels.making import NOW
from tests.channels.subscribing import SUBJECT, base64url

KEY = ec.generate_private_key(ec.SECP256R1())
RAW = KEY.private_numbers().private_value.to_bytes(32, "big")
PLAIN = serialization.NoEncryption()
PKCS8 = KEY.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, PLAIN)
SEC1 = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, PLAIN
)
DER = KEY.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, PLAIN)
CURVE = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
FORMS = {
    "pem": PKCS8.decode(),
    "pem on one line": PKCS8.decode().replace("\n", "\\n"),
    "sec1": SEC1.decode(),
    "openssl ecparam": CURVE + SEC1.decode(),
    "raw": base64url(RAW),
    "raw with padding": base64.urlsafe_b64encode(RAW).decode(),
    "raw in plain base64": base64.b64encode(RAW).decode() + "\n",
    "der": base64url(DER),
    "der in lines": base64.encodebytes(DER).decode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_the_same_key(form: str) -> None:
    assert public_key(read_private_key(FORMS[form])) == public_key(KEY)


def test_an_encrypted_key_and_other_kinds_are_told_without_repeating_them() -> None:
    secret = KEY.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"pass"),
    ).decode()
    other = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, PLAIN
    )
    longer = ec.generate_private_key(ec.SECP384R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, PLAIN
    )
    public = KEY.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    wrong = (secret, other.decode(), longer.decode(), public.decode(), "abc", "한글", "", "A" * 43)
    for text in wrong:
        with pytest.raises(CredentialsError, match=r"^`private_key` is ") as caught:
            read_private_key(text)
        assert text[-60:] not in str(caught.value) or not text


def claims_of(header: str) -> dict[str, object]:
    token = header.split("t=", 1)[1].split(",", 1)[0].split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))))


def test_a_token_says_who_to_whom_and_until_when() -> None:
    tokens = VapidTokens(KEY, SUBJECT)
    header = tokens.header("https://push.example.com", NOW)
    assert header.startswith("Authorization: vapid t=")
    assert header.endswith(f",k={public_key(KEY)}")
    assert Vapid02.verify(header.removeprefix("Authorization: "))
    ends = int((NOW + timedelta(hours=12)).timestamp())
    assert claims_of(header) == {"aud": "https://push.example.com", "exp": ends, "sub": SUBJECT}


def test_a_token_serves_an_origin_for_hours_and_is_renewed_before_it_ends() -> None:
    tokens = VapidTokens(KEY, SUBJECT)
    first = tokens.header("https://push.example.com", NOW)
    assert tokens.header("https://push.example.com", NOW + timedelta(hours=10.9)) is first
    later = NOW + timedelta(hours=11)
    second = tokens.header("https://push.example.com", later)
    assert second != first
    assert claims_of(second)["exp"] == int((later + timedelta(hours=12)).timestamp())
    assert claims_of(tokens.header("https://b.example", NOW))["aud"] == "https://b.example"


def test_strangers_origins_do_not_fill_the_memory() -> None:
    tokens = VapidTokens(KEY, SUBJECT)
    for number in range(1100):
        tokens.header(f"https://push{number}.example", NOW)
    assert len(tokens._signed) == 1000


@pytest.mark.parametrize(
    "subject",
    [
        "mailto:push@shop.example",
        "mailto:a.b+c@mail.shop.co.kr",
        "https://shop.example/contact",
        "https://shop.example",
    ],
)
def test_a_subject_that_can_be_written_to_can_be_signed(subject: str) -> None:
    assert check_subject(subject) == subject
    assert VapidTokens(KEY, subject).header("https://push.example.com", NOW)


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "push@shop.example",
        "mailto:",
        "mailto:push",
        "mailto:push@localhost",
        "mailto:<push@shop.example>",
        "mailto: push@shop.example",
        "http://shop.example",
        "https://",
        "https://localhost",
        "https://[::1",
        "tel:+82215880000",
    ],
)
def test_a_subject_that_cannot_be_written_to_is_told(subject: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_subject(subject)
    assert (
        caught.value.message
        == f"`subject` is `{subject}`, nothing that a push service could write to"
    )
    assert caught.value.hint.startswith("write `mailto:")
