# Decoder of a tiny autoencoder (TAESD3; diffusers autoencoder_tiny.py, vae.py DecoderTiny). Latents [B, C, H, W] -> picture [B, 3, 8H, 8W].
from dev.stanstudio.engine.types import FP32, UINT8, Weights

def conv3(self, x: Tensor, w: Tensor, b: Optional[Tensor]) -> Tensor:
  return torch.conv2d(x, w, b, [1, 1], [1, 1])

# limits latents to -3…3 smoothly
def begin(self, x: Tensor, weights: Weights) -> Tensor:
  w, b, = weights
  return torch.relu(self.conv3(torch.tanh(torch.div(x, 3.)) * 3., w, b))

# weights: three convolutions with bias
def residual(self, x: Tensor, weights: Weights) -> Tensor:
  w1, b1, w2, b2, w3, b3, = weights
  y = torch.relu(self.conv3(x, w1, b1))
  y = torch.relu(self.conv3(y, w2, b2))
  return torch.relu(self.conv3(y, w3, b3) + x)

# doubles the size; weights: one convolution without bias
def doubled(self, x: Tensor, weights: Weights) -> Tensor:
  w, = weights
  return self.conv3(torch.upsample_nearest2d(x, None, [2., 2.]), w, None)

# weights: one convolution
def convolve(self, x: Tensor, weights: Weights) -> Tensor:
  w, b, = weights
  return self.conv3(x, w, b)

# values of about 0…1 -> bytes [H, W, 3]
def to_bytes(self, x: Tensor) -> Tensor:
  pixels = torch.permute(torch.to(torch.squeeze(x, 0), FP32), [1, 2, 0])
  return torch.contiguous(torch.to(torch.round(torch.clamp(pixels, 0., 1.) * 255.), UINT8))
