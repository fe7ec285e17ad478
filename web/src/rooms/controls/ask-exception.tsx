import type { ExceptionInput } from '#contract/governance/controls';
import { Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { askException, controlsKey } from '../../api/controls.ts';
import { useApi } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';

const levels = ['low', 'medium', 'high', 'extreme'] as const;

/** Asked for by one, approved by another. */
export function AskException({
  system,
  control,
  close,
}: {
  system: string;
  control: string;
  close: () => void;
}) {
  const api = useApi();
  const [kind, setKind] = useState<ExceptionInput['kind']>('exception');
  const [reason, setReason] = useState('');
  const [compensating, setCompensating] = useState('');
  const [until, setUntil] = useState('');
  const [level, setLevel] = useState<string | null>('medium');
  return (
    <FormDialog
      title={`Ask for an exception from ${control}`}
      verb="Ask for it"
      ready={reason.trim() !== '' && until !== ''}
      send={() =>
        askException(api, system, {
          control,
          kind,
          reason: reason.trim(),
          compensating: compensating.trim(),
          until: `${until}T23:59:59.000Z`,
          ceiling: {
            level: kind === 'risk-acceptance' ? (levels.find((one) => one === level) ?? null) : null,
            probability: null,
          },
        })
      }
      said={() => 'Asked for. Somebody else has to decide on it.'}
      asks={[controlsKey]}
      close={close}
    >
      <Select
        label="What"
        allowDeselect={false}
        data={[
          { value: 'exception', label: 'It is not met for a time' },
          { value: 'risk-acceptance', label: 'Its risk is accepted' },
        ]}
        value={kind}
        onChange={(value) => setKind(value === 'risk-acceptance' ? 'risk-acceptance' : 'exception')}
      />
      {kind === 'risk-acceptance' && (
        <Select
          label="Up to this residual risk"
          description="Kept and shown; whether the risk is above it is looked at in the risk register."
          data={[...levels]}
          value={level}
          onChange={setLevel}
        />
      )}
      <Textarea
        label="Why"
        required
        autosize
        minRows={2}
        maxLength={4000}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Textarea
        label="What is done instead"
        autosize
        minRows={2}
        maxLength={4000}
        value={compensating}
        onChange={(event) => setCompensating(event.currentTarget.value)}
      />
      <TextInput
        label="Until the end of"
        description="A year at most."
        type="date"
        required
        value={until}
        onChange={(event) => setUntil(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
