"""The view-models behind the page *Team*, one for each of its parts."""

from dataclasses import dataclass

from stojnica.services.checklist_page import ChecklistViewModel
from stojnica.services.closing_page import ClosingViewModel
from stojnica.services.handover_page import HandoverViewModel
from stojnica.services.stand import StandContext
from stojnica.services.team_page import TeamViewModel


@dataclass(frozen=True, slots=True)
class TeamModels:
    """Hold one view-model a part."""

    people: TeamViewModel
    lists: ChecklistViewModel
    handover: HandoverViewModel
    closing: ClosingViewModel

    def refresh(self) -> None:
        """Have all parts look again."""
        self.people.refresh()
        self.lists.refresh()
        self.handover.refresh()
        self.closing.refresh()


def team_models(context: StandContext) -> TeamModels:
    """Make them."""
    return TeamModels(
        people=TeamViewModel(context),
        lists=ChecklistViewModel(context),
        handover=HandoverViewModel(context),
        closing=ClosingViewModel(context),
    )
