"""Bounded attacks: pictures changed so little that nobody sees it, and the network answers wrong.

Gradients are taken with respect to the picture alone; the networks stay as they were found.
"""

from collections.abc import Sequence
from contextlib import ExitStack

import numpy as np
import torch
from torch import nn
from tqdm.auto import tqdm

from helpers import imagenet, perturbations, recipes
from helpers.errors import CourseError
from helpers.pytorch.ideal import _only_looking, view
from helpers.pytorch.loading import from_numpy, to_numpy
from helpers.pytorch.networks import _device_of, probabilities


def attack(
    network: nn.Module | Sequence[nn.Module],
    pictures: np.ndarray,
    target: str | int,
    *,
    epsilon: float | None = 2 / 255,
    steps: int = 10,
    views: int = 0,
    seed: int = 0,
    batch_size: int = 16,
    progress: bool = True,
) -> np.ndarray:
    """Targeted projected gradient descent: float32 pictures (n, h, w, 3) in [0, 1].

    No value of any pixel is further than epsilon from the original (Mądry et al., "Towards Deep
    Learning Models Resistant to Adversarial Attacks", ICLR 2018,
    https://arxiv.org/abs/1706.06083). What fools anybody is what comes back from a file: see
    `helpers.perturbations.saved`; where epsilon is a multiple of 1/255 that keeps the bound too.

    network: one with an ImageNet head, or several to fool at once. pictures: (n, h, w, 3) or one
    (h, w, 3), uint8 or float in [0, 1]. target: the wanted class. epsilon: None is no bound but
    that of valid values. views: so many random views (`recipes.views`) are attacked at each step
    instead of the picture itself (Athalye et al., "Synthesizing Robust Adversarial Examples",
    ICML 2018).

    Raises CourseError: an unknown class, no picture, or an epsilon that is not above 0.
    """
    networks = [network] if isinstance(network, nn.Module) else list(network)
    number, originals = imagenet.find(target), perturbations.check(pictures)
    if epsilon is not None and not epsilon > 0:
        raise CourseError(f"epsilon={epsilon} changes nothing: choose a number above 0.")
    bound = 1.0 if epsilon is None else epsilon
    stride = 2.5 * min(bound, 16 / 255) / steps
    looks = recipes.views(steps, max(1, views), seed)
    finished, where = [], _device_of(networks[0])
    bar = tqdm(total=len(originals) * steps, desc="Attack", disable=not progress, leave=False)
    with ExitStack() as stack:
        stack.enter_context(bar)
        for one in networks:
            stack.enter_context(_only_looking(one))
        for start in range(0, len(originals), batch_size):
            original = from_numpy(originals[start : start + batch_size]).to(where)
            low, high = (original - bound).clamp(min=0), (original + bound).clamp(max=1)
            labels = torch.full((len(original),), number, device=where)
            x = original.clone()
            for step in range(steps):
                x.requires_grad_()
                loss = torch.zeros((), device=where)
                for seen in _seen(x, looks[step]) if views else (x,):
                    for one in networks:
                        loss = loss + nn.functional.cross_entropy(one(seen), labels)
                (gradient,) = torch.autograd.grad(loss, x)
                x = torch.clamp(x.detach() - stride * gradient.sign(), low, high)
                bar.update(len(x))
            finished.append(to_numpy(x))
    return np.concatenate(finished)


def one_step(
    network: nn.Module,
    pictures: np.ndarray,
    classes: Sequence[int],
    *,
    epsilon: float = 2 / 255,
) -> np.ndarray:
    """The fast gradient sign method, untargeted: one step away from each picture's own class.

    Goodfellow et al., "Explaining and Harnessing Adversarial Examples", ICLR 2015,
    https://arxiv.org/abs/1412.6572. classes: (n,), what the pictures show. Returns float32
    pictures (n, h, w, 3) in [0, 1]. Errors as in `attack`.
    """
    x = from_numpy(perturbations.check(pictures)).to(_device_of(network)).requires_grad_()
    labels = torch.as_tensor(np.asarray(classes, np.int64), device=x.device)
    with _only_looking(network):
        (gradient,) = torch.autograd.grad(nn.functional.cross_entropy(network(x), labels), x)
    return to_numpy((x.detach() + epsilon * gradient.sign()).clamp(0, 1))


def smallest_epsilon(
    network: nn.Module,
    picture: np.ndarray,
    target: str | int,
    *,
    steps: int = 10,
    precision: float = 0.05,
) -> float:
    """The smallest epsilon that makes the target the most probable class, in units of 1/255.

    Found by bisection between 0 and 16 without saving, where any fraction of a level counts.
    Raises CourseError where 16 is not enough.
    """
    number, low, high = imagenet.find(target), 0.0, 16.0

    def works(levels: float) -> bool:
        found = attack(network, picture, number, epsilon=levels / 255, steps=steps, progress=False)
        return probabilities(network, found)[0].argmax() == number

    if not works(high):
        raise CourseError(
            "An epsilon of 16/255 does not make this picture the wanted class: take more steps."
        )
    while high - low > precision:
        middle = (low + high) / 2
        low, high = (low, middle) if works(middle) else (middle, high)
    return high


def defended(
    network: nn.Module, pictures: np.ndarray, *, views: int = 8, seed: int = 1
) -> np.ndarray:
    """Mean probabilities over random views of each picture, float32 (n, classes).

    A small defence: a perturbation made for exact pixels suffers when they are resampled (Xie et
    al., "Mitigating Adversarial Effects Through Randomization", ICLR 2018).
    """
    x = from_numpy(perturbations.check(pictures))
    with torch.inference_mode():
        seen = [to_numpy(part) for part in _seen(x, recipes.views(1, views, seed)[0])]
    return np.mean([probabilities(network, part) for part in seen], 0)


def _seen(pictures: torch.Tensor, matrices: np.ndarray) -> list[torch.Tensor]:
    """All pictures through each of the matrices (views, 2, 3)."""
    return [view(pictures, np.repeat(m[None], len(pictures), 0)) for m in matrices]
