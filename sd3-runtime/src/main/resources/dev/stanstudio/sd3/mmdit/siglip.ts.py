# SigLIP's image tower (Zhai et al. 2023; transformers modeling_siglip.py): a vision transformer without a class token.
# Linear layers (project, project_gelu, wide) are in products*.ts.py. B batch, H W pixels, S patches, w width, h heads.
from dev.stanstudio.engine.norm import norm
from dev.stanstudio.engine.types import Weights
from dev.stanstudio.sd3.mmdit.sdpa import sdpa

# pixels [B, 3, H, W] -> features [B, S, w]. weights: patch weight and bias, position table [S, w]; p: patch size.
def embed_pixels(self, pixels: Tensor, weights: Weights, p: int) -> Tensor:
  patch_w, patch_b, table, = weights
  grid = torch.conv2d(self.wide(pixels), self.wide(patch_w), self.wide(patch_b), [p, p])
  return torch.to(torch.transpose(torch.flatten(grid, 2), 1, 2), ops.prim.dtype(pixels)) + table

# [B, S, w] -> [B, S, h, w/h], as attention multiplies it
def tower_heads(self, x: Tensor, h: int) -> Tensor:
  return torch.view(self.wide(x), [torch.size(x, 0), torch.size(x, 1), h, -1])

# A pre-norm block: x [B, S, w] -> [B, S, w]. weights: norm1, q, k, v, out, norm2, up, down, weight and bias each.
def tower_block(self, x: Tensor, weights: Weights, h: int, eps: float) -> Tensor:
  norm1_w, norm1_b, q_w, q_b, k_w, k_b, v_w, v_b, = torch.slice(weights, 0, 8)
  out_w, out_b, norm2_w, norm2_b, up_w, up_b, down_w, down_b, = torch.slice(weights, 8, 16)
  n = self.norm(x, norm1_w, norm1_b, eps)
  q = self.tower_heads(self.project(n, q_w, q_b), h)
  k = self.tower_heads(self.project(n, k_w, k_b), h)
  v = self.tower_heads(self.project(n, v_w, v_b), h)
  attended = torch.to(self.sdpa(q, k, v, None), ops.prim.dtype(x))
  y = x + self.project(attended, out_w, out_b)
  m = self.norm(y, norm2_w, norm2_b, eps)
  return y + self.project(self.project_gelu(m, up_w, up_b), down_w, down_b)
