from dev.stanstudio.engine.shared import Pair, Pairs, twice

# TWO stands in a comment.
def sum_of_pairs(self, pairs: Pairs) -> Tensor:
  first, = torch.slice(pairs, 0, 1)
  y, z, = first
  for pair in torch.slice(pairs, 1):
    a, b, = pair
    y = y + a
    z = z + b
  return self.twice(y) + z

def pairs(self, tensors: List[Tensor]) -> Pairs:
  pairs: Pairs = []
  for t in tensors:
    pair: Pair = (t, t)
    pairs = torch.append(pairs, pair)
  return pairs

def run(self, tensors: List[Tensor]) -> Tensor:
  return self.sum_of_pairs(self.pairs(tensors))

# Here TWO is a number like any other name: it was not imported.
def own(self, TWO: Tensor) -> Tensor:
  return TWO
