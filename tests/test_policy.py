"""The Content-Security-Policy: no page breaks it, and what it forbids does not happen."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import served, until
from playwright.sync_api import Browser

from gen.site import policy

LISTEN = """
  window.violations = [];
  addEventListener('securitypolicyviolation', (event) =>
    window.violations.push(`${event.effectiveDirective}: ${event.blockedURI} ${event.sample}`));
"""
ATTEMPTS = {
    "a script in the page": """(place) => {
        const script = document.createElement('script');
        script.textContent = 'window.hit = 1';
        place.append(script);
    }""",
    "a handler": """(place) => {
        place.innerHTML = '<img src="data:," onerror="window.hit = 1">';
    }""",
    "a link that is a script": """(place) => {
        place.innerHTML = '<a href="javascript:window.hit = 1">x</a>';
        place.firstChild.click();
    }""",
    "eval": """() => { try { window.eval('window.hit = 1'); } catch {} }""",
    "a function of a text": """() => { try { new Function('window.hit = 1')(); } catch {} }""",
    "a script of another host": """(place, host) => {
        const script = document.createElement('script');
        script.src = `${host}script.js`;
        place.append(script);
    }""",
    "a picture of another host": """(place, host) => { new Image().src = `${host}image.png`; }""",
    "a question to another host": """(place, host) => { fetch(`${host}`).catch(() => {}); }""",
    "a style in the page": """(place) => {
        place.innerHTML = '<style>body { display: none }</style>';
    }""",
    "another base": """(place, host) => {
        const base = document.createElement('base');
        base.href = host;
        document.head.append(base);
    }""",
}


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[str]:
    """Another origin, which would answer."""
    for name in ("script.js", "image.png", "index.html"):
        (tmp_path / name).write_text("window.hit = 1", encoding="utf-8")
    with served(tmp_path) as found:
        yield found


def test_what_is_forbidden_does_not_happen(browser: Browser, address: str, elsewhere: str) -> None:
    answered: list[str] = []
    page = browser.new_page()
    page.add_init_script(LISTEN)
    page.on("response", lambda response: answered.append(response.url))
    page.goto(f"{address}activations/elu/", wait_until="networkidle")
    for name, attempt in ATTEMPTS.items():
        page.evaluate("violations.length = 0")
        # later, since what the debugger itself runs may use eval
        page.evaluate(
            f"""(host) => setTimeout(({attempt}), 0,
                document.querySelector('article').appendChild(document.createElement('div')), host)
            """,
            elsewhere,
        )
        until(page, "violations.length > 0")
        assert page.evaluate("window.hit") is None, name
    page.close()
    assert not [url for url in answered if url.startswith(elsewhere)]


def test_all_pages_carry_one_policy_of_digests(site: Path) -> None:
    pattern = re.compile(r'<meta charset="utf-8"><meta http-equiv="[^"]*" content="([^"]*)">')
    found = set()
    for path in site.rglob("*.html"):
        match = pattern.search(path.read_text(encoding="utf-8")[:3000])
        assert match, path
        found.add(match[1])
    (one,) = found
    scripts = re.search(r"script-src ([^;]*)", one)
    assert scripts
    assert re.fullmatch(r"'self'( 'sha256-[\w+/]{43}=')+", scripts[1])
    assert "http" not in one


def test_a_page_without_the_themes_head_is_named(tmp_path: Path) -> None:
    (tmp_path / "odd.html").write_text("<p>no head</p>", encoding="utf-8")
    with pytest.raises(ValueError, match=r"odd\.html: no <meta charset"):
        policy.publish(tmp_path)
