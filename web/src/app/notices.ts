export type Notice = {
  readonly id: number;
  readonly text: string;
  readonly tone: 'done' | 'problem';
  readonly detail?: string;
  readonly undo?: () => void;
};

export type Notices = {
  readonly list: () => readonly Notice[];
  /** The last thing said to screen readers. */
  readonly said: () => string;
  show(notice: Omit<Notice, 'id'>): void;
  announce(text: string): void;
  dismiss(id: number): void;
  /** Runs the newest undo on offer; false when there is none. */
  undoLast(): boolean;
  readonly subscribe: (listener: () => void) => () => void;
};

const doneMilliseconds = 10_000;

export function notices(schedule: (run: () => void, milliseconds: number) => void): Notices {
  let list: readonly Notice[] = [];
  let said = '';
  let next = 1;
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const dismiss = (id: number) => {
    list = list.filter((notice) => notice.id !== id);
    changed();
  };
  const announce = (text: string) => {
    // The same words twice would not be read again: a no-break space makes them differ.
    said = said === text ? `${text}\u00a0` : text;
    changed();
  };
  return {
    list: () => list,
    said: () => said,
    show(notice) {
      const id = next++;
      list = [...list.slice(-3), { ...notice, id }];
      announce(notice.detail ? `${notice.text} ${notice.detail}` : notice.text);
      // A problem stays until it was read.
      if (notice.tone === 'done') schedule(() => dismiss(id), doneMilliseconds);
    },
    announce,
    dismiss,
    undoLast() {
      const notice = list.findLast((one) => one.undo !== undefined);
      if (!notice?.undo) return false;
      dismiss(notice.id);
      notice.undo();
      return true;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
