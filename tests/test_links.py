"""`make links`, tried on addresses of this machine."""

from pathlib import Path

from conftest import ROOT, run, served

CONFIG = ROOT / "tests" / "links.ini"


def test_an_address_that_is_gone_is_named(tmp_path: Path) -> None:
    (tmp_path / "here.html").write_text("<p>here</p>")
    with served(tmp_path) as address:
        listing = '<a href="here.html">a</a><a href="gone.html">b</a>'
        (tmp_path / "index.html").write_text(listing)
        done = run("linkcheck", "--config", str(CONFIG), f"{address}index.html")
    assert done.returncode == 1
    assert f"{address}gone.html" in done.stdout and "404" in done.stdout
    assert "here.html" not in done.stdout
    assert "1 error found" in done.stdout
