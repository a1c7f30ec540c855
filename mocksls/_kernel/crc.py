"""CRCs of wide polynomials, fast enough in pure Python: many lanes of the body advance at once, as long integers.

A CRC is linear: the lanes are computed side by side and put together by shifting each over what follows it.
CRC-32 itself is zlib's. It takes a quarter of the time of going byte by byte.
"""

from __future__ import annotations

from functools import lru_cache

_LANES = 4096
_LEAST = 4 * _LANES
_BLOCK = 1 << 20


class Crc:
    """A reflected CRC that begins and ends with all ones.

    Args:
        polynomial: reflected.
        width: in bytes.
    """

    def __init__(self, polynomial: int, width: int) -> None:
        self._polynomial = polynomial
        self._width = width
        self._ones = (1 << 8 * width) - 1
        self._table = _table(polynomial)

    def of(self, body: bytes) -> int:
        """The CRC of a body."""
        value = self._ones
        for start in range(0, len(body), _BLOCK):
            block = body[start : start + _BLOCK]
            value = self._bytewise(block, value) if len(block) < _LEAST else self._blockwise(block, value)
        return value ^ self._ones

    def joined(self, first: int, second: int, second_size: int) -> int:
        """The CRC of two bodies one behind the other, from their CRCs and the size of the second in bytes."""
        return self._shifter(second_size)(first) ^ second

    def _blockwise(self, block: bytes, value: int) -> int:
        length, rest = divmod(len(block), _LANES)
        value = self._bytewise(block[:rest], value)
        lanes = self._in_lanes(block[rest:] if rest else block, length, value)
        shift = self._shifter(length)
        value = 0
        for lane in lanes:
            value = shift(value) ^ lane
        return value

    def _bytewise(self, body: bytes, value: int) -> int:
        table = self._table
        for byte in body:
            value = table[(value ^ byte) & 0xFF] ^ value >> 8
        return value

    def _in_lanes(self, body: bytes, length: int, first: int) -> list[int]:
        """The CRCs of the lanes (``length`` bytes each) from nothing; the first lane begins with a state."""
        width, count = self._width, _LANES
        planes = [int.from_bytes(bytes([first >> 8 * plane & 0xFF]), "little") for plane in range(width)]
        tables = [bytes(entry >> 8 * plane & 0xFF for entry in self._table) for plane in range(width)]
        for row in range(length):
            mixed = int.from_bytes(body[row::length], "little") ^ planes[0]
            index = mixed.to_bytes(count, "little")
            planes = [
                int.from_bytes(index.translate(table), "little") ^ above
                for table, above in zip(tables, [*planes[1:], 0], strict=True)
            ]
        columns = zip(*(plane.to_bytes(count, "little") for plane in planes), strict=True)
        return [int.from_bytes(bytes(column), "little") for column in columns]

    def _shifter(self, size: int) -> _Shifter:
        return _shifter(self._polynomial, self._width, size)


class _Shifter:
    """What a CRC's state becomes over a number of zero bytes, by a table for each of its bytes."""

    def __init__(self, rows: tuple[int, ...]) -> None:
        self._tables = []
        for start in range(0, len(rows), 8):
            table = [0]
            for row in rows[start : start + 8]:
                table += [entry ^ row for entry in table]
            self._tables.append(table)

    def __call__(self, value: int) -> int:
        found = 0
        for table in self._tables:
            found ^= table[value & 0xFF]
            value >>= 8
        return found


@lru_cache
def _table(polynomial: int) -> tuple[int, ...]:
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ (polynomial if value & 1 else 0)
        table.append(value)
    return tuple(table)


@lru_cache(maxsize=64)
def _shifter(polynomial: int, width: int, size: int) -> _Shifter:
    """Zero bytes as a matrix over GF(2), by repeated squaring; ``rows[i]`` is what bit ``i`` becomes."""
    table = _table(polynomial)
    step = tuple(table[bit & 0xFF] ^ bit >> 8 for bit in (1 << at for at in range(8 * width)))
    found = tuple(1 << at for at in range(8 * width))
    while size:
        if size & 1:
            found = _product(step, found)
        step = _product(step, step)
        size >>= 1
    return _Shifter(found)


def _product(after: tuple[int, ...], before: tuple[int, ...]) -> tuple[int, ...]:
    apply = _Shifter(after)
    return tuple(apply(row) for row in before)


CRC32 = Crc(0xEDB88320, 4)
"""As zlib's; here for ``joined``."""
CRC32C = Crc(0x82F63B78, 4)
CRC64NVME = Crc(0x9A6C9329AC4BC9B5, 8)
