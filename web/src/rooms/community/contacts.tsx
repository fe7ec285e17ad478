import { Checkbox, Select, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type ContactList, contactsQuery, organisationsKey } from '../../api/organisations.ts';
import { useApi, useMay, useNotices } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { Empty } from '../../parts/states.tsx';
import { Exact } from '../../parts/when.tsx';
import { severityWord } from '../../parts/words.ts';
import { ContactsMark } from './marks.tsx';

/** Whom to call in an incident, and until when that was confirmed. */
export function Contacts({ organisation }: { organisation: string }) {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const { data } = useQuery(contactsQuery(api, organisation));
  const may = useMay('person.manage');
  const [adding, setAdding] = useState(false);
  const [changing, setChanging] = useState<Contact>();
  const confirm = useMutation({
    mutationFn: () =>
      api.send('POST', `/organisations/${encodeURIComponent(organisation)}/contacts/confirmation`),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: organisationsKey });
      notices.show({ tone: 'done', text: 'The contacts are confirmed for 90 days.' });
    },
    onError: (error) =>
      notices.show({ tone: 'problem', text: 'The contacts were not confirmed.', detail: error.message }),
  });
  if (!data) return null;
  const add = may && (
    <button type="button" className="btn" onClick={() => setAdding(true)}>
      Name a contact
    </button>
  );
  return (
    <section className="section">
      <div className="line apart">
        <h2>Incident contacts</h2>
        {data.contacts.length > 0 && may && (
          <span className="line">
            {add}
            <button
              type="button"
              className="btn"
              disabled={confirm.isPending}
              onClick={() => confirm.mutate()}
            >
              They are all right
            </button>
          </span>
        )}
      </div>
      {data.contacts.length === 0 ? (
        <Empty title="Nobody to call" action={add}>
          The security incident reporting matrix says whom to call for each severity. It is confirmed every 90
          days.
        </Empty>
      ) : (
        <>
          <p className="line small">
            <ContactsMark standing={data.standing} /> <span className="muted">{data.why}</span>
          </p>
          <table className="table">
            <thead>
              <tr>
                <th>Severity</th>
                <th>About</th>
                <th>Order</th>
                <th>Name</th>
                <th>Phone</th>
                <th>Email</th>
                <th>To be confirmed by</th>
                {may && (
                  <th>
                    <span className="unseen">Action</span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {data.contacts.map((contact) => (
                <tr key={contact.id}>
                  <td>{severityWord[contact.severity]}</td>
                  <td>{contact.topic || <span className="muted">anything</span>}</td>
                  <td>{contact.rank}</td>
                  <td>{contact.name}</td>
                  <td className="mono">{contact.phone}</td>
                  <td>{contact.email}</td>
                  <td>
                    <Exact at={contact.dueAt} />
                  </td>
                  {may && (
                    <td className="number">
                      <button type="button" className="btn slim" onClick={() => setChanging(contact)}>
                        Change
                      </button>
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {adding && <AddContact organisation={organisation} matrix={data} close={() => setAdding(false)} />}
      {changing && (
        <ChangeContact
          organisation={organisation}
          matrix={data}
          contact={changing}
          close={() => setChanging(undefined)}
        />
      )}
    </section>
  );
}

type Contact = ContactList['contacts'][number];
const inputOf = ({ severity, topic, rank, name, phone, email }: Contact) => ({
  severity,
  topic,
  rank,
  name,
  phone,
  email,
});
const severities: readonly Contact['severity'][] = ['critical', 'high', 'medium', 'low'];

function AddContact({
  organisation,
  matrix,
  close,
}: {
  organisation: string;
  matrix: ContactList;
  close: () => void;
}) {
  const api = useApi();
  const [severity, setSeverity] = useState<string | null>('critical');
  const [topic, setTopic] = useState('');
  const [name, setName] = useState('');
  const [phone, setPhone] = useState('');
  const [email, setEmail] = useState('');
  const send = () => {
    const kept = matrix.contacts.map(inputOf);
    const ranks = kept.filter((one) => one.severity === severity && one.topic === topic.trim());
    const rank = Math.max(0, ...ranks.map((one) => one.rank)) + 1;
    return api.send('PUT', `/organisations/${encodeURIComponent(organisation)}/contacts`, {
      contacts: [...kept, { severity, topic: topic.trim(), rank, name, phone, email }],
    });
  };
  return (
    <FormDialog
      title="Name a contact"
      verb="Name them"
      ready={severity !== null && name.trim() !== '' && phone.trim() !== '' && email.trim() !== ''}
      send={send}
      said={() => `${name} is called in such an incident.`}
      asks={[organisationsKey]}
      close={close}
    >
      <Select
        label="For incidents of severity"
        allowDeselect={false}
        data={severities.map((value) => ({ value, label: severityWord[value] }))}
        value={severity}
        onChange={setSeverity}
      />
      <TextInput
        label="About"
        description="Left empty: whatever it is about."
        maxLength={60}
        value={topic}
        onChange={(event) => setTopic(event.currentTarget.value)}
      />
      <TextInput
        label="Name"
        description="A person, or a desk."
        required
        maxLength={120}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput
        label="Phone"
        placeholder="+61 2 5550 1234"
        required
        maxLength={24}
        value={phone}
        onChange={(event) => setPhone(event.currentTarget.value)}
      />
      <TextInput
        label="Email"
        type="email"
        required
        maxLength={254}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

/** The matrix is kept whole, so one line is changed, or left out, in the whole of it. */
function ChangeContact({
  organisation,
  matrix,
  contact,
  close,
}: {
  organisation: string;
  matrix: ContactList;
  contact: Contact;
  close: () => void;
}) {
  const api = useApi();
  const [name, setName] = useState(contact.name);
  const [phone, setPhone] = useState(contact.phone);
  const [email, setEmail] = useState(contact.email);
  const [gone, setGone] = useState(false);
  const others = matrix.contacts.filter(({ id }) => id !== contact.id).map(inputOf);
  return (
    <FormDialog
      title={`${severityWord[contact.severity]}: ${contact.name}`}
      verb={gone ? 'Remove the contact' : 'Record it'}
      ready={gone || (name.trim() !== '' && phone.trim() !== '' && email.trim() !== '')}
      send={() =>
        api.send('PUT', `/organisations/${encodeURIComponent(organisation)}/contacts`, {
          contacts: gone ? others : [...others, { ...inputOf(contact), name, phone, email }],
        })
      }
      said={() => (gone ? `${contact.name} is called no more.` : `${name} is called in such an incident.`)}
      asks={[organisationsKey]}
      close={close}
    >
      {!gone && (
        <>
          <TextInput
            label="Name"
            required
            maxLength={120}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          <TextInput
            label="Phone"
            required
            maxLength={24}
            value={phone}
            onChange={(event) => setPhone(event.currentTarget.value)}
          />
          <TextInput
            label="Email"
            type="email"
            required
            maxLength={254}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
        </>
      )}
      <Checkbox
        label="Nobody is to be called here any more"
        checked={gone}
        onChange={(event) => setGone(event.currentTarget.checked)}
      />
    </FormDialog>
  );
}
