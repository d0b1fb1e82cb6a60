"""Write one download of a snapshot: `python -m digitech_kg.exports SNAPSHOT_DIRECTORY NAME`; the server calls it."""

from __future__ import annotations

import sys
from pathlib import Path

from digitech_kg.exports.kept import write_for_server

if __name__ == "__main__":
    sys.exit(write_for_server(Path(sys.argv[1]), sys.argv[2]))
