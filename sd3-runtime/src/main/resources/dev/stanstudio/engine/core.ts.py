# What the engine itself needs. `dtype` is a number type by libtorch's code.
from dev.stanstudio.engine.types import FP32, INT64, UINT8

def shape(self, x: Tensor) -> List[int]:
  return torch.size(x)

def scalar_type(self, x: Tensor) -> int:
  return ops.prim.dtype(x)

def count(self, tensors: List[Tensor]) -> int:
  return torch.len(tensors)

def none(self) -> Optional[Tensor]:
  return None

def no_tensors(self) -> List[Tensor]:
  return annotate(List[Tensor], [])

def element(self, tensors: List[Tensor], i: int) -> Tensor:
  return tensors[i]

def list_bytes(self, tensors: List[Tensor]) -> int:
  total = 0
  for t in tensors:
    total = total + torch.numel(t) * torch.element_size(t)
  return total

# Contiguous copies on the host, for Java to read.
def host_floats(self, x: Tensor) -> Tensor:
  return torch.contiguous(torch.to(x, torch.device("cpu"), FP32))

def host_longs(self, x: Tensor) -> Tensor:
  return torch.contiguous(torch.to(x, torch.device("cpu"), INT64))

def host_bytes(self, x: Tensor) -> Tensor:
  flat = torch.reshape(torch.contiguous(torch.to(x, torch.device("cpu"), ops.prim.dtype(x))), [-1])
  return torch.view_copy(flat, dtype=UINT8)

# Memory on the host that holds anything, for Java to write.
def unwritten(self, shape: List[int], dtype: int) -> Tensor:
  return torch.empty(shape, dtype=dtype, device=torch.device("cpu"))

def zeros(self, shape: List[int], dtype: int, device: str) -> Tensor:
  return torch.zeros(shape, dtype=dtype, device=torch.device(device))

def move(self, x: Tensor, device: str, dtype: int) -> Tensor:
  return torch.to(x, torch.device(device), dtype)

# sum of c[i] * t[i], computed in fp32
def combine(self, c: List[float], tensors: List[Tensor], dtype: int) -> Tensor:
  y = torch.mul(torch.to(tensors[0], FP32), c[0])
  for i in range(torch.len(tensors) - 1):
    y = torch.add(y, torch.to(tensors[i + 1], FP32), alpha=c[i + 1])
  return torch.to(y, dtype)

def concat(self, tensors: List[Tensor], axis: int) -> Tensor:
  return torch.cat(tensors, axis)

# The 8-bit floats have few operators of their own; their bytes have all.
def concat_bytes(self, tensors: List[Tensor]) -> Tensor:
  dtype = ops.prim.dtype(tensors[0])
  if torch.element_size(tensors[0]) == 1:
    raw: List[Tensor] = []
    for t in tensors:
      raw = torch.append(raw, torch.view_copy(t, dtype=UINT8))
    y = torch.view_copy(torch.cat(raw, 0), dtype=dtype)
  else:
    y = torch.cat(tensors, 0)
  return y

def reshape(self, x: Tensor, shape: List[int]) -> Tensor:
  return torch.reshape(x, shape)

def share(self, x: Tensor) -> Tensor:
  return x

def identity(self, n: int, dtype: int, device: str) -> Tensor:
  return torch.eye(n, dtype=dtype, device=torch.device(device))

def pick_rows(self, table: Tensor, ids: Tensor, device: str, dtype: int) -> Tensor:
  flat = torch.index_select(table, 0, torch.flatten(ids))
  rows = torch.view(flat, [torch.size(ids, 0), torch.size(ids, 1), torch.size(table, 1)])
  return torch.to(rows, torch.device(device), dtype)

def narrow(self, x: Tensor, axis: int, start: int, end: int) -> Tensor:
  return torch.slice(x, axis, start, end)

def repeat_rows(self, x: Tensor, times: int) -> Tensor:
  return torch.repeat_interleave(x, times, 0)

def all_finite(self, x: Tensor) -> int:
  return int(torch.item(torch.all(torch.isfinite(x))))

# a leaf of its own memory
def parameter(self, x: Tensor, device: str, dtype: int) -> Tensor:
  return torch.requires_grad_(torch.detach(torch.clone(torch.to(x, torch.device(device), dtype))), True)

# What was made while nothing was recorded cannot be saved for gradients; a copy made while recording can.
def recordable(self, x: Tensor) -> Tensor:
  if torch.is_inference(x):
    y = torch.clone(x)
  else:
    y = x
  return y

def gradients(self, loss: Tensor, parameters: List[Tensor]) -> List[Tensor]:
  found = torch.grad([loss], parameters, None, None, False, True)
  result: List[Tensor] = []
  for i in range(torch.len(parameters)):
    g = found[i]
    if torch.__is__(g, None):
      result = torch.append(result, torch.zeros_like(parameters[i]))
    else:
      result = torch.append(result, unchecked_cast(Tensor, g))
  return result

# Random numbers as torch's CPU generator gives them. Fewer than 16 are drawn in their own type; more are drawn in fp32,
# and when the number is not a multiple of 16 the last 16 are drawn anew (ATen/native/cpu/DistributionTemplates.h).
def generator(self, seed: int) -> Generator:
  return torch.Generator(device=torch.device("cpu"), seed=seed)

def uniform(self, g: Generator, shape: List[int], dtype: int) -> Tensor:
  return torch.rand(shape, generator=g, dtype=dtype, device=torch.device("cpu"))

def normal(self, g: Generator, shape: List[int], dtype: int) -> Tensor:
  n = 1
  for s in shape:
    n = n * s
  if torch.__or__(dtype == FP32, n < 16):
    r = torch.randn(shape, generator=g, dtype=dtype, device=torch.device("cpu"))
  else:
    rest = torch.remainder(n, 16)
    f = torch.randn([n - rest], generator=g, dtype=FP32, device=torch.device("cpu"))
    if rest != 0:
      last = torch.randn([16], generator=g, dtype=FP32, device=torch.device("cpu"))
      f = torch.cat([torch.slice(f, 0, 0, n - 16), last])
    r = torch.to(torch.view(f, shape), dtype)
  return r
