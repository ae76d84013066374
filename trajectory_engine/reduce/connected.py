"""Connected components of sparse graphs."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from trajectory_engine.reduce.arrays import Ints


def component_of(rows: Ints, columns: Ints, size: int, *, strong: bool = False) -> Ints:
    """Return the number of the component of every vertex, shape (size,).

    Parameters
    ----------
    rows, columns : array of int64
        Edges from rows to columns.
    strong : bool
        Whether edges have a direction, and a component needs ways there and back.
    """
    # Imported with the first problem: it brings all of scipy.linalg, which nothing else needs.
    from scipy.sparse import csgraph

    edges = np.ones(len(rows), np.int8)
    graph = sparse.csr_array((edges, (rows, columns)), shape=(size, size))
    # Without directions every connection is a strong one.
    _, label = csgraph.connected_components(graph, directed=strong, connection="strong")
    return np.asarray(label, np.int64)
