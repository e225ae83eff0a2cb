"""The retrieval model in JAX: weights by our paths and in our layout, [inputs, outputs]."""

import jax
import jax.numpy as jnp
from jax import lax

# B batch, T time, R units; tensors of a sequence are [T, B, R].


def normalise(w, x):
    centred = x - x.mean(-1, keepdims=True)
    variance = (centred * centred).mean(-1, keepdims=True)
    return jax.nn.relu(centred * lax.rsqrt(variance + 1e-5) * w["cell.gain"] + w["cell.bias"])


def inputs_table(w):
    return w["embedding"] @ w["projection.kernel"] + w["projection.bias"]


def drive(w, ids):
    """Embedding, projection and C of the 37 characters, then a look-up: [T, B] -> [T, B, R]."""
    return (inputs_table(w) @ w["cell.kernel"])[ids]


def scan_matrix(w, x, job):
    """lax.scan with A of every sample in the carry, [B, R, R]."""
    W = w["cell.recurrentKernel"]
    first = normalise(w, x[0])

    def step(carry, x):
        h, A = carry
        A = job.decay_rate * A + job.learning_rate * h[:, :, None] * h[:, None, :]
        boundary = x + h @ W
        read = jnp.einsum("bij,bj->bi", A, jax.nn.relu(boundary))
        return (normalise(w, boundary + read), A), None

    nothing = jnp.zeros((x.shape[1], job.units, job.units))
    (h, _), _ = lax.scan(step, (first, nothing), x[1:])
    return h


def scan_attention(w, x, job):
    """lax.scan with what was written in the carry, [T, B, R]; what is yet to be written counts nothing."""
    W = w["cell.recurrentKernel"]
    steps = x.shape[0]
    first = normalise(w, x[0])
    places = jnp.arange(steps)

    def step(carry, x_t):
        h, past = carry
        x, t = x_t
        past = lax.dynamic_update_index_in_dim(past, h, t - 1, 0)
        strengths = jnp.where(
            places < t, job.learning_rate * job.decay_rate ** (t - 1.0 - places), 0.0
        )
        boundary = x + h @ W
        scores = (past * jax.nn.relu(boundary)).sum(2) * strengths[:, None]  # [T, B]
        return (normalise(w, boundary + (past * scores[:, :, None]).sum(0)), past), None

    nothing = jnp.zeros_like(x)
    (h, _), _ = lax.scan(step, (first, nothing), (x[1:], jnp.arange(1, steps)))
    return h


def unrolled_attention(w, x, job):
    """The loop written out, each step over exactly what was written."""
    W = w["cell.recurrentKernel"]
    h = normalise(w, x[0])
    past = [h]
    for t in range(1, x.shape[0]):
        boundary = x[t] + h @ W
        query = jax.nn.relu(boundary)
        read = 0.0
        for age, old in enumerate(reversed(past)):
            score = (old * query).sum(1, keepdims=True)
            read += (job.learning_rate * job.decay_rate**age) * score * old
        h = normalise(w, boundary + read)
        past.append(h)
    return h


def stacked_attention(w, x, job):
    """The loop written out, with what was written as one array, [writes, B, R]."""
    W = w["cell.recurrentKernel"]
    h = normalise(w, x[0])
    past = [h]
    for t in range(1, x.shape[0]):
        boundary = x[t] + h @ W
        written = jnp.stack(past)
        strengths = job.learning_rate * job.decay_rate ** jnp.arange(t - 1.0, -1.0, -1.0)
        scores = (written * jax.nn.relu(boundary)).sum(2) * strengths[:, None]  # [writes, B]
        h = normalise(w, boundary + (written * scores[:, :, None]).sum(0))
        past.append(h)
    return h


def lstm(w, ids, job):
    """Gates i, f, g, o; the input's share of all steps is a look-up too."""
    x = (inputs_table(w) @ w["cell.kernel"] + w["cell.bias"])[ids]
    W = w["cell.recurrentKernel"]

    def step(carry, x):
        h, c = carry
        i, f, g, o = jnp.split(x + h @ W, 4, -1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), None

    zeros = jnp.zeros((ids.shape[1], job.units))
    (h, _), _ = lax.scan(step, (zeros, zeros), x)
    return h


SCANS = {
    "matrix": scan_matrix,
    "attention": scan_attention,
    "unrolled": unrolled_attention,
    "stacked": stacked_attention,
}


def retrieval_loss(form, job):
    def loss(w, ids, targets):
        h = lstm(w, ids, job) if form == "lstm" else SCANS[form](w, drive(w, ids), job)
        hidden = jax.nn.relu(h @ w["hidden.kernel"] + w["hidden.bias"])
        scores = jax.nn.log_softmax(hidden @ w["output.kernel"] + w["output.bias"])
        return -jnp.take_along_axis(scores, targets[:, None], 1).mean()

    return loss


def adam(w, gradients, state, step_size):
    """Kingma and Ba 2015, with the bias corrections folded into the step."""
    count, mean, square = state
    count = count + 1.0
    mean = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, mean, gradients)
    square = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, square, gradients)
    first, second = 1 - 0.9**count, 1 - 0.999**count
    update = lambda p, m, v: p - step_size * (m / first) / (jnp.sqrt(v / second) + 1e-8)  # noqa: E731
    return jax.tree.map(update, w, mean, square), (count, mean, square)
