// Changes of a mask on a canvas. What is painted is opaque there; as a file it is white on black.

/** The colour of what is painted, while it lies over the picture. */
const TINT = "#ff2f6d";

function blank(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

/** Draws the points of a stroke from index `from` on, joined to the one before. */
export function drawStroke(canvas, stroke, from = 0) {
  const draw = canvas.getContext("2d");
  draw.globalCompositeOperation = stroke.erase ? "destination-out" : "source-over";
  draw.strokeStyle = draw.fillStyle = TINT;
  draw.lineWidth = stroke.size;
  draw.lineCap = draw.lineJoin = "round";
  draw.beginPath();
  const points = stroke.points.slice(Math.max(0, from - 1));
  points.forEach(([x, y], i) => (i ? draw.lineTo(x, y) : draw.moveTo(x, y)));
  draw.stroke();
  if (from === 0) {
    draw.beginPath();
    draw.arc(points[0][0], points[0][1], stroke.size / 2, 0, 2 * Math.PI);
    draw.fill();
  }
  draw.globalCompositeOperation = "source-over";
}

export function clear(canvas) {
  canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
}

function invert(canvas) {
  const painted = blank(canvas.width, canvas.height);
  painted.getContext("2d").drawImage(canvas, 0, 0);
  const draw = canvas.getContext("2d");
  clear(canvas);
  draw.fillStyle = TINT;
  draw.fillRect(0, 0, canvas.width, canvas.height);
  draw.globalCompositeOperation = "destination-out";
  draw.drawImage(painted, 0, 0);
  draw.globalCompositeOperation = "source-over";
}

function replace(canvas, picture) {
  clear(canvas);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
}

/** Makes one change of a {@link MaskHistory}. */
export function apply(canvas, change) {
  if (change.points) drawStroke(canvas, change);
  else if (change.picture) replace(canvas, change.picture);
  else if (change.invert) invert(canvas);
  else clear(canvas);
}

/** Reads a mask file as a canvas on which white is painted. */
export async function readMask(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = blank(image.naturalWidth, image.naturalHeight);
  const draw = canvas.getContext("2d");
  draw.drawImage(image, 0, 0);
  const pixels = draw.getImageData(0, 0, canvas.width, canvas.height);
  for (let i = 0; i < pixels.data.length; i += 4) pixels.data[i + 3] = pixels.data[i];
  draw.putImageData(pixels, 0, 0);
  draw.globalCompositeOperation = "source-in";
  draw.fillStyle = TINT;
  draw.fillRect(0, 0, canvas.width, canvas.height);
  return canvas;
}

function isEmpty(canvas) {
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  for (let i = 3; i < data.length; i += 4) if (data[i]) return false;
  return true;
}

/** The mask as the address of a PNG; empty where nothing is painted. */
export function toAddress(canvas) {
  if (isEmpty(canvas)) return "";
  const mask = blank(canvas.width, canvas.height);
  const draw = mask.getContext("2d");
  draw.drawImage(canvas, 0, 0);
  draw.globalCompositeOperation = "source-in";
  draw.fillStyle = "#fff";
  draw.fillRect(0, 0, mask.width, mask.height);
  draw.globalCompositeOperation = "destination-over";
  draw.fillStyle = "#000";
  draw.fillRect(0, 0, mask.width, mask.height);
  return mask.toDataURL("image/png");
}
