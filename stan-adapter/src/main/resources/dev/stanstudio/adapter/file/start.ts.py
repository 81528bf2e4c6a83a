# Initial factors A0, B0 that PEFT computes from a weight W [out, in], and an adapter trained from them without its initial change.
from dev.stanstudio.engine.types import FP32

# PiSSA (Meng et al. 2024, eq. 2 and 3): A0 [r, in] and B0 [out, r] with c * B0 A0 = the r largest singular parts of W.
def pissa(self, w: Tensor, r: int, c: float) -> Tuple[Tensor, Tensor]:
  u, s, v, = torch.linalg_svd(torch.to(w, FP32), False)
  root = torch.sqrt(torch.slice(s, 0, 0, r) / c)
  a = torch.slice(v, 0, 0, r) * torch.unsqueeze(root, 1)
  b = torch.slice(u, 1, 0, r) * root
  return (a, b)

# OLoRA (Büyükakyüz 2024, section 3): A0 and B0 are the first r rows of R and columns of Q, where W = Q R.
def olora(self, w: Tensor, r: int, c: float) -> Tuple[Tensor, Tensor]:
  q, t, = torch.linalg_qr(torch.to(w, FP32))
  return (torch.slice(t, 0, 0, r), torch.slice(q, 1, 0, r))

# c * x0 beside x along `axis`, fp32
def beside(self, x: Tensor, x0: Tensor, axis: int, c: float) -> Tensor:
  return torch.contiguous(torch.cat([torch.to(x, FP32), x0 * c], axis))
