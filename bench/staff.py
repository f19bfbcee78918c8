"""Somebody who works at the benchmark's city, and what their list costs in statements."""

import json
import subprocess
import sys
import urllib.request

from bench.machine import Server

NAME, PASSWORD = "bench.leader", "Bench-city-2026"
