# Operations of some kinds besides the gradient step. Lists of parameters are changed in place, while nothing is recorded.
from dev.stanstudio.adapter.project.life import UPDATES_LEFT, WAS_ACTIVE
from dev.stanstudio.engine.types import FP32

# AdaLoRA (Zhang et al. 2023): weight * the mean over all P [m, r] and Q [r, n] of ||P'P - I|| and ||QQ' - I||
def orthogonality(self, downs: List[Tensor], ups: List[Tensor], weight: float) -> Tensor:
  norms: List[Tensor] = []
  for q in downs:
    norms = torch.append(norms, self.departure(torch.matmul(q, torch.t(q))))
  for p in ups:
    norms = torch.append(norms, self.departure(torch.matmul(torch.t(p), p)))
  return torch.mean(torch.stack(norms)) * weight

def departure(self, c: Tensor) -> Tensor:
  return torch.linalg_vector_norm(c - torch.eye(torch.size(c, 0), dtype=ops.prim.dtype(c), device=ops.prim.device(c)))

# Smoothed sensitivity |p g| and its uncertainty (eq. 8 to 10 there). clip: what the gradients were scaled by.
def update_sensitivity(self, parameters: List[Tensor], gradients: List[Tensor], sensitivity: List[Tensor], uncertainty: List[Tensor], clip: float, beta1: float, beta2: float) -> int:
  for i in range(torch.len(parameters)):
    now = torch.abs(torch.detach(parameters[i]) * (gradients[i] * clip))
    s = torch.add_(torch.mul_(sensitivity[i], beta1), now * (1. - beta1))
    u = torch.add_(torch.mul_(uncertainty[i], beta2), torch.abs(now - s) * (1. - beta2))
  return torch.len(parameters)

# The importance of every triplet, r numbers a module: its singular value and the means of its two vectors (eq. 7).
# Lists hold Q [r, n], P [m, r] and lambda [r] of one module after the other.
def importance(self, sensitivity: List[Tensor], uncertainty: List[Tensor]) -> Tensor:
  scores: List[Tensor] = []
  for i in range(torch.floordiv(torch.len(sensitivity), 3)):
    q_sensitivity, p_sensitivity, value_sensitivity, = torch.slice(sensitivity, 3 * i, 3 * i + 3)
    q_uncertainty, p_uncertainty, value_uncertainty, = torch.slice(uncertainty, 3 * i, 3 * i + 3)
    q = torch.mean(q_sensitivity * q_uncertainty, [1])
    p = torch.mean(p_sensitivity * p_uncertainty, [0])
    value = torch.reshape(value_sensitivity * value_uncertainty, [-1])
    scores = torch.append(scores, value + (q + p))
  return torch.cat(scores)

# Sets the masks (r numbers a module) to 0 for the `cut` least important triplets, else to 1.
def mask_least_important(self, scores: Tensor, cut: int, masks: List[Tensor]) -> int:
  threshold, index, = torch.kthvalue(scores, cut)
  first = 0
  for m in masks:
    r = torch.numel(m)
    remains = torch.gt(torch.slice(scores, 0, first, first + r), threshold)
    done = torch.copy_(m, torch.reshape(remains, torch.size(m)))
    first = first + r
  return first

def apply(self, values: List[Tensor], masks: List[Tensor]) -> int:
  for i in range(torch.len(values)):
    done = torch.mul_(torch.detach(values[i]), masks[i])
  return torch.len(values)

# SoRA (Ding et al. 2023): weight * the mean of |g| over all gates together
def mean_size(self, gates: List[Tensor], weight: float) -> Tensor:
  flat: List[Tensor] = []
  for g in gates:
    flat = torch.append(flat, torch.reshape(g, [-1]))
  return torch.mean(torch.abs(torch.cat(flat, 0))) * weight

# SoRA (Ding et al. 2023; STAN paper, eq. 17): g = sign(g) max(|g| - threshold, 0)
def shrink(self, gates: List[Tensor], threshold: float) -> int:
  for g in gates:
    d = torch.detach(g)
    done = torch.copy_(d, torch.sign(d) * torch.relu(torch.abs(d) - threshold))
  return torch.len(gates)

# Sparse masks (Arnob et al. 2025): the `kept` cells of side `block` with the largest sum of w g, or |w g|
def select_cells(self, w: Tensor, g: Tensor, mask: Tensor, kept: int, block: int, signed: bool) -> int:
  s = torch.detach(w) * g
  if not signed:
    s = torch.abs(s)
  m = torch.size(s, 0)
  n = torch.size(s, 1)
  cells = torch.view(s, [torch.floordiv(m, block), block, torch.floordiv(n, block), block])
  sums = torch.sum(cells, [1, 3], False, dtype=FP32)
  values, indices, = torch.topk(torch.reshape(sums, [-1]), kept, -1, True, False)
  chosen = torch.reshape(torch.scatter(torch.zeros_like(torch.reshape(sums, [-1])), 0, indices, 1.), torch.size(sums))
  wide = torch.repeat_interleave(torch.repeat_interleave(chosen, block, 0), block, 1)
  done = torch.copy_(mask, wide)
  return kept

def fill(self, tensors: List[Tensor], value: float) -> int:
  for t in tensors:
    done = torch.fill_(t, value)
  return torch.len(tensors)

def set_all(self, tensors: List[Tensor], values: List[Tensor]) -> int:
  for i in range(torch.len(tensors)):
    done = torch.copy_(tensors[i], values[i])
  return torch.len(tensors)

# The larger of two numbers each, where `values` may be on another device
def take_larger(self, tensors: List[Tensor], values: List[Tensor]) -> int:
  for i in range(torch.len(tensors)):
    other = torch.to(values[i], ops.prim.device(tensors[i]), ops.prim.dtype(tensors[i]))
    done = torch.copy_(tensors[i], torch.maximum(tensors[i], other))
  return torch.len(tensors)

def scaled(self, x: Tensor, scale: float, offset: float) -> Tensor:
  return x * scale + offset

def constant(self, shape: List[int], value: float, device: str) -> Tensor:
  return torch.full(shape, value, dtype=FP32, device=torch.device(device))

def beside(self, x: Tensor, other: Tensor) -> Tensor:
  return torch.to(x, ops.prim.device(other), ops.prim.dtype(x))

# how many numbers are not zero
def nonzero(self, tensors: List[Tensor]) -> Tensor:
  counts: List[Tensor] = []
  for t in tensors:
    counts = torch.append(counts, torch.sum(torch.ne(torch.detach(t), 0.), dtype=FP32))
  return torch.sum(torch.stack(counts))

# Revival (life.ts.py, stan_with_revival in project.ts.py): `lives` are the states of features, [3, l] each.

# After an active update a feature has `patience` updates left.
def reset_updates_left(self, lives: List[Tensor], patience: float) -> int:
  for life in lives:
    done = torch.fill_(torch.select(life, 0, UPDATES_LEFT), patience)
  return torch.len(lives)

def clear_was_active(self, lives: List[Tensor]) -> int:
  for life in lives:
    done = torch.fill_(torch.select(life, 0, WAS_ACTIVE), 0.)
  return torch.len(lives)

def count_update(self, lives: List[Tensor], patience: float) -> int:
  for life in lives:
    left = torch.select(life, 0, UPDATES_LEFT)
    seen = torch.gt(torch.select(life, 0, WAS_ACTIVE), 0.)
    done = torch.copy_(left, torch.where(seen, torch.full_like(left, patience), left - 1.))
  return torch.len(lives)

def dead(self, lives: List[Tensor]) -> Tensor:
  counts: List[Tensor] = []
  for life in lives:
    counts = torch.append(counts, torch.sum(torch.le(torch.select(life, 0, UPDATES_LEFT), 0.), dtype=FP32))
  return torch.sum(torch.stack(counts))

# Updates since features were last active: an active feature has a gradient in its column of D [m, l]. ages [l] each.
def count_unused_updates(self, gradients: List[Tensor], ages: List[Tensor]) -> int:
  for i in range(torch.len(ages)):
    used = torch.any(torch.ne(gradients[i], 0.), 0)
    age = torch.where(used, torch.zeros_like(ages[i]), ages[i] + 1.)
    done = torch.copy_(ages[i], age)
  return torch.len(ages)

def unused(self, ages: List[Tensor], patience: float) -> Tensor:
  return torch.to(torch.sum(torch.ge(torch.cat(ages, 0), patience)), FP32)
