"""The retrieval model in PyTorch: weights by our paths and in our layout, [inputs, outputs]."""

import torch
import torch.nn.functional as F

# B batch, T time, R units, V vocabulary; tensors of a sequence are [T, B, R].


def drive_by_table(w, ids):
    """Embedding, projection and C of the 37 characters, then a look-up: [T, B] -> [T, B, R]."""
    table = torch.addmm(w["projection.bias"], w["embedding"], w["projection.kernel"])
    return F.embedding(ids, table @ w["cell.kernel"])


def drive_plain(w, ids):
    """The same, character by character of the batch."""
    embedded = F.embedding(ids, w["embedding"]).flatten(0, 1)
    inputs = torch.addmm(w["projection.bias"], embedded, w["projection.kernel"])
    return (inputs @ w["cell.kernel"]).unflatten(0, ids.shape)


def normalise(w, x):
    return torch.relu(F.layer_norm(x, x.shape[-1:], w["cell.gain"], w["cell.bias"], 1e-5))


def scan_attention(w, drive, job):
    """Eq. 4, with batched products over what was written, [B, writes, R]."""
    strengths = written_strengths(job)
    W = w["cell.recurrentKernel"]
    steps = drive.unbind(0)
    h = normalise(w, steps[0])  # there is nothing to read, and no h before
    past = h.unsqueeze(1)
    for t, x in enumerate(steps[1:], 1):
        boundary = torch.addmm(x, h, W)
        query = torch.relu(boundary)
        scores = torch.bmm(past, query.unsqueeze(2)) * strengths[-t:]  # [B, t, 1]
        settled = torch.baddbmm(boundary.unsqueeze(1), scores.transpose(1, 2), past)
        h = normalise(w, settled.squeeze(1))
        if t + 1 < len(steps):
            past = torch.cat([past, h.unsqueeze(1)], 1)
    return h


def scan_elementwise(w, drive, job):
    """Eq. 4, with products and sums over [writes, B, R]: no batched products, appending is contiguous."""
    strengths = written_strengths(job)
    W = w["cell.recurrentKernel"]
    steps = drive.unbind(0)
    h = normalise(w, steps[0])
    past = h.unsqueeze(0)
    for t, x in enumerate(steps[1:], 1):
        boundary = torch.addmm(x, h, W)
        query = torch.relu(boundary)
        scores = (past * query).sum(2) * strengths[-t:]  # [t, B]
        h = normalise(w, boundary + (past * scores.unsqueeze(2)).sum(0))
        if t + 1 < len(steps):
            past = torch.cat([past, h.unsqueeze(0)], 0)
    return h


def scan_matrix(w, drive, job):
    """Eq. 1, with A of every sample, [B, R, R]."""
    W = w["cell.recurrentKernel"]
    steps = drive.unbind(0)
    h = normalise(w, steps[0])
    A = None
    for x in steps[1:]:
        column, row = h.unsqueeze(2), h.unsqueeze(1)
        if A is None:
            A = torch.bmm(column * job.learning_rate, row)
        else:
            A = torch.baddbmm(A, column, row, beta=job.decay_rate, alpha=job.learning_rate)
        boundary = torch.addmm(x, h, W)
        settled = torch.baddbmm(boundary.unsqueeze(2), A, torch.relu(boundary).unsqueeze(2))
        h = normalise(w, settled.squeeze(2))
    return h


def written_strengths(job):
    """eta lambda^(writes since), oldest first, [T, 1]; the last rows are those of a shorter past."""
    since = torch.arange(job.time - 1, -1, -1, dtype=torch.float32)
    return (job.learning_rate * job.decay_rate**since).unsqueeze(1)


def head_loss(w, h, targets):
    hidden = torch.relu(torch.addmm(w["hidden.bias"], h, w["hidden.kernel"]))
    return F.cross_entropy(torch.addmm(w["output.bias"], hidden, w["output.kernel"]), targets)


SCANS = {"attention": scan_attention, "elementwise": scan_elementwise, "matrix": scan_matrix}
DRIVES = {"table": drive_by_table, "plain": drive_plain}


def fast_weights_loss(job, memory, drive):
    scan, drive = SCANS[memory], DRIVES[drive]

    def loss(w, ids, targets):
        return head_loss(w, scan(w, drive(w, ids), job), targets)

    return loss


def lstm_loss(job):
    """nn.LSTM between the same embeddings and head. Its parameters are ours, transposed; it has a second bias."""
    lstm = torch.nn.LSTM(job.weights["cell.kernel"].shape[0], job.units)

    def loss(w, ids, targets):
        table = torch.addmm(w["projection.bias"], w["embedding"], w["projection.kernel"])
        outputs, _ = lstm(F.embedding(ids, table))
        return head_loss(w, outputs[-1], targets)

    return loss, lstm
