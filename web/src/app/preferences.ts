export type Theme = 'dark' | 'light' | 'contrast';
export type Preferences = {
  readonly theme: Theme;
  readonly clock: 'utc' | 'local';
  /** Single-key shortcuts can be turned off (WCAG 2.1.4). */
  readonly shortcuts: boolean;
  readonly density: 'normal' | 'compact';
};

const initial: Preferences = { theme: 'dark', clock: 'utc', shortcuts: true, density: 'normal' };
const key = 'ironbark.preferences';

export type PreferenceStore = {
  readonly get: () => Preferences;
  readonly set: (change: Partial<Preferences>) => void;
  readonly subscribe: (listener: () => void) => () => void;
};

/** Kept in this browser only. The theme is also put on the root element, where the style sheets look for it. */
export function preferenceStore(storage: Storage, root: HTMLElement): PreferenceStore {
  let value: Preferences = { ...initial, ...read(storage) };
  const listeners = new Set<() => void>();
  const show = () => {
    root.dataset['theme'] = value.theme;
    root.dataset['mantineColorScheme'] = value.theme === 'light' ? 'light' : 'dark';
    root.style.setProperty('--row', value.density === 'compact' ? '24px' : '32px');
  };
  show();
  return {
    get: () => value,
    set(change) {
      value = { ...value, ...change };
      storage.setItem(key, JSON.stringify(value));
      show();
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function read(storage: Storage): Partial<Preferences> {
  try {
    const found: unknown = JSON.parse(storage.getItem(key) ?? '{}');
    // Only our own page writes this key; unknown members are harmless.
    return found !== null && typeof found === 'object' ? (found as Partial<Preferences>) : {};
  } catch {
    return {};
  }
}
