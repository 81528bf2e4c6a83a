"""A tiny autoencoder as diffusers and as its author store it, and what diffusers' decodes with it.

    python docs/reference/previews.py sd3-runtime/src/test/resources/reference
"""

import pathlib
import sys

import torch
from diffusers import AutoencoderTiny
from safetensors.torch import save_file

import models

WIDTHS = (8, 8, 8, 8)
LEAST_EFFECT = 1e-3


def build(channels, seed):
    network = AutoencoderTiny(latent_channels=channels, encoder_block_out_channels=WIDTHS, decoder_block_out_channels=WIDTHS)
    models.fill(network, seed, {})
    return network.eval()


@torch.no_grad()
def run(root):
    folder = root / "previews"
    network = build(16, 90)
    network.save_pretrained(folder / "taesd3")
    decoder = network.decoder.layers.state_dict()
    # the author's file begins with the layer that limits latents, which diffusers does not count
    numbered = {".".join([str(int(name.split(".")[0]) + 1), *name.split(".")[1:]]): x for name, x in decoder.items()}
    save_file({name: x.contiguous() for name, x in numbered.items()}, folder / "taesd3_decoder.safetensors")
    save_file({name: x.contiguous() for name, x in build(4, 91).decoder.layers.state_dict().items()}, folder / "taesd_decoder.safetensors")
    latents = 2 * torch.randn(1, 16, 5, 7, generator=torch.Generator().manual_seed(4))
    picture = (network.decode(latents).sample + 1) / 2
    print("own error", ((network.double().decode(latents.double()).sample + 1) / 2 - picture).abs().max().item())
    network.float()
    for name, tensor in network.decoder.state_dict().items():
        kept = tensor.clone()
        tensor.mul_(1.5).add_(0.05)
        effect = ((network.decode(latents).sample + 1) / 2 - picture).abs().max().item()
        tensor.copy_(kept)
        assert effect > LEAST_EFFECT, (name, effect)
    save_file({"latents": latents, "picture": picture.contiguous()}, folder / "answers.safetensors")


if __name__ == "__main__":
    torch.set_num_threads(1)
    run(pathlib.Path(sys.argv[1]))
