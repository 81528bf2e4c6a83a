# MMDiT, the transformer of Stable Diffusion 3 (Esser et al. 2024, section 4; diffusers transformer_sd3.py, attention.py).
# B batch, N image tokens, M text tokens, d width, h heads, D = d/h. "sample" is the image stream, "context" the text stream.
# Weight lists hold [weight, bias] pairs; see MmditBlock for their order. What a kind of device does in its own way (arrange,
# project, project_gelu, layer_norm, gated, attend, block) stands in kernels.ts.py, kernels-onednn.ts.py and bf16-*.ts.py, or
# kernels-training.ts.py.
#
# Every product with a weight is `adapted`: the product and what adapters add to it (no-adapters.ts.py, or the text that a kind of
# adapters brings). `a` holds a list of adapters for each product, see MmditSlot: in a block 0 qkv, 1 out, 2 up, 3 down of the sample,
# 4 to 7 of the context, 8 qkv and 9 out of the second attention, 10 and 11 the modulations.

def rms_norm(self, x: Tensor, w: Tensor) -> Tensor:
  # over the D numbers of a head; the mean square is taken in fp32 and the result rounded before the weight is applied
  f = torch.to(x, 6)
  y = f * torch.rsqrt(torch.mean(torch.pow(f, 2), [-1], True) + 1e-06)
  return torch.to(y, ops.prim.dtype(w)) * w

def feed_forward(self, x: Tensor, w: List[Tensor], up: List[Tuple[List[int], List[float], List[Tensor], List[Tensor], List[Tensor]]], down: List[Tuple[List[int], List[float], List[Tensor], List[Tensor], List[Tensor]]]) -> Tensor:
  # w: up weight, bias, down weight, bias
  if torch.len(up) == 0:
    h = self.project_gelu(x, w[0], w[1])
  else:
    h = torch.gelu(self.adapted(x, w[0], w[1], up), approximate="tanh")
  return self.adapted(h, w[2], w[3], down)

def heads_of(self, qkv: Tensor, h: int, norm_q: Optional[Tensor], norm_k: Optional[Tensor]) -> Tuple[Tensor, Tensor, Tensor]:
  # [B, T, 3d] -> q, k, v [B, T, h, D], q and k normalised per head where the model does so
  split = torch.view(qkv, [torch.size(qkv, 0), torch.size(qkv, 1), 3, h, -1])
  q = torch.select(split, 2, 0)
  k = torch.select(split, 2, 1)
  if torch.__isnot__(norm_q, None):
    q = self.rms_norm(q, unchecked_cast(Tensor, norm_q))
    k = self.rms_norm(k, unchecked_cast(Tensor, norm_k))
  return (q, k, torch.select(split, 2, 2))

# The attention over both streams: sample tokens first, then context tokens.
def joint_attention(self, x: Tensor, e: Tensor, sample: List[Tensor], context: List[Tensor], norm: List[Tensor], a: List[List[Tuple[List[int], List[float], List[Tensor], List[Tensor], List[Tensor]]]], bias: Optional[Tensor], h: int) -> Tensor:
  normed = torch.len(norm) == 4
  nq: Optional[Tensor] = None
  nk: Optional[Tensor] = None
  cq: Optional[Tensor] = None
  ck: Optional[Tensor] = None
  if normed:
    nq = norm[0]
    nk = norm[1]
    cq = norm[2]
    ck = norm[3]
    q, k, v, = self.heads_of(self.adapted(x, sample[0], sample[1], a[0]), h, nq, nk)
    q2, k2, v2, = self.heads_of(self.adapted(e, context[0], context[1], a[4]), h, cq, ck)
    y = self.attend(torch.cat([q, q2], 1), torch.cat([k, k2], 1), torch.cat([v, v2], 1), bias)
  else:
    both = torch.cat([self.adapted(x, sample[0], sample[1], a[0]), self.adapted(e, context[0], context[1], a[4])], 1)
    q3, k3, v3, = self.heads_of(both, h, None, None)
    y = self.attend(q3, k3, v3, bias)
  return y

def self_attention(self, x: Tensor, dual: List[Tensor], a: List[List[Tuple[List[int], List[float], List[Tensor], List[Tensor], List[Tensor]]]], h: int) -> Tensor:
  nq: Optional[Tensor] = None
  nk: Optional[Tensor] = None
  if torch.len(dual) == 6:
    nq = dual[4]
    nk = dual[5]
  q, k, v, = self.heads_of(self.adapted(x, dual[0], dual[1], a[8]), h, nq, nk)
  return self.adapted(self.attend(q, k, v, None), dual[2], dual[3], a[9])

# One joint block (Esser et al. 2024, figure 2b). sample 8 tensors, context 8 (2 in the last block, whose context output is not
# used), norm 4 or 0, dual 6, 4 or 0. m, mc: the pieces [B, 1, d] of both modulations. Returns the new x and e.
def joint_block(self, x: Tensor, e: Tensor, m: List[Tensor], mc: List[Tensor], sample: List[Tensor], context: List[Tensor], norm: List[Tensor], dual: List[Tensor], a: List[List[Tuple[List[int], List[float], List[Tensor], List[Tensor], List[Tensor]]]], bias: Optional[Tensor], h: int) -> Tuple[Tensor, Tensor]:
  N = torch.size(x, 1)
  last = torch.len(context) == 2
  n = self.layer_norm(x, m[1], m[0])
  if last:
    ne = self.layer_norm(e, mc[0], mc[1])
  else:
    ne = self.layer_norm(e, mc[1], mc[0])
  attended = self.joint_attention(n, ne, sample, context, norm, a, bias, h)
  y = self.gated(x, m[2], self.adapted(torch.slice(attended, 1, 0, N), sample[2], sample[3], a[1]))
  if torch.len(dual) != 0:
    n2 = self.layer_norm(x, m[7], m[6])
    y = self.gated(y, m[8], self.self_attention(n2, dual, a, h))
  y = self.gated(y, m[5], self.feed_forward(self.layer_norm(y, m[4], m[3]), torch.slice(sample, 4), a[2], a[3]))
  z = e
  if not last:
    z = self.gated(e, mc[2], self.adapted(torch.slice(attended, 1, N), context[2], context[3], a[5]))
    z = self.gated(z, mc[5], self.feed_forward(self.layer_norm(z, mc[4], mc[3]), torch.slice(context, 4), a[6], a[7]))
  return (y, z)

# The pieces of a modulation, [B, d] -> [B, 1, d] each. c [B, d]: conditioning after SiLU.
def modulation_of(self, c: Tensor, w: Tensor, b: Tensor, adapters: List[Tuple[List[int], List[float], List[Tensor], List[Tensor], List[Tensor]]]) -> List[Tensor]:
  m = torch.unsqueeze(self.adapted(c, w, b, adapters), 1)
  return torch.chunk(m, torch.floordiv(torch.size(w, 0), torch.size(w, 1)), 2)

# latents [B, C, H, W] -> tokens [B, N, d] with the centre of the position table added. outer: pos_embed, proj weight, proj bias.
def embed_latents(self, latents: Tensor, outer: List[Tensor], p: int, table: int) -> Tensor:
  x = torch.conv2d(latents, outer[1], outer[2], [p, p])
  H = torch.size(x, 2)
  W = torch.size(x, 3)
  top = torch.floordiv(table - H, 2)
  left = torch.floordiv(table - W, 2)
  pos = torch.view(outer[0], [1, table, table, -1])
  pos = torch.slice(torch.slice(pos, 1, top, top + H), 2, left, left + W)
  x = torch.transpose(torch.flatten(x, 2), 1, 2)
  return torch.to(x + torch.flatten(pos, 1, 2), ops.prim.dtype(x))

# Outside of blocks a[0] is of the context embedding, 1 and 2 of the timestep's MLP, 3 and 4 of the text's, 5 and 6 of the head.
def embed_context(self, e: Tensor, w: Tensor, b: Tensor, a: List[List[Tuple[List[int], List[float], List[Tensor], List[Tensor], List[Tensor]]]]) -> Tensor:
  return self.adapted(e, w, b, a[0])

# two linears with SiLU between: w = [w1, b1, w2, b2], a[first] and a[first + 1]
def mlp(self, x: Tensor, w: List[Tensor], a: List[List[Tuple[List[int], List[float], List[Tensor], List[Tensor], List[Tensor]]]], first: int) -> Tensor:
  return self.adapted(torch.silu(self.adapted(x, w[0], w[1], a[first])), w[2], w[3], a[first + 1])

# timesteps [B] fp32 -> [B, 256]: cosines, then sines, of t * 10000^(-k/128)
def sinusoid(self, t: Tensor, dtype: int) -> Tensor:
  k = torch.arange(128, dtype=6, device=ops.prim.device(t))
  f = torch.exp(k * -0.07195578415606394)
  a = torch.unsqueeze(t, 1) * torch.unsqueeze(f, 0)
  return torch.to(torch.cat([torch.cos(a), torch.sin(a)], 1), dtype)

# SiLU(MLP(sinusoid(t)) + text): what every block's modulation reads. text [B, d] = MLP(pooled).
def conditioning(self, timesteps: List[float], text: Tensor, time: List[Tensor], a: List[List[Tuple[List[int], List[float], List[Tensor], List[Tensor], List[Tensor]]]]) -> Tensor:
  t = torch.tensor(timesteps, dtype=6, device=ops.prim.device(text))
  return torch.silu(self.mlp(self.sinusoid(t, ops.prim.dtype(text)), time, a, 1) + text)

# final norm, projection and unpatchify: [B, N, d] -> [B, C, H, W]. head: norm_out weight, bias, proj_out weight, bias.
def head(self, x: Tensor, c: Tensor, head: List[Tensor], a: List[List[Tuple[List[int], List[float], List[Tensor], List[Tensor], List[Tensor]]]], p: int, height: int, width: int) -> Tensor:
  m = self.modulation_of(c, head[0], head[1], a[5])
  y = self.adapted(self.layer_norm(x, m[0], m[1]), head[2], head[3], a[6])
  B = torch.size(x, 0)
  y = torch.view(y, [B, torch.floordiv(height, p), torch.floordiv(width, p), p, p, -1])
  return torch.reshape(torch.permute(y, [0, 5, 1, 3, 2, 4]), [B, -1, height, width])

# Attention bias that counts the last of T tokens `times` times.
def repeat_bias(self, x: Tensor, tokens: int, times: int) -> Tensor:
  b = torch.zeros([1, 1, 1, tokens], dtype=ops.prim.dtype(x), device=ops.prim.device(x))
  last = torch.slice(b, 3, tokens - 1)
  w = torch.fill_(last, torch.log(times))
  return b

# qkv of one attention in one matrix: [q, k, v] along the rows
def fuse(self, parts: List[Tensor]) -> Tensor:
  return torch.cat(parts, 0)
