/** A bar on the terminal's last line. */
export type Progress = {
  readonly add: (bytes: number) => void;
  /** Writes something above the bar. */
  readonly above: (write: () => void) => void;
  readonly end: () => void;
};

const cells = 30;

/** @param write undefined where there is no terminal to draw on @param total bytes; 0 where nobody knows */
export function progressBar(write: ((text: string) => void) | undefined, total: number): Progress {
  let done = 0;
  let shown = '';
  const draw = (): void => {
    const megabytes = `${(done / 1e6).toFixed(1)} MB`;
    const part = total === 0 ? 0 : Math.min(1, done / total);
    const text =
      total === 0
        ? megabytes
        : `[${'#'.repeat(Math.floor(part * cells)).padEnd(cells)}] ${Math.floor(part * 100)}% ${megabytes}`;
    if (text !== shown) write?.(`\r\u001b[2K${text}`);
    shown = text;
  };
  const clear = (): void => {
    if (shown !== '') write?.('\r\u001b[2K');
    shown = '';
  };
  return {
    add(bytes) {
      done += bytes;
      if (write) draw();
    },
    above(action) {
      clear();
      action();
    },
    end: clear,
  };
}
