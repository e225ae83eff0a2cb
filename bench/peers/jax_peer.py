"""JAX as a contender: `python jax_peer.py <threads>`.

Forms: `<matrix|attention|unrolled|stacked|lstm>-<step|epoch>`. `step` calls one jitted training step at a time; `epoch` runs all
steps of a round in one call, with lax.scan over the batches, and says the mean: nothing is left of Python.
"""

import os
import sys
import time

THREADS = int(sys.argv[1])
# XLA takes as many threads as it may run on.
os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[-THREADS:]))
os.environ["NPROC"] = str(THREADS)
os.environ["JAX_PLATFORMS"] = "cpu"

import jax  # noqa: E402 - after the environment that it reads
import jax.numpy as jnp  # noqa: E402
import jaxlib  # noqa: E402
import numpy as np  # noqa: E402
from jax import lax  # noqa: E402

from jax_models import adam, retrieval_loss  # noqa: E402
from protocol import serve, time_steps  # noqa: E402


class Contender:
    def __init__(self, form, job):
        model, self.how = form.split("-")
        self.mode = f"jit of one {self.how}, {'LSTM' if model == 'lstm' else model + ' form'}"
        self.loss = jax.value_and_grad(retrieval_loss(model, job))
        self.weights = {path: jnp.asarray(values) for path, values in job.weights.items()}
        self.ids = jnp.asarray(job.ids.transpose(0, 2, 1))  # [batches, T, B]
        self.targets = jnp.asarray(job.targets)
        self.pairs = [(self.ids[i], self.targets[i]) for i in range(len(job.ids))]
        self.batch = 0

        def train(carry, batch):
            weights, state = carry
            loss, gradients = self.loss(weights, *batch)
            return adam(weights, gradients, state, job.step_size), loss

        def epoch(carry, ids, targets):
            return lax.scan(train, carry, (ids, targets))

        self.train = jax.jit(train, donate_argnums=0)
        self.epoch = jax.jit(epoch, donate_argnums=0)
        zeros = lambda: jax.tree.map(jnp.zeros_like, self.weights)  # noqa: E731
        # Copies, since a step gives its buffers to the next.
        self.carry = (jax.tree.map(jnp.copy, self.weights), (jnp.zeros(()), zeros(), zeros()))

    def gradients(self, batch):
        loss, gradients = jax.jit(self.loss)(self.weights, *self.pairs[batch])
        return loss, {path: np.asarray(g) for path, g in gradients.items()}

    def step(self):
        i = self.batch
        self.batch = (i + 1) % len(self.pairs)
        self.carry, loss = self.train(self.carry, self.pairs[i])
        jax.block_until_ready((self.carry, loss))

    def run_epoch(self, steps):
        if steps == 0:
            return []
        chosen = (self.batch + np.arange(steps)) % len(self.pairs)
        self.batch = int(chosen[-1] + 1) % len(self.pairs)
        ids, targets = jax.block_until_ready((self.ids[chosen], self.targets[chosen]))
        # Compiled for this number of steps, outside the clock.
        compiled = self.compiled(steps, ids, targets)
        start = time.perf_counter()
        self.carry, losses = compiled(self.carry, ids, targets)
        jax.block_until_ready((self.carry, losses))
        return [(time.perf_counter() - start) * 1000 / steps] * steps

    def compiled(self, steps, ids, targets):
        known = self.__dict__.setdefault("programs", {})
        if steps not in known:
            known[steps] = self.epoch.lower(self.carry, ids, targets).compile()
        return known[steps]

    def run(self, steps):
        return self.run_epoch(steps) if self.how == "epoch" else time_steps(self.step, steps)


if __name__ == "__main__":
    versions = {"jax": jax.__version__, "jaxlib": jaxlib.__version__}
    serve({"versions": versions, "device": f"XLA on {jax.default_backend()}"}, Contender)
