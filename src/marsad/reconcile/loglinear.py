"""Log-linear models of capture histories: how many events stand in no list, given how the lists overlap.

A history says in which of t lists an event stands. The expected number of events with each history is log-linear in
the lists and in interactions of two lists (Fienberg 1972, doi:10.1093/biomet/59.3.591; Bishop, Fienberg & Holland 2007,
doi:10.1007/978-0-387-72806-3, ch. 6). That all lists together do not interact, which cannot be known, gives the number
in no list. Histories are numbered by bits: list i is in history h where ``h >> i & 1``; number 0 is in no list.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Fit", "Interactions", "Profile", "chao_cells", "design", "fit", "mle_exists", "models", "pooled_root"]

Interactions = tuple[tuple[int, int], ...]
"""The pairs of lists whose dependence a model allows."""

_STEPS, _CONVERGED, _LEAST, _MOST = 200, 1e-11, -30.0, 50.0


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted Poisson model.

    Attributes:
        coefficients: shape (parameters,); the first is the log of the expected number in no list.
        expected: expected counts, shape (cells,).
        log_likelihood: without the part that no model changes (the factorials).
    """

    coefficients: NDArray[np.float64]
    expected: NDArray[np.float64]
    log_likelihood: float


def models(lists: int) -> Iterator[Interactions]:
    """All sets of interactions of two lists, the smallest first."""
    pairs = list(combinations(range(lists), 2))
    for size in range(len(pairs) + 1):
        yield from combinations(pairs, size)


def design(lists: int, interactions: Interactions = ()) -> NDArray[np.float64]:
    """The design matrix of all histories, shape (2 ** lists, parameters): one, the lists, the interactions."""
    bits = (np.arange(2**lists)[:, None] >> np.arange(lists)) & 1
    products = [bits[:, i] * bits[:, j] for i, j in interactions]
    return np.column_stack([np.ones(2**lists), bits, *products]).astype(np.float64)


def chao_cells(lists: int) -> NDArray[np.bool_]:
    """The histories from which Chao's lower bound is taken: those in no, one or two lists, shape (2 ** lists,)."""
    bits = (np.arange(2**lists)[:, None] >> np.arange(lists)) & 1
    return np.asarray(bits.sum(axis=1) <= 2)


def fit(matrix: NDArray[np.float64], counts: NDArray[np.float64]) -> Fit:
    """Maximum likelihood by iteratively reweighted least squares (McCullagh & Nelder 1989, ch. 2.5).

    Where the maximum lies at infinity, the likelihood converges while coefficients grow; ``mle_exists`` says where.

    Args:
        matrix: design, shape (cells, parameters).
        counts: zero or more, whole or not, shape (cells,).
    """
    coefficients: NDArray[np.float64] = np.zeros(matrix.shape[1])
    eta: Any = np.log(np.maximum(counts, 0.5))
    reached = -math.inf
    for _ in range(_STEPS):
        mu = np.exp(eta)
        root = np.sqrt(mu)
        wanted = np.linalg.lstsq(matrix * root[:, None], root * (eta + (counts - mu) / mu), rcond=None)[0]
        value, step = -math.inf, 1.0
        while step > 1e-4:
            trial = wanted if math.isinf(reached) else coefficients + step * (wanted - coefficients)
            eta = np.clip(matrix @ trial, _LEAST, _MOST)
            value = float(counts @ eta - np.exp(eta).sum())
            if value >= reached - _CONVERGED:
                break
            step /= 2
        coefficients = trial
        if value - reached < _CONVERGED * (abs(value) + 1):
            break
        reached = value
    return Fit(coefficients, np.exp(eta), value)


def mle_exists(matrix: NDArray[np.float64], counts: NDArray[np.float64]) -> bool:
    """Whether the likelihood has its maximum at finite coefficients that the counts determine.

    That is so where some counts that are all above zero have the same margins (Haberman; Fienberg & Rinaldo 2012,
    doi:10.1214/12-AOS986), here found as a linear program, and where the design has full rank.
    """
    cells, parameters = matrix.shape
    if np.linalg.matrix_rank(matrix) < parameters:
        return False
    if (counts > 0).all():
        return True
    from scipy.optimize import linprog  # noqa: PLC0415 - slow to import

    scale = max(1.0, float(counts.max()))
    margins = matrix.T @ counts / scale
    equal = np.column_stack([matrix.T, matrix.T.sum(axis=1)])  # counts are x + s, x >= 0
    cost = np.zeros(cells + 1)
    cost[-1] = -1
    found = linprog(cost, A_eq=equal, b_eq=margins, bounds=[*[(0, None)] * cells, (0, 1)], method="highs")
    return bool(found.status == 0 and -found.fun > 1e-9)


class Profile:
    """The profile likelihood of the number in no list (Cormack 1992, *Biometrics* 48, 567-576).

    Args:
        matrix: design of all histories, shape (2 ** lists, parameters).
        counts: of all histories, shape (2 ** lists,); the first is not read.
        cells: the histories that the model describes; the others have a parameter of their own each.
    """

    def __init__(
        self, matrix: NDArray[np.float64], counts: NDArray[np.float64], cells: NDArray[np.bool_] | None = None
    ) -> None:
        self._cells = np.ones(len(counts), dtype=bool) if cells is None else cells
        self._matrix = matrix[self._cells]
        self._counts = counts.astype(np.float64)
        self._known: dict[float, float] = {}
        self.unseen = math.exp(min(_MOST, fit(self._matrix[1:], self._counts[self._cells][1:]).coefficients[0]))
        self._best, self._top = self._maximum()

    def at(self, unseen: float) -> float:
        """Log likelihood with so many in no list, up to a constant."""
        if unseen not in self._known:
            from scipy.special import gammaln  # noqa: PLC0415 - slow to import

            counts = self._counts.copy()
            counts[0] = unseen
            expected = counts.copy()
            expected[self._cells] = fit(self._matrix, counts[self._cells]).expected
            total, some = counts.sum(), counts > 0
            told = (counts[some] * np.log(expected[some] / total)).sum()
            self._known[unseen] = float(gammaln(total + 1) - gammaln(unseen + 1) + told)
        return self._known[unseen]

    def signed_root(self, unseen: float) -> float:
        """Signed root of the deviance: about standard normal where ``unseen`` is the truth; below zero for less."""
        root = math.sqrt(max(0.0, 2 * (self._top - self.at(unseen))))
        return root if unseen > self._best else -root

    def _maximum(self) -> tuple[float, float]:
        from scipy.optimize import minimize_scalar  # noqa: PLC0415 - slow to import

        middle = math.log1p(self.unseen)
        bounds = (max(0.0, middle - 2), middle + 2)
        found = minimize_scalar(lambda u: -self.at(math.expm1(u)), bounds=bounds, method="bounded")
        tried = [math.expm1(float(found.x)), 0.0]
        best = max(tried, key=self.at)
        return best, self.at(best)


def pooled_root(profiles: Sequence[Profile], weights: Sequence[float], unseen: float) -> float:
    """Weighted probability that no more than so many are in no list; from 0 to 1.

    Its quantiles are the ends of a model-averaged profile interval (Fletcher & Turek 2012,
    doi:10.1007/s13253-011-0064-8).
    """
    return sum(
        weight * 0.5 * math.erfc(-profile.signed_root(unseen) / math.sqrt(2))
        for profile, weight in zip(profiles, weights, strict=True)
    )
