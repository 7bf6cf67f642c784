"""Where a network looked."""

import numpy as np
import torch
from torch import nn

from helpers.pytorch.networks import _device_of, backbone_of


def grad_cam(network: nn.Sequential, pictures, classes) -> np.ndarray:
    """Grad-CAM: how much each place of the last stage speaks for a class, (n, h, w) in [0, 1].

    network: a backbone and a head. pictures: (n, 3, h, w) in [0, 1]. classes: (n,), one for each
    picture. The last stage's channels are weighed by the mean gradient of the class's logit and
    summed; what speaks against the class is cut off (Selvaraju et al., "Grad-CAM", ICCV 2017,
    https://arxiv.org/abs/1610.02391). Each map is scaled by its own maximum.
    """
    backbone = backbone_of(network)
    training = network.training
    network.eval()
    try:
        with torch.enable_grad():
            x = (pictures.to(_device_of(network)) - backbone.mean) / backbone.std
            seen = backbone.stages(x).detach().requires_grad_()
            logits = network.head(backbone.pool(seen))
            chosen = logits.gather(1, torch.as_tensor(np.asarray(classes))[:, None].to(x.device))
            (gradient,) = torch.autograd.grad(chosen.sum(), seen)
    finally:
        network.train(training)
    weights = gradient.mean((2, 3), keepdim=True)
    maps = (weights * seen.detach()).sum(1).clamp(min=0)
    return (maps / maps.amax((1, 2), keepdim=True).clamp(min=1e-12)).float().cpu().numpy()
