import type { AppointmentView } from '#contract/community/organisations';
import { Checkbox, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { organisationsKey, type PersonView } from '../../api/organisations.ts';
import { useApi } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { officeWord, offices } from './marks.tsx';

const kinds = [
  { value: 'letter', label: 'A letter signed by the head of the agency' },
  { value: 'call-back', label: 'A call-back to a number got out of band' },
  { value: 'officer', label: 'The word of an officer who is verified' },
];
const asks = [organisationsKey];
const path = (one: AppointmentView, what: string) => `/appointments/${encodeURIComponent(one.id)}/${what}`;
const chosen = (people: readonly PersonView[]) =>
  people.map(({ id, name, email }) => ({ value: id, label: `${name}, ${email}` }));

export function ProposeAppointment({ people, close }: { people: readonly PersonView[]; close: () => void }) {
  const api = useApi();
  const [person, setPerson] = useState<string | null>(null);
  const [office, setOffice] = useState<string | null>(null);
  const [kind, setKind] = useState<string | null>('letter');
  const [evidence, setEvidence] = useState('');
  const [delegate, setDelegate] = useState(false);
  return (
    <FormDialog
      title="Propose an appointment"
      verb="Propose it"
      ready={person !== null && office !== null && evidence.trim() !== ''}
      send={() =>
        api.send<AppointmentView>('POST', '/appointments', {
          person,
          office,
          evidenceKind: kind,
          evidence: evidence.trim(),
          mayDelegate: delegate,
        })
      }
      said={(one) =>
        `${one.person.name} is proposed as ${officeWord[one.office]}; it holds once it is verified.`
      }
      asks={asks}
      close={close}
    >
      <Select
        label="Person"
        required
        searchable
        data={chosen(people)}
        value={person}
        onChange={setPerson}
        data-autofocus
      />
      <Select label="Office" required data={offices} value={office} onChange={setOffice} />
      <Select label="Evidence" allowDeselect={false} data={kinds} value={kind} onChange={setKind} />
      <Textarea
        label="Where it lies"
        description="A file’s number; for a call-back, the number and where it was got from."
        required
        autosize
        minRows={2}
        maxLength={500}
        value={evidence}
        onChange={(event) => setEvidence(event.currentTarget.value)}
      />
      <Checkbox
        label="They may let somebody act for them"
        checked={delegate}
        onChange={(event) => setDelegate(event.currentTarget.checked)}
      />
    </FormDialog>
  );
}

export function VerifyAppointment({ one, close }: { one: AppointmentView; close: () => void }) {
  const api = useApi();
  const [note, setNote] = useState('');
  return (
    <FormDialog
      title={`Verify ${one.person.name} as ${officeWord[one.office]}`}
      verb="I checked it"
      ready={note.trim() !== ''}
      send={() => api.send<AppointmentView>('POST', path(one, 'verifications'), { note: note.trim() })}
      said={(done) =>
        done.wanting > 0
          ? `Verified; ${done.wanting} more to verify it.`
          : `${done.person.name} is ${officeWord[done.office]} from now on.`
      }
      asks={asks}
      close={close}
    >
      <p className="small">
        Evidence: {one.evidence}. Your name and what you write here stay in the record; nobody verifies their
        own.
      </p>
      <Textarea
        label="What you checked, and how"
        required
        autosize
        minRows={2}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  );
}

export function EndAppointment({ one, close }: { one: AppointmentView; close: () => void }) {
  const api = useApi();
  const [reason, setReason] = useState('');
  return (
    <FormDialog
      title={`End: ${one.person.name}, ${officeWord[one.office]}`}
      verb="End it now"
      ready={reason.trim() !== ''}
      send={() => api.send('POST', path(one, 'end'), { reason: reason.trim() })}
      said={() => `${one.person.name} is not ${officeWord[one.office]} any more.`}
      asks={asks}
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

export function DelegateOffice({
  one,
  people,
  close,
}: {
  one: AppointmentView;
  people: readonly PersonView[];
  close: () => void;
}) {
  const api = useApi();
  const [person, setPerson] = useState<string | null>(null);
  const [until, setUntil] = useState('');
  const [reason, setReason] = useState('');
  return (
    <FormDialog
      title={`Let somebody act as ${officeWord[one.office]}`}
      verb="Delegate it"
      ready={person !== null && until !== '' && reason.trim() !== ''}
      send={() =>
        api.send<AppointmentView>('POST', path(one, 'delegations'), {
          person,
          until: new Date(until).toISOString(),
          reason: reason.trim(),
        })
      }
      said={(done) => `${done.person.name} acts as ${officeWord[done.office]}.`}
      asks={asks}
      close={close}
    >
      <Select
        label="Person"
        required
        searchable
        data={chosen(people.filter(({ id }) => id !== one.person.id))}
        value={person}
        onChange={setPerson}
        data-autofocus
      />
      <TextInput
        label="Until"
        type="date"
        required
        value={until}
        onChange={(event) => setUntil(event.currentTarget.value)}
      />
      <Textarea
        label="Why"
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
