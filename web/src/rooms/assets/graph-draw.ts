import type { Item, Picture } from './graph-model.ts';
import { kindWord } from './words.ts';

/** Where the middle of the canvas looks, and how close. */
export type Eye = { x: number; y: number; zoom: number };

export type Colours = Readonly<
  Record<'bg' | 'panel' | 'line' | 'edge' | 'text' | 'muted' | 'accent' | 'link' | 'unknown', string>
>;
const names = ['bg', 'panel', 'line', 'edge', 'text', 'muted', 'accent', 'link', 'unknown'] as const;

export function coloursOf(element: Element): Colours {
  const style = getComputedStyle(element);
  // Each name once.
  return Object.fromEntries(
    names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
  ) as Colours;
}

/** Lines of one frame: more would be a grey field that takes a second to draw. */
export const linesAtRest = 12_000;
export const linesMoving = 2500;

export type Shown = {
  readonly picture: Picture;
  readonly eye: Eye;
  /** Position of the chosen item; -1 for none. */
  readonly chosen: number;
  readonly moving: boolean;
  readonly colours: Colours;
  readonly fonts: { readonly sans: string };
};

/** @returns how many lines of those in sight were drawn, and how many there are */
export function draw(canvas: HTMLCanvasElement, shown: Shown): { drawn: number; inSight: number } {
  const context = canvas.getContext('2d');
  if (context === null) return { drawn: 0, inSight: 0 };
  const ratio = window.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const { eye, colours } = shown;
  context.fillStyle = colours.bg;
  context.fillRect(0, 0, width, height);
  const toX = (x: number): number => (x - eye.x) * eye.zoom + width / 2;
  const toY = (y: number): number => (y - eye.y) * eye.zoom + height / 2;
  const counts = drawLines(context, shown, toX, toY, width, height);
  drawLayers(context, shown, toY);
  drawItems(context, shown, toX, toY, width, height);
  return counts;
}

type Place = (value: number) => number;

function drawLines(
  context: CanvasRenderingContext2D,
  { picture, chosen, moving, colours }: Shown,
  toX: Place,
  toY: Place,
  width: number,
  height: number,
): { drawn: number; inSight: number } {
  const most = moving ? linesMoving : linesAtRest;
  let drawn = 0;
  let inSight = 0;
  const depends = new Path2D();
  const reaches = new Path2D();
  const near = new Path2D();
  for (const line of picture.lines) {
    const from = picture.items[line.from];
    const to = picture.items[line.to];
    if (from === undefined || to === undefined) continue;
    const [x1, y1, x2, y2] = [toX(from.x), toY(from.y), toX(to.x), toY(to.y)];
    if (Math.max(x1, x2) < 0 || Math.min(x1, x2) > width || Math.max(y1, y2) < 0 || Math.min(y1, y2) > height)
      continue;
    inSight++;
    const own = line.from === chosen || line.to === chosen;
    if (!own && drawn >= most) {
      // While it moves nobody counts: the strongest come first.
      if (moving) break;
      continue;
    }
    drawn++;
    const path = own ? near : line.reach ? reaches : depends;
    path.moveTo(x1, y1);
    path.lineTo(x2, y2);
  }
  const crowded = drawn > 600;
  context.lineWidth = 1;
  context.globalAlpha = crowded ? 0.25 : 0.8;
  context.strokeStyle = colours.edge;
  context.stroke(depends);
  context.strokeStyle = colours.link;
  if (!crowded) context.setLineDash([4, 3]);
  context.stroke(reaches);
  context.setLineDash([]);
  context.globalAlpha = 1;
  context.lineWidth = 1.5;
  context.strokeStyle = colours.accent;
  context.stroke(near);
  return { drawn, inSight };
}

function drawLayers(context: CanvasRenderingContext2D, { picture, colours, fonts }: Shown, toY: Place): void {
  context.font = `600 11px ${fonts.sans}`;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  for (const layer of picture.layers) {
    const y = (toY(layer.y) + toY(layer.bottom)) / 2;
    const word = kindWord[layer.kind];
    context.fillStyle = colours.bg;
    context.fillRect(8, y - 9, context.measureText(word).width + 12, 18);
    context.fillStyle = colours.muted;
    context.fillText(word, 14, y);
  }
}

function drawItems(
  context: CanvasRenderingContext2D,
  { picture, eye, chosen, colours, fonts }: Shown,
  toX: Place,
  toY: Place,
  width: number,
  height: number,
): void {
  const radius = Math.max(1.2, Math.min(6, 5 * eye.zoom));
  const seen = (item: Item, x: number, y: number): boolean =>
    x > -80 && x < width + 80 && y > -20 && y < height + 20 && item.size > 0;
  const plain = new Path2D();
  const stale = new Path2D();
  const retired = new Path2D();
  const labelled: { item: Item; x: number; y: number; at: number }[] = [];
  for (const [at, item] of picture.items.entries()) {
    const [x, y] = [toX(item.x), toY(item.y)];
    if (!seen(item, x, y)) continue;
    if (item.node < 0 || at === chosen) labelled.push({ item, x, y, at });
    else if (picture.gap * eye.zoom > 84) labelled.push({ item, x, y, at });
    if (item.node < 0) continue;
    const path = item.state === 0 ? plain : item.state === 1 ? stale : retired;
    // A dot of some pixels is a square to the eye, and ten thousand arcs are not to be had in a frame.
    if (radius <= 2.5) path.rect(x - radius, y - radius, radius * 2, radius * 2);
    else {
      path.moveTo(x + radius, y);
      path.arc(x, y, radius, 0, Math.PI * 2);
    }
  }
  context.fillStyle = colours.text;
  context.fill(plain);
  context.lineWidth = 1.5;
  context.strokeStyle = colours.unknown;
  context.setLineDash([2, 2]);
  context.stroke(stale);
  context.setLineDash([]);
  context.strokeStyle = colours.muted;
  context.stroke(retired);
  context.textBaseline = 'middle';
  for (const { item, x, y, at } of labelled)
    if (item.node < 0) drawBox(context, item, x, y, at === chosen, colours, fonts);
    else {
      context.font = `${at === chosen ? 600 : 400} 11px ${fonts.sans}`;
      context.textAlign = 'left';
      context.fillStyle = at === chosen ? colours.accent : colours.text;
      context.fillText(shortened(item.label, 18), x + radius + 4, y);
      if (at !== chosen) continue;
      context.beginPath();
      context.arc(x, y, radius + 3, 0, Math.PI * 2);
      context.lineWidth = 2;
      context.strokeStyle = colours.accent;
      context.stroke();
    }
}

function drawBox(
  context: CanvasRenderingContext2D,
  item: Item,
  x: number,
  y: number,
  chosen: boolean,
  colours: Colours,
  fonts: Shown['fonts'],
): void {
  const text = `${shortened(item.label, 18)}  ${item.size}`;
  context.font = `600 11px ${fonts.sans}`;
  const half = context.measureText(text).width / 2 + 8;
  context.fillStyle = colours.panel;
  context.strokeStyle = chosen ? colours.accent : colours.edge;
  context.lineWidth = chosen ? 2 : 1;
  context.beginPath();
  context.roundRect(x - half, y - 12, half * 2, 24, 4);
  context.fill();
  context.stroke();
  context.textAlign = 'center';
  context.fillStyle = colours.text;
  context.fillText(text, x, y);
}

const shortened = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;

/** The item nearest to a point of the canvas, within reach of a finger; -1 for none. */
export function itemAt(
  canvas: HTMLCanvasElement,
  { picture, eye }: Pick<Shown, 'picture' | 'eye'>,
  px: number,
  py: number,
): number {
  const x = (px - canvas.clientWidth / 2) / eye.zoom + eye.x;
  const y = (py - canvas.clientHeight / 2) / eye.zoom + eye.y;
  let best = -1;
  let nearest = Number.POSITIVE_INFINITY;
  for (const [at, item] of picture.items.entries()) {
    const dx = Math.abs(item.x - x) * eye.zoom;
    const dy = Math.abs(item.y - y) * eye.zoom;
    const reach = item.node < 0 ? { x: 70, y: 13 } : { x: 12, y: 12 };
    if (dx > reach.x || dy > reach.y || dx + dy >= nearest) continue;
    nearest = dx + dy;
    best = at;
  }
  return best;
}

/** The eye that has all of it in sight. */
export function wholeOf(canvas: HTMLCanvasElement, { width, height }: Picture): Eye {
  const zoom = Math.min(1.4, (canvas.clientWidth - 120) / width, (canvas.clientHeight - 40) / height);
  return { x: 0, y: height / 2 - 36, zoom: Math.max(0.01, zoom) };
}
