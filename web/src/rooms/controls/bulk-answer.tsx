import type { ImplementationStatus } from '#contract/governance';
import type { BulkInput } from '#contract/governance/controls';
import { Select, Textarea } from '@mantine/core';
import { useState } from 'react';
import { bulkAnswer, controlsKey } from '../../api/controls.ts';
import { useApi } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { plural } from '../../parts/words.ts';
import { statuses } from './marks.tsx';
import { useOwners } from './owners.ts';

/** Sets the same on many controls; what is left open stays as it is on each. */
export function BulkAnswer({
  system,
  controls,
  close,
}: {
  system: string;
  controls: readonly string[];
  close: (done: boolean) => void;
}) {
  const api = useApi();
  const owners = useOwners(system);
  const [status, setStatus] = useState<string | null>(null);
  const [narrative, setNarrative] = useState('');
  const [owner, setOwner] = useState<string | null>(null);
  const set: BulkInput['set'] = {
    ...(status !== null && { status: status as ImplementationStatus }), // one of the list's
    ...(narrative.trim() !== '' && { narrative: narrative.trim() }),
    ...(owner !== null && { owner }),
  };
  return (
    <FormDialog
      title={`Set on ${plural(controls.length, 'control')}`}
      verb="Set it"
      ready={Object.keys(set).length > 0}
      send={async () => {
        const report = await bulkAnswer(api, system, { controls: [...controls], set });
        const refused = report.report.find(({ outcome }) => outcome === 'refused');
        if (refused)
          throw new Error(
            `${plural(report.refused, 'control')} can’t be set, so nothing was. ${refused.control}: ${refused.why.join(' ')}`,
          );
        return report;
      }}
      said={(report) => `Set on ${plural(report.set, 'control')}; ${report.unchanged} were so already.`}
      asks={[controlsKey]}
      close={() => close(true)}
    >
      <Select
        label="Status"
        placeholder="As it is on each"
        clearable
        data={[...statuses]}
        value={status}
        onChange={setStatus}
      />
      <Textarea
        label="How it is met, or why not"
        placeholder="As it is on each"
        autosize
        minRows={3}
        maxLength={10_000}
        value={narrative}
        onChange={(event) => setNarrative(event.currentTarget.value)}
      />
      <Select
        label="Owner"
        placeholder="As it is on each"
        clearable
        searchable
        data={owners}
        value={owner}
        onChange={setOwner}
      />
    </FormDialog>
  );
}
