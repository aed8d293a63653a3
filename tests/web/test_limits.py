from __future__ import annotations

from pipeline.web.limits import Bucket, Buckets


class Clock:
    def __init__(self) -> None:
        self.s = 1000.0

    def __call__(self) -> float:
        return self.s


def test_a_bucket_is_empty_after_its_size_and_fills_with_time() -> None:
    clock = Clock()
    buckets = Buckets(Bucket(size=3, every_s=10), clock=clock)
    waits = []
    for _ in range(4):
        waits.append(buckets.wait_s("ada"))
        buckets.take("ada")
    clock.s += 20
    waits.append(buckets.wait_s("ada"))
    assert waits == [0, 0, 0, 10, 0]


def test_each_name_has_a_bucket_of_its_own() -> None:
    buckets = Buckets(Bucket(size=1, every_s=10), clock=Clock())
    buckets.take("ada")
    assert (buckets.wait_s("ada"), buckets.wait_s("grace")) == (10, 0)


def test_a_long_rest_does_not_make_a_bucket_larger() -> None:
    clock = Clock()
    buckets = Buckets(Bucket(size=2, every_s=10), clock=clock)
    buckets.take("ada")
    clock.s += 1_000_000
    for _ in range(2):
        buckets.take("ada")
    assert buckets.wait_s("ada") == 10
