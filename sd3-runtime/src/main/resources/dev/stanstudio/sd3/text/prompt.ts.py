# The prompt that the transformer reads (diffusers encode_prompt). B batch, d joint width.

# CLIP-L and CLIP-G states side by side, zeros up to the joint width, then T5's states below
def join(self, l: Tensor, g: Tensor, t: Tensor, d: int) -> Tensor:
  clip = torch.cat([l, g], -1)
  clip = torch.constant_pad_nd(clip, [0, d - torch.size(clip, -1)], 0.)
  return torch.cat([clip, torch.to(t, ops.prim.dtype(clip))], 1)

def side_by_side(self, l: Tensor, g: Tensor) -> Tensor:
  return torch.cat([l, g], -1)

def zero_token(self, like: Tensor, d: int) -> Tensor:
  return torch.zeros([torch.size(like, 0), 1, d], dtype=ops.prim.dtype(like), device=ops.prim.device(like))

def repeat(self, token: Tensor, times: int) -> Tensor:
  return torch.repeat_interleave(token, times, 1)

# States x [k, T, d] of k chunks, each token times its weight w [k, T, 1] -> [1, k * T, d] (sd_embed, get_weighted_text_embeddings_sd3)
def weigh(self, x: Tensor, w: Tensor) -> Tensor:
  return torch.reshape(x * w, [1, -1, torch.size(x, -1)])
