"""Small operations on compressed sparse rows, vectorised."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class Rows:
    """Ragged rows of integers: row i is ``values[indptr[i]:indptr[i + 1]]``.

    Attributes
    ----------
    indptr : ndarray, shape (n + 1,), dtype int64
    values : ndarray, shape (nnz,), dtype int64
    """

    __slots__ = ("indptr", "values")

    def __init__(self, indptr: IntArray, values: IntArray) -> None:
        self.indptr = indptr
        self.values = values

    @classmethod
    def from_lists(cls, rows: Sequence[Sequence[int]]) -> Rows:
        """Return the rows of a list of lists."""
        lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
        values = np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=lengths.sum())
        return cls(offsets(lengths), values)

    @classmethod
    def from_pairs(cls, heads: IntArray, values: IntArray, count: int) -> Rows:
        """Return ``count`` rows from pairs (row, value), keeping the order of values in a row."""
        lengths = np.bincount(heads, minlength=count).astype(np.int64)
        if (heads[1:] >= heads[:-1]).all():
            return cls(offsets(lengths), values)
        # As a stable sort of the heads orders them, in a fraction of its time.
        order = np.sort(heads * len(heads) + np.arange(len(heads))) % len(heads)
        return cls(offsets(lengths), values[order])

    def __len__(self) -> int:
        return len(self.indptr) - 1

    def __getitem__(self, index: int) -> IntArray:
        row: IntArray = self.values[self.indptr[index] : self.indptr[index + 1]]
        return row

    def lengths(self) -> IntArray:
        """Return the length of every row, shape (n,)."""
        return np.diff(self.indptr)

    def heads(self) -> IntArray:
        """Return the row of every value, shape (nnz,)."""
        return np.repeat(np.arange(len(self), dtype=np.int64), self.lengths())

    def gather(self, indices: IntArray) -> IntArray:
        """Return the values of the rows ``indices``, one row after the other."""
        lengths = self.indptr[indices + 1] - self.indptr[indices]
        total = int(lengths.sum())
        if not total:
            return np.zeros(0, dtype=np.int64)
        before = np.cumsum(lengths) - lengths
        positions = np.arange(total, dtype=np.int64) + np.repeat(
            self.indptr[indices] - before, lengths
        )
        gathered: IntArray = self.values[positions]
        return gathered

    def transposed(self, count: int) -> Rows:
        """Return the rows of the transposed relation, with ``count`` rows."""
        return Rows.from_pairs(self.values, self.heads(), count)


class Lists:
    """The same rows for look-ups one by one: two flat lists of Python integers.

    A list for every row would be a hundred thousand objects for the collector of cyclic garbage
    to go through; a row of an array costs more than the few integers in it.
    """

    __slots__ = ("_indptr", "_values")

    def __init__(self, rows: Rows) -> None:
        self._indptr: list[int] = rows.indptr.tolist()
        self._values: list[int] = rows.values.tolist()

    def __len__(self) -> int:
        return len(self._indptr) - 1

    def __getitem__(self, index: int) -> list[int]:
        return self._values[self._indptr[index] : self._indptr[index + 1]]


def offsets(lengths: IntArray) -> IntArray:
    """Return ``[0, l0, l0 + l1, ...]``, shape (n + 1,)."""
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths, dtype=np.int64)])


def distinct(values: IntArray) -> IntArray:
    """Return values in rising order without duplicates.

    By sorting: `numpy.unique` looks for duplicates of integers by hashing, which takes many times
    as long.
    """
    rising = np.sort(values)
    first = np.ones(len(rising), np.bool_)
    first[1:] = rising[1:] != rising[:-1]
    return rising[first]
