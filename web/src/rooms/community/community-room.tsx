import type { CommunityView } from '#contract/community';
import { Modal, Select, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { communityQuery, readsQuery } from '../../api/community.ts';
import { organisationsKey, organisationsQuery } from '../../api/organisations.ts';
import { useApi, useMay, useNotices, useTenancies } from '../../app/context.tsx';
import { TenancyBadge } from '../../parts/marks.tsx';
import { Failure, FormProblem, Progress } from '../../parts/states.tsx';
import { Ago } from '../../parts/when.tsx';
import { plural } from '../../parts/words.ts';
import { CommunityTable } from './community-table.tsx';
import { Due } from './due.tsx';

/** Who belongs to the community, and in which environments: one row an organisation, one column an environment. */
export function CommunityRoom() {
  const api = useApi();
  const query = useQuery(communityQuery(api));
  const organisations = useQuery(organisationsQuery(api));
  const may = useMay('community.manage');
  const [adding, setAdding] = useState<'organisation' | 'tenancy'>();
  const community = query.data;
  return (
    <div className="page">
      <div className="room-head">
        <h1>Community</h1>
        {community && may && (
          <>
            <button type="button" className="btn" onClick={() => setAdding('tenancy')}>
              Add a tenancy
            </button>
            <button type="button" className="btn main" onClick={() => setAdding('organisation')}>
              Add an organisation
            </button>
          </>
        )}
      </div>
      {query.isError && (
        <Failure
          what="The community could not be loaded"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {organisations.isError && (
        <Failure
          what="Where the organisations stand could not be loaded"
          error={organisations.error}
          retry={() => void organisations.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Loading the community" />}
      {community && (
        <>
          <p className="muted small">
            {plural(community.organisations.length, 'organisation')},{' '}
            {plural(community.tenancies.length, 'tenancy', 'tenancies')},{' '}
            {plural(community.environments.length, 'environment')}
          </p>
          {organisations.data && (
            <CommunityTable community={community} organisations={organisations.data.organisations} />
          )}
          <Due />
          <Reads />
          {adding === 'organisation' && <AddOrganisation close={() => setAdding(undefined)} />}
          {adding === 'tenancy' && <AddTenancy community={community} close={() => setAdding(undefined)} />}
        </>
      )}
    </div>
  );
}

/** The customer sees who from the provider looked at what is theirs. */
function Reads() {
  const may = useMay('alert.read');
  const { data } = useQuery({ ...readsQuery(useApi()), enabled: may });
  const tenancies = useTenancies();
  if (!data) return null;
  return (
    <section className="section">
      <h2>Who of another organisation looked</h2>
      {data.reads.length === 0 ? (
        <p className="muted small">
          Nobody yet. Each look at a tenancy’s alerts or events by somebody of another organisation is
          recorded, and listed here for both.
        </p>
      ) : (
        <table className="table">
          <thead>
            <tr>
              <th>Person</th>
              <th>Of</th>
              <th>Looked at</th>
              <th>Tenancy</th>
              <th className="number">When</th>
            </tr>
          </thead>
          <tbody>
            {data.reads.slice(0, 200).map((read) => (
              <tr key={`${read.at} ${read.actor.id} ${read.tenancy} ${read.what}`}>
                <td>{read.actor.name}</td>
                <td>{read.organisation}</td>
                <td>{read.what === 'alert' ? 'alerts' : 'events'}</td>
                <td>
                  <TenancyBadge tenancy={tenancies.get(read.tenancy)} id={read.tenancy} name />
                </td>
                <td className="number muted">
                  <Ago at={read.at} suffix />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** The session holds the tenancies a person sees: asked again when one was added. */
function useChanged(close: () => void, text: string) {
  const queryClient = useQueryClient();
  const notices = useNotices();
  return () => {
    void queryClient.invalidateQueries({ queryKey: ['community'] });
    void queryClient.invalidateQueries({ queryKey: ['session'] });
    void queryClient.invalidateQueries({ queryKey: organisationsKey });
    notices.show({ tone: 'done', text });
    close();
  };
}

function AddOrganisation({ close }: { close: () => void }) {
  const api = useApi();
  const [name, setName] = useState('');
  const [ownId, setOwnId] = useState<string>();
  const [kind, setKind] = useState<string | null>('customer');
  const id =
    ownId ??
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 40);
  const done = useChanged(close, `${name} belongs to the community. Give it a tenancy next.`);
  const add = useMutation({
    mutationFn: () => api.send('POST', '/community/organisations', { id, name: name.trim(), kind }),
    onSuccess: done,
  });
  return (
    <Modal opened onClose={close} title="Add an organisation" size={480}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() && id) add.mutate();
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
          label="Short name"
          description="Part of tenancy ids, and fixed from now on."
          required
          value={id}
          onChange={(event) => setOwnId(event.currentTarget.value)}
          maxLength={40}
          pattern="[a-z0-9][a-z0-9_.\-]*"
        />
        <Select
          label="It is a"
          allowDeselect={false}
          data={[
            { value: 'customer', label: 'Customer' },
            { value: 'partner', label: 'Partner' },
          ]}
          value={kind}
          onChange={setKind}
        />
        <FormProblem error={add.error} />
        <Foot close={close} verb="Add the organisation" disabled={!name.trim() || !id || add.isPending} />
      </form>
    </Modal>
  );
}

function AddTenancy({ community, close }: { community: CommunityView; close: () => void }) {
  const api = useApi();
  const [organisation, setOrganisation] = useState<string | null>(null);
  const [environment, setEnvironment] = useState<string | null>(null);
  const done = useChanged(close, 'The tenancy is there. Its sources can be added now.');
  const add = useMutation({
    mutationFn: () => api.send('POST', '/community/tenancies', { organisation, environment }),
    onSuccess: done,
  });
  const taken = new Set(
    community.tenancies.filter((one) => one.organisation === organisation).map((one) => one.environment),
  );
  return (
    <Modal opened onClose={close} title="Add a tenancy" size={480}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (organisation && environment) add.mutate();
        }}
      >
        <Select
          label="Organisation"
          required
          searchable
          data={community.organisations.map((one) => ({ value: one.id, label: one.name }))}
          value={organisation}
          onChange={setOrganisation}
          data-autofocus
        />
        <Select
          label="Environment"
          required
          data={community.environments.map((one) => ({
            value: one.id,
            label: `${one.name} (${one.marking})`,
            disabled: taken.has(one.id),
          }))}
          value={environment}
          onChange={setEnvironment}
        />
        <FormProblem error={add.error} />
        <Foot
          close={close}
          verb="Add the tenancy"
          disabled={!organisation || !environment || add.isPending}
        />
      </form>
    </Modal>
  );
}

const Foot = ({ close, verb, disabled }: { close: () => void; verb: string; disabled: boolean }) => (
  <div className="dialog-foot">
    <button type="button" className="btn" onClick={close}>
      Cancel
    </button>
    <button type="submit" className="btn main" disabled={disabled}>
      {verb}
    </button>
  </div>
);
