import { createHash } from 'node:crypto';
import type { Clock } from '#platform/clock';
import { listPacks, type Pack, type PackFile, packFiles } from '#platform/content';
import { Invalid, NotFound } from '#platform/errors';
import type { Ids } from '#platform/ids';
import type { Records, Tx } from '#platform/records';
import { covers, type Scope, systemAccess, type TenancyId, tenancyId } from '#platform/scope';
import type { RuleException, RuleList, RulePack, RuleSummary } from './contract.ts';
import type { LookCosts } from './look-costs.ts';
import * as store from './store.ts';

/** Of identity's Actor, what rules need. */
export type RuleKeeper = {
  readonly kind: 'user' | 'token' | 'system';
  readonly id: string;
  readonly name: string;
  readonly scope: Scope;
};

export type RulesDeps = {
  readonly records: Pick<Records, 'transaction' | 'notify' | 'onChange'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly costs: Pick<LookCosts, 'microseconds' | 'undecided'>;
  readonly ledger: {
    record(
      tx: Tx,
      entry: {
        readonly actor: RuleKeeper;
        readonly action: string;
        readonly subject: string;
        readonly tenancy?: TenancyId;
        readonly facts: Readonly<Record<string, string | number | boolean>>;
      },
    ): Promise<unknown>;
  };
};

/** What the workers run: one value, whatever the packs. */
export type RunningRules = {
  readonly version: string;
  readonly texts: readonly PackFile[];
  readonly disabled: readonly string[];
  readonly exceptions: readonly {
    readonly ruleId: string;
    readonly tenancy: string;
    readonly field: string;
    readonly value: string;
    readonly expiresMs: number;
  }[];
};

export type NewException = Omit<RuleException, 'id' | 'owner'>;

export type Rules = ReturnType<typeof createRules>;

/** Heard by whoever runs rules, after every change of what runs. */
export const rulesChannel = 'soc.rules';
const access = systemAccess('rules are of no tenancy');
const exceptionDays = 366;
/** Of content packs, those with rules. */
const kind = 'rules';

export function createRules(deps: RulesDeps) {
  return {
    list: (actor: RuleKeeper) => list(deps, actor),
    rule: (actor: RuleKeeper, id: string) => rule(deps, actor, id),
    setEnabled: (actor: RuleKeeper, id: string, enabled: boolean) => setEnabled(deps, actor, id, enabled),
    exceptions: (actor: RuleKeeper, ruleId?: string) =>
      deps.records.transaction(actor.scope, (tx) => store.exceptions(tx, actor.scope, ruleId)),
    addException: (actor: RuleKeeper, wanted: NewException) => addException(deps, actor, wanted),
    removeException: (actor: RuleKeeper, id: string) => removeException(deps, actor, id),
    running: () => running(deps),
    /** Calls back after every change of what runs. @returns stop */
    onChange: (heard: () => void) => deps.records.onChange(rulesChannel, () => heard()),
  };
}

async function list(deps: RulesDeps, actor: RuleKeeper): Promise<RuleList> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const counts = await store.counts(tx);
    return {
      rules: (await store.rules(tx, actor.scope)).map((row) => summaryOf(deps, row)),
      faults: await store.faults(tx),
      packs: (await listPacks(tx, kind)).map((pack) => packOf(pack, counts)),
    };
  });
}

async function rule(deps: RulesDeps, actor: RuleKeeper, id: string) {
  return deps.records.transaction(actor.scope, async (tx) => {
    const [row] = await store.rules(tx, actor.scope, id);
    if (row === undefined) throw new NotFound('rule', id);
    return {
      ...summaryOf(deps, row),
      text: (await packFiles(tx, row.packId)).find((file) => file.path === row.path)?.text ?? '',
      description: row.description,
      references: [...row.references],
      falsePositives: [...row.falsePositives],
    };
  });
}

async function setEnabled(
  deps: RulesDeps,
  actor: RuleKeeper,
  id: string,
  enabled: boolean,
): Promise<RuleSummary> {
  return deps.records.transaction(access, async (tx) => {
    const [before] = await store.rules(tx, actor.scope, id);
    if (before === undefined) throw new NotFound('rule', id);
    if (before.enabled !== enabled) {
      if (enabled) await store.enable(tx, id);
      else await store.disable(tx, id, deps.clock.now(), actor.name);
      await deps.records.notify(tx, rulesChannel, id);
      await deps.ledger.record(tx, {
        actor,
        action: enabled ? 'rule.enabled' : 'rule.disabled',
        subject: `rule/${id}`,
        facts: { title: before.title },
      });
    }
    return { ...summaryOf(deps, before), enabled };
  });
}

/** @throws {Invalid} when it has expired already or stands for longer than a year; {NotFound} outside the scope */
async function addException(
  deps: RulesDeps,
  actor: RuleKeeper,
  wanted: NewException,
): Promise<RuleException> {
  const now = deps.clock.now();
  const days = (Date.parse(wanted.expiresAt) - now.getTime()) / 86_400_000;
  if (!(days > 0 && days <= exceptionDays)) {
    throw new Invalid(
      `An exception ends between now and ${exceptionDays} days from now. Choose such a time.`,
      { expiresAt: wanted.expiresAt },
    );
  }
  if (!covers(actor.scope, tenancyId(wanted.tenancy))) throw new NotFound('tenancy', wanted.tenancy);
  const exception: RuleException = { ...wanted, id: deps.ids.uuid(), owner: actor.name };
  return deps.records.transaction(actor.scope, async (tx) => {
    const [known] = await store.rules(tx, actor.scope, wanted.ruleId);
    if (known === undefined) throw new NotFound('rule', wanted.ruleId);
    await store.addException(tx, exception, now);
    await deps.records.notify(tx, rulesChannel, exception.id);
    await deps.ledger.record(tx, exceptionEntry(actor, 'exception.added', exception));
    return exception;
  });
}

async function removeException(deps: RulesDeps, actor: RuleKeeper, id: string): Promise<void> {
  await deps.records.transaction(actor.scope, async (tx) => {
    const removed = await store.removeException(tx, actor.scope, id, deps.clock.now());
    if (removed === undefined) throw new NotFound('exception', id);
    await deps.records.notify(tx, rulesChannel, id);
    await deps.ledger.record(tx, exceptionEntry(actor, 'exception.removed', removed));
  });
}

const exceptionEntry = (
  actor: RuleKeeper,
  action: string,
  { id, tenancy, ruleId, field, value, reason, expiresAt }: RuleException,
) => ({
  actor,
  action,
  subject: `exception/${id}`,
  tenancy: tenancyId(tenancy),
  facts: { ruleId, field, value, reason, expiresAt },
});

/** The active packs, without what is switched off, with what is excepted; equal content has an equal version. */
async function running(deps: RulesDeps): Promise<RunningRules> {
  return deps.records.transaction(access, async (tx) => {
    const disabled = await store.disabled(tx);
    const standing = await store.standingExceptions(tx, deps.clock.now());
    const exceptions = standing.map(({ ruleId, tenancy, field, value, expiresAt }) => ({
      ruleId,
      tenancy,
      field,
      value,
      expiresMs: expiresAt.getTime(),
    }));
    const active = (await listPacks(tx, kind)).filter((pack) => pack.active);
    const texts: PackFile[] = [];
    for (const { id, name } of active) {
      for (const { path, text } of await packFiles(tx, id)) texts.push({ path: `${name}/${path}`, text });
    }
    const digest = createHash('sha256')
      .update(JSON.stringify([active.map(({ name, sha256 }) => [name, sha256]), disabled, exceptions]))
      .digest('hex')
      .slice(0, 12);
    return {
      version: [...active.map(({ name, version }) => `${name} ${version}`), digest].join(' · '),
      texts,
      disabled,
      exceptions,
    };
  });
}

function packOf(pack: Pack, counts: Awaited<ReturnType<typeof store.counts>>): RulePack {
  const { id, name, version, sha256, origin, importedAt, active } = pack;
  const { rules, rejected } = counts.get(id) ?? { rules: 0, rejected: 0 };
  return { id, name, version, sha256, origin, importedAt: importedAt.toISOString(), active, rules, rejected };
}

function summaryOf({ costs }: RulesDeps, row: store.RuleRow): RuleSummary {
  const { id, title, level, status, author, logsource, attack, pack, enabled, hits } = row;
  return {
    id,
    title,
    level,
    status,
    author,
    logsource,
    attack,
    pack,
    enabled,
    hits,
    lastHitAt: row.lastHitAt?.toISOString() ?? null,
    meanMicroseconds: costs.microseconds(id),
    undecided: costs.undecided(id),
  };
}
