"""Unlock a store, say so, and hold it until the end of the input."""

import sys
from pathlib import Path

from stojnica.storage.home import StoreHome, unlock_store

opened = unlock_store(StoreHome(Path(sys.argv[1])), sys.argv[2])
sys.stdout.write("open\n")
sys.stdout.flush()
sys.stdin.read()
opened.close()
