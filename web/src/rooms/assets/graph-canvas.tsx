import { useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import { count } from '../../parts/words.ts';
import { type Colours, coloursOf, draw, type Eye, itemAt, wholeOf } from './graph-draw.ts';
import type { Picture } from './graph-model.ts';

type Props = {
  picture: Picture;
  chosen: number;
  choose: (item: number) => void;
  /** Enter, or a second click: a group opens, an asset is focused on. */
  enter: (item: number) => void;
  /** Escape: a step back. */
  back: () => void;
  told: (lines: { drawn: number; inSight: number }) => void;
};

/** The picture on a canvas: dragged, zoomed, walked through with the arrow keys. Nothing is drawn while nothing moves. */
export function GraphCanvas({ picture, chosen, choose, enter, back, told }: Props) {
  const ref = useRef<HTMLCanvasElement>(null);
  const eye = useRef<Eye>({ x: 0, y: 0, zoom: 1 });
  const colours = useRef<Colours>(undefined);
  const frame = useRef(0);
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef({ picture, chosen, told });
  useLayoutEffect(() => {
    latest.current = { picture, chosen, told };
  });

  /** @param moving few lines now, all of them when it rests */
  const redraw = useCallback((moving: boolean): void => {
    cancelAnimationFrame(frame.current);
    clearTimeout(rest.current);
    frame.current = requestAnimationFrame(() => {
      const canvas = ref.current;
      if (canvas === null) return;
      colours.current ??= coloursOf(canvas);
      const started = performance.now();
      const lines = draw(canvas, {
        ...latest.current,
        eye: eye.current,
        moving,
        colours: colours.current,
        fonts: { sans: getComputedStyle(canvas).fontFamily },
      });
      performance.measure('asset-graph-draw', { start: started, end: performance.now() });
      if (moving) rest.current = setTimeout(() => redraw(false), 160);
      else latest.current.told(lines);
    });
  }, []);

  useEffect(() => {
    const canvas = ref.current;
    if (canvas === null) return;
    eye.current = wholeOf(canvas, picture);
    redraw(false);
  }, [picture, redraw]);
  useEffect(() => redraw(false), [chosen, redraw]);
  useEffect(() => {
    const canvas = ref.current;
    if (canvas === null) return;
    const size = new ResizeObserver(() => redraw(false));
    size.observe(canvas);
    const theme = new MutationObserver(() => {
      colours.current = undefined;
      redraw(false);
    });
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    // React's own wheel listener is passive, so that the page would scroll as well.
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      zoomAt(canvas, eye.current, Math.exp(-event.deltaY / 400), event.offsetX, event.offsetY);
      redraw(true);
    };
    canvas.addEventListener('wheel', wheel, { passive: false });
    return () => {
      size.disconnect();
      theme.disconnect();
      canvas.removeEventListener('wheel', wheel);
      cancelAnimationFrame(frame.current);
      clearTimeout(rest.current);
    };
  }, [redraw]);

  const drag = useRef<{ x: number; y: number; moved: boolean }>(undefined);
  return (
    <canvas
      ref={ref}
      tabIndex={0}
      role="application"
      aria-label={`Graph of ${count(picture.items.length)} assets and groups. Arrow keys choose, Enter opens, Escape goes back, plus and minus zoom. The table has the same.`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { x: event.clientX, y: event.clientY, moved: false };
      }}
      onPointerMove={(event) => {
        const from = drag.current;
        if (from === undefined) return;
        const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
        if (!from.moved && Math.abs(dx) + Math.abs(dy) < 4) return;
        drag.current = { x: event.clientX, y: event.clientY, moved: true };
        eye.current = {
          ...eye.current,
          x: eye.current.x - dx / eye.current.zoom,
          y: eye.current.y - dy / eye.current.zoom,
        };
        redraw(true);
      }}
      onPointerUp={(event) => {
        const was = drag.current;
        drag.current = undefined;
        if (was === undefined || was.moved) return;
        const box = event.currentTarget.getBoundingClientRect();
        const item = itemAt(
          event.currentTarget,
          { picture, eye: eye.current },
          event.clientX - box.left,
          event.clientY - box.top,
        );
        if (item >= 0 && item === chosen) enter(item);
        else choose(item);
      }}
      onKeyDown={(event) => {
        const canvas = event.currentTarget;
        const side = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[
          event.key
        ];
        if (side !== undefined) {
          const next = beside(picture, chosen, side[0] ?? 0, side[1] ?? 0);
          const item = picture.items[next];
          choose(next);
          if (item !== undefined) intoSight(canvas, eye.current, item.x, item.y);
        } else if (event.key === 'Enter' && chosen >= 0) enter(chosen);
        else if (event.key === 'Escape') back();
        else if (event.key === '+' || event.key === '=')
          zoomAt(canvas, eye.current, 1.3, canvas.clientWidth / 2, canvas.clientHeight / 2);
        else if (event.key === '-')
          zoomAt(canvas, eye.current, 1 / 1.3, canvas.clientWidth / 2, canvas.clientHeight / 2);
        else if (event.key === '0') eye.current = wholeOf(canvas, picture);
        else return;
        event.preventDefault();
        event.stopPropagation();
        redraw(true);
      }}
    />
  );
}

/** What is under the pointer stays under it. */
function zoomAt(canvas: HTMLCanvasElement, eye: Eye, factor: number, x: number, y: number): void {
  const zoom = Math.min(6, Math.max(0.01, eye.zoom * factor));
  const dx = x - canvas.clientWidth / 2;
  const dy = y - canvas.clientHeight / 2;
  eye.x += dx / eye.zoom - dx / zoom;
  eye.y += dy / eye.zoom - dy / zoom;
  eye.zoom = zoom;
}

function intoSight(canvas: HTMLCanvasElement, eye: Eye, x: number, y: number): void {
  const halfX = canvas.clientWidth / 2 / eye.zoom;
  const halfY = canvas.clientHeight / 2 / eye.zoom;
  if (Math.abs(x - eye.x) > halfX * 0.9) eye.x = x;
  if (Math.abs(y - eye.y) > halfY * 0.9) eye.y = y;
}

/** The nearest item to that side; the first of the uppermost where none is chosen yet. */
function beside({ items }: Picture, chosen: number, sideX: number, sideY: number): number {
  const from = items[chosen];
  if (from === undefined)
    return items.reduce((first, { x, y }, at) => {
      const other = items[first];
      return other === undefined || y < other.y || (y === other.y && x < other.x) ? at : first;
    }, -1);
  let best = chosen;
  let nearest = Number.POSITIVE_INFINITY;
  for (const [at, item] of items.entries()) {
    const along = (item.x - from.x) * sideX + (item.y - from.y) * sideY;
    const across = Math.abs((item.x - from.x) * sideY) + Math.abs((item.y - from.y) * sideX);
    if (along <= 0.5 || along + across * 3 >= nearest) continue;
    nearest = along + across * 3;
    best = at;
  }
  return best;
}
