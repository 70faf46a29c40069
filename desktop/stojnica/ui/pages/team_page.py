"""The page *Team*: its parts, one at a time, and the choice between them."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from stojnica.i18n import gettext as _
from stojnica.services.closing_page import ClosingState
from stojnica.services.team_models import TeamModels
from stojnica.ui.controls.button import ActionButton
from stojnica.ui.controls.page import Page
from stojnica.ui.controls.segmented import Segment, SegmentedChoice
from stojnica.ui.pages.team_after import TeamAfter
from stojnica.ui.pages.team_handover import TeamHandover
from stojnica.ui.pages.team_lists import TeamLists
from stojnica.ui.pages.team_papers import TeamPapers
from stojnica.ui.pages.team_people import TeamPeople

PEOPLE, LISTS, HANDOVER, AFTER, PAPERS = "people", "lists", "handover", "after", "papers"


class TeamPage(Page):
    """Lead between the parts; each is made when it is first wanted, and draws its own view-model.

    `wants_practice` comes from the button for somebody new.
    """

    wants_practice = Signal()

    def __init__(self, models: TeamModels, *, can_practise: bool = False) -> None:
        super().__init__(_("Team"), dense=True)
        self._models = models
        self._parts: dict[str, QWidget] = {}
        self._factories: dict[str, Callable[[], QWidget]] = {
            PEOPLE: self._people,
            LISTS: self._lists,
            HANDOVER: self._handover,
            AFTER: self._after,
            PAPERS: self._papers,
        }
        self._choice = SegmentedChoice(_("Parts of the page"), self._segments(missing=0))
        self._practise = ActionButton(_("Practise for 3 minutes"), icon="person")
        self.header.add_actions(self._practise)
        self._practise.setVisible(can_practise)
        self._practise.clicked.connect(self.wants_practice)
        self.add(self._choice)
        self._choice.chosen.connect(self._on_chosen)
        self.show_part(PEOPLE)
        self.follow(models.closing, self._remind)

    def show_part(self, name: str) -> None:
        """Show a part."""
        if name not in self._parts:
            self._parts[name] = self._factories[name]()
            self.body.addWidget(self._parts[name], 1)
        self._choice.set_value(name)
        for key, part in self._parts.items():
            part.setVisible(key == name)
        self._title()

    def part(self, name: str) -> QWidget | None:
        """Give a part that was made already."""
        return self._parts.get(name)

    def _people(self) -> QWidget:
        part = TeamPeople(self._models.people)
        part.titled.connect(self._title)
        return part

    def _lists(self) -> QWidget:
        part = TeamLists(self._models.lists)
        part.titled.connect(self._title)
        return part

    def _handover(self) -> QWidget:
        part = TeamHandover(self._models.handover)
        part.titled.connect(self._title)
        return part

    def _after(self) -> QWidget:
        part = TeamAfter(self._models.closing, self._models.sheet)
        part.titled.connect(self._title)
        return part

    def _papers(self) -> QWidget:
        part = TeamPapers(self._models.papers)
        part.titled.connect(self._title)
        return part

    @staticmethod
    def _segments(*, missing: int) -> list[Segment]:
        after = _("After the event")
        return [
            Segment(PEOPLE, _("Who is here")),
            Segment(LISTS, _("Lists")),
            Segment(HANDOVER, _("Handover")),
            Segment(AFTER, f"{after} ({missing})" if missing else after),
            Segment(PAPERS, _("Papers")),
        ]

    def _remind(self, state: ClosingState) -> None:
        """Say beside the part's name how many stands still miss their count or notes."""
        missing = len(state.pending) + (1 if state.reminder else 0)
        self._choice.set_segments(self._segments(missing=missing))

    def _title(self) -> None:
        """Say in the second line what the part in sight has to say."""
        subtitles = {
            PEOPLE: self._models.people.state.subtitle,
            LISTS: self._models.lists.state.subtitle,
            HANDOVER: self._models.handover.state.subtitle,
            AFTER: self._models.closing.state.subtitle,
            PAPERS: self._models.papers.state.event_name,
        }
        self.header.set_subtitle(subtitles[str(self._choice.value())])

    def _on_chosen(self, value: object) -> None:
        self.show_part(str(value))
