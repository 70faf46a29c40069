"""Take a sheet in, with a point armed for the second unit; a test lets this die in the middle."""

import os
import sys
from pathlib import Path
from uuid import UUID

from stojnica import failpoint
from stojnica.services.slips import UNIT_ROWS, import_sheet
from stojnica.services.tasks import Progress
from stojnica.storage.home import StoreHome, unlock_store


class Arms:
    """Arm the point when the second unit begins."""

    def report(self, progress: Progress) -> None:
        if progress.done == UNIT_ROWS:
            os.environ[failpoint.ENVIRONMENT_NAME] = sys.argv[5]


def main() -> None:
    folder, passphrase, event_id, sheet = sys.argv[1:5]
    store = unlock_store(StoreHome(Path(folder)), passphrase).store
    answers = {"collected_on": "2024-09-20", "versions": "1"}
    import_sheet(store, UUID(event_id), Path(sheet), context=Arms(), **answers)


main()
