"""PyTorch as a contender: `python torch_peer.py <threads>`.

Forms: `eager-<attention|elementwise|matrix>-<table|plain>`, the same with `compile-` in front, and `lstm`.
"""

import os
import sys

THREADS = int(sys.argv[1])
os.environ["OMP_NUM_THREADS"] = str(THREADS)

import torch  # noqa: E402 - after the environment that it reads

import torch_models  # noqa: E402
from protocol import serve, time_steps  # noqa: E402

torch.set_num_threads(THREADS)


class Contender:
    def __init__(self, form, job):
        self.weights = {
            path: torch.tensor(values, requires_grad=True) for path, values in job.weights.items()
        }
        self.lstm = None
        if form == "lstm":
            self.loss, self.lstm = torch_models.lstm_loss(job)
            self.tie_lstm()
            self.mode = "eager, nn.LSTM"
        else:
            how, memory, drive = form.split("-")
            self.loss = torch_models.fast_weights_loss(job, memory, drive)
            self.mode = f"{how}, {memory} form, {drive} drive"
            if how == "compile":
                self.loss = torch.compile(self.loss, fullgraph=True, dynamic=False)
        # Time first: what a loop over time wants.
        self.ids = [torch.tensor(ids.T.copy(), dtype=torch.long) for ids in job.ids]
        self.targets = [torch.tensor(targets, dtype=torch.long) for targets in job.targets]
        self.batch = 0
        self.step_size = job.step_size
        self.parameters = list(self.weights.values())
        if self.lstm:
            self.parameters += self.lstm.parameters()
        self.choose_adam()

    def tie_lstm(self):
        """The cell's weights live in nn.LSTM, in its own layout."""
        cell = {path: self.weights.pop(f"cell.{path}").detach() for path in ("kernel", "recurrentKernel", "bias")}
        with torch.no_grad():
            self.lstm.weight_ih_l0.copy_(cell["kernel"].T)
            self.lstm.weight_hh_l0.copy_(cell["recurrentKernel"].T)
            self.lstm.bias_ih_l0.copy_(cell["bias"])
            self.lstm.bias_hh_l0.zero_()

    def choose_adam(self):
        """Whichever of fused and foreach Adam updates these parameters faster."""
        for parameter in self.parameters:
            parameter.grad = torch.zeros_like(parameter)
        times = {}
        for how in ("fused", "foreach"):
            # A step size of nothing leaves the weights as they are.
            adam = torch.optim.Adam(self.parameters, lr=0.0, **{how: True})
            times[how] = sorted(time_steps(adam.step, 30))[15]
        best = min(times, key=times.get)
        self.optimizer = torch.optim.Adam(self.parameters, lr=self.step_size, **{best: True})
        self.optimizer.zero_grad(set_to_none=True)
        self.mode += f", {best} Adam"

    def gradients(self, batch):
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.loss(self.weights, self.ids[batch], self.targets[batch])
        loss.backward()
        gradients = {path: weight.grad for path, weight in self.weights.items()}
        if self.lstm:
            gradients["cell.kernel"] = self.lstm.weight_ih_l0.grad.T
            gradients["cell.recurrentKernel"] = self.lstm.weight_hh_l0.grad.T
            gradients["cell.bias"] = self.lstm.bias_ih_l0.grad
        return loss.item(), {path: g.detach().numpy() for path, g in gradients.items()}

    def step(self):
        i = self.batch
        self.batch = (i + 1) % len(self.ids)
        self.optimizer.zero_grad(set_to_none=True)
        self.loss(self.weights, self.ids[i], self.targets[i]).backward()
        self.optimizer.step()

    def run(self, steps):
        return time_steps(self.step, steps)


if __name__ == "__main__":
    device = torch.backends.cpu.get_cpu_capability()
    serve({"versions": {"torch": torch.__version__}, "device": device}, Contender)
