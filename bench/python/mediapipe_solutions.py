"""MediaPipe's solutions on frames that Node has decoded, for `npm run bench -- plugins`.

Reads one JSON job a line from stdin and answers with one JSON line each:
  {"frames": PATH, "width": W, "height": H, "count": N, "solution": NAME, "options": {...},
   "models": FOLDER of the npm package @mediapipe/pose}
  {"ms": [per frame], "cpuMs": of all threads per frame, "found": [[{"points": [[x, y], ...]}, ...] per frame]}
PATH holds N pictures of RGB bytes. Points are in pixels; boxes are given as their two corners.
"""

import json
import os
import shutil
import sys
import time

os.environ.setdefault("GLOG_minloglevel", "2")
# Whatever the libraries print must not come between the answers.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

import mediapipe  # noqa: E402
import numpy  # noqa: E402
from mediapipe.python.solutions import download_utils  # noqa: E402

solutions = mediapipe.solutions


def use_models_of(folder):
    """The wheel downloads the lite pose model on first use; the npm package has the same file."""
    root = os.path.dirname(os.path.dirname(mediapipe.__file__))

    def fetch(model_path):
        target = os.path.join(root, model_path)
        if not os.path.exists(target):
            shutil.copyfile(os.path.join(folder, os.path.basename(model_path)), target)

    download_utils.download_oss_model = fetch


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
    use_models_of(job["models"])
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


for line in sys.stdin:
    answers.write(json.dumps(run(json.loads(line))) + "\n")
    answers.flush()
