#!/usr/bin/env python3
"""Writes roots.txt: BEP 52 roots and piece layers of a fixed pattern, by hashlib alone, independent of the C# code.

Content of n bytes: byte i is (i * 31 + (i >> 8) * 7 + (i >> 16)) mod 256.
A line: length, piece length, root, SHA-256 over the piece layer (the root itself for one piece).
Content of no bytes, for which BEP 52 has no root, has the SHA-256 of nothing.
"""
import hashlib
import pathlib

LEAF = 16 * 1024
KIB = 1024
LENGTHS = [0, 1, 63, 64, 65, LEAF - 1, LEAF, LEAF + 1, 2 * LEAF - 1, 2 * LEAF, 2 * LEAF + 1, 3 * LEAF, 5 * LEAF + 7,
           256 * KIB - 1, 256 * KIB, 256 * KIB + 1, 512 * KIB - 1, 512 * KIB, 512 * KIB + 1, 3 * 256 * KIB, 1024 * KIB - 1,
           1024 * KIB, 1024 * KIB + 1, 5 * 256 * KIB + 12345, 2048 * KIB, 2048 * KIB + 1, 3 * 1024 * KIB - 1, 3 * 1024 * KIB + 17]
PIECES = [16 * KIB, 32 * KIB, 256 * KIB, 1024 * KIB]


def sha(data):
    return hashlib.sha256(data).digest()


def content(length):
    return bytes((i * 31 + (i >> 8) * 7 + (i >> 16)) & 255 for i in range(length))


def tree(leaves, width):
    row = leaves + [bytes(32)] * (width - len(leaves))
    while len(row) > 1:
        row = [sha(row[i] + row[i + 1]) for i in range(0, len(row), 2)]
    return row[0]


def power(n):
    width = 1
    while width < n:
        width *= 2
    return width


def main():
    whole = content(max(LENGTHS))
    lines = []
    for length in LENGTHS:
        leaves = [sha(whole[at:min(at + LEAF, length)]) for at in range(0, length, LEAF)] or [sha(b"")]
        root = tree(leaves, power(len(leaves)))
        for piece in PIECES:
            width = piece // LEAF
            layer = [root] if length <= piece else [tree(leaves[at:at + width], width) for at in range(0, len(leaves), width)]
            lines.append(f"{length} {piece} {root.hex()} {sha(b''.join(layer)).hex() if len(layer) > 1 else root.hex()}")
    pathlib.Path(__file__).with_name("roots.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
