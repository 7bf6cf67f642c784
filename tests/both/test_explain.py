import numpy as np


def test_a_map_shows_where_the_class_is(framework):
    """Half of the picture is a photograph of a cat, half is grey: the cat's half speaks for it."""
    from skimage.data import chelsea

    cat = np.asarray(chelsea())[20:244, 90:314].astype(np.float32) / 255
    pictures = np.full((2, 224, 448, 3), 0.5, np.float32)
    pictures[0, :, :224], pictures[1, :, 224:] = cat, cat
    network = framework.networks.load()
    tensor = framework.loading.from_numpy(pictures)
    maps = framework.explain.grad_cam(network, tensor, [285, 285])
    assert maps.shape == (2, 7, 14) and maps.dtype == np.float32
    assert maps.min() >= 0 and np.allclose(maps.max((1, 2)), 1)
    left, right = maps[:, :, :7].mean((1, 2)), maps[:, :, 7:].mean((1, 2))
    assert left[0] > 2 * right[0] and right[1] > 2 * left[1]
