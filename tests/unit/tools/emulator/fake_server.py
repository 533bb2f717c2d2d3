"""A stand-in for the emulator's process: answers the harness, starts a worker, or fails in the way it is told."""

import json
import os
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


class Handler(BaseHTTPRequestHandler):
    """Answers as the harness's door does."""

    def do_POST(self) -> None:
        """Accept what carries the token."""
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        allowed = self.headers.get("x-emulator-token") == os.environ["EMULATOR_TOKEN"]
        document: object = {}
        if self.path == "/_emulator/emit":
            (event,) = json.loads(body)["events"]
            refused = event["source"] == "refused"
            entry = {"ErrorCode": "Refused", "ErrorMessage": "as told"} if refused else {"EventId": event["source"]}
            document = {"Entries": [entry]}
        self.send_response(200 if allowed else 403)
        self.end_headers()
        self.wfile.write(json.dumps(document).encode())

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def main() -> None:
    """Behave as the first argument says."""
    behaviour, notes = sys.argv[1], Path(sys.argv[2])
    sys.stdout.write(f"this is {behaviour}\n")
    sys.stdout.flush()
    if behaviour == "ends":
        sys.exit(3)
    if behaviour == "hangs":
        time.sleep(60)
    worker = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    notes.write_text(json.dumps({"pids": [os.getpid(), worker.pid], "environment": dict(os.environ)}))
    HTTPServer(("127.0.0.1", int(os.environ["GATEWAY_PORT"])), Handler).serve_forever()


main()
