"""Random queries on random small datasets, rewritten and as they are: `python -m soak.rewriting --help`."""

import argparse
import random
import sys
from collections import Counter

from parts.rewriting.comparing import random_pair


def main() -> int:
    """Compare answers until enough pairs were made; return how many were not equal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=10_000, help="how many rewritten queries (default: 10000)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same queries (default: 1)")
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    faults, seed = 0, options.seed * 10_000_000
    while counts["pairs"] < options.pairs:
        seed += 1
        pair = random_pair(random.Random(seed))
        counts["pairs"] += 1
        counts.update(set(pair.rewriting.rules))
        if pair.fault:
            faults += 1
            print(f"seed {seed}: {pair}\n")
    for name, count in counts.most_common():
        print(f"{count:>8,}  {name}")
    print(f"{faults:>8,}  with other answers")
    return min(faults, 1)


if __name__ == "__main__":
    sys.exit(main())
