import type { ClearanceView } from '#contract/community/clearances';
import { Checkbox, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { organisationsKey, personsQuery } from '../../api/organisations.ts';
import { useApi } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { levelWord, options, statusWord } from './words.ts';

/** @param from as it stands, to be changed; left out: somebody's first */
export function SetClearance({ from, close }: { from?: ClearanceView; close: () => void }) {
  const api = useApi();
  const { data } = useQuery({ ...personsQuery(api), enabled: from === undefined });
  const [person, setPerson] = useState<string | null>(from?.person.id ?? null);
  const [level, setLevel] = useState<string | null>(from?.level ?? null);
  const [status, setStatus] = useState<string | null>(from?.status ?? 'active');
  const [sponsor, setSponsor] = useState(from?.sponsor ?? '');
  const [sponsorActive, setSponsorActive] = useState(from?.sponsorActive ?? true);
  const [granted, setGranted] = useState(from?.grantedOn ?? '');
  const [due, setDue] = useState(from?.revalidationDueOn ?? '');
  const [citizenships, setCitizenships] = useState(from?.citizenships.join(' ') ?? 'AU');
  const [waiver, setWaiver] = useState(from?.waiver ?? '');
  const [waiverUntil, setWaiverUntil] = useState(from?.waiverUntil?.slice(0, 10) ?? '');
  const people = (data?.people ?? []).filter(({ endedAt }) => endedAt === null);
  return (
    <FormDialog
      title={from ? `Clearance of ${from.person.name}` : 'Record a clearance'}
      verb="Record it"
      ready={
        person !== null &&
        level !== null &&
        sponsor.trim() !== '' &&
        citizenships.trim() !== '' &&
        (waiver.trim() === '' || waiverUntil !== '')
      }
      send={() =>
        api.send<ClearanceView>('PUT', `/clearances/${encodeURIComponent(person ?? '')}`, {
          level,
          status,
          sponsor: sponsor.trim(),
          sponsorActive,
          grantedOn: granted || null,
          revalidationDueOn: due || null,
          citizenships: citizenships
            .toUpperCase()
            .split(/[\s,;]+/)
            .filter(Boolean),
          waiver: waiver.trim() || null,
          waiverUntil: waiver.trim() && waiverUntil ? `${waiverUntil}T00:00:00.000Z` : null,
        })
      }
      said={(one) =>
        one.usable ? `The clearance of ${one.person.name} counts.` : `Recorded. ${one.why[0]?.text ?? ''}`
      }
      asks={[organisationsKey]}
      close={close}
    >
      {from === undefined && (
        <Select
          label="Person"
          required
          searchable
          data={people.map(({ id, name, organisation }) => ({
            value: id,
            label: `${name}, ${organisation}`,
          }))}
          value={person}
          onChange={setPerson}
          data-autofocus
        />
      )}
      <Select label="Level" required data={options(levelWord)} value={level} onChange={setLevel} />
      <Select
        label="Status"
        allowDeselect={false}
        data={options(statusWord)}
        value={status}
        onChange={setStatus}
      />
      <TextInput
        label="Sponsor"
        required
        maxLength={120}
        value={sponsor}
        onChange={(event) => setSponsor(event.currentTarget.value)}
      />
      <Checkbox
        label="The sponsor still sponsors it"
        checked={sponsorActive}
        onChange={(event) => setSponsorActive(event.currentTarget.checked)}
      />
      <TextInput
        label="Granted"
        type="date"
        value={granted}
        onChange={(event) => setGranted(event.currentTarget.value)}
      />
      <TextInput
        label="Revalidation due"
        type="date"
        value={due}
        onChange={(event) => setDue(event.currentTarget.value)}
      />
      <TextInput
        label="Citizenships"
        description="Two letters each, like AU NZ."
        required
        value={citizenships}
        onChange={(event) => setCitizenships(event.currentTarget.value)}
      />
      <TextInput
        label="Waiver of citizenship"
        description="Of the sponsor, after a risk assessment: where it lies. Left empty: none."
        maxLength={300}
        value={waiver}
        onChange={(event) => setWaiver(event.currentTarget.value)}
      />
      {waiver.trim() !== '' && (
        <TextInput
          label="The waiver holds until"
          type="date"
          required
          value={waiverUntil}
          onChange={(event) => setWaiverUntil(event.currentTarget.value)}
        />
      )}
    </FormDialog>
  );
}
