"""一感多识: one frame, many recognisers, one answer. Frames are not kept: what is left of each are boxes and shares."""

from cityloop.doors.cameras.recognise.fusing import Tracker, fused
from cityloop.doors.cameras.recognise.onnx_model import OnnxModel
from cityloop.doors.cameras.recognise.port import Found, Frame, Recogniser, Zones, recogniser_named
from cityloop.doors.cameras.recognise.still import Still
from cityloop.doors.cameras.recognise.watching import Watch, frames_of, zones_of

__all__ = [
    "Found", "Frame", "OnnxModel", "Recogniser", "Still", "Tracker", "Watch", "Zones", "frames_of", "fused", "recogniser_named",
    "zones_of",
]  # fmt: skip
