import type { ContentChange, ContentKind, PackFile } from '#platform/content';
import { Invalid } from '#platform/errors';
import type { Records } from '#platform/records';
import { isRuleFile, readPack } from './packs.ts';
import { rulesChannel } from './service.ts';
import * as store from './store.ts';

/** Of content packs, those with rules: what is read from one is kept, and the workers hear of every change. */
export function ruleKind(records: Pick<Records, 'notify'>): ContentKind {
  return {
    kind: 'rules',
    title: 'Detection rules (Sigma)',
    permission: 'rule.manage',
    keeps: isRuleFile,
    recognises: (files) =>
      files.some(({ path, text }) => isRuleFile(path) && /^(detection|correlation|filter):/m.test(text)),
    read(files) {
      const read = readPack(files);
      if (read.rules.length === 0)
        throw new Invalid(
          'There is no Sigma rule that can be used in it. Give a folder or archive with .yml files.',
          { files: files.length, rejected: read.faults.length, first: read.faults[0]?.why ?? '' },
        );
      return {
        facts: { rules: read.rules.length },
        faults: read.faults.map(({ file, line, what, why }) => ({ file, line, what, why })),
        save: (tx, pack) => store.insertRules(tx, pack.id, read),
      };
    },
    activated: (tx, { pack }) => records.notify(tx, rulesChannel, pack.id),
    deactivated: (tx, { pack }) => records.notify(tx, rulesChannel, pack.id),
    removed: (tx, pack) => records.notify(tx, rulesChannel, pack.id),
    diff: diffRules,
  };
}

/** By id: a rule that moved to another file, and is the same, has not changed. */
function diffRules(before: readonly PackFile[], after: readonly PackFile[]): ContentChange[] {
  const was = byId(before);
  const is = byId(after);
  const removed = [...was].flatMap(([id, { title }]): ContentChange[] =>
    is.has(id) ? [] : [{ change: 'removed', id, title }],
  );
  const changed = [...is].flatMap(([id, { title, level, text }]): ContentChange[] => {
    const old = was.get(id);
    if (old === undefined) return [{ change: 'added', id, title, why: level }];
    if (old.text === text) return [];
    const why = old.level === level ? undefined : `level ${old.level} became ${level}`;
    return [{ change: 'changed', id, title, why }];
  });
  return [...removed, ...changed];
}

function byId(files: readonly PackFile[]): Map<string, { title: string; level: string; text: string }> {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  return new Map(
    readPack(files).rules.map(({ id, title, level, path }) => [
      id,
      { title, level, text: texts.get(path) ?? '' },
    ]),
  );
}
