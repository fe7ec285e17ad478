import type { Catalog, Control, Group } from '../src/index.ts';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

const metadata = (title: string): Catalog['metadata'] => ({
  title,
  'last-modified': '2026-01-01T00:00:00Z',
  version: '1',
  'oscal-version': '1.1.2',
});

const control = (id: string, more: Partial<Control> = {}): Control => ({
  id,
  title: id.toUpperCase(),
  parts: [{ id: `${id}_smt`, name: 'statement', prose: `Statement of ${id}.` }],
  ...more,
});

const group = (title: string, more: Partial<Group> = {}): Group => ({ title, ...more });

const catalog = (more: Partial<Catalog> = {}): Catalog => ({
  uuid: uuid(1),
  metadata: metadata('A small catalogue'),
  ...more,
});

export const build = { uuid, metadata, control, group, catalog };
