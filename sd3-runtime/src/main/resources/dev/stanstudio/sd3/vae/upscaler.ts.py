# Networks that enlarge pictures x [B, 3, H, W] in 0…1: RRDBNet of ESRGAN (Wang et al. 2018, figure 4) and the compact network of
# Real-ESRGAN (Wang et al. 2021). Features are [B, C, H, W]; weights are weight and bias of each convolution.
from dev.stanstudio.engine.types import Weights

def conv3(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
  return torch.conv2d(x, w, b, [1, 1], [1, 1])

def leaky(self, x: Tensor) -> Tensor:
  return torch.leaky_relu(x, 0.2)

# weights: one convolution
def convolve(self, x: Tensor, weights: Weights) -> Tensor:
  w, b, = weights
  return self.conv3(x, w, b)

# Residual dense block: each of five convolutions reads the input and what all before it made.
def dense(self, x: Tensor, weights: Weights) -> Tensor:
  w1, b1, w2, b2, w3, b3, w4, b4, w5, b5, = weights
  x1 = self.leaky(self.conv3(x, w1, b1))
  x12 = torch.cat([x, x1], 1)
  x2 = self.leaky(self.conv3(x12, w2, b2))
  x123 = torch.cat([x12, x2], 1)
  x3 = self.leaky(self.conv3(x123, w3, b3))
  x1234 = torch.cat([x123, x3], 1)
  x4 = self.leaky(self.conv3(x1234, w4, b4))
  x5 = self.conv3(torch.cat([x1234, x4], 1), w5, b5)
  return x5 * 0.2 + x

# Residual in residual: three dense blocks. weights: ten tensors for each
def residual_dense(self, x: Tensor, weights: Weights) -> Tensor:
  y = self.dense(x, torch.slice(weights, 0, 10))
  y = self.dense(y, torch.slice(weights, 10, 20))
  y = self.dense(y, torch.slice(weights, 20, 30))
  return y * 0.2 + x

# adds the first features to the convolved last ones; weights: one convolution
def joined(self, y: Tensor, first: Tensor, weights: Weights) -> Tensor:
  w, b, = weights
  return first + self.conv3(y, w, b)

# doubles the size; weights: one convolution
def doubled(self, x: Tensor, weights: Weights) -> Tensor:
  w, b, = weights
  return self.leaky(self.conv3(torch.upsample_nearest2d(x, None, [2., 2.]), w, b))

# features -> picture; weights: two convolutions
def colours(self, x: Tensor, weights: Weights) -> Tensor:
  w1, b1, w2, b2, = weights
  return self.conv3(self.leaky(self.conv3(x, w1, b1)), w2, b2)

# each square of `factor` x `factor` pixels as channels
def folded(self, x: Tensor, factor: int) -> Tensor:
  return torch.pixel_unshuffle(x, factor)

# a convolution with a slope for the negative part of each channel; weights: weight, bias, slopes
def sloped(self, x: Tensor, weights: Weights) -> Tensor:
  w, b, slopes, = weights
  return torch.prelu(self.conv3(x, w, b), slopes)

# the compact network's end: channels as squares of pixels, added to the enlarged input; weights: one convolution
def unfolded(self, y: Tensor, x: Tensor, weights: Weights, factor: int) -> Tensor:
  w, b, = weights
  scale = torch.mul(1., factor)
  return torch.pixel_shuffle(self.conv3(y, w, b), factor) + torch.upsample_nearest2d(x, None, [scale, scale])

def unit(self, x: Tensor) -> Tensor:
  return torch.clamp(x, 0., 1.)
