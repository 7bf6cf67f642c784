"""Gradient ascent on a picture: what a network finds most like a class, or what a channel seeks.

The weights are only looked through. Gradients are taken with respect to the picture alone, so
nothing is attached to the network, and what is changed for the time of painting (evaluation mode,
hooks) is put back, also after an interrupt.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import torch
from torch import nn
from tqdm.auto import tqdm

from helpers import imagenet, recipes
from helpers.errors import CourseError
from helpers.pytorch.loading import to_numpy
from helpers.pytorch.networks import _device_of, info_of, probabilities, stage
from helpers.recipes import Painting, Recipe


def paint(
    network: nn.Module,
    target: str | int,
    recipe: str | Recipe = "best",
    *,
    size: int | None = None,
    seed: int = 0,
    stills: int = 0,
    progress: bool = True,
) -> Painting:
    """The ideal picture of an ImageNet class. Its scores are the class's probabilities.

    network: with an ImageNet head. target: a class's name or number. recipe: one of
    `helpers.recipes.RECIPES`, or your own. size: height and width in pixels, by default what the
    network was trained on. stills: so many pictures from the way are kept.

    Raises CourseError: an unknown class, recipe, or a size below 32.
    """
    number, chosen = imagenet.find(target), recipes.recipe(recipe)
    size = size or info_of(network).size

    def loss_of(logits: torch.Tensor) -> torch.Tensor:
        if chosen.logit:
            return -logits[:, number].mean()
        labels = torch.full((len(logits),), number, device=logits.device)
        return nn.functional.cross_entropy(logits, labels)

    def describe(logits: torch.Tensor) -> dict[str, str]:
        return {"probability": f"{logits.softmax(1)[0, number].item():.3f}"}

    with _only_looking(network):
        pictures, seconds, kept = _ascend(
            network, loss_of, describe, chosen, chosen.batch, size, seed, stills, progress
        )
    return Painting(pictures, probabilities(network, pictures)[:, number], seconds, kept)


def paint_channels(
    network: nn.Module,
    stage_name: str,
    channels: Sequence[int],
    recipe: str | Recipe = "channel",
    *,
    size: int = 128,
    seed: int = 0,
    progress: bool = True,
) -> Painting:
    """What single channels of a stage look for: one picture each, scored by mean activation.

    Raises CourseError: a stage or channel the network does not have, or a size below 32.
    """
    chosen = recipes.recipe(recipe).but(statistics=0.0)
    part, seen = stage(network, stage_name), [None]

    def score_of(_: torch.Tensor | None = None) -> torch.Tensor:
        if max(channels) >= seen[-1].shape[1] or min(channels) < 0:
            raise CourseError(
                f"{stage_name} has no channel {max(channels, key=abs)}: "
                f"it has channels 0 to {seen[-1].shape[1] - 1}."
            )
        index = torch.arange(len(channels))
        return seen[-1][index, list(channels)].float().mean((1, 2))

    def describe(_: torch.Tensor) -> dict[str, str]:
        return {"activation": f"{score_of().mean().item():.2f}"}

    hook = part.register_forward_hook(lambda module, inputs, output: seen.__setitem__(0, output))
    try:
        with _only_looking(network):
            pictures, seconds, kept = _ascend(
                network,
                lambda logits: -score_of().mean(),
                describe,
                chosen,
                len(channels),
                size,
                seed,
                0,
                progress,
            )
            probabilities(network, pictures)
        scores = score_of().detach().cpu().numpy()
    finally:
        hook.remove()
    return Painting(pictures, scores, seconds, kept)


def variation_loss(pictures: torch.Tensor) -> torch.Tensor:
    """The sum of all differences between neighbouring values, the mean over pictures (n, 3, h, w).

    Also called total variation (Rudin, Osher, Fatemi, Physica D 1992).
    """
    down = (pictures[:, :, 1:] - pictures[:, :, :-1]).abs().sum()
    across = (pictures[:, :, :, 1:] - pictures[:, :, :, :-1]).abs().sum()
    return (down + across) / len(pictures)


def from_coefficients(coefficients: torch.Tensor) -> torch.Tensor:
    """Fourier coefficients (n, 3, size, size // 2 + 1, 2) to pictures (n, 3, size, size) in [0, 1].

    See `helpers.recipes.start` and `helpers.recipes.scale`.
    """
    size, where = coefficients.shape[2], coefficients.device
    weights = torch.view_as_complex(coefficients) * torch.from_numpy(recipes.scale(size)).to(where)
    planes = torch.fft.irfft2(weights, s=(size, size), norm="ortho")
    colours = torch.from_numpy(recipes.COLOURS).to(where)
    mixed = torch.einsum("nchw,rc->nrhw", planes, colours)
    return torch.sigmoid(recipes.CONTRAST * mixed)


def view(pictures: torch.Tensor, matrices) -> torch.Tensor:
    """Pictures (n, 3, h, w) as seen through `helpers.recipes.views`: matrices (n, 2, 3).

    Bilinear; beyond its edges a picture is grey.
    """
    matrices = torch.as_tensor(matrices, device=pictures.device)
    places = nn.functional.affine_grid(matrices, list(pictures.shape), align_corners=False)
    return nn.functional.grid_sample(pictures - 0.5, places, align_corners=False) + 0.5


def _ascend(
    network: nn.Module,
    loss_of: Callable[[torch.Tensor], torch.Tensor],
    describe: Callable[[torch.Tensor], dict[str, str]],
    recipe: Recipe,
    count: int,
    size: int,
    seed: int,
    stills: int,
    progress: bool,
) -> tuple[np.ndarray, float, dict[int, np.ndarray]]:
    """The loop: pictures uint8 (count, size, size, 3), seconds, stills of the first one."""
    if size < 32:
        raise CourseError(f"A picture of {size} pixels is too small: choose a size of 32 or more.")
    started, where = time.perf_counter(), _device_of(network)
    wanted, kept = recipes.keep(recipe.steps, stills), {}
    looks = recipes.views(recipe.steps, count, seed)
    x = torch.from_numpy(recipes.start(recipe, count, size, seed)).to(where)
    if not recipe.fourier:
        x = x.permute(0, 3, 1, 2).contiguous()
    x.requires_grad_()
    render = from_coefficients if recipe.fourier else torch.clone
    optimiser = torch.optim.Adam([x], recipe.learning_rate)
    bar = tqdm(range(recipe.steps), desc="Painting", disable=not progress, leave=False)
    with bar, _statistics(network, recipe.statistics > 0) as distances:
        for step in bar:
            if step in wanted:
                kept[step] = _as_bytes(render(x))[0]
            distances.clear()
            pictures = render(x)
            seen = view(pictures, looks[step]) if recipe.views else pictures
            logits = network(seen.contiguous(memory_format=torch.channels_last))
            loss = loss_of(logits)
            if recipe.variation:
                loss = loss + recipe.variation * variation_loss(pictures)
            if recipe.statistics:
                loss = loss + recipe.statistics * torch.stack(distances).sum()
            (x.grad,) = torch.autograd.grad(loss, x)
            optimiser.param_groups[0]["lr"] = recipes.rate(recipe, step)
            optimiser.step()
            if not recipe.fourier:
                x.data.clamp_(0, 1)
            if progress and step % 10 == 0:
                bar.set_postfix(describe(logits.detach()))
    finished = _as_bytes(render(x))
    if recipe.steps in wanted:
        kept[recipe.steps] = finished[0]
    return finished, time.perf_counter() - started, kept


def _as_bytes(pictures: torch.Tensor) -> np.ndarray:
    return np.round(to_numpy(pictures) * 255).astype(np.uint8)


@contextmanager
def _only_looking(network: nn.Module) -> Iterator[None]:
    """Evaluation mode inside; afterwards each module is in the mode it was in."""
    modes = [(module, module.training) for module in network.modules()]
    network.eval()
    try:
        with torch.enable_grad():
            yield
    finally:
        for module, mode in modes:
            module.training = mode


@contextmanager
def _statistics(network: nn.Module, wanted: bool) -> Iterator[list[torch.Tensor]]:
    """A list that each look through the network adds to: a distance for each batch normalisation.

    The distance is between mean and variance of the layer's inputs and those it remembers.
    """
    found: list[torch.Tensor] = []

    def measure(layer, inputs, output) -> None:
        x = inputs[0].float()
        mean, variance = x.mean((0, 2, 3)), x.var((0, 2, 3), correction=0)
        found.append((mean - layer.running_mean).norm() + (variance - layer.running_var).norm())

    layers = [m for m in network.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)]
    hooks = [layer.register_forward_hook(measure) for layer in layers if wanted]
    try:
        yield found
    finally:
        for hook in hooks:
            hook.remove()
