"""The Content-Security-Policy of the site: what a browser may run and load on its pages.

It stands in the pages themselves, since plain file servers send no header for it. Scripts inside
pages run by their digests alone, which are taken from the pages as they are published. All pages
carry one policy, made of the scripts of all: Material changes pages without reloading, so that the
first page's policy governs those that follow. https://www.w3.org/TR/CSP3/
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

# a script with another type is data, which browsers do not run
SCRIPT = re.compile(r"<script(?![^>]*\s(?:src|type)=)[^>]*>(.*?)</script>", re.S)
START = '<meta charset="utf-8">'  # Material writes it above all that is loaded or run


def publish(site: Path) -> None:
    """Write one policy into every page of the built site.

    Raises ValueError for a page that does not begin as the theme's do.
    """
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}
    content = policy({text for page in pages.values() for text in SCRIPT.findall(page)})
    meta = f'<meta http-equiv="Content-Security-Policy" content="{content}">'
    for path, page in pages.items():
        if START not in page:
            name = path.relative_to(site).as_posix()
            raise ValueError(f"{name}: no {START} to put the policy after; see gen/site/policy.py")
        path.write_text(page.replace(START, START + meta, 1), encoding="utf-8")


def policy(scripts: Iterable[str]) -> str:
    """The policy that lets these texts of scripts run, and besides them the site's own files."""
    digests = (base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts)
    hashes = " ".join(f"'sha256-{digest}'" for digest in sorted(digests))
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' {hashes}",
            "img-src 'self' data: blob:",  # icons of Material's style sheet; a plot saved as PNG
            "style-src 'self'",
            "style-src-attr 'unsafe-inline'",  # drawings take the scheme's colours, by var()
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ]
    )
