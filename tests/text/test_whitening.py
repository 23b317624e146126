import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdesk.text.whitening import SHRINKAGE, Whitening


def cone(n: int, width: int, seed: int = 0) -> np.ndarray:
    """Vectors in a narrow cone: far from zero, some directions a hundred times wider than others."""
    rng = np.random.default_rng(seed)
    wide = np.geomspace(1, 0.01, width)
    turn = np.linalg.qr(rng.normal(size=(width, width)))[0]
    return (rng.normal(size=(n, width)) * wide @ turn + 5).astype(np.float32)


def test_without_shrinkage_the_mean_is_zero_the_variance_one_and_nothing_correlates():
    vectors = cone(400, 12)
    white = Whitening.fit(vectors, 12, shrinkage=0.0).apply(vectors).astype(np.float64)
    assert white.shape == (400, 12)
    assert np.abs(white.mean(0)).max() < 1e-3
    np.testing.assert_allclose(np.cov(white, rowvar=False, bias=True), np.eye(12), atol=1e-2)


def test_with_shrinkage_no_direction_is_blown_up_and_wide_ones_keep_about_unit_variance():
    vectors = cone(400, 12)
    white = Whitening.fit(vectors, 12).apply(vectors).astype(np.float64)
    assert np.abs(white.mean(0)).max() < 1e-3
    variance = white.var(0)
    assert (np.diff(variance) < 1e-6).all()  # the widest first
    assert variance.max() < 1 / (1 - SHRINKAGE) and variance[0] == pytest.approx(1.0, abs=0.06)
    correlated = np.cov(white, rowvar=False, bias=True) - np.diag(variance)
    assert np.abs(correlated).max() < 1e-3


def test_the_directions_kept_are_the_widest():
    vectors = cone(300, 10)
    few, all_of_them = (Whitening.fit(vectors, most, shrinkage=0.0) for most in (3, 10))
    np.testing.assert_allclose(few.apply(vectors), all_of_them.apply(vectors)[:, :3], atol=1e-4)
    centred = vectors - vectors.mean(0)
    back = centred @ few.matrix @ np.linalg.pinv(few.matrix)
    widest = np.sort(np.linalg.eigvalsh(np.cov(vectors, rowvar=False, bias=True)))[::-1]
    assert ((centred - back) ** 2).sum(1).mean() == pytest.approx(widest[3:].sum(), rel=1e-2)


def test_equal_rows_count_once():
    vectors = cone(50, 6)
    repeated = np.concatenate([vectors, np.repeat(vectors[:1], 500, 0)])
    one, other = Whitening.fit(vectors, 6), Whitening.fit(repeated, 6)
    np.testing.assert_allclose(one.mean, other.mean, atol=1e-6)
    np.testing.assert_allclose(np.abs(one.apply(vectors)), np.abs(other.apply(vectors)), atol=1e-3)


def test_fewer_texts_than_dimensions_keep_as_many_directions_as_they_span():
    vectors = cone(5, 64)
    whitening = Whitening.fit(vectors, 32)
    white = whitening.apply(vectors)
    assert white.shape == (5, 4)
    assert np.isfinite(white).all() and np.abs(white).max() < 10
    assert np.abs(white.mean(0)).max() < 1e-3
    far = np.linalg.norm(white[:, None] - white[None], axis=2)
    assert far[~np.eye(5, dtype=bool)].min() > 0.5


@pytest.mark.parametrize(("n", "width"), [(1, 8), (40, 8), (2, 1), (1, 1)])
def test_identical_texts_are_all_nothing(n: int, width: int):
    vectors = np.full((n, width), 0.3, np.float32)
    white = Whitening.fit(vectors, 4).apply(vectors)
    assert white.shape == (n, 1)
    assert not white.any()


def test_after_identical_texts_another_text_is_no_explosion():
    whitening = Whitening.fit(np.full((40, 8), 0.3, np.float32), 4)
    assert np.abs(whitening.apply(np.full((1, 8), 0.4, np.float32))).max() < 1000


def test_two_texts_are_told_apart():
    vectors = cone(2, 16)
    white = Whitening.fit(vectors, 8).apply(vectors)
    np.testing.assert_allclose(np.abs(white), 1, atol=0.05)
    assert white[0, 0] == pytest.approx(-white[1, 0], abs=1e-3)


@given(st.integers(1, 30), st.integers(1, 12), st.integers(1, 16), st.integers(0, 100))
def test_whatever_is_fitted_the_result_is_finite_and_no_wider_than_asked(n: int, width: int, most: int, seed: int):
    vectors = cone(n, width, seed)
    white = Whitening.fit(vectors, most).apply(vectors)
    assert white.dtype == np.float32 and white.shape == (n, max(1, min(most, width, n - 1)))
    assert np.isfinite(white).all()
