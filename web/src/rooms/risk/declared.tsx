import type { ParametersView, SystemParameters } from '#contract/governance/risk';
import { Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { parametersQuery, setParameters } from '../../api/risk.ts';
import { useApi, useMay } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { Failure, Progress } from '../../parts/states.tsx';
import { Exact } from '../../parts/when.tsx';
import { percent } from './words.ts';

/** What nobody measured and we declare: how exposed each zone is, and how often what no scanner finds happens. */
export function Declared({ environment }: { environment: string }) {
  const query = useQuery(parametersQuery(useApi(), environment));
  const manages = useMay('governance.manage');
  const [open, setOpen] = useState(false);
  const now = query.data;
  return (
    <section className="risk-panel whole" aria-label="What we declare">
      <div className="line apart">
        <h2>
          What we declare{' '}
          {now && (
            <span className="muted plain">
              {now.at === null ? (
                'as the system came'
              ) : (
                <>
                  version {now.version} by {now.by}, <Exact at={now.at} />: {now.why}
                </>
              )}
            </span>
          )}
        </h2>
        {manages && now && (
          <button type="button" className="btn slim" onClick={() => setOpen(true)}>
            Change
          </button>
        )}
      </div>
      {query.isError && (
        <Failure
          what="The parameters could not be read"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Reading the parameters" />}
      {now && (
        <dl className="risk-declared">
          {zones.map(([zone, name]) => (
            <div key={zone}>
              <dt>{name}</dt>
              <dd className="num">{now.parameters.exposure[zone]}</dd>
            </div>
          ))}
          {priors.map(([kind, name]) => {
            const { alpha, beta } = now.parameters.priors[kind];
            return (
              <div key={kind}>
                <dt>{name}</dt>
                <dd className="num">
                  {alpha}:{beta} <span className="muted">{percent(alpha / (alpha + beta))}</span>
                </dd>
              </div>
            );
          })}
        </dl>
      )}
      {open && now && <Change environment={environment} now={now} close={() => setOpen(false)} />}
    </section>
  );
}

const zones = [
  ['internet', 'Exposure: internet'],
  ['tenant', 'Tenancy network'],
  ['management', 'Management zone'],
  ['offline', 'Offline'],
] as const;
const priors = [
  ['misconfiguration', 'Misconfiguration'],
  ['credential', 'Stolen credentials'],
  ['failure', 'Failure'],
] as const;

/** Everything as it was but for what stands in the fields. Undefined where one is no number in its range. */
function changed(
  before: SystemParameters,
  exposure: Readonly<Record<string, string>>,
  counts: Readonly<Record<string, string>>,
): SystemParameters | undefined {
  const next: SystemParameters = {
    ...before,
    exposure: { ...before.exposure },
    priors: { ...before.priors },
  };
  for (const [zone] of zones) {
    const value = Number(exposure[zone]);
    if (exposure[zone]?.trim() === '' || !(value >= 0 && value <= 1)) return undefined;
    next.exposure[zone] = value;
  }
  for (const [kind] of priors) {
    const found = /^\s*(\d+(?:\.\d+)?)\s*:\s*(\d+(?:\.\d+)?)\s*$/.exec(counts[kind] ?? '');
    const [alpha, beta] = [Number(found?.[1]), Number(found?.[2])];
    if (!(alpha >= 0.1 && beta >= 0.1)) return undefined;
    next.priors[kind] = { alpha, beta };
  }
  return next;
}

function Change({
  environment,
  now,
  close,
}: {
  environment: string;
  now: ParametersView;
  close: () => void;
}) {
  const api = useApi();
  const [exposure, setExposure] = useState<Record<string, string>>(
    Object.fromEntries(zones.map(([zone]) => [zone, String(now.parameters.exposure[zone])])),
  );
  const [counts, setCounts] = useState<Record<string, string>>(
    Object.fromEntries(
      priors.map(([kind]) => [
        kind,
        `${now.parameters.priors[kind].alpha}:${now.parameters.priors[kind].beta}`,
      ]),
    ),
  );
  const [why, setWhy] = useState('');
  const next = changed(now.parameters, exposure, counts);
  return (
    <FormDialog
      title="What we declare"
      verb="Set it"
      ready={next !== undefined && why.trim() !== ''}
      send={() =>
        setParameters(api, environment, {
          version: now.version,
          parameters: next ?? now.parameters,
          why: why.trim(),
        })
      }
      said={(one) => `Version ${one.version} holds from the next run on.`}
      asks={[['risk', environment]]}
      close={close}
    >
      <p className="muted small">
        Exposure, from 0 to 1: what part of what could be exploited is within reach of an attacker.
      </p>
      {zones.map(([zone, name]) => (
        <TextInput
          key={zone}
          label={name}
          inputMode="decimal"
          required
          value={exposure[zone] ?? ''}
          onChange={(event) => setExposure({ ...exposure, [zone]: event.currentTarget.value })}
        />
      ))}
      <p className="muted small">
        Threats nobody found, within the horizon: so many times it happened, against so many it did not. The
        more in all, the surer.
      </p>
      {priors.map(([kind, name]) => (
        <TextInput
          key={kind}
          label={`${name}, for:against`}
          required
          value={counts[kind] ?? ''}
          onChange={(event) => setCounts({ ...counts, [kind]: event.currentTarget.value })}
        />
      ))}
      <Textarea
        label="Why"
        required
        autosize
        minRows={2}
        maxLength={500}
        value={why}
        onChange={(event) => setWhy(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
