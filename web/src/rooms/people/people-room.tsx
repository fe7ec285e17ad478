import type { ApiToken, User } from '#contract/identity';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useApi, useMay, useNotices, useNow, useSession } from '../../app/context.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { Empty, Failure, Progress } from '../../parts/states.tsx';
import { Ago, Exact } from '../../parts/when.tsx';
import { duration, roleWord, suspendedWord } from '../../parts/words.ts';
import { AddToken } from './add-token.tsx';
import { AddUser, HandOver } from './add-user.tsx';
import { BreakGlass } from './break-glass.tsx';
import { Reviews } from './reviews.tsx';

const viewNames = [
  { view: 'people', word: 'People' },
  { view: 'reviews', word: 'Access reviews' },
  { view: 'tokens', word: 'API tokens' },
  { view: 'break-glass', word: 'Break glass' },
] as const;

export function PeopleRoom() {
  const search = useSearch({ from: '/inside/people' });
  const navigate = useNavigate({ from: '/people' });
  const shows = {
    people: useMay('user.read'),
    reviews: useMay('person.read'),
    tokens: useMay('token.manage'),
    'break-glass': useMay('user.manage'),
  };
  const views = viewNames.filter(({ view }) => shows[view]);
  const current = views.find(({ view }) => view === search.view)?.view ?? views[0]?.view;
  return (
    <div className="page">
      <div className="room-head">
        <h1>People and tokens</h1>
        {views.length > 1 && (
          <div className="line" role="group" aria-label="What to show">
            {views.map(({ view, word }) => (
              <button
                key={view}
                type="button"
                className="chip"
                aria-pressed={view === current}
                onClick={() =>
                  void navigate({
                    search: (before) => ({ ...before, view: view === 'people' ? undefined : view }),
                  })
                }
              >
                {word}
              </button>
            ))}
          </div>
        )}
      </div>
      {current === 'people' && <People />}
      {current === 'reviews' && <Reviews />}
      {current === 'tokens' && <Tokens />}
      {current === 'break-glass' && <BreakGlass />}
    </div>
  );
}

function People() {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const may = useMay('user.manage');
  const { user: me } = useSession();
  const query = useQuery({
    queryKey: ['users'],
    queryFn: ({ signal }) => api.get<{ users: User[] }>('/users', undefined, signal),
  });
  const [adding, setAdding] = useState(false);
  const [link, setLink] = useState<{ name: string; link: string }>();
  const change = useMutation({
    mutationFn: ({ id, locked }: { id: string; locked: boolean }) =>
      api.send('PATCH', `/users/${encodeURIComponent(id)}`, { locked }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['users'] }),
    onError: (error) =>
      notices.show({ tone: 'problem', text: 'The account was not changed.', detail: error.message }),
  });
  const lock = (user: User) =>
    change.mutate(
      { id: user.id, locked: !user.locked },
      {
        onSuccess: () =>
          notices.show({
            tone: 'done',
            text: user.locked ? `${user.name} can sign in again.` : `${user.name} is signed out and locked.`,
            undo: () => change.mutate({ id: user.id, locked: user.locked }),
          }),
      },
    );
  const renew = async (user: User) => {
    try {
      const answer = await api.send<{ link: string }>('POST', `/users/${encodeURIComponent(user.id)}/link`);
      setLink({ name: user.name, link: answer.link });
    } catch (error) {
      notices.show({
        tone: 'problem',
        text: 'No link was made.',
        detail: error instanceof Error ? error.message : '',
      });
    }
  };
  if (query.isError)
    return (
      <Failure what="The people could not be loaded" error={query.error} retry={() => void query.refetch()} />
    );
  if (!query.data) return <Progress what="Loading people" />;
  return (
    <>
      {may && (
        <p className="section">
          <button type="button" className="btn main" onClick={() => setAdding(true)}>
            Add a person
          </button>
        </p>
      )}
      <table className="table section">
        <thead>
          <tr>
            <th>Name</th>
            <th>Email</th>
            <th>Roles</th>
            <th>Organisation</th>
            <th>Sees</th>
            <th>State</th>
            <th className="number">Last sign-in</th>
            {may && (
              <th>
                <span className="unseen">Action</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {query.data.users.map((user) => (
            <tr key={user.id}>
              <td>
                <b>{user.name}</b>
                {user.id === me.id && <span className="muted"> (you)</span>}
              </td>
              <td>{user.email}</td>
              <td>{user.roles.map((role) => roleWord[role]).join(', ')}</td>
              <td>{user.organisation}</td>
              <td className="mono">
                {user.tenancies.length > 0 ? (
                  user.tenancies.join(', ')
                ) : (
                  <span className="muted">all of its organisation</span>
                )}
              </td>
              <td>
                {user.locked ? (
                  <HealthMark
                    state="failing"
                    word={user.suspendedWhy ? suspendedWord[user.suspendedWhy] : 'Locked'}
                  />
                ) : user.lastSignInAt ? (
                  <HealthMark state="healthy" word="Active" />
                ) : (
                  <HealthMark state="unknown" word="Invited" />
                )}
              </td>
              <td className="number muted">{user.lastSignInAt ? <Ago at={user.lastSignInAt} /> : 'never'}</td>
              {may && (
                <td className="number">
                  <span className="line">
                    <button type="button" className="btn slim" onClick={() => void renew(user)}>
                      New link
                    </button>
                    {user.id !== me.id && (
                      <button
                        type="button"
                        className="btn slim"
                        disabled={change.isPending}
                        onClick={() => lock(user)}
                      >
                        {user.locked ? 'Unlock' : 'Lock'}
                      </button>
                    )}
                  </span>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {adding && (
        <AddUser
          close={(made) => {
            setAdding(false);
            if (made) setLink(made);
          }}
        />
      )}
      {link && <HandOver name={link.name} link={link.link} close={() => setLink(undefined)} />}
    </>
  );
}

function Tokens() {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const now = useNow(60);
  const query = useQuery({
    queryKey: ['tokens'],
    queryFn: ({ signal }) => api.get<{ tokens: ApiToken[] }>('/tokens', undefined, signal),
  });
  const [adding, setAdding] = useState(false);
  const [revoking, setRevoking] = useState<string>();
  const revoke = useMutation({
    mutationFn: (token: ApiToken) => api.send('DELETE', `/tokens/${encodeURIComponent(token.id)}`),
    onSuccess: (_, token) => {
      setRevoking(undefined);
      void queryClient.invalidateQueries({ queryKey: ['tokens'] });
      notices.show({ tone: 'done', text: `The token “${token.name}” opens nothing any more.` });
    },
    onError: (error) =>
      notices.show({ tone: 'problem', text: 'The token was not revoked.', detail: error.message }),
  });
  if (query.isError)
    return (
      <Failure what="The tokens could not be loaded" error={query.error} retry={() => void query.refetch()} />
    );
  if (!query.data) return <Progress what="Loading tokens" />;
  const add = (
    <button type="button" className="btn main" onClick={() => setAdding(true)}>
      Make a token
    </button>
  );
  return (
    <>
      {query.data.tokens.length === 0 ? (
        <Empty title="No API tokens" action={add}>
          A token lets a script or another system call the API, with the rights and tenancies you give it,
          until it expires.
        </Empty>
      ) : (
        <>
          <p className="section">{add}</p>
          <table className="table section">
            <thead>
              <tr>
                <th>Token</th>
                <th>May</th>
                <th>Tenancies</th>
                <th>Ends</th>
                <th className="number">Last used</th>
                <th>
                  <span className="unseen">Action</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {query.data.tokens.map((token) => {
                const left = (Date.parse(token.expiresAt) - now) / 1000;
                return (
                  <tr key={token.id}>
                    <td>
                      <b>{token.name}</b>
                      <div className="muted small">
                        made <Ago at={token.createdAt} suffix />
                      </div>
                    </td>
                    <td className="mono">{token.permissions.join(', ')}</td>
                    <td className="mono">
                      {token.tenancies.length > 0 ? (
                        token.tenancies.join(', ')
                      ) : (
                        <span className="muted">all of its maker</span>
                      )}
                    </td>
                    <td>
                      {left > 0 ? `in ${duration(left)}` : <span className="critical">ended</span>}
                      <div className="muted">
                        <Exact at={token.expiresAt} />
                      </div>
                    </td>
                    <td className="number muted">
                      {token.lastUsedAt ? <Ago at={token.lastUsedAt} /> : 'never'}
                    </td>
                    <td className="number">
                      {revoking === token.id ? (
                        // It can't be undone, so the same place asks once more, by name.
                        <button
                          type="button"
                          className="btn slim critical"
                          autoFocus
                          disabled={revoke.isPending}
                          onClick={() => revoke.mutate(token)}
                          onBlur={() => setRevoking(undefined)}
                        >
                          Revoke “{token.name}” for good
                        </button>
                      ) : (
                        <button type="button" className="btn slim" onClick={() => setRevoking(token.id)}>
                          Revoke
                        </button>
                      )}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </>
      )}
      {adding && <AddToken close={() => setAdding(false)} />}
    </>
  );
}
