"""A static file server as hosts run it: gzip for text, ten minutes of cache, kept connections."""

import contextlib
import functools
import gzip
import http.server
import mimetypes
import threading
from collections.abc import Iterator
from pathlib import Path

TEXT = ("text/", "application/javascript", "application/json", "application/xml", "image/svg")


@functools.cache
def _content(path: Path) -> tuple[bytes, str, bool]:
    """The body as it is sent, its type, whether it is compressed."""
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    body = path.read_bytes()
    packed = kind.startswith(TEXT)
    return (gzip.compress(body, 6, mtime=0) if packed else body), kind, packed


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers GET from the memory of what it once read and compressed."""

    protocol_version = "HTTP/1.1"
    folder: Path

    def do_GET(self) -> None:
        path = self.folder / self.path.partition("?")[0].lstrip("/")
        if path.is_dir():
            path /= "index.html"
        if found := path.is_file():
            body, kind, packed = _content(path)
        else:
            body, kind, packed = b"not found", "text/plain", False
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextlib.contextmanager
def compressed(folder: Path) -> Iterator[str]:
    """The address at which the folder is served on this machine."""
    handler = type("FolderHandler", (Handler,), {"folder": folder})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
