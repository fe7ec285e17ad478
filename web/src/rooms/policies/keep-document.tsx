import type { DocumentDetail } from '#contract/governance/policies';
import { MultiSelect, NumberInput, Switch, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { changeDocument, documentsKey, providersPeopleQuery, retireDocument } from '../../api/documents.ts';
import { useApi, useSession } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';

const between = (low: number, high: number, value: number | string): number =>
  Math.min(high, Math.max(low, Math.round(Number(value)) || low));

/** To whom it goes, how long they have to read it, and how often it is reviewed. */
export function Distribute({ document, close }: { document: DocumentDetail; close: () => void }) {
  const api = useApi();
  const { data } = useQuery(providersPeopleQuery(api));
  const provider = useSession().tenancies.find(({ internal }) => internal)?.organisation;
  const [everybody, setEverybody] = useState(document.audience.everybody);
  const [people, setPeople] = useState<string[]>(document.audience.people);
  const [days, setDays] = useState(document.acknowledgeDays);
  const [months, setMonths] = useState(document.reviewMonths);
  return (
    <FormDialog
      title={`Who reads “${document.title}”`}
      verb="Distribute it"
      ready
      send={() =>
        changeDocument(api, document.id, {
          audience: { ...document.audience, everybody, people },
          acknowledgeDays: days,
          reviewMonths: months,
        })
      }
      said={() => 'Kept. Who is to read the version in force sees it as owed.'}
      asks={[documentsKey]}
      close={close}
    >
      <Switch
        label="Everybody of the provider is to read it"
        checked={everybody}
        onChange={(event) => setEverybody(event.currentTarget.checked)}
      />
      {!everybody && (
        <MultiSelect
          label="These people are to read it"
          searchable
          data={(data?.people ?? [])
            .filter((one) => one.endedAt === null && one.organisation === provider)
            .map(({ id, name }) => ({ value: id, label: name }))}
          value={people}
          onChange={setPeople}
        />
      )}
      <NumberInput
        label="Days to read it"
        min={1}
        max={365}
        value={days}
        onChange={(value) => setDays(between(1, 365, value))}
      />
      <NumberInput
        label="Months between reviews"
        description="At most 12 (ISM-0888)."
        min={1}
        max={12}
        value={months}
        onChange={(value) => setMonths(between(1, 12, value))}
      />
    </FormDialog>
  );
}

/** It holds no more; what it said stays. */
export function Retire({ document, close }: { document: DocumentDetail; close: () => void }) {
  const api = useApi();
  const [reason, setReason] = useState('');
  return (
    <FormDialog
      title={`Retire “${document.title}”`}
      verb="It holds no more"
      ready={reason.trim() !== ''}
      send={() => retireDocument(api, document.id, reason.trim())}
      said={() => 'It is retired. Nobody owes it any more; its versions stay.'}
      asks={[documentsKey]}
      close={close}
    >
      <Textarea
        label="Why"
        required
        autosize
        minRows={2}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  );
}
