# Numbers of GGUF's quantised types as fp32. b [n, bytes] holds n blocks; every result is [n, numbers of a block]. Layouts: llama.cpp
# ggml-common.h; every value is the one that the Python package gguf gives.
from dev.stanstudio.engine.types import FP16, FP32, INT8, UINT8

# the half-precision number at byte `at` of each block: [n, 1]
def half_at(self, b: Tensor, at: int) -> Tensor:
  pair = torch.contiguous(torch.slice(b, 1, at, at + 2))
  return torch.to(torch.view_copy(pair, dtype=FP16), FP32)

# bytes `begin` ... `end` - 1 in groups of `width`: [n, groups, 1, width]
def groups(self, b: Tensor, begin: int, end: int, width: int) -> Tensor:
  return torch.reshape(torch.slice(b, 1, begin, end), [torch.size(b, 0), -1, 1, width])

# for each group its low four bits, then its high four bits, in fp32: [n, 2 * groups, width]
def nibbles(self, b: Tensor, begin: int, end: int, width: int) -> Tensor:
  q = self.groups(b, begin, end, width)
  both = torch.cat([torch.bitwise_and(q, 15), torch.bitwise_right_shift(q, 4)], 2)
  return torch.to(torch.reshape(both, [torch.size(b, 0), -1, width]), FP32)

# the bits of bytes `begin` ... `begin` + 3, lowest first, in fp32: [n, 32]
def bits32(self, b: Tensor, begin: int) -> Tensor:
  bytes = torch.unsqueeze(torch.slice(b, 1, begin, begin + 4), 2)
  shifts = torch.arange(8, dtype=UINT8, device=ops.prim.device(b))
  bits = torch.bitwise_and(torch.bitwise_right_shift(bytes, shifts), 1)
  return torch.to(torch.reshape(bits, [torch.size(b, 0), 32]), FP32)

def q8_0(self, b: Tensor) -> Tensor:
  q = torch.view_copy(torch.contiguous(torch.slice(b, 1, 2, 34)), dtype=INT8)
  return torch.mul(torch.to(q, FP32), self.half_at(b, 0))

def q4_0(self, b: Tensor) -> Tensor:
  q = torch.flatten(self.nibbles(b, 2, 18, 16), 1)
  return torch.mul(torch.sub(q, 8), self.half_at(b, 0))

def q4_1(self, b: Tensor) -> Tensor:
  q = torch.flatten(self.nibbles(b, 4, 20, 16), 1)
  return torch.add(torch.mul(q, self.half_at(b, 0)), self.half_at(b, 2))

def q5_0(self, b: Tensor) -> Tensor:
  low = torch.flatten(self.nibbles(b, 6, 22, 16), 1)
  q = torch.add(low, self.bits32(b, 2), alpha=16)
  return torch.mul(torch.sub(q, 16), self.half_at(b, 0))

def q5_1(self, b: Tensor) -> Tensor:
  low = torch.flatten(self.nibbles(b, 8, 24, 16), 1)
  q = torch.add(low, self.bits32(b, 4), alpha=16)
  return torch.add(torch.mul(q, self.half_at(b, 0)), self.half_at(b, 2))

# The 12 bytes from byte 4 on: eight scales and eight minima of six bits, in fp32 as factors of d and dmin: [n, 8, 1] each.
def scales_of_k(self, b: Tensor) -> Tuple[Tensor, Tensor]:
  first = torch.slice(b, 1, 4, 8)
  second = torch.slice(b, 1, 8, 12)
  third = torch.slice(b, 1, 12, 16)
  high_scale = torch.bitwise_and(torch.bitwise_right_shift(first, 2), 48)
  high_least = torch.bitwise_and(torch.bitwise_right_shift(second, 2), 48)
  scale = torch.cat([torch.bitwise_and(first, 63), torch.bitwise_or(torch.bitwise_and(third, 15), high_scale)], 1)
  least = torch.cat([torch.bitwise_and(second, 63), torch.bitwise_or(torch.bitwise_right_shift(third, 4), high_least)], 1)
  d = torch.mul(self.half_at(b, 0), torch.to(scale, FP32))
  m = torch.mul(self.half_at(b, 2), torch.to(least, FP32))
  return (torch.unsqueeze(d, 2), torch.unsqueeze(m, 2))

def q4_k(self, b: Tensor) -> Tensor:
  d, m, = self.scales_of_k(b)
  q = self.nibbles(b, 16, 144, 32)
  return torch.flatten(torch.sub(torch.mul(d, q), m), 1)

def q5_k(self, b: Tensor) -> Tensor:
  d, m, = self.scales_of_k(b)
  shifts = torch.view(torch.arange(8, dtype=UINT8, device=ops.prim.device(b)), [8, 1])
  high = torch.bitwise_and(torch.bitwise_right_shift(self.groups(b, 16, 48, 32), shifts), 1)
  bits = torch.to(torch.reshape(high, [torch.size(b, 0), 8, 32]), FP32)
  q = torch.add(self.nibbles(b, 48, 176, 32), bits, alpha=16)
  return torch.flatten(torch.sub(torch.mul(d, q), m), 1)

def q6_k(self, b: Tensor) -> Tensor:
  n = torch.size(b, 0)
  shifts = torch.view(torch.arange(0, 8, 2, dtype=UINT8, device=ops.prim.device(b)), [4, 1])
  high = torch.bitwise_and(torch.bitwise_right_shift(self.groups(b, 128, 192, 32), shifts), 3)
  low = torch.reshape(self.nibbles(b, 0, 128, 64), [n, 16, 16])
  q = torch.sub(torch.add(low, torch.to(torch.reshape(high, [n, 16, 16]), FP32), alpha=16), 32)
  scale = torch.view_copy(torch.contiguous(torch.slice(b, 1, 192, 208)), dtype=INT8)
  d = torch.mul(self.half_at(b, 208), torch.to(scale, FP32))
  return torch.flatten(torch.mul(torch.unsqueeze(d, 2), q), 1)
