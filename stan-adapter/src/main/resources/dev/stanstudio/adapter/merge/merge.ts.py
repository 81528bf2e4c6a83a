# Low-rank changes added to a weight (Hu et al. 2021, section 4.1). Type numbers are libtorch's: 6 fp32.

def merge(self, w: Tensor, c: List[float], down: List[Tensor], up: List[Tensor]) -> Tensor:
  # w [out, in, ...], A [r, in, ...], B [out, r, ...]: w + sum of c[i] * B[i] A[i] in fp32, in the type of w.
  # A kernel's axes belong to the inputs, so that a convolution is a matrix too.
  y = torch.flatten(torch.to(w, 6), 1)
  for i in range(torch.len(c)):
    a = torch.flatten(torch.to(down[i], 6), 1)
    b = torch.flatten(torch.to(up[i], 6), 1)
    y = torch.addmm(y, b, a, beta=1, alpha=c[i])
  return torch.to(torch.reshape(y, torch.size(w)), ops.prim.dtype(w))
