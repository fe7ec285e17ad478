/** @returns whether nobody has used the page for that long */
export function idleAfter(target: Window, seconds: number): () => boolean {
  let usedAt = target.performance.now();
  const used = () => {
    usedAt = target.performance.now();
  };
  for (const event of ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const)
    target.addEventListener(event, used, { passive: true, capture: true });
  return () => target.performance.now() - usedAt > seconds * 1000;
}
