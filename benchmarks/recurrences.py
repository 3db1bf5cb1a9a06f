"""Recurrences of the literature: how many tight bounds are decided, how many wrongly, and how fast (CPU time).

    python benchmarks/recurrences.py [--json FILE]
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.recurrence.claims import claim, table
from tests.recurrence.test_false import CASES, CONCRETE
from verifier.decide import Budget, decide


def main() -> None:
    """Run the table and the known-false claims; print a summary."""
    seconds: list[float] = []
    verdicts = {"proved": 0, "refuted": 0, "undecided": 0}
    for _, recurrence, bound in table():
        c = claim(recurrence, f"{recurrence.split('(')[0]}(n) = Theta({bound})")
        start = time.process_time()
        verdicts[decide(c, Budget()).verdict] += 1
        seconds.append(time.process_time() - start)
    wrong = sum(decide(claim(r, s), Budget()).verdict == "proved" for r, s in CASES)
    found = sum(decide(claim(r, s, lower=int(low)), Budget()).verdict == "refuted" for r, s, low, _ in CONCRETE)
    seconds.sort()
    summary = {
        "recurrences": len(seconds), "proved": verdicts["proved"], "wrong": verdicts["refuted"] + wrong,
        "undecided": verdicts["undecided"], "false claims": len(CASES), "false claims proved": wrong,
        "false explicit claims": len(CONCRETE), "violations found": found,
        "median ms": round(1000 * statistics.median(seconds), 2),
        "p95 ms": round(1000 * seconds[int(0.95 * len(seconds))], 2), "max ms": round(1000 * seconds[-1], 2),
    }
    print(json.dumps(summary, indent=1))
    if "--json" in sys.argv:
        Path(sys.argv[sys.argv.index("--json") + 1]).write_text(json.dumps(summary, indent=1) + "\n")


if __name__ == "__main__":
    main()
