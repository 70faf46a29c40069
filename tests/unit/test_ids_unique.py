import time
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain.ids import derived_id, new_id


@given(st.integers(0, 2**48 - 1))
def test_an_id_is_a_uuid_of_version_seven_that_carries_the_milliseconds(now_ms: int) -> None:
    made = new_id(now_ms)

    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert made.int >> 80 == now_ms


def test_ids_of_one_moment_differ() -> None:
    made = {new_id(1_700_000_000_000) for _ in range(2_000)}

    assert len(made) == 2_000


def test_ids_of_later_moments_sort_later() -> None:
    assert new_id(1) < new_id(2) < new_id(1_700_000_000_000)


def test_without_a_moment_the_id_carries_the_present() -> None:
    before = time.time_ns() // 1_000_000

    made = new_id()

    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


def test_m08_a_clock_outside_its_range_still_gives_an_id() -> None:
    assert new_id(-5).version == 7
    assert new_id(2**60 + 5).version == 7


@given(st.uuids(), st.text(max_size=20).filter(str.isprintable), st.text(max_size=20).filter(str.isprintable))
def test_a_named_thing_has_the_same_id_each_time(branch: UUID, kind: str, name: str) -> None:
    made = derived_id(branch, kind, name)

    assert made == derived_id(branch, kind, name)
    assert made.version == 8
    assert made.variant == "specified in RFC 4122"


def test_another_branch_kind_or_name_has_another_id() -> None:
    branch = uuid4()

    made = {
        derived_id(branch, "event", "a"),
        derived_id(branch, "event", "b"),
        derived_id(branch, "theme", "a"),
        derived_id(uuid4(), "event", "a"),
    }

    assert len(made) == 4
