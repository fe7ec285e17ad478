import type { Actor } from '#identity';
import { access, type AgreementDeps, recordRefusal } from './deps.ts';
import { AgreedMeanwhile, AgreementClosed, NotRead, TextChanged } from './errors.ts';
import { lockReading } from './store-readings.ts';

/**
 * Signing what can't be signed is recorded before it is told. The others (no appointment, a passkey's wrong answer) are recorded
 * where they are noticed.
 */
export async function withRefusalsRecorded<T>(
  deps: AgreementDeps,
  actor: Actor,
  reading: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (
      error instanceof AgreedMeanwhile ||
      error instanceof AgreementClosed ||
      error instanceof NotRead ||
      error instanceof TextChanged
    )
      await note(deps, actor, reading, error);
    throw error;
  }
}

async function note(
  deps: AgreementDeps,
  actor: Actor,
  id: string,
  { code, message }: { readonly code: string; readonly message: string },
): Promise<void> {
  const reading = await deps.records.transaction(access, (tx) => lockReading(tx, id));
  if (reading === undefined || reading.userId !== actor.id) return;
  const { organisation, environment, version } = reading;
  const place = { organisation, environment };
  await recordRefusal(deps, actor, place, {
    why: `signing was refused: ${code}`,
    detail: message,
    reading: id,
    version,
  });
}
