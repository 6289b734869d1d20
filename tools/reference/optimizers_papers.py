"""Optimizers that torch.optim does not have, written in torch from their papers' algorithms."""

import torch


class Lion(torch.optim.Optimizer):
    """Chen et al., arXiv:2302.06675, algorithm 2."""

    def __init__(self, params, lr, betas=(0.9, 0.99), weight_decay=0.0, foreach=None):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for parameter in group["params"]:
                gradient = parameter.grad
                moment = self.state[parameter].setdefault("moment", torch.zeros_like(parameter))
                direction = torch.sign(beta1 * moment + (1 - beta1) * gradient)
                parameter -= group["lr"] * (direction + group["weight_decay"] * parameter)
                moment.copy_(beta2 * moment + (1 - beta2) * gradient)


class LAMB(torch.optim.Optimizer):
    """You et al., arXiv:1904.00962, algorithm 2; phi is the identity, and the ratio is 1 where a norm is 0."""

    def __init__(self, params, lr, betas=(0.9, 0.999), eps=1e-6, weight_decay=0.0, foreach=None):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for parameter in group["params"]:
                gradient, state = parameter.grad, self.state[parameter]
                first = state.setdefault("first", torch.zeros_like(parameter))
                second = state.setdefault("second", torch.zeros_like(parameter))
                state["step"] = step = state.get("step", 0) + 1
                first.copy_(beta1 * first + (1 - beta1) * gradient)
                second.copy_(beta2 * second + (1 - beta2) * gradient ** 2)
                direction = first / (1 - beta1 ** step) / ((second / (1 - beta2 ** step)).sqrt() + group["eps"])
                direction += group["weight_decay"] * parameter
                sizes = parameter.norm().item(), direction.norm().item()
                ratio = sizes[0] / sizes[1] if all(size > 0 for size in sizes) else 1.0
                parameter -= group["lr"] * ratio * direction


class LARS(torch.optim.Optimizer):
    """You, Gitman and Ginsburg, arXiv:1708.03888, algorithm 1; the local rate is 1 where a norm is 0."""

    def __init__(self, params, lr, momentum=0.9, trust=0.001, weight_decay=0.0, foreach=None):
        super().__init__(params, dict(lr=lr, momentum=momentum, trust=trust, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            decay = group["weight_decay"]
            for parameter in group["params"]:
                gradient = parameter.grad
                velocity = self.state[parameter].setdefault("velocity", torch.zeros_like(parameter))
                size, steepness = parameter.norm().item(), gradient.norm().item()
                local = group["trust"] * size / (steepness + decay * size) if size > 0 and steepness > 0 else 1.0
                velocity.copy_(group["momentum"] * velocity + group["lr"] * local * (gradient + decay * parameter))
                parameter -= velocity
