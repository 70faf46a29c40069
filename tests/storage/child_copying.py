"""Open a store and make the copies that it lacks, here and at the chosen place; a test kills it midway."""

import sys
from pathlib import Path

from stojnica.services.copies import CopyKeeper
from stojnica.storage.home import StoreHome, unlock_store


def main() -> None:
    folder, passphrase = sys.argv[1:3]
    opened = unlock_store(StoreHome(Path(folder)), passphrase)
    CopyKeeper(opened).copy(only_if_changed=True)
    opened.close()
    sys.stdout.write("copied\n")


main()
