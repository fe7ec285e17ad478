import type { Role, User } from '#contract/identity';
import { Modal, MultiSelect, Select, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { communityQuery } from '../../api/community.ts';
import { useApi, useSession } from '../../app/context.tsx';
import { FormProblem } from '../../parts/states.tsx';
import { CopyButton } from '../../parts/value.tsx';
import { roleWord } from '../../parts/words.ts';

type Made = { name: string; link: string };
const isRole = (text: string): text is Role => text in roleWord;

export function AddUser({ close }: { close: (made?: Made) => void }) {
  const api = useApi();
  const queryClient = useQueryClient();
  const { tenancies } = useSession();
  const { data: community } = useQuery(communityQuery(api));
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [roles, setRoles] = useState<string[]>(['analyst']);
  const [organisation, setOrganisation] = useState<string | null>(null);
  const [only, setOnly] = useState<string[]>([]);
  const chosen = community?.organisations.find(
    (one) =>
      one.id === (organisation ?? community.organisations.find((first) => first.kind === 'provider')?.id),
  );
  const within = tenancies.filter((one) => chosen?.kind === 'provider' || one.organisation === chosen?.id);
  const add = useMutation({
    mutationFn: () =>
      api.send<{ user: User; link: string }>('POST', '/users', {
        name: name.trim(),
        email: email.trim(),
        roles: roles.filter(isRole),
        organisation: chosen?.id,
        tenancies: only,
      }),
    onSuccess: (answer) => {
      void queryClient.invalidateQueries({ queryKey: ['users'] });
      close({ name: answer.user.name, link: answer.link });
    },
  });
  const ready = name.trim() && email.trim() && roles.length > 0 && chosen;
  return (
    <Modal opened onClose={() => close()} title="Add a person" size={480}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) add.mutate();
        }}
      >
        <TextInput
          label="Name"
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={120}
          data-autofocus
        />
        <TextInput
          label="Email"
          type="email"
          required
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          maxLength={254}
        />
        <MultiSelect
          label="Roles"
          required
          data={Object.entries(roleWord).map(([value, label]) => ({ value, label }))}
          value={roles}
          onChange={setRoles}
        />
        <Select
          label="Organisation"
          required
          allowDeselect={false}
          data={(community?.organisations ?? []).map((one) => ({ value: one.id, label: one.name }))}
          value={chosen?.id ?? null}
          onChange={(value) => {
            setOrganisation(value);
            setOnly([]);
          }}
        />
        <MultiSelect
          label="Tenancies"
          description={
            chosen?.kind === 'provider'
              ? 'Left empty: every tenancy of the community.'
              : 'Left empty: every tenancy of the organisation.'
          }
          searchable
          data={within.map((one) => ({ value: one.id, label: `${one.organisationName}, ${one.marking}` }))}
          value={only}
          onChange={setOnly}
        />
        <FormProblem error={add.error} />
        <div className="dialog-foot">
          <button type="button" className="btn" onClick={() => close()}>
            Cancel
          </button>
          <button type="submit" className="btn main" disabled={!ready || add.isPending}>
            Add and make a link
          </button>
        </div>
      </form>
    </Modal>
  );
}

export function HandOver({ name, link, close }: Made & { close: () => void }) {
  const whole = new URL(link, location.origin).href;
  return (
    <Modal opened onClose={close} title={`A sign-in link for ${name}`} size={560}>
      <p className="muted">
        Hand it over by a way you trust. It works once: {name} sets a password and a second factor with it.
      </p>
      <div className="line section">
        <span className="mono grow box code">{whole}</span>
        <CopyButton text={whole} what="link" />
      </div>
      <div className="dialog-foot">
        <button type="button" className="btn main" onClick={close}>
          Done
        </button>
      </div>
    </Modal>
  );
}
