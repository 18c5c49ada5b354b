"""Partitions of sets of bits: however they are worked out, each member has the labels of the parts that it lies in."""

from __future__ import annotations

from functools import reduce
from operator import or_
from random import Random
from typing import TYPE_CHECKING

import pytest

from k8snet_lint.reach.bits import folded, laid_over, product

if TYPE_CHECKING:
    from collections.abc import Mapping

SIZES = (1, 2, 9, 40, 200)
SEEDS = range(40)


def label_at(parts: Mapping[str, int], index: int) -> str | None:
    return next((label for label, bits in parts.items() if bits >> index & 1), None)


def partition(chance: Random, size: int) -> dict[str, int]:
    """Parts of which some are large and most are small; a few members are in none."""
    count = chance.choice((1, 2, 8, 9, 30))
    parts: dict[str, int] = {}
    for index in range(size):
        number = chance.choice((0, 0, 1, chance.randrange(count), None))
        if number is not None:
            parts[str(number)] = parts.get(str(number), 0) | 1 << index
    return parts


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_product_joins_the_labels_of_every_member(seed: int, size: int) -> None:
    chance = Random(seed)  # noqa: S311 - sets, not secrets
    one, other = partition(chance, size), partition(chance, size)
    joint = product(one, other, lambda a, b: f"{a}-{b}")
    for index in range(size):
        labels = (label_at(one, index), label_at(other, index))
        assert label_at(joint, index) == (None if None in labels else f"{labels[0]}-{labels[1]}")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_fold_keeps_the_order_of_labels(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - sets, not secrets
    size, number = chance.choice(SIZES), chance.randint(1, 9)
    parts = [partition(chance, size) for _ in range(number)]
    joint = folded(parts, lambda a, b: f"{a}-{b}")
    for index in range(size):
        labels = [label_at(each, index) for each in parts]
        assert label_at(joint, index) == (None if None in labels else "-".join(filter(None, labels)))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("seed", SEEDS)
def test_masks_that_are_laid_over_a_set_add_up(seed: int, size: int) -> None:
    chance = Random(seed)  # noqa: S311 - sets, not secrets
    masks = []
    for _ in range(chance.choice((0, 1, 8, 9, 60))):
        sparse = reduce(or_, (1 << chance.randrange(size) for _ in range(3)))
        masks.append((chance.getrandbits(12), chance.choice((sparse, ~sparse, chance.getrandbits(size)))))
    everything = (1 << size) - 1
    found = laid_over(everything, masks)
    assert sum(found.values()) == everything
    for index in range(size):
        wanted = reduce(or_, (mask for mask, bits in masks if bits >> index & 1), 0)
        assert found[wanted] >> index & 1
