"""The view-models behind the page *Team*, one for each of its parts."""

from dataclasses import dataclass

from stojnica.services.checklist_page import ChecklistViewModel
from stojnica.services.closing_page import ClosingState, ClosingViewModel
from stojnica.services.handover_page import HandoverViewModel
from stojnica.services.papers_page import PapersViewModel
from stojnica.services.stand import StandContext
from stojnica.services.team_page import TeamViewModel


@dataclass(frozen=True, slots=True)
class TeamModels:
    """Hold one view-model a part; `sheet` is the event sheet of the event that was closed."""

    people: TeamViewModel
    lists: ChecklistViewModel
    handover: HandoverViewModel
    closing: ClosingViewModel
    papers: PapersViewModel
    sheet: PapersViewModel

    def refresh(self) -> None:
        """Have all parts look again."""
        self.people.refresh()
        self.lists.refresh()
        self.handover.refresh()
        self.closing.refresh()
        self.papers.refresh()
        self.sheet.refresh()


def team_models(context: StandContext) -> TeamModels:
    """Make them."""
    closing, sheet = ClosingViewModel(context), PapersViewModel(context)

    def look_at(state: ClosingState) -> None:
        sheet.look_at(state.event_id)

    closing.subscribe(look_at)
    return TeamModels(
        people=TeamViewModel(context),
        lists=ChecklistViewModel(context),
        handover=HandoverViewModel(context),
        closing=closing,
        papers=PapersViewModel(context),
        sheet=sheet,
    )
