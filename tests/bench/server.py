"""A static file server as hosts run it: gzip for text, ten minutes of cache, kept connections."""

import contextlib
import gzip
import http.server
import mimetypes
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TEXT = ("text/", "application/javascript", "application/json", "application/xml", "image/svg")


class Server(http.server.ThreadingHTTPServer):
    """Serves a folder; `sent` counts the bytes of its answers, headers included."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = folder
        self.sent = 0
        self.counting = threading.Lock()
        self.address = f"http://127.0.0.1:{self.server_port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that closes its connections as it ends."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        path = self.server.folder / self.path.partition("?")[0].lstrip("/")
        if path.is_dir():
            path /= "index.html"
        body = path.read_bytes() if path.is_file() else b"not found"
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        head = {"Content-Type": kind, "Cache-Control": "max-age=600"}
        if kind.startswith(TEXT):
            body = gzip.compress(body, 6, mtime=0)
            head["Content-Encoding"] = "gzip"
        head["Content-Length"] = str(len(body))
        self.send_response(200 if path.is_file() else 404)
        for name, value in head.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        with self.server.counting:
            # each header's colon, blank and line end, and the server's own three lines
            self.server.sent += len(body) + 100 + sum(len(n) + len(v) + 4 for n, v in head.items())

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextlib.contextmanager
def compressed(folder: Path) -> Iterator[Server]:
    """The folder, served on this machine."""
    with Server(folder) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
