"""Encryption at rest and keyed hashes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.crypto import BadKey, Vault, new_key

OLD, NEW = new_key(), new_key()
VAULT = Vault([OLD])


@given(st.text())
def test_what_was_sealed_is_unsealed(text: str) -> None:
    """Any text, emoji and odd characters included."""
    assert VAULT.unseal(VAULT.seal(text)) == text


@pytest.mark.parametrize("text", ["\ud83d", "a\udc00b", "\x00"])
def test_half_a_character_is_kept(text: str) -> None:
    """A phone that cuts an emoji in two must not make a message unstorable."""
    assert VAULT.unseal(VAULT.seal(text)) == text
    assert len(VAULT.fingerprint("address", text)) == 32


def test_the_same_text_never_looks_the_same() -> None:
    """Equal values must not be seen to be equal in the database."""
    assert VAULT.seal("Budi") != VAULT.seal("Budi")


def test_after_a_rotation_old_and_new_are_read() -> None:
    """The first key writes, any opens; what the new key wrote the old one alone does not open."""
    rotated = Vault([NEW, OLD])
    assert rotated.unseal(VAULT.seal("x")) == "x"
    with pytest.raises(BadKey):
        VAULT.unseal(rotated.seal("x"))


def test_after_a_rotation_old_hashes_are_looked_for_too() -> None:
    """The newest comes first: it is the one that is written."""
    rotated = Vault([NEW, OLD])
    hashes = rotated.fingerprints("address", "1001")
    assert hashes == [rotated.fingerprint("address", "1001"), VAULT.fingerprint("address", "1001")]


def test_hashes_depend_on_purpose_value_and_key() -> None:
    """Neither may be moved into the other, nor guessed without the key."""
    hashes = {
        VAULT.fingerprint("a", "b"),
        VAULT.fingerprint("a", "c"),
        VAULT.fingerprint("ab", ""),
        VAULT.fingerprint("", "ab"),
        Vault([NEW]).fingerprint("a", "b"),
    }
    assert len(hashes) == 5


@pytest.mark.parametrize(
    "keys",
    [[], ["short"], [OLD, ""], ["é" * 43 + "="], [OLD[:-2]]],
    ids=["none", "short", "empty", "é", "cut"],
)
def test_keys_that_are_none_are_refused(keys: list[str]) -> None:
    with pytest.raises(BadKey):
        Vault(keys)


@pytest.mark.parametrize(
    "sealed",
    [b"", b"x", VAULT.seal("x")[:-1], Vault([NEW]).seal("x")],
    ids=["empty", "x", "cut", "another key's"],
)
def test_what_no_key_opens_is_told(sealed: bytes) -> None:
    with pytest.raises(BadKey):
        VAULT.unseal(sealed)


def test_a_changed_byte_is_noticed() -> None:
    """What was tampered with is not opened."""
    sealed = bytearray(VAULT.seal("x" * 100))
    sealed[60] ^= 1
    with pytest.raises(BadKey):
        VAULT.unseal(bytes(sealed))


def test_what_is_sealed_anew_needs_the_first_key_alone() -> None:
    """Until then both keys are needed; what no key opens stays shut."""
    rotated, sealed = Vault([NEW, OLD]), VAULT.seal("x")
    assert not rotated.is_current(sealed)
    anew = rotated.reseal(sealed)
    assert rotated.is_current(anew)
    assert Vault([NEW]).unseal(anew) == "x"
    with pytest.raises(BadKey):
        VAULT.reseal(anew)


def test_keys_may_be_read_anew() -> None:
    """Where they stand in a file; what is there must be keys, or the old ones stay in use."""
    keys = [OLD]
    vault = Vault(keys, lambda: keys)
    keys.insert(0, NEW)
    assert vault.reload()
    assert vault.is_current(Vault([NEW]).seal("x"))
    keys[:] = ["no key"]
    with pytest.raises(BadKey):
        vault.reload()
    assert vault.unseal(VAULT.seal("x")) == "x"
    assert not VAULT.reload()
