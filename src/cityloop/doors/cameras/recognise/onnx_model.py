"""A runner of detectors in ONNX. What goes in and what comes out is described in a small TOML beside the model."""

import tomllib
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np
from msgspec import Struct

from cityloop.doors.cameras.model import Box
from cityloop.doors.cameras.recognise.port import Found, Frame, RecogniserWrong, VisionMissing, vision

GREY = 114  # of the margins where a picture is fitted in


class ModelInput(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a frame goes in. `scale`: by what each number is multiplied before `mean` is taken off and it is divided by `std`."""

    width: int
    height: int
    layout: Literal["nchw", "nhwc"] = "nchw"
    colour: Literal["rgb", "bgr"] = "rgb"
    fit: Literal["stretch", "letterbox"] = "stretch"
    type: Literal["float32", "uint8"] = "float32"
    scale: float = 1 / 255
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    std: tuple[float, float, float] = (1.0, 1.0, 1.0)


class ModelOutput(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What comes out. One output: rows of box, then the objectness if there is one, then a score for each class; or several
    outputs by their names: `boxes`, `scores`, `labels`."""

    rows: Literal["first", "last"] = "first"  # whether an object is a row (n x numbers) or a column (numbers x n)
    objectness: bool = False
    box: Literal["cxcywh", "xyxy", "xywh"] = "cxcywh"
    units: Literal["pixels", "shares"] = "pixels"  # of the model's input
    boxes: str = ""
    scores: str = ""
    labels: str = ""


class ModelSaid(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A detector. `model`: its file, beside the description. `overlap`: from which two boxes of a class are one."""

    name: str
    model: str
    classes: list[str]
    input: ModelInput
    output: ModelOutput = ModelOutput()
    least: float = 0.4
    overlap: float = 0.5
    found_max: int = 100


def model_said(path: Path) -> ModelSaid:
    """The description of a detector.

    Refuses with `RecogniserWrong`.
    """
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), ModelSaid)
    except OSError as error:
        raise RecogniserWrong(f"{path.name} cannot be read: {error.strerror}; give the path of a description.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise RecogniserWrong(f"{path.name} describes no model: {error}; docs/explain/sensing.md shows one.") from None


class OnnxModel:
    """A detector that is run on each frame."""

    def __init__(self, path: Path):
        self.said = model_said(path)
        self.name = self.said.name
        self._cv = vision()
        try:
            import onnxruntime
        except ImportError:
            raise VisionMissing("ONNX Runtime is not installed; install cityloop[vision].") from None
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        try:
            file = str(path.parent / self.said.model)
            self._session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # a port: the runtime has faults of its own, none of which is ours
            raise RecogniserWrong(f"{self.said.model} is no model that can be run: {str(error)[:120]}") from None
        self._input = self._session.get_inputs()[0].name

    def look(self, frame: Frame) -> list[Found]:
        """What the model sees, each thing once."""
        given, (gain_x, gain_y, off_x, off_y) = self._given(frame.picture)
        names = [each.name for each in self._session.get_outputs()]
        came = dict(zip(names, self._run(given), strict=True))
        boxes, scores, labels = self._rows(came, names)
        height, width = frame.picture.shape[:2]
        corners = self._corners(boxes)
        corners[:, 0::2] = (corners[:, 0::2] - off_x) / (gain_x * width)
        corners[:, 1::2] = (corners[:, 1::2] - off_y) / (gain_y * height)
        found = []
        for place in kept(corners, scores, labels, self.said.overlap)[: self.said.found_max]:
            left, top, right, bottom = np.clip(corners[place], 0, 1).tolist()
            label = self.said.classes[int(labels[place])]
            box = Box(left=left, top=top, right=right, bottom=bottom)
            found.append(Found(by=self.name, label=label, confidence=float(scores[place]), box=box))
        return found

    def _run(self, given: Any) -> list[Any]:
        try:
            return self._session.run(None, {self._input: given})
        except Exception as error:  # a port, see above
            raise RecogniserWrong(f"{self.name} cannot be run on such a picture: {str(error)[:120]}; correct [input].") from None

    def _given(self, picture: Any) -> tuple[Any, tuple[float, float, float, float]]:
        """The frame as the model wants it, and how its pixels became those of the input."""
        said, cv = self.said.input, self._cv
        height, width = picture.shape[:2]
        gain_x, gain_y, off_x, off_y = said.width / width, said.height / height, 0.0, 0.0
        if said.fit == "letterbox":
            gain_x = gain_y = min(gain_x, gain_y)
            wide, high = round(width * gain_x), round(height * gain_y)
            off_x, off_y = float((said.width - wide) // 2), float((said.height - high) // 2)
            whole = np.full((said.height, said.width, 3), GREY, np.uint8)
            whole[int(off_y) : int(off_y) + high, int(off_x) : int(off_x) + wide] = cv.resize(picture, (wide, high))
        else:
            whole = cv.resize(picture, (said.width, said.height))
        if said.colour == "rgb":
            whole = whole[..., ::-1]
        if said.type == "float32":
            whole = (whole.astype(np.float32) * said.scale - np.float32(said.mean)) / np.float32(said.std)
        if said.layout == "nchw":
            whole = whole.transpose(2, 0, 1)
        given = np.ascontiguousarray(whole[None], np.float32 if said.type == "float32" else np.uint8)
        return given, (gain_x, gain_y, off_x, off_y)

    def _rows(self, came: dict[str, Any], names: list[str]) -> tuple[Any, Any, Any]:
        """Boxes, scores and classes of what is likely enough.

        Refuses with `RecogniserWrong` where the outputs are not as described.
        """
        said = self.said.output
        try:
            if said.boxes:
                boxes, scores = came[said.boxes].reshape(-1, 4), came[said.scores].reshape(-1)
                labels = came[said.labels].reshape(-1).astype(np.int64) if said.labels else np.zeros(len(scores), np.int64)
            else:
                rows = came[names[0]][0]
                rows = rows if said.rows == "first" else rows.T
                skip = 5 if said.objectness else 4
                classes = rows[:, skip : skip + len(self.said.classes)]
                labels = classes.argmax(1)
                scores = classes.max(1) * (rows[:, 4] if said.objectness else 1)
                boxes = rows[:, :4]
            likely = (scores >= self.said.least) & (labels >= 0) & (labels < len(self.said.classes)) & np.isfinite(boxes).all(1)
            return boxes[likely].astype(np.float64), scores[likely], labels[likely]
        except (KeyError, IndexError, ValueError) as error:
            shapes = {name: tuple(value.shape) for name, value in came.items()}
            raise RecogniserWrong(f"{self.name}: the outputs {shapes} are not as described ({error}); correct [output].") from None

    def _corners(self, boxes: Any) -> Any:
        """Left, top, right, bottom in pixels of the input."""
        said = self.said
        found = boxes.copy()
        if said.output.box == "cxcywh":
            found[:, :2] = boxes[:, :2] - boxes[:, 2:] / 2
        if said.output.box != "xyxy":
            found[:, 2:] = found[:, :2] + boxes[:, 2:]
        if said.output.units == "shares":
            found *= np.array([said.input.width, said.input.height] * 2)
        return found


def kept(corners: Any, scores: Any, labels: Any, overlap: float) -> list[int]:
    """The rows that stay when those that cover a surer one of their class are taken out, the surest first."""
    order = np.argsort(-scores, kind="stable").tolist()
    found: list[int] = []
    for place in order:
        if all(labels[place] != labels[other] or _covers(corners[place], corners[other]) < overlap for other in found):
            found.append(place)
    return found


def _covers(one: Any, other: Any) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    area = (one[2] - one[0]) * (one[3] - one[1]) + (other[2] - other[0]) * (other[3] - other[1])
    return float(both / (area - both)) if area > both else 1.0
