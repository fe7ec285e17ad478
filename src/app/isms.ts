import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { documentRoutes, type DocumentsDeps, remindOfDocuments } from '#governance/policies';
import { startChores } from './chores.ts';
import type { Core } from './core.ts';

/** The provider's own documents. */
export async function addIsms(core: Core): Promise<void> {
  const documents: DocumentsDeps = {
    ...core,
    // By the key of a required document, which is ours to name.
    template: (key) =>
      readFile(join(core.root, 'content', 'documents', `${key}.md`), 'utf8').catch(() => undefined),
  };
  await core.http.add(documentRoutes(documents));
  await startChores(core, {
    'documents.remind': { everySeconds: 3600, run: () => remindOfDocuments(documents) },
  });
}
