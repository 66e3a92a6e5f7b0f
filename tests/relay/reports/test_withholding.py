"""No group of fewer than five is shown, alone or by subtraction."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from relay.reports.withholding import SMALLEST, too_small, withheld

SIZES = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=2),
    st.tuples(st.integers(0, 12), st.integers(0, 12)),
    max_size=12,
)


@given(SIZES)
@settings(max_examples=200, deadline=None)
def test_neither_a_shown_group_nor_what_is_left_by_subtraction_is_too_small(sizes):
    hidden = withheld(sizes)
    for key, columns in sizes.items():
        assert key in hidden or not any(map(too_small, columns))
    everything_hidden = not any(any(sizes[key]) for key in sizes if key not in hidden)
    if hidden and not everything_hidden:
        assert len(hidden) > 1
        for column in range(2):
            assert not too_small(sum(sizes[key][column] for key in hidden))


@given(SIZES)
@settings(max_examples=100, deadline=None)
def test_groups_of_five_or_more_and_empty_ones_hide_nothing(sizes):
    large = {
        key: tuple(0 if size < SMALLEST else size for size in columns)
        for key, columns in sizes.items()
    }
    assert withheld(large) == frozenset()


def test_one_small_group_takes_the_next_smallest_with_it_and_no_more():
    assert withheld({"a": (3,), "b": (9,), "c": (6,), "d": (0,)}) == {"a", "c"}


def test_two_small_groups_that_are_too_few_together_take_a_third():
    assert withheld({"a": (1,), "b": (2,), "c": (6,)}) == {"a", "b", "c"}
    assert withheld({"a": (3,), "b": (2,), "c": (6,)}) == {"a", "b"}
