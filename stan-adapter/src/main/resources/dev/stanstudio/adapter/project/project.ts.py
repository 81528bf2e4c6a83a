# A linear layer with adapters: h = W0 x + b + sum of scale * D code(E x) (STAN paper, eq. 1-4, 15 and 16).
#
# x [..., n] input, h [..., m] output, W0 [m, n] frozen weight; l features, of which k are active for a token.
# An adapter on one layer is (settings, parts, encoders, decoders, gates):
#   settings   form, selection, decoder: see below
#   parts      what one adapter does to the layers that share x: q, k and v are rows 0, m/3 and 2m/3 of one output. Each part is
#              ([first row of the output, l, k, number of revived features, groups], scale); with groups, each l/groups features
#              are ranked by themselves and have a k of their own
#   encoders   E [l, n] of each part, or of all parts as one matrix
#   decoders   D [m, l] of each part; none where the form needs none
#   gates      one tensor of each part, or none; its meaning is the form's. Where inputs are left out, what says so of each part is first
from dev.stanstudio.adapter.project.life import UPDATES_LEFT, WAS_ACTIVE, WEIGHT
from dev.stanstudio.engine.types import BF16, FP16, FP32, INT32, INT64
from dev.stanstudio.sd3.mmdit.adapters import Adapter, Adapters, BlockAdapters, Part, no_adapters

# Forms (Form.java). A low-rank code is a = E x or gate * a; STAN's is topk(a): k of the l features are active, the others are zero.
# The encoder is the change itself, E = dW [m, n]: sparse masks. gate [m, n]: the mask.
DENSE = 0
# LoRA (E = A, D = B); gate [l]: AdaLoRA's lambda, SoRA's g.
LOW_RANK = 1
# STAN. gate [3, l] while it is trained with revival: see stan_with_revival.
STAN = 2
# STAN with D = E'.
STAN_TIED = 3
# STAN with features steered; gate [3, l]: a factor, a ceiling and an offset of each.
STEERED = 4
STEERED_TIED = 5
# No change: topk(E x) of the one part is appended to the list `gates`, which Java reads.
RECORDER = 6
# The encoder is the change of the weight, dW [m, n], the decoder that of the bias, db [m].
AFFINE = 7
# DENSE and LOW_RANK of inputs of which some are left out (dropout of PEFT's lora_dropout); before the gates is one tensor [3] for each
# part: the upper and the lower 24 bits of a seed, and the share that is left out.
DROPPED_DENSE = 8
DROPPED_LOW_RANK = 9
# The largest number of 32 bits, and 2^-32.
BITS = 4294967295
TO_FRACTION = 2.3283064365386963e-10

# Selections (Selection.java): features are ranked by a, by |a| or by max(a, 0).
BY_VALUE = 0
BY_MAGNITUDE = 1
BY_RELU = 2

# Decoders (Decoder.java): how D topk(a) is computed. A product with all of D, of features masked by the k-th largest score or by the
# indices of the k largest, or a sum of k columns of D.
THRESHOLD = 0
MASKED = 1
GATHER = 2

# The least relative distance of two different numbers of a half type: 2^-8 and 2^-11.
BF16_GAP = 0.00390625
FP16_GAP = 0.00048828125
# The least int32: the bits of -0.
INT32_MIN = -2147483648

# eq. 4: h = W0 x + b, and what each adapter adds
def adapted(self, x: Tensor, w: Tensor, b: Tensor, adapters: Adapters) -> Tensor:
  return self.added(self.project(x, w, b), x, adapters)

# The same for a layer without a bias.
def adapted_times(self, x: Tensor, w: Tensor, adapters: Adapters) -> Tensor:
  return self.added(self.times(x, w), x, adapters)

# The outputs h of a layer for its inputs x, and what each adapter adds
def added(self, outputs: Tensor, x: Tensor, adapters: Adapters) -> Tensor:
  h = outputs
  for adapter in adapters:
    settings, parts, encoders, decoders, gates, = adapter
    form, selection, decoder, = settings
    if form == RECORDER:
      entries = self.record(x, adapter)
    else:
      h = h + torch.to(self.delta(x, adapter, torch.size(h, -1)), ops.prim.dtype(h))
  return h

# Appends the features of every token, [..., l], to a recorder's list; how many entries it has then.
def record(self, x: Tensor, adapter: Adapter) -> int:
  settings, parts, encoders, decoders, recordings, = adapter
  form, selection, decoder, = settings
  part, = parts
  numbers, scale, = part
  first_row, l, k, revived, groups, = numbers
  E, = encoders
  a = self.times(torch.to(x, ops.prim.dtype(E)), E)
  return torch.len(torch.append(recordings, self.topk_by_threshold(a, k, selection, groups)))

# The entries of a recorder's list, which is empty afterwards.
def take_recorded(self, recordings: List[Tensor]) -> List[Tensor]:
  entries = torch.list(recordings)
  emptied = torch.clear(recordings)
  return entries

# dW x of one adapter for inputs of which each part leaves out its own, [..., m]
def delta_of_some(self, x: Tensor, adapter: Adapter, m: int) -> Tensor:
  settings, parts, encoders, decoders, gates, = adapter
  form, selection, decoder, = settings
  count = torch.len(parts)
  pieces: List[Tensor] = []
  row = 0
  for p in range(count):
    numbers, scale, = parts[p]
    first_row, l, k, revived, groups, = numbers
    E = encoders[p]
    some = self.some_inputs(torch.to(x, ops.prim.dtype(E)), gates[p])
    gate = torch.slice(gates, count + p, count + p + 1)
    if form == DROPPED_DENSE:
      y = self.times(some, E) * scale
    else:
      y = self.low_rank(self.times(some, E), decoders[p], gate, scale)
    if first_row > row:
      pieces = torch.append(pieces, self.zeros_like_width(y, first_row - row))
    pieces = torch.append(pieces, y)
    row = first_row + torch.size(y, -1)
  if m > row:
    pieces = torch.append(pieces, self.zeros_like_width(pieces[0], m - row))
  return torch.cat(pieces, -1)

# x with a share of its numbers at 0 and the others divided by what is left; dropout [3] as above. Each number's place and the seed are
# mixed, as 32 bits, to a number from 0 to 1, so that nothing has to leave the card.
def some_inputs(self, x: Tensor, dropout: Tensor) -> Tensor:
  upper, lower, share, = torch.unbind(dropout, 0)
  place = torch.arange(torch.numel(x), dtype=INT64, device=ops.prim.device(x))
  mixed = self.mixed_bits(torch.bitwise_and(place + torch.to(lower, INT64) * 256, BITS))
  mixed = self.mixed_bits(torch.bitwise_xor(mixed, torch.to(upper, INT64) * 256))
  kept = torch.ge(torch.to(mixed, FP32) * TO_FRACTION, share)
  factor = torch.to(kept, FP32) * torch.reciprocal(1. - share)
  return x * torch.to(torch.reshape(factor, torch.size(x)), ops.prim.dtype(x))

# Whole numbers of 32 bits, each bit of which depends on all of x's (C. Wellons, "Prospecting for hash functions", 2018)
def mixed_bits(self, x: Tensor) -> Tensor:
  y = torch.bitwise_xor(x, torch.floor_divide(x, 65536))
  y = torch.bitwise_and(y * 2146121005, BITS)
  y = torch.bitwise_xor(y, torch.floor_divide(y, 32768))
  y = torch.bitwise_and(y * 2221713035, BITS)
  return torch.bitwise_xor(y, torch.floor_divide(y, 65536))

# dW x of one adapter, [..., m]: its parts side by side, zero between them
def delta(self, x: Tensor, adapter: Adapter, m: int) -> Tensor:
  settings, parts, encoders, decoders, gates, = adapter
  form, selection, decoder, = settings
  if torch.__or__(form == DROPPED_DENSE, form == DROPPED_LOW_RANK):
    return self.delta_of_some(x, adapter, m)
  E = self.joint_encoder(form, encoders, gates)
  a = self.times(torch.to(x, ops.prim.dtype(E)), E)
  pieces: List[Tensor] = []
  row = 0
  feature = 0
  for p in range(torch.len(parts)):
    numbers, scale, = parts[p]
    first_row, l, k, revived, groups, = numbers
    a_p = torch.slice(a, -1, feature, feature + l)
    if form == DENSE:
      y = a_p * scale
    elif form == AFFINE:
      y = (a_p + decoders[p]) * scale
    elif form == LOW_RANK:
      y = self.low_rank(a_p, decoders[p], torch.slice(gates, p, p + 1), scale)
    else:
      if torch.len(decoders) != 0:
        D = decoders[p]
      else:
        D = torch.t(torch.slice(E, 0, feature, feature + l))
      if torch.__or__(form == STEERED, form == STEERED_TIED):
        y = self.stan_steered(a_p, D, k, scale, selection, decoder, gates[p], groups)
      elif torch.len(gates) == 0:
        y = self.stan(a_p, D, k, scale, selection, decoder, groups)
      else:
        y = self.stan_with_revival(a_p, D, k, scale, selection, revived, gates[p], groups)
    if first_row > row:
      pieces = torch.append(pieces, self.zeros_like_width(y, first_row - row))
    pieces = torch.append(pieces, y)
    row = first_row + torch.size(y, -1)
    feature = feature + l
  if m > row:
    pieces = torch.append(pieces, self.zeros_like_width(pieces[0], m - row))
  if torch.len(pieces) == 1:
    h = pieces[0]
  else:
    h = torch.cat(pieces, -1)
  return h

# The encoders of all parts as one matrix [sum of l, n]; a dense change is masked first.
def joint_encoder(self, form: int, encoders: List[Tensor], gates: List[Tensor]) -> Tensor:
  parts = encoders
  if torch.__and__(form == DENSE, torch.len(gates) != 0):
    parts = annotate(List[Tensor], [])
    for p in range(torch.len(encoders)):
      parts = torch.append(parts, encoders[p] * gates[p])
  if torch.len(parts) == 1:
    E = parts[0]
  else:
    E = torch.cat(parts, 0)
  return E

# y [..., m] -> zeros [..., width]
def zeros_like_width(self, y: Tensor, width: int) -> Tensor:
  shape = torch.add(torch.slice(torch.size(y), 0, -1), [width])
  return torch.zeros(shape, dtype=ops.prim.dtype(y), device=ops.prim.device(y))

# scale * D (gate * a) for a = E x [..., l]: eq. 1 (no gate), 15 (gate = lambda), 16 (gate = g)
def low_rank(self, a: Tensor, D: Tensor, gate: List[Tensor], scale: float) -> Tensor:
  if torch.len(gate) == 0:
    y = self.times(a, D) * scale
  else:
    g, = gate
    y = self.times(a * torch.reshape(g, [-1]), D) * scale
  return y

# eq. 3: scale * D topk(a) for a = E x [..., l], scale = 1/k
def stan(self, a: Tensor, D: Tensor, k: int, scale: float, selection: int, decoder: int, groups: int) -> Tensor:
  if decoder == GATHER:
    active = self.topk_indices(a, k, selection)
    y = self.weighted_columns(torch.gather(self.rectified(a, selection), -1, active), D, active)
  else:
    y = self.times(self.topk(a, k, selection, decoder, groups), D)
  return y * scale

# eq. 3 with features steered: each active feature z becomes min(factor * z, ceiling), then every token gets the offset, active or not.
# With factor 1, ceiling infinity and offset 0 it is `stan` to the bit. gate [3, l].
def stan_steered(self, a: Tensor, D: Tensor, k: int, scale: float, selection: int, decoder: int, gate: Tensor, groups: int) -> Tensor:
  factor, ceiling, offset, = torch.unbind(gate, 0)
  if decoder == GATHER:
    active = self.topk_indices(a, k, selection)
    z = torch.gather(self.rectified(a, selection), -1, active)
    z = torch.minimum(z * self.each(factor, active), self.each(ceiling, active))
    y = self.weighted_columns(z, D, active) + self.times(offset, D)
  else:
    z = self.topk(a, k, selection, decoder, groups)
    y = self.times(torch.minimum(z * factor, ceiling) + offset, D)
  return y * scale

# values [l] of the features `indices` [..., k], [..., k]
def each(self, values: Tensor, indices: Tensor) -> Tensor:
  return torch.reshape(torch.index_select(values, 0, torch.reshape(indices, [-1])), torch.size(indices))

# eq. 3 while it is trained with revival: of the dead features those `revived` with the largest scores of a token are added with a
# weight. life [3, l]: see life.ts.py; which features were active is written to it.
def stan_with_revival(self, a: Tensor, D: Tensor, k: int, scale: float, selection: int, revived: int, life: Tensor, groups: int) -> Tensor:
  updates_left = torch.select(life, 0, UPDATES_LEFT)
  was_active = torch.select(life, 0, WAS_ACTIVE)
  weight = torch.select(life, 0, WEIGHT)
  s = self.scores(a, selection)
  active = self.topk_mask(s, k, groups)
  marked = torch.masked_fill_(was_active, torch.any(torch.reshape(active, [-1, torch.size(a, -1)]), 0), 1.)
  dead = torch.logical_and(torch.le(updates_left, 0.), torch.logical_not(active))
  dead_scores = torch.where(dead, s, torch.full_like(s, -1e+30))
  added = torch.logical_and(self.topk_mask(dead_scores, revived, groups), dead)
  z = self.rectified(a, selection) * (torch.to(active, ops.prim.dtype(a)) + added * weight)
  return self.times(z, D) * scale

# The scores that rank features, without gradients.
def scores(self, a: Tensor, selection: int) -> Tensor:
  s = torch.detach(a)
  if selection == BY_MAGNITUDE:
    s = torch.abs(s)
  elif selection == BY_RELU:
    s = torch.relu(s)
  return s

# The values that active features have: where max(a, 0) ranks them, a negative one counts as zero.
def rectified(self, a: Tensor, selection: int) -> Tensor:
  f = a
  if selection == BY_RELU:
    f = torch.relu(a)
  return f

# topk(a) [..., l]: the k features with the largest scores, of equal ones those with the lower indices; all others are zero
def topk(self, a: Tensor, k: int, selection: int, decoder: int, groups: int) -> Tensor:
  if decoder == MASKED:
    z = self.topk_by_indices(a, k, selection)
  else:
    z = self.topk_by_threshold(a, k, selection, groups)
  return z

# topk(a) by the k-th largest score. Ties of half types are broken in fp32 first, up to the l at which the step gap / l is still above
# fp32's rounding of 2^-24.
def topk_by_threshold(self, a: Tensor, k: int, selection: int, groups: int) -> Tensor:
  s = self.scores(a, selection)
  l = torch.size(a, -1)
  dtype = ops.prim.dtype(a)
  if torch.__and__(dtype == BF16, l <= 8192):
    mask = self.topk_mask_by_threshold(self.break_ties(s, BF16_GAP), k, groups)
  elif torch.__and__(dtype == FP16, l <= 2048):
    mask = self.topk_mask_by_threshold(self.break_ties(s, FP16_GAP), k, groups)
  else:
    mask = self.topk_mask(s, k, groups)
  return self.rectified(a, selection) * mask

# topk(a) by the indices of the k largest scores
def topk_by_indices(self, a: Tensor, k: int, selection: int) -> Tensor:
  mask = torch.scatter(torch.zeros_like(a), -1, self.topk_indices(a, k, selection), 1.)
  return self.rectified(a, selection) * mask

# Scores of a half type in fp32, raised by a share of `gap` (BF16_GAP, FP16_GAP) that falls with the index: no two of a row are equal,
# none exceeds one that was greater, and of equal ones the lower index is greatest. Equal numbers are frequent in half types, and this is
# faster than to look for them. Zeros stay equal: active or not, they add nothing.
def break_ties(self, s: Tensor, gap: float) -> Tensor:
  l = torch.size(s, -1)
  wide = torch.to(s, FP32)
  ramp = torch.arange(l - 1, -1, -1, dtype=FP32, device=ops.prim.device(s)) * (gap / l)
  return torch.addcmul(wide, torch.abs(wide), ramp)

# Which scores [..., l] are at least the k-th largest of their row, or of their group of features: true for more than k where scores
# are equal.
def topk_mask_by_threshold(self, s: Tensor, k: int, groups: int) -> Tensor:
  rows = s
  if groups != 1:
    rows = torch.unflatten(s, -1, [groups, -1])
  values, indices, = torch.topk(rows, k, -1, True, False)
  mask = torch.ge(rows, torch.amin(values, [-1], True))
  if groups != 1:
    mask = torch.flatten(mask, -2)
  return mask

# Which k scores [..., l] of each row, or of each group of features, are largest.
def topk_mask(self, s: Tensor, k: int, groups: int) -> Tensor:
  if groups == 1:
    mask = self.topk_mask_rows(s, k)
  else:
    mask = torch.flatten(self.topk_mask_rows(torch.unflatten(s, -1, [groups, -1]), k), -2)
  return mask

# Which k scores of each row are largest; of equal ones those with the lower indices.
def topk_mask_rows(self, s: Tensor, k: int) -> Tensor:
  values, indices, = torch.topk(s, k, -1, True, False)
  threshold = torch.amin(values, [-1], True)
  above = torch.gt(s, threshold)
  equal = torch.eq(s, threshold)
  vacant = k - torch.sum(above, [-1], True, dtype=INT32)
  return torch.logical_or(above, torch.logical_and(equal, torch.le(torch.cumsum(equal, -1, dtype=INT32), vacant)))

# The indices [..., k] of the k largest scores: keys order by score, then by lower index. The bits of a positive fp32 grow with it;
# those of a negative one fall, so they are subtracted from the bits of -0.
def topk_indices(self, a: Tensor, k: int, selection: int) -> Tensor:
  s = torch.to(self.scores(a, selection), FP32) + 0.
  bits = torch.to(torch.view_copy(s, dtype=INT32), INT64)
  ordered = torch.where(torch.lt(bits, 0), INT32_MIN - bits, bits)
  l = torch.size(a, -1)
  keys = ordered * l - torch.arange(l, dtype=INT64, device=ops.prim.device(a))
  values, indices, = torch.topk(keys, k, -1, True, False)
  return indices

# The sum of z [..., k] times the columns `indices` [..., k] of D [m, l], [..., m]; no other columns are read.
def weighted_columns(self, z: Tensor, D: Tensor, indices: Tensor) -> Tensor:
  starts = torch.arange(0, torch.numel(indices), torch.size(indices, -1), dtype=INT64, device=ops.prim.device(z))
  y, bag_of_index, bag_sizes, largest, = torch.embedding_bag(torch.contiguous(torch.t(D)), torch.reshape(indices, [-1]), starts, False, 0, False, torch.reshape(z, [-1]))
  return torch.reshape(y, torch.add(torch.slice(torch.size(z), 0, -1), [torch.size(D, 0)]))

# Appends one adapter to those of layer number `layer` of a block; how many that layer has then. Each part's numbers and scale stand at
# the same place of the lists.
def append_adapter(self, block: BlockAdapters, layer: int, form: int, selection: int, decoder: int, first_rows: List[int], features: List[int], active: List[int], revived: List[int], groups: List[int], scales: List[float], encoders: List[Tensor], decoders: List[Tensor], gates: List[Tensor]) -> int:
  parts: List[Part] = []
  for p in range(torch.len(scales)):
    parts = torch.append(parts, ([first_rows[p], features[p], active[p], revived[p], groups[p]], scales[p]))
  adapters = torch.append(block[layer], ([form, selection, decoder], parts, encoders, decoders, gates))
  return torch.len(adapters)
