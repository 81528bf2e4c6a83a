# Control networks (Zhang et al. 2023; diffusers controlnet_sd3.py): blocks like those of the transformer, which read the latents plus a
# control picture. Letters as in mmdit.ts.py, whose functions these use.
from dev.stanstudio.engine.types import Weights
from dev.stanstudio.sd3.mmdit.adapters import BlockAdapters
from dev.stanstudio.sd3.mmdit.images import no_images

# latents [B, C, H, W] -> tokens [B, N, d] without positions. p: patch size.
def embed_patches(self, latents: Tensor, weights: Weights, p: int) -> Tensor:
  weight, bias, = weights
  return torch.transpose(torch.flatten(torch.conv2d(latents, weight, bias, [p, p]), 2), 1, 2)

# A block that reads no text, for the whole batch at once or sample by sample. c: after SiLU.
def solo_block(self, x: Tensor, c: Tensor, sample: Weights, modulation: Weights, adapters: BlockAdapters, h: int) -> Tensor:
  if self.takes_batch(torch.size(x, 1), 0, torch.size(x, 2)):
    y = self.solo_rows(x, c, sample, modulation, adapters, h)
  else:
    rows: List[Tensor] = []
    for i in range(torch.size(x, 0)):
      row = self.solo_rows(torch.slice(x, 0, i, i + 1), torch.slice(c, 0, i, i + 1), sample, modulation, adapters, h)
      rows = torch.append(rows, row)
    y = torch.cat(rows, 0)
  return y

def solo_rows(self, x: Tensor, c: Tensor, sample: Weights, modulation: Weights, adapters: BlockAdapters, h: int) -> Tensor:
  qkv, out, up, down, = self.layers(sample, adapters, 0)
  norm1, = self.layers(modulation, adapters, 0)
  shift1, scale1, gate1, shift2, scale2, gate2, = self.modulation_of(c, norm1)
  attended = self.self_attention(self.layer_norm(x, scale1, shift1), qkv, out, annotate(List[Tensor], []), self.no_images(), h)
  y = self.gated(x, gate1, attended)
  return self.gated(y, gate2, self.feed_forward(self.layer_norm(y, scale2, shift2), up, down))

# The tokens that the transformer adds: (W x + b) * scale.
def control_output(self, x: Tensor, layer: Weights, scale: float) -> Tensor:
  weight, bias, = layer
  return self.project(x, weight, bias) * scale
