# What the image stream sees of pictures that an IP-Adapter was given (diffusers SD3IPAdapterJointAttnProcessor2_0). Letters as in
# mmdit.ts.py, whose functions these use.

# Pictures in one attention: their keys and values [B, T, h, D], the adapter's weights for the norms of the image stream's q and k, and
# the adapter's scale.
Image = Tuple[Tensor, Tensor, Tensor, Tensor, float]
# An entry for each attention of a block, or none.
Images = List[Image]

def no_images(self) -> Images:
  return annotate(Images, [])

# The image stream's attention over itself and the pictures, times the scale, for each entry: qkv [B, N, 3d] -> [B, N, d].
def seen(self, qkv: Tensor, images: Images, h: int) -> List[Tensor]:
  seen = annotate(List[Tensor], [])
  for image in images:
    k, v, norm_q, norm_k, scale, = image
    q, own_k, own_v, = self.heads_of(qkv, h, [norm_q, norm_k])
    attended = self.attend(q, torch.cat([own_k, k], 1), torch.cat([own_v, v], 1), None)
    seen = torch.append(seen, attended * scale)
  return seen

# x and what was seen
def plus_seen(self, x: Tensor, seen: List[Tensor]) -> Tensor:
  y = x
  for one in seen:
    y = y + one
  return y
