# MMDiT, the transformer of Stable Diffusion 3 (Esser et al. 2024, section 4; diffusers transformer_sd3.py, attention.py).
# B batch, N image tokens, M text tokens, d width, h heads, D = d/h. x [B, N, d] is the image stream ("sample"), e [B, M, d] the text
# stream ("context"), c [B, d] the conditioning by timestep and pooled text.
#
# Functions that differ between devices are in other texts: project, project_gelu (products*.ts.py of the engine, kernels-onednn.ts.py),
# layer_norm, gated, takes_batch (kernels*.ts.py), arrange and attend (attention.ts.py, bf16-*.ts.py, kernels-training.ts.py). `adapted`,
# a linear layer with its adapters, is in no-adapters.ts.py or in the text of a kind of adapters (project.ts.py).
from dev.stanstudio.engine.numbers import numbers_like
from dev.stanstudio.engine.types import FP32, Weights
from dev.stanstudio.sd3.mmdit.adapters import Adapters, BlockAdapters
from dev.stanstudio.sd3.mmdit.images import Images, plus_seen, seen

# A linear layer: weight [out, in], bias [out] and the adapters on it.
Linear = Tuple[Tensor, Tensor, Adapters]

# Index of the first layer of each group in the adapters of a block, in the order of MmditSlot.InBlock.
SAMPLE = 0
CONTEXT = 4
DUAL = 8
MODULATION = 10

# The same outside of blocks, in the order of MmditSlot.Outside.
CONTEXT_EMBEDDER = 0
TIMESTEP_EMBEDDER = 1
TEXT_EMBEDDER = 3
HEAD = 5

# The sinusoid of a timestep: number of frequencies, and the logarithm of the ratio of two neighbouring ones, -ln(10000) / 128.
FREQUENCIES = 128
LOG_RATIO = -0.07195578415606394

# weights [weight, bias, weight, bias, ...] with their adapters, which begin at index `first`
def layers(self, weights: Weights, adapters: BlockAdapters, first: int) -> List[Linear]:
  layers: List[Linear] = []
  for i in range(torch.floordiv(torch.len(weights), 2)):
    layers = torch.append(layers, (weights[2 * i], weights[2 * i + 1], adapters[first + i]))
  return layers

# W x + b, and what the layer's adapters add
def linear(self, x: Tensor, layer: Linear) -> Tensor:
  weight, bias, adapters, = layer
  return self.adapted(x, weight, bias, adapters)

def feed_forward(self, x: Tensor, up: Linear, down: Linear) -> Tensor:
  weight, bias, adapters, = up
  if torch.len(adapters) == 0:
    hidden = self.project_gelu(x, weight, bias)
  else:
    hidden = torch.gelu(self.linear(x, up), approximate="tanh")
  return self.linear(hidden, down)

# over the D numbers of a head; the mean square is taken in fp32 and the result rounded before the weight is applied
def rms_norm(self, x: Tensor, weight: Tensor) -> Tensor:
  f = torch.to(x, FP32)
  y = f * torch.rsqrt(torch.mean(torch.pow(f, 2), [-1], True) + 1e-06)
  return torch.to(y, ops.prim.dtype(weight)) * weight

# qkv [B, T, 3d] -> q, k, v [B, T, h, D]. norms: the weights of q's and k's norm, or none.
def heads_of(self, qkv: Tensor, h: int, norms: Weights) -> Tuple[Tensor, Tensor, Tensor]:
  split = torch.view(qkv, [torch.size(qkv, 0), torch.size(qkv, 1), 3, h, -1])
  q = torch.select(split, 2, 0)
  k = torch.select(split, 2, 1)
  v = torch.select(split, 2, 2)
  if torch.len(norms) != 0:
    norm_q, norm_k, = norms
    q = self.rms_norm(q, norm_q)
    k = self.rms_norm(k, norm_k)
  return (q, k, v)

# The attention over both streams, image tokens first: x [B, N, d], e [B, M, d] -> the same shapes.
# norms: the weights for q and k of the image, q and k of the text, or none; images: what the image stream sees beside, or none.
def joint_attention(self, x: Tensor, e: Tensor, x_qkv: Linear, e_qkv: Linear, norms: Weights, images: Images, bias: Optional[Tensor], h: int) -> Tuple[Tensor, Tensor]:
  N = torch.size(x, 1)
  own = self.linear(x, x_qkv)
  seen = self.seen(own, images, h)
  if torch.len(norms) != 0:
    x_q, x_k, x_v, = self.heads_of(own, h, torch.slice(norms, 0, 2))
    e_q, e_k, e_v, = self.heads_of(self.linear(e, e_qkv), h, torch.slice(norms, 2, 4))
    attended = self.attend(torch.cat([x_q, e_q], 1), torch.cat([x_k, e_k], 1), torch.cat([x_v, e_v], 1), bias)
  else:
    qkv = torch.cat([own, self.linear(e, e_qkv)], 1)
    q, k, v, = self.heads_of(qkv, h, norms)
    attended = self.attend(q, k, v, bias)
  return (self.plus_seen(torch.slice(attended, 1, 0, N), seen), torch.slice(attended, 1, N))

# The second attention of a dual block, of the image stream alone.
def self_attention(self, x: Tensor, qkv: Linear, out: Linear, norms: Weights, images: Images, h: int) -> Tensor:
  own = self.linear(x, qkv)
  seen = self.seen(own, images, h)
  q, k, v, = self.heads_of(own, h, norms)
  return self.linear(self.plus_seen(self.attend(q, k, v, None), seen), out)

# One joint block (Esser et al. 2024, figure 2b) -> the new x and e. x_modulation, e_modulation: pieces [B, 1, d] of `modulation_of`.
# sample: qkv, out, up and down of the image stream; context: the same of the text stream, or qkv alone in the last block, whose text
# stream is not used. dual: qkv and out of a second attention with its norms, or none. images: an entry for each attention, or none.
def joint_block(self, x: Tensor, e: Tensor, x_modulation: List[Tensor], e_modulation: List[Tensor], sample: List[Linear], context: List[Linear], norms: Weights, dual: List[Linear], dual_norms: Weights, images: Images, bias: Optional[Tensor], h: int) -> Tuple[Tensor, Tensor]:
  last = torch.len(context) == 1
  x_shift1, x_scale1, x_gate1, x_shift2, x_scale2, x_gate2, = torch.slice(x_modulation, 0, 6)
  x_qkv, x_out, x_up, x_down, = sample
  if last:
    e_scale1, e_shift1, = e_modulation
  else:
    e_shift1, e_scale1, = torch.slice(e_modulation, 0, 2)
  e_qkv, = torch.slice(context, 0, 1)

  x_normed = self.layer_norm(x, x_scale1, x_shift1)
  e_normed = self.layer_norm(e, e_scale1, e_shift1)
  x_attended, e_attended, = self.joint_attention(x_normed, e_normed, x_qkv, e_qkv, norms, torch.slice(images, 0, 1), bias, h)

  y = self.gated(x, x_gate1, self.linear(x_attended, x_out))
  if torch.len(dual) != 0:
    x_shift3, x_scale3, x_gate3, = torch.slice(x_modulation, 6, 9)
    dual_qkv, dual_out, = dual
    y = self.gated(y, x_gate3, self.self_attention(self.layer_norm(x, x_scale3, x_shift3), dual_qkv, dual_out, dual_norms, torch.slice(images, 1), h))
  y = self.gated(y, x_gate2, self.feed_forward(self.layer_norm(y, x_scale2, x_shift2), x_up, x_down))

  z = e
  if not last:
    e_gate1, e_shift2, e_scale2, e_gate2, = torch.slice(e_modulation, 2, 6)
    e_out, e_up, e_down, = torch.slice(context, 1, 4)
    z = self.gated(e, e_gate1, self.linear(e_attended, e_out))
    z = self.gated(z, e_gate2, self.feed_forward(self.layer_norm(z, e_scale2, e_shift2), e_up, e_down))
  return (y, z)

# c [B, d] after SiLU -> pieces [B, 1, d]: shift1, scale1, gate1, shift2, scale2, gate2 and in dual blocks shift3, scale3, gate3;
# scale, shift where nothing but a norm follows (the text stream of the last block, the head)
def modulation_of(self, c: Tensor, layer: Linear) -> List[Tensor]:
  weight, bias, adapters, = layer
  pieces = torch.floordiv(torch.size(weight, 0), torch.size(weight, 1))
  return torch.chunk(torch.unsqueeze(self.linear(c, layer), 1), pieces, 2)

# Row i of each piece of a modulation, [1, 1, d].
def row(self, pieces: List[Tensor], i: int) -> List[Tensor]:
  rows: List[Tensor] = []
  for piece in pieces:
    rows = torch.append(rows, torch.slice(piece, 0, i, i + 1))
  return rows

# A joint block with the weights of MmditBlock, for the whole batch at once or sample by sample. c: after SiLU.
def block(self, x: Tensor, e: Tensor, c: Tensor, sample: Weights, context: Weights, norms: Weights, dual: Weights, modulation: Weights, adapters: BlockAdapters, images: Images, bias: Optional[Tensor], h: int) -> Tuple[Tensor, Tensor]:
  sample_layers = self.layers(sample, adapters, SAMPLE)
  context_layers = self.layers(context, adapters, CONTEXT)
  dual_layers = self.layers(torch.slice(dual, 0, 4), adapters, DUAL)
  dual_norms = torch.slice(dual, 4)
  norm1, norm1_context, = self.layers(modulation, adapters, MODULATION)
  x_modulation = self.modulation_of(c, norm1)
  e_modulation = self.modulation_of(c, norm1_context)
  if self.takes_batch(torch.size(x, 1), torch.size(e, 1), torch.size(x, 2)):
    y, z, = self.joint_block(x, e, x_modulation, e_modulation, sample_layers, context_layers, norms, dual_layers, dual_norms, images, bias, h)
  else:
    xs: List[Tensor] = []
    es: List[Tensor] = []
    for i in range(torch.size(x, 0)):
      x_i = torch.slice(x, 0, i, i + 1)
      e_i = torch.slice(e, 0, i, i + 1)
      images_i = annotate(Images, [])
      for image in images:
        k, v, norm_q, norm_k, scale, = image
        images_i = torch.append(images_i, (torch.slice(k, 0, i, i + 1), torch.slice(v, 0, i, i + 1), norm_q, norm_k, scale))
      y_i, z_i, = self.joint_block(x_i, e_i, self.row(x_modulation, i), self.row(e_modulation, i), sample_layers, context_layers, norms, dual_layers, dual_norms, images_i, bias, h)
      xs = torch.append(xs, y_i)
      es = torch.append(es, z_i)
    y = torch.cat(xs, 0)
    z = torch.cat(es, 0)
  return (y, z)

# latents [B, C, H, W] -> tokens [B, N, d] with the centre of the position table added. p: patch size; table: rows of the table.
def embed_latents(self, latents: Tensor, weights: Weights, p: int, table: int) -> Tensor:
  positions, weight, bias, = weights
  x = torch.conv2d(latents, weight, bias, [p, p])
  rows = torch.size(x, 2)
  columns = torch.size(x, 3)
  top = torch.floordiv(table - rows, 2)
  left = torch.floordiv(table - columns, 2)
  grid = torch.view(positions, [1, table, table, -1])
  centre = torch.slice(torch.slice(grid, 1, top, top + rows), 2, left, left + columns)
  tokens = torch.transpose(torch.flatten(x, 2), 1, 2)
  return torch.to(tokens + torch.flatten(centre, 1, 2), ops.prim.dtype(tokens))

# text tokens [B, M, joint width] -> e [B, M, d]
def embed_context(self, tokens: Tensor, w: Tensor, b: Tensor, adapters: BlockAdapters) -> Tensor:
  return self.adapted(tokens, w, b, adapters[CONTEXT_EMBEDDER])

# pooled text [B, pooled width] -> [B, d]
def embed_pooled(self, pooled: Tensor, weights: Weights, adapters: BlockAdapters) -> Tensor:
  return self.mlp(pooled, self.layers(weights, adapters, TEXT_EMBEDDER))

def mlp(self, x: Tensor, layers: List[Linear]) -> Tensor:
  linear1, linear2, = layers
  return self.linear(torch.silu(self.linear(x, linear1)), linear2)

# timesteps [B] fp32 -> [B, 256]: cosines, then sines, of t * 10000^(-i/128)
def sinusoid(self, t: Tensor, dtype: int) -> Tensor:
  i = torch.arange(FREQUENCIES, dtype=FP32, device=ops.prim.device(t))
  frequencies = torch.exp(i * LOG_RATIO)
  angles = torch.unsqueeze(t, 1) * torch.unsqueeze(frequencies, 0)
  return torch.to(torch.cat([torch.cos(angles), torch.sin(angles)], 1), dtype)

# c = SiLU(MLP(sinusoid(t)) + text), which every block's modulation reads. text [B, d]: of `embed_pooled`.
def conditioning(self, timesteps: List[float], text: Tensor, weights: Weights, adapters: BlockAdapters) -> Tensor:
  t = self.numbers_like(timesteps, text)
  time = self.mlp(self.sinusoid(t, ops.prim.dtype(text)), self.layers(weights, adapters, TIMESTEP_EMBEDDER))
  return torch.silu(time + text)

# The final norm, projection and unpatchify: x [B, N, d] -> [B, C, H, W]. p: patch size.
def head(self, x: Tensor, c: Tensor, weights: Weights, adapters: BlockAdapters, p: int, height: int, width: int) -> Tensor:
  norm_out, proj_out, = self.layers(weights, adapters, HEAD)
  scale, shift, = self.modulation_of(c, norm_out)
  y = self.linear(self.layer_norm(x, scale, shift), proj_out)
  y = torch.view(y, [torch.size(x, 0), torch.floordiv(height, p), torch.floordiv(width, p), p, p, -1])
  return torch.reshape(torch.permute(y, [0, 5, 1, 3, 2, 4]), [torch.size(x, 0), -1, height, width])

# Attention bias that counts the last of T tokens `times` times: log(times) for it, 0 for the others.
def repeat_bias(self, x: Tensor, tokens: int, times: int) -> Tensor:
  bias = torch.zeros([1, 1, 1, tokens], dtype=ops.prim.dtype(x), device=ops.prim.device(x))
  last = torch.fill_(torch.slice(bias, 3, tokens - 1), torch.log(times))
  return bias

# Perturbed-attention guidance (Ahn et al. 2024; diffusers PAGJointAttnProcessor2_0): a bias [1, 1, N + M, N + M] under which an image
# token sees itself and the text, and no other image token; `bias` [1, 1, 1, N + M] of the text is added where there is one.
def identity_bias(self, x: Tensor, e: Tensor, bias: Optional[Tensor]) -> Tensor:
  N = torch.size(x, 1)
  tokens = N + torch.size(e, 1)
  full = torch.zeros([1, 1, tokens, tokens], dtype=ops.prim.dtype(x), device=ops.prim.device(x))
  images = torch.slice(torch.slice(full, 2, 0, N), 3, 0, N)
  hidden = torch.fill_(images, -inf)
  own = torch.fill_(torch.diagonal(images, 0, 2, 3), 0.)
  if torch.__isnot__(bias, None):
    full = full + unchecked_cast(Tensor, bias)
  return full

# Tokens [B, N, d], and what a control network adds to them.
def add(self, x: Tensor, y: Tensor) -> Tensor:
  return x + y

# q, k and v of one attention as one matrix or bias, along the rows
def fuse(self, parts: List[Tensor]) -> Tensor:
  return torch.cat(parts, 0)
