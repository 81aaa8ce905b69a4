"""Fail if a test is skipped for a reason that the approved list does not hold.

Usage: check_skips.py PYTEST_LOG APPROVED. The log comes from `pytest -rs`; the list holds one reason (a regular
expression) per line, with `#` for comments.
"""

import re
import sys
from pathlib import Path


def main(log: str, approved: str) -> int:
    reasons = [
        line for line in Path(approved).read_text("utf-8").splitlines() if line and not line.startswith("#")
    ]
    skips = [line for line in Path(log).read_text("utf-8").splitlines() if line.startswith("SKIPPED")]
    unapproved = [line for line in skips if not any(re.search(reason, line) for reason in reasons)]
    for line in unapproved:
        sys.stderr.write(f"not approved: {line}\n")
    sys.stdout.write(f"{len(skips)} skip reasons, {len(unapproved)} not approved\n")
    return 1 if unapproved else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
