# A projection with adapters: h = W0 x + b + sum of scale * D code(E x) (STAN paper, eq. 1-4, 15 and 16).
#
# x [..., n] input, h [..., m] output, W0 [m, n] frozen; encoder E [l, n], decoder D [m, l], code: what a kind does with a = E x:
#   form 0, dense       the change itself, no decoder: E = dW [m, n] (sparse masks; gate [m, n] is the mask)
#   form 1, low rank    code(a) = a, or gate * a with gate [l]: LoRA (E = A, D = B), AdaLoRA (gate = lambda), SoRA (gate = g)
#   form 2, STAN        code(a) = topk(a): k of the l features stay, the others are zero
#   form 3, tied STAN   the same with D = E'
#   form 4 and 5        forms 2 and 3 with features steered: gate [3, l] holds a factor, a ceiling and an offset for each
#   form 6, recorder    no change: topk(E x) of its one part is added to the list `gates`, which Java reads
#
# An adapter on one projection is (numbers, scales, encoders, decoders, gates). numbers: form, selection, decoder, then for each part
# first row of the output, l, k, how many dead features join, groups (of l/groups features, each with its own k). Parts are what one adapter does to the products that share x: q, k and v are rows 0, m/3 and 2m/3 of
# one output, and their encoders are one product.

# eq. 4
def adapted(self, x: Tensor, w: Tensor, b: Tensor, adapters: List[Tuple[List[int], List[float], List[Tensor], List[Tensor], List[Tensor]]]) -> Tensor:
  h = self.project(x, w, b)
  for adapter in adapters:
    numbers, scales, encoders, decoders, gates, = adapter
    if numbers[0] == 6:
      recorded = self.record(x, numbers, encoders[0], gates)
    else:
      h = h + torch.to(self.delta(x, adapter, torch.size(h, -1)), ops.prim.dtype(h))
  return h

# What a recorder does: the features of every token, [..., l], as this text alone would compute them for its one part.
def record(self, x: Tensor, numbers: List[int], E: Tensor, kept: List[Tensor]) -> int:
  a = self.times(torch.to(x, ops.prim.dtype(E)), E)
  longer = torch.append(kept, self.thresholded(a, numbers[5], numbers[1], numbers[7]))
  return torch.len(longer)

# What a recorder kept since the last time, which it forgets.
def recorded(self, kept: List[Tensor]) -> List[Tensor]:
  all = torch.list(kept)
  forgotten = torch.clear(kept)
  return all

# dW x of one adapter, [..., m]: its parts side by side, zero where it has none
def delta(self, x: Tensor, adapter: Tuple[List[int], List[float], List[Tensor], List[Tensor], List[Tensor]], m: int) -> Tensor:
  numbers, scales, encoders, decoders, gates, = adapter
  E = self.encoder(numbers[0], encoders, gates)
  a = self.times(torch.to(x, ops.prim.dtype(E)), E)
  pieces: List[Tensor] = []
  row = 0
  feature = 0
  for p in range(torch.len(scales)):
    l = numbers[5 * p + 4]
    code = torch.slice(a, -1, feature, feature + l)
    if numbers[0] == 0:
      y = code * scales[p]
    elif numbers[0] == 1:
      y = self.low_rank(code, decoders[p], torch.slice(gates, p, p + 1), scales[p])
    else:
      if torch.len(decoders) != 0:
        D = decoders[p]
      else:
        D = torch.t(torch.slice(E, 0, feature, feature + l))
      if numbers[0] >= 4:
        y = self.steered(code, D, numbers[5 * p + 5], scales[p], numbers[1], numbers[2], gates[p], numbers[5 * p + 7])
      elif torch.len(gates) == 0:
        y = self.stan(code, D, numbers[5 * p + 5], scales[p], numbers[1], numbers[2], numbers[5 * p + 7])
      else:
        y = self.revived(code, D, numbers[5 * p + 5], scales[p], numbers[1], numbers[5 * p + 6], gates[p], numbers[5 * p + 7])
    if numbers[5 * p + 3] > row:
      pieces = torch.append(pieces, self.nothing(y, numbers[5 * p + 3] - row))
    pieces = torch.append(pieces, y)
    row = numbers[5 * p + 3] + torch.size(y, -1)
    feature = feature + l
  if m > row:
    pieces = torch.append(pieces, self.nothing(pieces[0], m - row))
  if torch.len(pieces) == 1:
    h = pieces[0]
  else:
    h = torch.cat(pieces, -1)
  return h

# The encoders of all parts as one matrix; a dense change is masked first.
def encoder(self, form: int, encoders: List[Tensor], gates: List[Tensor]) -> Tensor:
  parts = encoders
  if torch.__and__(form == 0, torch.len(gates) != 0):
    parts = annotate(List[Tensor], [])
    for p in range(torch.len(encoders)):
      parts = torch.append(parts, encoders[p] * gates[p])
  if torch.len(parts) == 1:
    E = parts[0]
  else:
    E = torch.cat(parts, 0)
  return E

def nothing(self, y: Tensor, width: int) -> Tensor:
  shape = torch.add(torch.slice(torch.size(y), 0, -1), [width])
  return torch.zeros(shape, dtype=ops.prim.dtype(y), device=ops.prim.device(y))

# scale * D (gate * a): eq. 1 (no gate), 15 (gate = lambda), 16 (gate = g)
def low_rank(self, a: Tensor, D: Tensor, gate: List[Tensor], scale: float) -> Tensor:
  if torch.len(gate) == 0:
    y = self.times(a, D) * scale
  else:
    y = self.times(a * torch.reshape(gate[0], [-1]), D) * scale
  return y

# eq. 3: scale * D topk(a) with a = E x, scale = 1/k, for tokens a [..., l]
def stan(self, a: Tensor, D: Tensor, k: int, scale: float, selection: int, decoder: int, groups: int) -> Tensor:
  if decoder == 2:
    y = self.gathered(a, D, k, selection)
  elif decoder == 1:
    y = self.times(self.masked(a, k, selection), D)
  else:
    y = self.times(self.thresholded(a, k, selection, groups), D)
  return y * scale

# eq. 3 with features steered: each kept feature z becomes min(factor * z, ceiling), then every token gets the offset, kept or not.
# With factor 1, ceiling infinity and offset 0 it is `stan` to the bit.
def steered(self, a: Tensor, D: Tensor, k: int, scale: float, selection: int, decoder: int, gate: Tensor, groups: int) -> Tensor:
  factor = torch.select(gate, 0, 0)
  ceiling = torch.select(gate, 0, 1)
  offset = torch.select(gate, 0, 2)
  if decoder == 2:
    where = self.best(a, k, selection)
    flat = torch.reshape(where, [-1])
    of = torch.size(where)
    z = torch.gather(self.rectified(a, selection), -1, where)
    z = torch.minimum(z * torch.reshape(torch.index_select(factor, 0, flat), of), torch.reshape(torch.index_select(ceiling, 0, flat), of))
    y = self.columns(z, D, where) + self.times(offset, D)
  else:
    if decoder == 1:
      kept = self.masked(a, k, selection)
    else:
      kept = self.thresholded(a, k, selection, groups)
    y = self.times(torch.minimum(kept * factor, ceiling) + offset, D)
  return y * scale

# eq. 3 while it is trained with revival: the `joining` strongest dead features of a token join with a weight. life [3, l]: updates
# left until a feature is dead, whether it was kept in this update (noted here), the weight.
def revived(self, a: Tensor, D: Tensor, k: int, scale: float, selection: int, joining: int, life: Tensor, groups: int) -> Tensor:
  s = self.scores(a, selection)
  keep = self.largest(s, k, groups)
  kept = torch.any(torch.reshape(keep, [-1, torch.size(a, -1)]), 0)
  noted = torch.masked_fill_(torch.select(life, 0, 1), kept, 1.)
  dead = torch.logical_and(torch.le(torch.select(life, 0, 0), 0.), torch.logical_not(keep))
  join = torch.logical_and(self.largest(torch.where(dead, s, torch.full_like(s, -1e+30)), joining, groups), dead)
  z = self.rectified(a, selection) * (torch.to(keep, ops.prim.dtype(a)) + join * torch.select(life, 0, 2))
  return self.times(z, D) * scale

# What features are ranked by. selection: 0 value, 1 magnitude, 2 positive value.
def scores(self, a: Tensor, selection: int) -> Tensor:
  s = torch.detach(a)
  if selection == 1:
    s = torch.abs(s)
  elif selection == 2:
    s = torch.relu(s)
  return s

# The features that a selection can keep: with selection 2 a negative one counts as zero.
def rectified(self, a: Tensor, selection: int) -> Tensor:
  f = a
  if selection == 2:
    f = torch.relu(a)
  return f

# topk(a), everything below the k-th largest score made zero
def thresholded(self, a: Tensor, k: int, selection: int, groups: int) -> Tensor:
  s = self.scores(a, selection)
  l = torch.size(a, -1)
  type = ops.prim.dtype(a)
  if torch.__and__(type == 15, l <= 8192):
    keep = self.greatest(self.distinct(s, 0.00390625), k, groups)
  elif torch.__and__(type == 5, l <= 2048):
    keep = self.greatest(self.distinct(s, 0.00048828125), k, groups)
  else:
    keep = self.largest(s, k, groups)
  return self.rectified(a, selection) * keep

# Scores of a half type in fp32, raised by a share of `gap` that falls with the index: no two of a row are equal, none overtakes a
# greater one (gap is the least relative distance of two numbers of the type), and of equal ones the lower index is greatest. Equal
# numbers are frequent in half types, and this is faster than to look for them. Zeros stay equal: kept or not, they add nothing.
def distinct(self, s: Tensor, gap: float) -> Tensor:
  l = torch.size(s, -1)
  wide = torch.to(s, 6)
  ramp = torch.arange(l - 1, -1, -1, dtype=6, device=ops.prim.device(s)) * (gap / l)
  return torch.addcmul(wide, torch.abs(wide), ramp)

# Which scores are at least the k-th largest of their row, or of their group of features if there are several.
def greatest(self, s: Tensor, k: int, groups: int) -> Tensor:
  rows = s
  if groups != 1:
    rows = torch.unflatten(s, -1, [groups, -1])
  best, where, = torch.topk(rows, k, -1, True, False)
  keep = torch.ge(rows, torch.amin(best, [-1], True))
  if groups != 1:
    keep = torch.flatten(keep, -2)
  return keep

# Which k scores of each token are largest, of each group of features if there are several.
def largest(self, s: Tensor, k: int, groups: int) -> Tensor:
  if groups == 1:
    keep = self.most(s, k)
  else:
    keep = torch.flatten(self.most(torch.unflatten(s, -1, [groups, -1]), k), -2)
  return keep

# Which k scores of each row are largest; of equal ones the lower index.
def most(self, s: Tensor, k: int) -> Tensor:
  best, where, = torch.topk(s, k, -1, True, False)
  least = torch.amin(best, [-1], True)
  above = torch.gt(s, least)
  level = torch.eq(s, least)
  room = k - torch.sum(above, [-1], True, dtype=3)
  return torch.logical_or(above, torch.logical_and(level, torch.le(torch.cumsum(level, -1, dtype=3), room)))

# The indices [..., k] of the k largest scores: keys order by score, then by lower index. The bits of a positive fp32 grow with it;
# those of a negative one fall, and are turned.
def best(self, a: Tensor, k: int, selection: int) -> Tensor:
  s = torch.to(self.scores(a, selection), 6) + 0.
  bits = torch.to(torch.view_copy(s, dtype=3), 4)
  turned = torch.where(torch.lt(bits, 0), -2147483648 - bits, bits)
  l = torch.size(a, -1)
  keys = turned * l - torch.arange(l, dtype=4, device=ops.prim.device(a))
  largest, where, = torch.topk(keys, k, -1, True, False)
  return where

# topk(a) by indices
def masked(self, a: Tensor, k: int, selection: int) -> Tensor:
  keep = torch.scatter(torch.zeros_like(a), -1, self.best(a, k, selection), 1.)
  return self.rectified(a, selection) * keep

# D topk(a), reading no other columns of D than the selected
def gathered(self, a: Tensor, D: Tensor, k: int, selection: int) -> Tensor:
  where = self.best(a, k, selection)
  return self.columns(torch.gather(self.rectified(a, selection), -1, where), D, where)

# sum of z [..., k] times the columns `where` [..., k] of D
def columns(self, z: Tensor, D: Tensor, where: Tensor) -> Tensor:
  bags = torch.arange(0, torch.numel(where), torch.size(where, -1), dtype=4, device=ops.prim.device(z))
  y, bag, size, most, = torch.embedding_bag(torch.contiguous(torch.t(D)), torch.reshape(where, [-1]), bags, False, 0, False, torch.reshape(z, [-1]))
  shape = torch.slice(torch.size(z), 0, -1)
  return torch.reshape(y, torch.add(shape, [torch.size(D, 0)]))

# Adapters as the network's program takes them: a list of adapters for each projection of a block.
def nowhere(self, projections: int) -> List[List[Tuple[List[int], List[float], List[Tensor], List[Tensor], List[Tensor]]]]:
  block = annotate(List[List[Tuple[List[int], List[float], List[Tensor], List[Tensor], List[Tensor]]]], [])
  for p in range(projections):
    block = torch.append(block, annotate(List[Tuple[List[int], List[float], List[Tensor], List[Tensor], List[Tensor]]], []))
  return block

def also(self, block: List[List[Tuple[List[int], List[float], List[Tensor], List[Tensor], List[Tensor]]]], projection: int, numbers: List[int], scales: List[float], encoders: List[Tensor], decoders: List[Tensor], gates: List[Tensor]) -> int:
  adapters = torch.append(block[projection], (numbers, scales, encoders, decoders, gates))
  return torch.len(adapters)
