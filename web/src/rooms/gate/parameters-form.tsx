import type { Parameters, RuleList } from '#contract/community/gate';
import { NumberInput, Select, Textarea } from '@mantine/core';
import { useState } from 'react';
import { setParameters } from '../../api/gate.ts';
import { useApi } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { numberWords } from './parameter-words.ts';

const levels: readonly Parameters['clearanceOtherwise'][] = ['none', 'baseline', 'nv1', 'nv2', 'pv'];

/** A new version of the parameters, with its reason; what another has set meanwhile is not overwritten. */
export function ParametersForm({ list, close }: { list: RuleList; close: () => void }) {
  const api = useApi();
  const [parameters, setAll] = useState(list.parameters);
  const [reason, setReason] = useState('');
  const set = (part: Partial<Parameters>): void => setAll({ ...parameters, ...part });
  const changed = JSON.stringify(parameters) !== JSON.stringify(list.parameters);
  return (
    <FormDialog
      title="Change parameters of the gate"
      verb="Set them"
      ready={changed && reason.trim() !== ''}
      send={() => setParameters(api, { parameters, version: list.version, reason: reason.trim() })}
      said={({ version }) => `Version ${version} is in force. Decisions name it from now on.`}
      asks={[['gate']]}
      close={close}
    >
      {numberWords.map(({ name, label, unit, least, most }) => (
        <NumberInput
          key={name}
          label={label}
          suffix={` ${unit}`}
          min={least}
          max={most}
          value={parameters[name]}
          onChange={(value) => {
            if (typeof value === 'number') set({ [name]: value });
          }}
        />
      ))}
      {parameters.clearances.map((line, at) => (
        <Select
          key={`${line.environment} ${line.action}`}
          label={`Clearance for ${line.action} in ${line.environment === '*' ? 'every environment' : line.environment}`}
          allowDeselect={false}
          data={levels}
          value={line.level}
          onChange={(value) => {
            const level = levels.find((one) => one === value);
            if (level !== undefined) set({ clearances: parameters.clearances.with(at, { ...line, level }) });
          }}
        />
      ))}
      <Textarea
        label="Reason"
        description="It is kept with the version, and in the ledger."
        required
        autosize
        minRows={2}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
