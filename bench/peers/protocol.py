"""A peer's side of the protocol of bench/src/protocol.ts: JSON, one line per message, over stdin and stdout."""

import base64
import gc
import json
import os
import sys
import time
import traceback

import numpy as np


def decode(array, dtype):
    """`{shape, data}` with base64 data -> a NumPy array of its own."""
    values = np.frombuffer(base64.b64decode(array["data"]), dtype=dtype)
    return values.reshape(array["shape"]).copy()


def encode(values):
    values = np.ascontiguousarray(values, dtype="<f4")
    return {"shape": list(values.shape), "data": base64.b64encode(values.tobytes()).decode()}


class Job:
    """What every contender is given: sizes, weights by our paths, and batches that stay the same."""

    def __init__(self, request):
        sizes = request["job"]
        self.units = sizes["units"]
        self.time = sizes["time"]
        self.batch_size = sizes["batchSize"]
        self.decay_rate = sizes["decayRate"]
        self.learning_rate = sizes["learningRate"]
        self.step_size = sizes["stepSize"]
        self.weights = {path: decode(w, "<f4") for path, w in request["weights"].items()}
        self.ids = decode(request["ids"], "<i4")  # [batches, B, T]
        self.targets = decode(request["targets"], "<i4")  # [batches, B]


def time_steps(step, steps):
    """Milliseconds of each step. The garbage collector rests meanwhile, as it would in a tuned loop."""
    gc.collect()
    gc.disable()
    try:
        clock = time.perf_counter
        milliseconds = []
        for _ in range(steps):
            start = clock()
            step()
            milliseconds.append((clock() - start) * 1000)
        return milliseconds
    finally:
        gc.enable()


def serve(greeting, make):
    """Answers requests until stdin ends. `make(form, job)` makes a contender: mode, gradients(batch), run(steps)."""
    # What libraries print must not mix with the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def answer(message):
        answers.write(json.dumps(message) + "\n")
        answers.flush()

    answer(greeting)
    contenders = {}

    def handle(request):
        what, name = request["do"], request["id"]
        if what == "init":
            contenders[name] = make(request["form"], Job(request))
            return {"mode": contenders[name].mode}
        if what == "gradients":
            loss, gradients = contenders[name].gradients(request["batch"])
            return {"loss": float(loss), "gradients": {p: encode(g) for p, g in gradients.items()}}
        if what == "run":
            return {"ms": contenders[name].run(request["steps"])}
        if what == "dispose":
            del contenders[name]
            gc.collect()
            return {}
        raise ValueError(f"unknown request {what}")

    for line in sys.stdin:
        try:
            answer(handle(json.loads(line)))
        except Exception as error:
            traceback.print_exc()
            answer({"error": f"{type(error).__name__}: {error}"[:2000]})
