export type Binding = {
  /** `j`, `X` (with shift), `Enter`, `Escape`, `?`, or a sequence `g a`. */
  readonly keys: string;
  /** What it does, as the help overlay says it. */
  readonly says: string;
  readonly group: string;
  readonly run: () => void;
  /** Also while the person types or a dialog is open. */
  readonly always?: boolean;
};

export type Layer = 'shell' | 'page';

export type Keys = {
  /** A page's keys stand over the shell's, whichever came first. */
  add(bindings: readonly Binding[], layer: Layer): () => void;
  /** What each key does now. */
  all(): readonly Binding[];
};

/**
 * One listener for all shortcuts, so that the second key of `g a` never reaches the binding of `a`. Of two bindings with
 * the same keys the page's wins over the shell's, and of one layer the one added last.
 */
export function keyboard(target: Window, enabled: () => boolean): Keys & { listen(): () => void } {
  const sets: { bindings: readonly Binding[]; layer: Layer }[] = [];
  const ordered = () => [
    ...sets.filter((set) => set.layer === 'page').reverse(),
    ...sets.filter((set) => set.layer === 'shell').reverse(),
  ];
  let prefix: string | undefined;
  let prefixAt = 0;

  const find = (keys: string): Binding | undefined => {
    for (const set of ordered()) {
      const found = set.bindings.find((binding) => binding.keys === keys);
      if (found) return found;
    }
    return undefined;
  };
  const starts = (key: string) =>
    sets.some((set) => set.bindings.some((binding) => binding.keys.startsWith(`${key} `)));

  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const busy = typing(event) || target.document.querySelector('[role=dialog]') !== null;
    const single = event.key.length === 1;
    if (single && !enabled()) return;
    if (!busy && prefix !== undefined && event.timeStamp - prefixAt < 1500) {
      const sequence = find(`${prefix} ${event.key}`);
      prefix = undefined;
      if (sequence) {
        event.preventDefault();
        sequence.run();
        return;
      }
    }
    prefix = undefined;
    const binding = find(event.key);
    if (binding && (!busy || binding.always)) {
      if (event.key === 'Enter' && onControl(event)) return;
      event.preventDefault();
      binding.run();
    } else if (!busy && single && starts(event.key)) {
      prefix = event.key;
      prefixAt = event.timeStamp;
    }
  };

  return {
    add(bindings, layer) {
      const set = { bindings, layer };
      sets.push(set);
      return () => {
        const at = sets.indexOf(set);
        if (at >= 0) sets.splice(at, 1);
      };
    },
    all: () =>
      ordered()
        .flatMap((set) => set.bindings)
        .filter((binding) => find(binding.keys) === binding),
    listen() {
      target.addEventListener('keydown', onKey);
      return () => target.removeEventListener('keydown', onKey);
    },
  };
}

/** The element under the keyboard, also inside a shadow root (the query bar lives in one). */
function innermost(event: KeyboardEvent): Element | undefined {
  const first = event.composedPath()[0];
  return first instanceof Element ? first : undefined;
}

function typing(event: KeyboardEvent): boolean {
  const element = innermost(event);
  if (!element) return false;
  if (element instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(element.type);
  return element.matches(
    'textarea, select, [contenteditable=true], [role=menuitem], [role=option], [role=listbox]',
  );
}

/** Enter on a focused button or link means that control, not the page's shortcut. */
function onControl(event: KeyboardEvent): boolean {
  return innermost(event)?.closest('button, a, summary') !== null;
}
