# Rules by which parameters follow their gradients, as the public programs named in Java have them. The lists of a call are in one order;
# what is remembered is changed in place. Matrices [..., m, n] remember mean squares of rows [..., m, 1] and columns [..., 1, n].
from dev.stanstudio.engine.types import BF16, FP32, INT32
from dev.stanstudio.training.optimizer import nearest_orthogonal

# gradients scaled to a global norm of at most `clip`
def clipped(self, gradients: List[Tensor], norm: Tensor, clip: float) -> List[Tensor]:
  factor = torch.clamp(clip / (norm + 1e-06), None, 1.)
  scaled: List[Tensor] = []
  for g in gradients:
    scaled = torch.append(scaled, g * factor)
  return scaled

# Lion (Chen et al. 2023, algorithm 2)
def lion(self, parameters: List[Tensor], gradients: List[Tensor], means: List[Tensor], lr: float, beta1: float, beta2: float, decay: float) -> int:
  for i in range(torch.len(parameters)):
    p = torch.mul_(torch.detach(parameters[i]), 1. - lr * decay)
    u = torch.sgn(means[i] * beta1 + gradients[i] * (1. - beta1))
    q = torch.add_(p, u, alpha=-lr)
    m = torch.add_(torch.mul_(means[i], beta2), gradients[i], alpha=1. - beta2)
  return torch.len(parameters)

# AdamW's step from moments that are moved already; corrections: what these are divided by
def adamw_step(self, parameter: Tensor, mean: Tensor, square: Tensor, lr: float, corrections: List[float], eps: float, decay: float) -> Tensor:
  p = torch.mul_(torch.detach(parameter), 1. - lr * decay)
  root = torch.sqrt(square) / torch.sqrt(corrections[1]) + eps
  return torch.addcdiv_(p, mean, root, value=-lr / corrections[0])

def adamw_wide(self, parameters: List[Tensor], gradients: List[Tensor], means: List[Tensor], squares: List[Tensor], lr: float, betas: List[float], corrections: List[float], eps: float, decay: float) -> int:
  for i in range(torch.len(parameters)):
    g = gradients[i]
    m = self.towards(means[i], g, betas[0])
    v = self.towards(squares[i], g * g, betas[1])
    q = self.adamw_step(parameters[i], m, v, lr, corrections, eps, decay)
  return torch.len(parameters)

# Eight bits a number (Dettmers et al. 2022): codes [blocks, 256] are places in an ascending map [256] of numbers that `scales` [blocks] widen.
def from_blocks(self, codes: Tensor, scales: Tensor, map: Tensor) -> Tensor:
  values = torch.index_select(map, 0, torch.to(torch.flatten(codes), INT32))
  return torch.reshape(values, torch.size(codes)) * torch.unsqueeze(scales, 1)

# x [blocks, 256] into codes and scales: the nearest number of the map, of two equally near the lesser
def into_blocks(self, x: Tensor, codes: Tensor, scales: Tensor, map: Tensor) -> Tensor:
  largest = torch.copy_(scales, torch.amax(torch.abs(x), [1]))
  middles = (torch.slice(map, 0, 1) + torch.slice(map, 0, 0, -1)) / 2.
  y = x / torch.unsqueeze(torch.clamp(largest, 1e-37, None), 1)
  return torch.copy_(codes, torch.bucketize(y, middles, out_int32=True, right=False))

# x of any shape as [blocks, 256], the rest filled up with zeros
def in_blocks(self, x: Tensor, like: Tensor) -> Tensor:
  flat = torch.flatten(x)
  return torch.reshape(torch.constant_pad_nd(flat, [0, torch.numel(like) - torch.numel(flat)]), torch.size(like))

# AdamW with moments in eight bits: the step itself takes them as they were moved, before they are rounded again
def adamw_small(self, parameters: List[Tensor], gradients: List[Tensor], mean_codes: List[Tensor], mean_scales: List[Tensor], square_codes: List[Tensor], square_scales: List[Tensor], signed: Tensor, unsigned: Tensor, lr: float, betas: List[float], corrections: List[float], eps: float, decay: float) -> int:
  for i in range(torch.len(parameters)):
    p = torch.detach(parameters[i])
    g = self.in_blocks(gradients[i], mean_codes[i])
    m = self.towards(self.from_blocks(mean_codes[i], mean_scales[i], signed), g, betas[0])
    v = self.towards(self.from_blocks(square_codes[i], square_scales[i], unsigned), g * g, betas[1])
    own_m = torch.reshape(torch.slice(torch.flatten(m), 0, 0, torch.numel(p)), torch.size(p))
    own_v = torch.reshape(torch.slice(torch.flatten(v), 0, 0, torch.numel(p)), torch.size(p))
    q = self.adamw_step(p, own_m, own_v, lr, corrections, eps, decay)
    mc = self.into_blocks(m, mean_codes[i], mean_scales[i], signed)
    vc = self.into_blocks(v, square_codes[i], square_scales[i], unsigned)
  return torch.len(parameters)

# Muon (Jordan et al. 2024) with steps as long as AdamW's: 0.2 times the root of the longer side (Liu et al. 2025, eq. 4)
def muon_like_adamw(self, parameters: List[Tensor], gradients: List[Tensor], means: List[Tensor], lr: float, momentum: float, decay: float) -> int:
  for i in range(torch.len(parameters)):
    p = torch.mul_(torch.detach(parameters[i]), 1. - lr * decay)
    m = torch.lerp_(means[i], gradients[i], 1. - momentum)
    x = torch.to(torch.lerp(gradients[i], m, momentum), BF16)
    u = self.nearest_orthogonal(x / torch.clamp(torch.linalg_vector_norm(x), 1e-07, None))
    longer = ops.prim.max(torch.size(p, 0), torch.size(p, 1))
    q = torch.add_(p, torch.to(u, FP32), alpha=-lr * 0.2 * torch.sqrt(longer))
  return torch.len(parameters)

# the root of the mean square
def size_of(self, x: Tensor) -> Tensor:
  return torch.linalg_vector_norm(x) / torch.sqrt(torch.numel(x))

# One step of Adafactor (Shazeer & Stern 2018, algorithm 4). v: estimated mean squares; taken: share of the weight that decay takes off;
# bounds: least mean of squares, least size of a parameter, largest size of a step.
def adafactor_step(self, parameter: Tensor, g: Tensor, v: Tensor, pace: float, bounds: List[float], taken: float, sized: bool) -> Tensor:
  p = torch.detach(parameter)
  u = torch.rsqrt(torch.clamp(v, bounds[0] * bounds[0], None)) * g
  u = u * (pace / torch.clamp(self.size_of(u) / bounds[2], 1., None))
  if sized:
    u = u * torch.clamp(self.size_of(p), bounds[1], None)
  q = torch.mul_(p, 1. - taken)
  return torch.sub_(p, u)

def adafactor_matrices(self, parameters: List[Tensor], gradients: List[Tensor], rows: List[Tensor], columns: List[Tensor], pace: float, share: float, bounds: List[float], taken: float, sized: bool) -> int:
  for i in range(torch.len(parameters)):
    g = gradients[i]
    square = g * g
    r = torch.lerp_(rows[i], torch.mean(square, [-1], True), share)
    c = torch.lerp_(columns[i], torch.mean(square, [-2], True), share)
    v = torch.matmul(r, c) / torch.clamp(torch.mean(r, [-2], True), bounds[0], None)
    q = self.adafactor_step(parameters[i], g, v, pace, bounds, taken, sized)
  return torch.len(parameters)

def adafactor_vectors(self, parameters: List[Tensor], gradients: List[Tensor], squares: List[Tensor], pace: float, share: float, bounds: List[float], taken: float, sized: bool) -> int:
  for i in range(torch.len(parameters)):
    g = gradients[i]
    v = torch.lerp_(squares[i], g * g, share)
    q = self.adafactor_step(parameters[i], g, v, pace, bounds, taken, sized)
  return torch.len(parameters)

# mean * beta + x * (1 - beta), in place
def towards(self, mean: Tensor, x: Tensor, beta: float) -> Tensor:
  return torch.add_(torch.mul_(mean, beta), x, alpha=1. - beta)

# 1 / root of the matrix whose rows and columns have these means
def reciprocal_root(self, rows: Tensor, columns: Tensor) -> Tensor:
  return torch.rsqrt(rows / torch.mean(rows, [-2], True)) * torch.rsqrt(columns)

# The momentum of an update that is no larger than `most`, and what they disagree in, squared
def came_momentum(self, mean: Tensor, update: Tensor, beta: float, most: float, eps: float) -> Tuple[Tensor, Tensor]:
  u = update / torch.clamp(self.size_of(update) / most, 1., None)
  m = self.towards(mean, u, beta)
  return (m, torch.pow(u - m, 2) + eps)

# CAME (Luo et al. 2023, algorithm 2). betas: of momentum, squares, disagreement; bounds: added to squares, added to disagreements,
# largest size of an update; taken: share of the weight that decay takes off.
def came_matrices(self, parameters: List[Tensor], gradients: List[Tensor], means: List[Tensor], rows: List[Tensor], columns: List[Tensor], residual_rows: List[Tensor], residual_columns: List[Tensor], lr: float, betas: List[float], bounds: List[float], taken: float) -> int:
  for i in range(torch.len(parameters)):
    g = gradients[i]
    square = g * g + bounds[0]
    r = self.towards(rows[i], torch.mean(square, [-1], True), betas[1])
    c = self.towards(columns[i], torch.mean(square, [-2], True), betas[1])
    m, residual, = self.came_momentum(means[i], self.reciprocal_root(r, c) * g, betas[0], bounds[2], bounds[1])
    rr = self.towards(residual_rows[i], torch.mean(residual, [-1], True), betas[2])
    rc = self.towards(residual_columns[i], torch.mean(residual, [-2], True), betas[2])
    p = torch.mul_(torch.detach(parameters[i]), 1. - taken)
    q = torch.sub_(p, self.reciprocal_root(rr, rc) * m * lr)
  return torch.len(parameters)

def came_vectors(self, parameters: List[Tensor], gradients: List[Tensor], means: List[Tensor], squares: List[Tensor], lr: float, betas: List[float], bounds: List[float], taken: float) -> int:
  for i in range(torch.len(parameters)):
    g = gradients[i]
    v = self.towards(squares[i], g * g + bounds[0], betas[1])
    m, residual, = self.came_momentum(means[i], torch.rsqrt(v) * g, betas[0], bounds[2], bounds[1])
    p = torch.mul_(torch.detach(parameters[i]), 1. - taken)
    q = torch.sub_(p, m * lr)
  return torch.len(parameters)

# Schedule-free AdamW (Defazio et al. 2024, section 4): parameters are y, bases z. back: by how much y moves along the step.
def schedule_free(self, parameters: List[Tensor], gradients: List[Tensor], squares: List[Tensor], bases: List[Tensor], lr: float, back: float, beta2: float, correction: float, eps: float, decay: float, share: float) -> int:
  for i in range(torch.len(parameters)):
    y = torch.detach(parameters[i])
    g = gradients[i]
    v = torch.addcmul_(torch.mul_(squares[i], beta2), g, g, value=1. - beta2)
    u = g / (torch.sqrt(v / correction) + eps) + y * decay
    moved = torch.add_(torch.lerp_(y, bases[i], share), u, alpha=back)
    z = torch.sub_(bases[i], u, alpha=lr)
  return torch.len(parameters)

# the averages x of parameters y and bases z
def schedule_free_averages(self, parameters: List[Tensor], bases: List[Tensor], weight: float) -> List[Tensor]:
  averages: List[Tensor] = []
  for i in range(torch.len(parameters)):
    averages = torch.append(averages, torch.lerp(torch.detach(parameters[i]), bases[i], weight))
  return averages

# Prodigy (Mishchenko & Defazio 2023, algorithm 4) before d is estimated: moves means, squares and sums, and returns the pairs
# <g, start - p>, |sum| of the parameters one after the other.
def prodigy_measured(self, parameters: List[Tensor], gradients: List[Tensor], starts: List[Tensor], means: List[Tensor], squares: List[Tensor], sums: List[Tensor], d: float, pull: float, betas: List[float]) -> Tensor:
  pairs: List[Tensor] = []
  for i in range(torch.len(parameters)):
    g = gradients[i]
    along = torch.flatten(starts[i] - torch.detach(parameters[i]))
    pairs = torch.append(pairs, torch.dot(torch.flatten(g), along))
    m = torch.add_(torch.mul_(means[i], betas[0]), g, alpha=d * (1. - betas[0]))
    v = torch.addcmul_(torch.mul_(squares[i], betas[1]), g, g, value=d * d * (1. - betas[1]))
    s = torch.add_(torch.mul_(sums[i], betas[2]), g, alpha=pull)
    pairs = torch.append(pairs, torch.sum(torch.abs(s)))
  return torch.stack(pairs)

def prodigy(self, parameters: List[Tensor], means: List[Tensor], squares: List[Tensor], pace: float, shortest: float, decay: float) -> int:
  for i in range(torch.len(parameters)):
    x = torch.detach(parameters[i])
    p = torch.add_(x, x, alpha=-decay * pace)
    q = torch.addcdiv_(p, means[i], torch.sqrt(squares[i]) + shortest, value=-pace)
  return torch.len(parameters)
