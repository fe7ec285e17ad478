import { Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { organisationsKey, type PersonView } from '../../api/organisations.ts';
import { useApi } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';

export function AddPerson({ organisation, close }: { organisation: string; close: () => void }) {
  const api = useApi();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [screened, setScreened] = useState('');
  return (
    <FormDialog
      title="Add a person"
      verb="Add the person"
      ready={name.trim() !== '' && email.trim() !== ''}
      send={() =>
        api.send<PersonView>('POST', '/persons', {
          organisation,
          name: name.trim(),
          email: email.trim(),
          ...(screened && { screenedUntil: screened }),
        })
      }
      said={(person) => `${person.name} belongs to the organisation.`}
      asks={[organisationsKey]}
      close={close}
    >
      <TextInput
        label="Name"
        required
        maxLength={120}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput
        label="Email"
        type="email"
        required
        maxLength={254}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <TextInput
        label="Employment screening is attested until"
        description="Leave it empty where nobody has attested it."
        type="date"
        value={screened}
        onChange={(event) => setScreened(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

/** It can't be undone, so the name is typed. */
export function EndPerson({ person, close }: { person: PersonView; close: () => void }) {
  const api = useApi();
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  return (
    <FormDialog
      title={`${person.name} left`}
      verb="End everything of theirs"
      ready={reason.trim() !== '' && typed.trim() === person.name}
      send={() => api.send('POST', `/persons/${encodeURIComponent(person.id)}/end`, { reason })}
      said={() => `${person.name} is signed out, and holds no office any more.`}
      asks={[organisationsKey]}
      close={close}
    >
      <p className="small">Their sessions, their account and their appointments end at once, and for good.</p>
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
      <TextInput
        label={`Type “${person.name}”`}
        required
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
