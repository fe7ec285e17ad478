import type { PlannedChangeView } from '#contract/community/planned-changes';
import { Select, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { changesKey } from '../../api/changes.ts';
import { communityQuery } from '../../api/community.ts';
import { useApi } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { riskWord } from './words.ts';

/** A change says what is done, how it is undone, and when; an emergency says why it can't wait. */
export function AskForChange({ close }: { close: () => void }) {
  const api = useApi();
  const { data: community } = useQuery(communityQuery(api));
  const [environment, setEnvironment] = useState<string | null>(null);
  const [title, setTitle] = useState('');
  const [plan, setPlan] = useState('');
  const [backOut, setBackOut] = useState('');
  const [risk, setRisk] = useState<string | null>('low');
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  const [emergency, setEmergency] = useState('');
  const filled = [title, plan, backOut, from, until].every((text) => text.trim() !== '');
  return (
    <FormDialog
      title="Ask for a change"
      verb="Ask for it"
      ready={filled && environment !== null}
      send={() =>
        api.send<PlannedChangeView>('POST', '/changes', {
          environment,
          title: title.trim(),
          plan: plan.trim(),
          backOut: backOut.trim(),
          risk,
          from: new Date(from).toISOString(),
          until: new Date(until).toISOString(),
          emergencyReason: emergency.trim() || null,
        })
      }
      said={(made) => `“${made.title}” waits for somebody else's approval.`}
      asks={[changesKey]}
      close={close}
    >
      <TextInput
        label="What changes"
        required
        maxLength={200}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        data-autofocus
      />
      <Select
        label="Environment"
        required
        data={(community?.environments ?? []).map((one) => ({
          value: one.id,
          label: `${one.name} (${one.marking})`,
        }))}
        value={environment}
        onChange={setEnvironment}
      />
      <Textarea
        label="Step by step"
        required
        autosize
        minRows={3}
        maxLength={20_000}
        value={plan}
        onChange={(event) => setPlan(event.currentTarget.value)}
      />
      <Textarea
        label="How it is undone when it goes wrong"
        required
        autosize
        minRows={2}
        maxLength={20_000}
        value={backOut}
        onChange={(event) => setBackOut(event.currentTarget.value)}
      />
      <Select
        label="Risk"
        allowDeselect={false}
        data={Object.entries(riskWord).map(([value, label]) => ({ value, label }))}
        value={risk}
        onChange={setRisk}
      />
      <TextInput
        label="From"
        type="datetime-local"
        required
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput
        label="Until"
        type="datetime-local"
        required
        value={until}
        onChange={(event) => setUntil(event.currentTarget.value)}
      />
      <Textarea
        label="Why it is an emergency"
        description="Left empty: it is an ordinary change."
        autosize
        minRows={1}
        maxLength={1000}
        value={emergency}
        onChange={(event) => setEmergency(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
