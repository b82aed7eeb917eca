"""MediaPipe's solutions on frames that Node has decoded, for `npm run bench -- plugins`.

Takes the folder of the npm package @mediapipe/pose. Reads one JSON job a line from stdin and answers
with one JSON line each:
  {"frames": PATH, "width": W, "height": H, "count": N, "solution": NAME, "options": {...},
   "isDisturbed": BOOL}
  {"ms": [per frame], "cpuMs": of all threads per frame, "found": [[{"points": [[x, y], ...]}, ...] per frame]}
PATH holds N pictures of RGB bytes, of which a disturbed job changes few by one grey level. Points are
in pixels; boxes are given as their two corners.
"""

import atexit
import json
import os
import shutil
import sys
import tempfile
import time
import types

os.environ.setdefault("GLOG_minloglevel", "2")
# Whatever the libraries print must not come between the answers.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

import mediapipe  # noqa: E402
import numpy  # noqa: E402
from mediapipe.python import solution_base  # noqa: E402
from mediapipe.python.solutions import download_utils  # noqa: E402

solutions = mediapipe.solutions


WHEEL = os.path.dirname(os.path.dirname(mediapipe.__file__))
MODULES = os.path.join("mediapipe", "modules")


def use_models_of(folder):
    """Has MediaPipe read its models from a folder of links to the wheel's, but for two.

    The wheel downloads the lite pose model on first use; the npm package has the same file. Its lite
    hands look for palms with a lite model that no npm package has: the full one, as ours.
    """
    root = tempfile.mkdtemp(prefix="mediapipe-models-")
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    for module in os.listdir(os.path.join(WHEEL, MODULES)):
        source, target = (os.path.join(top, MODULES, module) for top in (WHEEL, root))
        if not os.path.isdir(source):
            continue
        os.makedirs(target)
        for name in os.listdir(source):
            os.symlink(os.path.join(source, name), os.path.join(target, name))
    replace(root, "pose_landmark/pose_landmark_lite.tflite", os.path.join(folder, "pose_landmark_lite.tflite"))
    palms = os.path.join(WHEEL, MODULES, "palm_detection", "palm_detection_full.tflite")
    replace(root, "palm_detection/palm_detection_lite.tflite", palms)
    set_resource_dir = solution_base.resource_util.set_resource_dir
    solution_base.resource_util = types.SimpleNamespace(
        set_resource_dir=lambda _: set_resource_dir(root)
    )
    download_utils.download_oss_model = lambda _: None


def replace(root, name, source):
    target = os.path.join(root, MODULES, name)
    if os.path.lexists(target):
        os.remove(target)
    os.symlink(source, target)


def points_of(landmarks, width, height):
    return {"points": [[p.x * width, p.y * height] for p in landmarks.landmark]}


def corners_of(detection, width, height):
    box = detection.location_data.relative_bounding_box
    x, y = box.xmin * width, box.ymin * height
    return {"points": [[x, y], [x + box.width * width, y + box.height * height]]}


def faces(result, width, height):
    return [corners_of(d, width, height) for d in result.detections or []]


def meshes(result, width, height):
    return [points_of(m, width, height) for m in result.multi_face_landmarks or []]


def hands(result, width, height):
    return [points_of(h, width, height) for h in result.multi_hand_landmarks or []]


def poses(result, width, height):
    return [points_of(result.pose_landmarks, width, height)] if result.pose_landmarks else []


SOLUTIONS = {
    "face_detection": (solutions.face_detection.FaceDetection, faces),
    "face_mesh": (solutions.face_mesh.FaceMesh, meshes),
    "hands": (solutions.hands.Hands, hands),
    "pose": (solutions.pose.Pose, poses),
}


def run(job):
    width, height, count = job["width"], job["height"], job["count"]
    frames = numpy.fromfile(job["frames"], numpy.uint8).reshape(count, height, width, 3)
    make, read = SOLUTIONS[job["solution"]]
    if job["isDisturbed"]:
        frames[:, ::101, ::97] ^= 1
    ms, found = [], []
    with make(**job["options"]) as solution:
        # The first call builds the graph.
        solution.process(frames[0])
        solution.reset()
        cpu = time.process_time()
        for frame in frames:
            started = time.perf_counter()
            result = solution.process(frame)
            ms.append((time.perf_counter() - started) * 1e3)
            found.append(read(result, width, height))
        cpu_ms = (time.process_time() - cpu) * 1e3 / count
    return {"ms": ms, "cpuMs": cpu_ms, "found": found}


use_models_of(sys.argv[1])
for line in sys.stdin:
    answers.write(json.dumps(run(json.loads(line))) + "\n")
    answers.flush()
