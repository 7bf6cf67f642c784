"""PyTorch: the course's paths beside the usual ones. `python with_pytorch.py PHOTOGRAPHS`"""

import copy
import sys
import tempfile

import foolbox
import numpy as np
import torch
from server import class_folders, photographs, serve
from torch import nn
from torchvision import transforms
from torchvision.datasets import ImageFolder

from helpers import engine as engines
from helpers import imagenet
from helpers.data.decoding import as_float, decode_many
from helpers.evaluation import cosine
from helpers.precision import resolve
from helpers.pytorch import adversarial, features, ideal, loading, networks, training

EPOCHS = 5
STORE = tempfile.mkdtemp()
SMALL = {"progress": False}

some = photographs(int(sys.argv[1]))
labels = np.array(some.labels)
half = len(some) // 2
body = networks.backbone()
info = body.info
decoded = decode_many(some.paths, info.size, info.crop)
plain = networks.backbone().to(memory_format=torch.contiguous_format).requires_grad_(False)
transform = transforms.Compose(
    [transforms.Resize(256), transforms.CenterCrop(info.size), transforms.ToTensor()]
)
usual = torch.utils.data.DataLoader(ImageFolder(class_folders(some), transform), batch_size=32)
exact = features.extract(body, some, precision="float32", folder=tempfile.mkdtemp(), **SMALL)


def course(precision="auto"):
    found = features.extract(body, some, precision=precision, folder=tempfile.mkdtemp(), **SMALL)
    return {"cosine": float(cosine(found, exact).min())}


def compiled(precision="auto"):
    features._engine(body, decoded.shape[1:], resolve(precision))


def compile_anew():
    engines._last.clear()
    compiled()


def tutorial():
    with torch.no_grad():
        for pictures, _ in usual:
            plain(pictures)


def forward_only(precision="auto"):
    parts = [decoded[i : i + 16] for i in range(0, len(decoded), 16)]
    for _ in features._many(body, parts, precision):
        pass


def from_the_start():
    """Features of every photograph and five epochs; the engine is compiled anew."""
    engines._last.clear()
    return five_epochs(tempfile.mkdtemp())


def again():
    """The same in a second run: the features are on disk."""
    return five_epochs(STORE)


def five_epochs(folder):
    matrix = features.extract(body, some, folder=folder, **SMALL)
    head = networks.head_of(networks.classifier(body, 2))
    rows = [slice(0, half), slice(half, None)]
    train, held = (loading.feature_batches(matrix[r], labels[r]) for r in rows)
    training.fit(head, train, held, epochs=EPOCHS, learning_rate=1e-2, **SMALL)
    return {"accuracy": training.evaluate(head, held).accuracy}


def tutorial_loop():
    """The frozen network looks at every photograph in every epoch."""
    torch.manual_seed(0)
    network = nn.Sequential(plain, nn.Linear(info.features, 2))
    data = ImageFolder(class_folders(some), transform)
    order = np.argsort([int(path.rsplit("/", 1)[-1].split(".")[0]) for path, _ in data.samples])
    parts = [torch.utils.data.Subset(data, o.tolist()) for o in (order[:half], order[half:])]
    train, held = (torch.utils.data.DataLoader(part, batch_size=32) for part in parts)
    optimiser = torch.optim.Adam(network[1].parameters(), lr=1e-2)
    for _ in range(EPOCHS):
        for pictures, truth in train:
            optimiser.zero_grad()
            nn.functional.cross_entropy(network(pictures), truth).backward()
            optimiser.step()
        right = 0
        with torch.no_grad():
            for pictures, truth in held:
                right += (network(pictures).argmax(1) == truth).sum().item()
    return {"accuracy": right / (len(some) - half)}


whole = networks.load()
frozen = copy.deepcopy(whole).requires_grad_(False)  # foolbox takes gradients of all that is free
victims = as_float(decoded[:8])
siamese = imagenet.find("Siamese cat")


def attack():
    found = adversarial.attack(whole, victims, siamese, epsilon=2 / 255, steps=10, **SMALL)
    return {"success": float(answers(found).mean())}


def attack_of_foolbox():
    model = foolbox.PyTorchModel(frozen, bounds=(0, 1))
    goal = foolbox.criteria.TargetedMisclassification(torch.full((len(victims),), siamese))
    pgd = foolbox.attacks.LinfPGD(rel_stepsize=2.5 / 10, steps=10, random_start=False)
    _, (found,), _ = pgd(model, loading.from_numpy(victims), goal, epsilons=[2 / 255])
    return {"success": float(answers(loading.to_numpy(found)).mean())}


def answers(pictures):
    with torch.inference_mode():
        return (whole(loading.from_numpy(pictures)).argmax(1) == siamese).numpy()


def ideal_picture():
    painting = ideal.paint(whole, siamese, **SMALL)
    return {"score": float(np.max(painting.scores))}


serve(
    {
        "course": course,
        "course, float32": lambda: course("float32"),
        "compiling the network": compile_anew,
        "tutorial": tutorial,
        "forward only": forward_only,
        "forward only, float32": lambda: forward_only("float32"),
        "five epochs, course": from_the_start,
        "five epochs, features stored": again,
        "five epochs, tutorial": tutorial_loop,
        "attack, course": attack,
        "attack, foolbox": attack_of_foolbox,
        "ideal picture": ideal_picture,
    },
    {
        name: lambda precision=precision: compiled(precision)
        for base in ("course", "forward only")
        for name, precision in ((base, "auto"), (f"{base}, float32", "float32"))
    },
)
