"""The cyclic redundancy checks that S3 knows and Python does not have. 60 ms for a MB."""

from __future__ import annotations

from functools import cache

CRC32C = 0x82F63B78
CRC64NVME = 0x9A6C9329AC4BC9B5


def crc32c(body: bytes) -> bytes:
    """Return the CRC-32C (Castagnoli) of some bytes, 4 bytes, most significant first."""
    return _crc(body, CRC32C, width=32)


def crc64nvme(body: bytes) -> bytes:
    """Return the CRC-64/NVME of some bytes, 8 bytes, most significant first."""
    return _crc(body, CRC64NVME, width=64)


def _crc(body: bytes, polynomial: int, *, width: int) -> bytes:
    table, ones = _table(polynomial), (1 << width) - 1
    value = ones
    for byte in body:
        value = table[(value ^ byte) & 0xFF] ^ (value >> 8)
    return (value ^ ones).to_bytes(width // 8, "big")


@cache
def _table(polynomial: int) -> tuple[int, ...]:
    """Return what each byte contributes; the polynomial's bits are reversed."""
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = (value >> 1) ^ polynomial if value & 1 else value >> 1
        table.append(value)
    return tuple(table)
