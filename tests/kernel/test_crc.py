"""CRCs: the fast way gives what going byte by byte gives, and parts can be joined."""

from __future__ import annotations

import random
import zlib

import pytest

from mocksls._kernel.crc import CRC32, CRC32C, CRC64NVME, Crc

SIZES = [0, 1, 9, 16_383, 16_384, 16_385, 70_001, 1_100_000]


def body_of(size: int) -> bytes:
    """Bytes without a pattern, the same in every run."""
    return random.Random(size).randbytes(size)


@pytest.mark.parametrize("size", SIZES)
def test_crc32_is_zlibs(size: int) -> None:
    """The common CRC comes out as zlib computes it, in lanes and out of them."""
    body = body_of(size)
    assert CRC32.of(body) == zlib.crc32(body)


@pytest.mark.parametrize(("crc", "check"), [(CRC32C, 0xE3069283), (CRC64NVME, 0xAE8B14860A799888)])
def test_check_values(crc: Crc, check: int) -> None:
    """The catalogue of CRCs gives these for the digits 1 to 9."""
    assert crc.of(b"123456789") == check


@pytest.mark.parametrize("crc", [CRC32, CRC32C, CRC64NVME])
@pytest.mark.parametrize("cut", [0, 1, 20_000, 40_000])
def test_joined(crc: Crc, cut: int) -> None:
    """The CRC of a whole follows from those of two parts and the size of the second."""
    body = body_of(40_000)
    first, second = body[:cut], body[cut:]
    assert crc.joined(crc.of(first), crc.of(second), len(second)) == crc.of(body)
