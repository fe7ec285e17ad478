import type { CertificateList, CertificateView } from '#contract/governance/certificates';
import { MultiSelect, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { addCertificate, certificatesKey, recordChange } from '../../api/certificates.ts';
import { useApi } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { levelWord, schemeWord } from './words.tsx';

const midnight = (day: string): string => `${day}T00:00:00.000Z`;

export function AddCertificate({ list, close }: { list: CertificateList; close: () => void }) {
  const api = useApi();
  const [scheme, setScheme] = useState<CertificateView['scheme']>('irap');
  const [level, setLevel] = useState<keyof typeof levelWord>('certified-assured');
  const [title, setTitle] = useState('');
  const [organisation, setOrganisation] = useState('');
  const [statement, setStatement] = useState('');
  const [environments, setEnvironments] = useState<string[]>([]);
  const [services, setServices] = useState<string[]>([]);
  const [edition, setEdition] = useState('');
  const [issued, setIssued] = useState('');
  const [expires, setExpires] = useState('');
  const [number, setNumber] = useState('');
  const [classification, setClassification] = useState('');
  const [months, setMonths] = useState('');
  const known = new Map(list.coverage.flatMap((one) => one.services).map(({ id, name }) => [id, name]));
  const ready = title.trim() && organisation.trim() && statement.trim() && issued && environments.length > 0;
  return (
    <FormDialog
      title="Record a certificate"
      verb="Record it"
      ready={Boolean(ready)}
      send={() =>
        addCertificate(api, {
          scheme,
          title: title.trim(),
          scope: { statement: statement.trim(), environments, services },
          assessor: { organisation: organisation.trim() },
          issuedAt: midnight(issued),
          ...(expires && { expiresAt: midnight(expires) }),
          ...(Number(months) > 0
            ? { surveillanceMonths: Number(months) }
            : scheme === 'iso-27001' && { surveillanceMonths: 12 }),
          ...(number.trim() && { number: number.trim() }),
          ...(classification.trim() && { classification: classification.trim() }),
          ...(scheme === 'hosting' && { level }),
          ...(edition.trim() && { edition: { framework: 'ism', version: edition.trim() } }),
        })
      }
      said={(one) => `“${one.title}” is recorded.`}
      asks={[certificatesKey]}
      close={close}
    >
      <Select
        label="Scheme"
        allowDeselect={false}
        data={Object.entries(schemeWord).map(([value, label]) => ({ value, label }))}
        value={scheme}
        onChange={(value) => setScheme((value ?? 'irap') as CertificateView['scheme'])}
      />
      {scheme === 'hosting' && (
        <Select
          label="Level"
          allowDeselect={false}
          data={Object.entries(levelWord).map(([value, label]) => ({ value, label }))}
          value={level}
          onChange={(value) => setLevel((value ?? 'certified-assured') as keyof typeof levelWord)}
        />
      )}
      <TextInput
        label="Title"
        required
        maxLength={200}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput
        label="Assessor"
        description="The organisation that assessed."
        required
        maxLength={200}
        value={organisation}
        onChange={(event) => setOrganisation(event.currentTarget.value)}
      />
      <Textarea
        label="Scope, as it is written"
        required
        autosize
        minRows={2}
        maxLength={10_000}
        value={statement}
        onChange={(event) => setStatement(event.currentTarget.value)}
      />
      <MultiSelect
        label="Systems in scope"
        required
        data={list.coverage.map(({ environment, name }) => ({ value: environment, label: name }))}
        value={environments}
        onChange={setEnvironments}
      />
      <MultiSelect
        label="Services in scope"
        data={[...known].map(([value, label]) => ({ value, label }))}
        value={services}
        onChange={setServices}
      />
      {scheme === 'irap' && (
        <TextInput
          label="Edition of the ISM"
          placeholder="2025.12.9"
          maxLength={60}
          value={edition}
          onChange={(event) => setEdition(event.currentTarget.value)}
        />
      )}
      <TextInput
        label="Issued on"
        type="date"
        required
        value={issued}
        onChange={(event) => setIssued(event.currentTarget.value)}
      />
      <TextInput
        label="Ends on"
        description={scheme === 'irap' ? 'Left out: 24 months after its issue (ISM-1570).' : ''}
        type="date"
        value={expires}
        onChange={(event) => setExpires(event.currentTarget.value)}
      />
      <TextInput
        label="Months between surveillances"
        description={scheme === 'iso-27001' ? 'Left out: 12.' : 'Left out: the assessor does not come back.'}
        inputMode="numeric"
        maxLength={2}
        value={months}
        onChange={(event) => setMonths(event.currentTarget.value.replaceAll(/\D/g, ''))}
      />
      <TextInput
        label="Number"
        maxLength={100}
        value={number}
        onChange={(event) => setNumber(event.currentTarget.value)}
      />
      <TextInput
        label="Assessed up to"
        description="A classification, like PROTECTED."
        maxLength={60}
        value={classification}
        onChange={(event) => setClassification(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

/** Something an assessor would want to know of. */
export function AddChange({ list, close }: { list: CertificateList; close: () => void }) {
  const api = useApi();
  const [environment, setEnvironment] = useState<string | null>(list.coverage[0]?.environment ?? null);
  const [what, setWhat] = useState('');
  return (
    <FormDialog
      title="Record a significant change"
      verb="Record it for today"
      ready={environment !== null && what.trim() !== ''}
      send={() => recordChange(api, environment ?? '', what.trim())}
      said={() => 'Recorded. Certificates of this system say so until an assessor has seen it.'}
      asks={[certificatesKey]}
      close={close}
    >
      <Select
        label="System"
        allowDeselect={false}
        data={list.coverage.map((one) => ({ value: one.environment, label: one.name }))}
        value={environment}
        onChange={setEnvironment}
      />
      <Textarea
        label="What was changed"
        required
        autosize
        minRows={2}
        maxLength={2000}
        value={what}
        onChange={(event) => setWhat(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  );
}
