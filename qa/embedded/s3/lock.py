"""One lock round S3: moto's check and write of a conditional put are two steps, and so is ours."""

from __future__ import annotations

import threading

LOCK = threading.RLock()
