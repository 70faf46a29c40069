"""What the office decides becomes facts of its own and a signed briefing."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from PIL import Image
from tests.central.conftest import Laptop, Row, push

from stojnica.central.embedded import EmbeddedServer
from stojnica.central.enrol import make_enrolment
from stojnica.central.keys import load_public_keys, make_keys
from stojnica.central.projector import project_all
from stojnica.central.publish import Published, publish
from stojnica.central.signing import is_briefing_of
from stojnica.domain import kinds
from stojnica.domain.errors import UserFacingError
from stojnica.domain.fact import content_hash
from stojnica.domain.organisation_document import parse_document, read_document
from stojnica.records.briefing_events import event_id_of
from stojnica.resources import resource
from stojnica.services.office_pictures import document_for_stands

pytestmark = pytest.mark.server
Line = psycopg.Connection[Row]
Publish = Callable[..., Published]


def small_document() -> dict[str, Any]:
    both = ("sl", "en")
    return {
        "format": 1,
        "organisation": {
            "name": "Example",
            "short_name": "Ex",
            "website": "https://example.org",
            "city": "Kranj",
            "country": "SI",
        },
        "projects": [],
        "events": [
            {
                "id": "dan",
                "name": "Dan",
                "code": "dan",
                "place": "Trg",
                "city": "Kranj",
                "country": "SI",
                "mode": "in_person",
                "starts": "2026-09-20T10:00",
                "ends": "2026-09-20T12:00",
                "time_zone": "Europe/Ljubljana",
                "goal_reached": 10,
                "project": "",
            }
        ],
        "purposes": [{"id": "newsletter", "asks_question": False, "needs": "email"}],
        "wordings": [
            {
                "id": "news",
                "purpose": "newsletter",
                "version": 1,
                "language": language,
                "title": "T",
                "text": "Text",
                "valid_from": "2026-01-01",
            }
            for language in both
        ],
        "notices": [{"language": language, "short": "s", "full": "f", "url": ""} for language in both],
    }


@pytest.fixture
def say(central_url: str, organisation_keys: Path, tmp_path: Path) -> Publish:
    """Publish a document that is given as values."""
    path = tmp_path / "document.json"

    def run(document: dict[str, Any], keys_dir: Path = organisation_keys) -> Published:
        path.write_text(json.dumps(document), encoding="utf-8")
        return publish(central_url, file=path, keys_dir=keys_dir)

    return run


def newest(admin: Line) -> dict[str, Any]:
    row = admin.execute("SELECT body FROM hub.briefing ORDER BY version DESC LIMIT 1").fetchone()
    assert row is not None
    document = json.loads(row[0])
    assert isinstance(document, dict)
    return document


def facts(admin: Line) -> list[str]:
    return [row[0] for row in admin.execute("SELECT kind FROM hub.fact ORDER BY kind").fetchall()]


def test_the_sample_organisation_is_published_and_read_back_by_a_laptop(
    central_url: str, organisation_keys: Path, laptop: Laptop, line: Line
) -> None:
    sample = resource("sample", "organisation.json")

    assert publish(central_url, file=sample, keys_dir=organisation_keys).is_new

    row = line.execute("SELECT version, body, signature FROM api.briefing(0)", binary=True).fetchone()
    assert row is not None
    version, body, signature = row
    assert version == 1
    assert is_briefing_of(laptop.enrolment.signing_key, body, signature)
    document = read_document(body)
    assert document.organisation.name == read_document(sample.read_bytes()).organisation.name


def test_an_unchanged_document_makes_no_new_version_and_no_fact(say: Publish, admin: Line) -> None:
    first = say(small_document())
    before = facts(admin)

    assert say(small_document()) == Published(version=1, is_new=False, facts=0)
    assert (first.version, first.is_new, first.facts) == (1, True, len(before))
    assert facts(admin) == before


def test_a_changed_document_says_only_what_changed(say: Publish, admin: Line) -> None:
    document = small_document()
    say(document)
    document["events"][0]["goal_reached"] = 25
    document["organisation"]["city"] = "Ptuj"

    assert say(document) == Published(version=2, is_new=True, facts=2)

    assert facts(admin).count(kinds.EVENT_CHANGED) == 1
    assert facts(admin).count(kinds.ORGANISATION_DESCRIBED) == 2
    assert admin.execute("SELECT goal_reached, name FROM hub.event").fetchall() == [(25, "Dan")]
    row = admin.execute("SELECT data FROM hub.office_item WHERE kind = 'organisation_described'").fetchone()
    assert row is not None
    assert json.loads(row[0])["city"] == "Ptuj"


def test_office_facts_are_numbered_without_a_gap_in_one_life(say: Publish, admin: Line) -> None:
    document = small_document()
    say(document)
    document["organisation"]["city"] = "Ptuj"
    say(document)

    rows = admin.execute(
        "SELECT incarnation, array_agg(seq ORDER BY seq) FROM hub.fact GROUP BY 1"
    ).fetchall()
    assert [numbers for _life, numbers in rows] == [list(range(1, len(facts(admin)) + 1))]


def test_the_briefing_carries_version_branch_and_totals(
    say: Publish, laptop: Laptop, line: Line, admin: Line, central_url: str
) -> None:
    data = {"counter": "reached", "amount": 4, "from": 10**15, "to": 10**15, "zone": "UTC", "reason": ""}
    push(line, [*laptop.facts(2), laptop.fact(kinds.COUNTED, data=data)])
    project_all(central_url)

    say(small_document())

    head = newest(admin)["briefing"]
    assert head["version"] == 1
    assert head["branch_id"] == str(laptop.enrolment.branch_id)
    # Who left a contact was reached as well.
    assert (head["totals"]["reached"], head["totals"]["contacts"]) == (6, 2)
    assert head["published_at"] == head["totals"]["as_of"] > 1_700_000_000_000_000


def test_an_event_with_a_short_name_goes_out_under_its_uuid(
    say: Publish, laptop: Laptop, admin: Line
) -> None:
    document = small_document()
    say(document)

    expected = str(event_id_of(laptop.enrolment.branch_id, document["events"][0]))
    assert [event["id"] for event in newest(admin)["events"]] == [expected]
    assert admin.execute("SELECT subject_id::text FROM hub.event").fetchall() == [(expected,)]


def test_words_that_visitors_read_never_change_under_the_same_version(say: Publish, admin: Line) -> None:
    document = small_document()
    say(document)
    document["wordings"][0]["text"] = "Other text"

    with pytest.raises(UserFacingError) as caught:
        say(document)

    assert caught.value.code == "wording_changed"
    assert newest(admin)["briefing"]["version"] == 1
    document["wordings"][0]["version"] = 2
    assert say(document).is_new


def test_when_a_wording_ends_may_be_said_later(say: Publish) -> None:
    document = small_document()
    say(document)
    document["wordings"][0]["valid_to"] = "2026-12-31"

    assert say(document) == Published(version=2, is_new=True, facts=1)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"purposes": []}, "purposes"),
        ({"wordigns": []}, "wordigns"),
        ({"organisation": {"name": "x"}}, "organisation"),
    ],
)
def test_a_wrong_document_is_told_with_its_place_and_publishes_nothing(
    say: Publish, admin: Line, change: dict[str, Any], place: str
) -> None:
    with pytest.raises(UserFacingError) as caught:
        say(small_document() | change)

    assert place in caught.value.what
    assert facts(admin) == []
    assert admin.execute("SELECT count(*) FROM hub.briefing").fetchone() == (0,)


def test_a_file_that_is_missing_or_no_document_is_told(
    central_url: str, organisation_keys: Path, tmp_path: Path
) -> None:
    picture = tmp_path / "picture.json"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    for path in (tmp_path / "missing.json", tmp_path, picture):
        with pytest.raises(UserFacingError) as caught:
            publish(central_url, file=path, keys_dir=organisation_keys)
        assert caught.value.next_step


def test_other_keys_than_the_branchs_publish_nothing(say: Publish, admin: Line, tmp_path: Path) -> None:
    say(small_document())
    make_keys(tmp_path / "other")
    changed = small_document()
    changed["organisation"]["city"] = "Ptuj"

    with pytest.raises(UserFacingError) as caught:
        say(changed, keys_dir=tmp_path / "other")

    assert caught.value.code == "other_keys"
    assert newest(admin)["briefing"]["version"] == 1


def test_other_keys_than_the_branchs_enrol_nobody(
    say: Publish, central_url: str, tmp_path: Path, admin: Line
) -> None:
    say(small_document())
    make_keys(tmp_path / "other")

    with pytest.raises(UserFacingError) as caught:
        make_enrolment(central_url, name="Stand", keys_dir=tmp_path / "other")

    assert caught.value.code == "other_keys"
    assert admin.execute("SELECT count(*) FROM hub.device WHERE kind = 'laptop'").fetchone() == (0,)


def test_a_laptop_that_speaks_first_about_an_event_of_the_office_has_no_last_word(
    say: Publish, laptop: Laptop, line: Line, admin: Line, central_url: str
) -> None:
    document = small_document()
    event_id = event_id_of(laptop.enrolment.branch_id, document["events"][0])
    forged = laptop.fact(kinds.EVENT_CREATED, subject_id=event_id, data={"name": "Forged", "code": "x"})
    push(line, [forged])
    project_all(central_url)

    say(document)

    assert admin.execute("SELECT name, code, goal_reached FROM hub.event").fetchall() == [("Dan", "dan", 10)]


def test_i06_poison_under_an_office_subject_stops_no_publication(
    say: Publish, laptop: Laptop, line: Line, admin: Line
) -> None:
    document = small_document()
    event_id = event_id_of(laptop.enrolment.branch_id, document["events"][0])
    poison = laptop.fact(kinds.EVENT_CREATED, subject_id=event_id)
    push(line, [replace(poison, body=b"{}", hash=content_hash(b"{}"))])

    assert say(document).is_new
    assert admin.execute("SELECT name FROM hub.event").fetchall() == [("Dan",)]


def test_a_file_enrolled_after_the_publication_carries_the_briefing(
    say: Publish, central_url: str, organisation_keys: Path
) -> None:
    assert make_enrolment(central_url, name="Before", keys_dir=organisation_keys).briefing is None
    say(small_document())

    after = make_enrolment(central_url, name="After", keys_dir=organisation_keys)

    assert after.briefing is not None
    public = load_public_keys(organisation_keys)
    assert is_briefing_of(public.signing_key, after.briefing, after.briefing_signature)


def test_what_the_office_says_is_known_by_its_way_and_its_device(
    say: Publish, laptop: Laptop, line: Line, admin: Line
) -> None:
    say(small_document())
    push(line, laptop.facts(1))

    ways = admin.execute(
        "SELECT DISTINCT d.route, v.kind FROM hub.delivery d JOIN hub.device v USING (branch_id, device_id)"
    ).fetchall()
    assert set(ways) == {("office", "office"), ("direct", "laptop")}


def test_publishing_into_a_database_that_is_none_of_ours_is_told(
    postgres_server: EmbeddedServer, organisation_keys: Path
) -> None:
    with pytest.raises(UserFacingError) as caught:
        publish(
            postgres_server.url_of("postgres"),
            file=resource("sample", "organisation.json"),
            keys_dir=organisation_keys,
        )

    assert caught.value.code == "wrong_database"


def test_pictures_beside_the_document_travel_in_the_briefing_and_unchanged_they_make_no_new_version(
    central_url: str, organisation_keys: Path, tmp_path: Path, admin: Line
) -> None:
    # Given a document that names a logo beside it.
    Image.new("RGB", (64, 64), (11, 110, 99)).save(tmp_path / "logo.png")
    sample = json.loads(resource("sample", "organisation.json").read_text(encoding="utf-8"))
    sample["organisation"]["logo"] = "logo"
    sample["pictures"] = [{"id": "logo", "file": "logo.png"}]
    file = tmp_path / "document.json"
    file.write_text(json.dumps(sample), encoding="utf-8")

    first, again = (
        publish(central_url, file=file, keys_dir=organisation_keys, prepare=document_for_stands)
        for _time in range(2)
    )

    assert (first.is_new, again.is_new) == (True, False)
    logo = parse_document(newest(admin)).picture("logo")
    assert logo is not None
    assert Image.open(io.BytesIO(logo)).size == (64, 64)
