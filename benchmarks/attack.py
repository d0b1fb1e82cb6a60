"""Attack a server of our own on loopback: runaway queries, malformed requests and bodies.

Run `make attack`. Count and time of everything are bounded; the exit status is 1 if an aim is missed.
"""

import argparse
import sys
from pathlib import Path

import bodies
import malformed
import runaways
from page import write_attack


def main() -> None:
    """Attack in all ways, print the outcome, and write it to the page if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--queries", type=int, default=100, help="runaway queries in all")
    parser.add_argument("--clients", type=int, default=20, help="clients that send them")
    parser.add_argument("--requests", type=int, default=10_000, help="malformed requests")
    parser.add_argument("--seed", type=int, default=1, help="of the malformed requests")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write to the page, such as docs/performance.md")
    options = parser.parse_args()
    fled = runaways.run_away(options.queries, options.clients)
    print(runaways.to_text(fled), flush=True)
    sent = malformed.send_malformed(options.requests, options.seed)
    print("\n" + malformed.to_text(sent))
    written = bodies.send_bodies()
    print("\n" + bodies.to_text(written))
    if options.write:
        parts = (runaways.to_text(fled), malformed.to_text(sent), bodies.to_text(written))
        write_attack(options.write, "\n\n".join(parts) + "\n")
    sys.exit(0 if fled.met and sent.met and written.met else 1)


if __name__ == "__main__":
    main()
