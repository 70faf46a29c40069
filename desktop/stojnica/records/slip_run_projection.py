"""What the facts of a run of numbered slips add up to."""

from typing import Any

from stojnica.domain import kinds
from stojnica.domain.canonical import canonical_bytes
from stojnica.domain.order import SubjectHistory
from stojnica.domain.slip_run import read_wordings, run_data_is_good
from stojnica.records.said import small_number_of, text_of

Rows = list[dict[str, Any]]


def slip_run_rows(history: SubjectHistory) -> Rows:
    """Give the run as its newest good fact says it."""
    printed = [
        item
        for item in history.facts
        if item.fact.kind == kinds.SLIPS_PRINTED and run_data_is_good(item.fact.data)
    ]
    if not printed:
        return []
    fact = max(history.latest(printed), key=lambda item: item.content_hash).fact
    return [
        {
            "event_id": fact.event_id,
            "letter": fact.data["letter"],
            "first": fact.data["first"],
            "last": fact.data["last"],
            "language": text_of(fact.data, "language"),
            "form": text_of(fact.data, "form"),
            "form_version": small_number_of(fact.data, "form_version"),
            "wordings": canonical_bytes(read_wordings(fact.data.get("wordings"))).decode(),
            "captured_at": fact.captured_at,
            "is_voided": any(item.fact.kind == kinds.VOIDED for item in history.facts),
        }
    ]
