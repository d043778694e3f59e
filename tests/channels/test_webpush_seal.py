"""Encryption against the example of RFC 8291 and against two libraries that others wrote."""

from __future__ import annotations

import json
import os

import http_ece
import pytest
import pywebpush
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.channels.vapid import decode_base64url
from engine.channels.webpush_seal import MAX_PLAINTEXT, read_keys, seal, seal_with
from tests.channels.subscribing import Browser, base64url

# RFC 8291, section 5 and appendix A.
EXAMPLE = {
    "plaintext": "V2hlbiBJIGdyb3cgdXAsIEkgd2FudCB0byBiZSBhIHdhdGVybWVsb24",
    "as_private": "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
    "ua_public": (
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    ),
    "ua_private": "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    "salt": "DGv6ra1nlYgDCS1FRnbzlw",
    "body": (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
        "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
        "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    ),
}


def key_of(private: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(decode_base64url(private), "big"), ec.SECP256R1())


def test_the_example_of_rfc_8291_comes_out_byte_for_byte() -> None:
    body = seal_with(
        decode_base64url(EXAMPLE["plaintext"]),
        read_keys(EXAMPLE["ua_public"], EXAMPLE["auth"]),
        key_of(EXAMPLE["as_private"]),
        decode_base64url(EXAMPLE["salt"]),
    )
    assert base64url(body) == EXAMPLE["body"]


@given(plaintext=st.binary(min_size=1, max_size=MAX_PLAINTEXT))
@settings(max_examples=60, deadline=None)
def test_http_ece_makes_the_same_bytes(plaintext: bytes) -> None:
    browser, ours, salt = Browser(), ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
    keys = read_keys(browser.keys["p256dh"], browser.keys["auth"])
    theirs = http_ece.encrypt(
        plaintext,
        salt=salt,
        private_key=ours,
        dh=keys.point,
        auth_secret=keys.secret,
        version="aes128gcm",
    )
    assert seal_with(plaintext, keys, ours, salt) == theirs


def test_a_body_has_the_size_of_pywebpushs() -> None:
    browser = Browser()
    text = json.dumps({"body": "추석 특가 30%"}, ensure_ascii=False).encode()
    subscription = {"endpoint": "https://push.example.com/a", "keys": browser.keys}
    theirs = pywebpush.WebPusher(subscription).encode(text, "aes128gcm")["body"]
    ours = seal(text, read_keys(browser.keys["p256dh"], browser.keys["auth"]))
    assert len(ours) == len(theirs)
    assert browser.read(ours) == browser.read(theirs) == {"body": "추석 특가 30%"}


def test_no_two_bodies_share_a_key_or_a_salt() -> None:
    keys = read_keys(Browser().keys["p256dh"], Browser().keys["auth"])
    bodies = [seal(b"hi", keys) for _ in range(20)]
    assert len({body[:16] for body in bodies}) == 20
    assert len({body[21:86] for body in bodies}) == 20


def test_a_byte_too_much_is_not_encrypted() -> None:
    browser = Browser()
    keys = read_keys(browser.keys["p256dh"], browser.keys["auth"])
    assert len(seal(b"a" * MAX_PLAINTEXT, keys)) == 4096
    with pytest.raises(ValueError, match="3994 bytes"):
        seal(b"a" * (MAX_PLAINTEXT + 1), keys)


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", ""),
        ("BCVx", EXAMPLE["auth"]),
        (EXAMPLE["ua_public"], "BTBZ"),
        ("한글", EXAMPLE["auth"]),
        ("A" + EXAMPLE["ua_public"][1:], EXAMPLE["auth"]),
        (EXAMPLE["ua_public"], EXAMPLE["auth"] + "!"),
    ],
)
def test_what_cannot_be_keys_is_told_before_anything_is_encrypted(p256dh: str, auth: str) -> None:
    with pytest.raises(ValueError, match=r"base64url|p256dh|auth|ASCII"):
        read_keys(p256dh, auth)


@given(point=st.binary(min_size=64, max_size=64))
@settings(max_examples=50, deadline=None)
def test_a_point_off_the_curve_is_an_error_of_value(point: bytes) -> None:
    # A random point lies on the curve once in 2^256; the invalid-curve attack needs one that does not.
    keys = read_keys(base64url(b"\x04" + point), EXAMPLE["auth"])
    with pytest.raises(ValueError):  # noqa: PT011 - the words are OpenSSL's
        seal(b"hi", keys)
