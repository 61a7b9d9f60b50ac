"""python -m gen.site: MkDocs builds the site beside site/, and what is whole takes its place."""

import subprocess
import sys

from .. import cache, lock, messages, requirements
from ..swap import swap

SITE = cache.ROOT / "site"
DRAFT = cache.ROOT / ".site-new"


def main() -> int:
    """Build and put in place; return 0, or 1 after saying that site/ is as it was."""
    try:
        requirements.check()
        with lock.held(lock.SITE):
            return build()
    except (OSError, requirements.RequirementError) as error:
        print(f"gen: {messages.advice(error) or error}; site/ is as it was", file=sys.stderr)
        return 1


def build() -> int:
    cache.remove(DRAFT)
    command = [sys.executable, "-m", "mkdocs", "build", "--site-dir", str(DRAFT)]
    if subprocess.run(command, cwd=cache.ROOT).returncode:
        print("gen: the site was not built; site/ is as it was", file=sys.stderr)
        return 1
    swap(DRAFT, SITE)
    cache.remove(DRAFT)
    return 0


if __name__ == "__main__":
    sys.exit(main())
