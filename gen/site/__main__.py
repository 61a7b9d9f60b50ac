"""python -m gen.site: MkDocs builds the site beside site/, and what is whole takes its place."""

import shutil
import subprocess
import sys

from .. import cache, messages

SITE = cache.ROOT / "site"
DRAFT = cache.ROOT / ".site-new"


def main() -> int:
    """Build and put in place; return 0, or 1 after saying that site/ is as it was."""
    try:
        cache.libraries()
        with cache.held("site"):
            return build()
    except (OSError, ImportError) as error:
        print(f"gen: {messages.told(error)}; site/ is as it was", file=sys.stderr)
        return 1


def build() -> int:
    shutil.rmtree(DRAFT, ignore_errors=True)
    command = [sys.executable, "-m", "mkdocs", "build", "--site-dir", str(DRAFT)]
    if subprocess.run(command, cwd=cache.ROOT).returncode:
        print("gen: the site was not built; site/ is as it was", file=sys.stderr)
        return 1
    cache.swap(DRAFT, SITE)
    shutil.rmtree(DRAFT, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
