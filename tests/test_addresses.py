"""What was published once stays where it was."""

from pathlib import Path

from addresses import listed, published


def test_every_address_is_still_there(site: Path) -> None:
    now = published(site)
    gone = [path for path in listed() if path not in now]
    gone += [
        f"{path}#{name}" for path, ids in listed().items() for name in ids - now.get(path, ids)
    ]
    assert not gone, f"a build must have each, or lead on from it: {', '.join(sorted(gone)[:9])}"
