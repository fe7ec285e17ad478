import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type PersonView, personsQuery, requirementsQuery } from '../../api/organisations.ts';
import { useApi, useMay } from '../../app/context.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { Empty, Failure, Progress } from '../../parts/states.tsx';
import { Appointments } from './appointments.tsx';
import { Contacts } from './contacts.tsx';
import { AddPerson, EndPerson } from './person-dialogs.tsx';

/** People, offices and contacts of one organisation: the provider's view of it, and its own. */
export function OrganisationPeople({ organisation }: { organisation: string }) {
  const query = useQuery(personsQuery(useApi(), organisation));
  if (query.isError)
    return (
      <Failure what="The people could not be loaded" error={query.error} retry={() => void query.refetch()} />
    );
  if (!query.data) return <Progress what="Loading people" />;
  const present = query.data.people.filter(({ endedAt }) => endedAt === null);
  return (
    <>
      <People organisation={organisation} people={present} />
      <Appointments organisation={organisation} people={present} />
      <Contacts organisation={organisation} />
    </>
  );
}

function People({ organisation, people }: { organisation: string; people: readonly PersonView[] }) {
  const may = useMay('person.manage');
  const { data } = useQuery(requirementsQuery(useApi(), organisation));
  const meets = new Map(data?.people.map((one) => [one.person, one]));
  const [adding, setAdding] = useState(false);
  const [ending, setEnding] = useState<PersonView>();
  const add = may && (
    <button type="button" className="btn" onClick={() => setAdding(true)}>
      Add a person
    </button>
  );
  return (
    <section className="section">
      <div className="line apart">
        <h2>People</h2>
        {people.length > 0 && add}
      </div>
      {people.length === 0 ? (
        <Empty title="Nobody yet" action={add}>
          People can be appointed to offices and named as contacts. They need no account for that.
        </Empty>
      ) : (
        <table className="table">
          <thead>
            <tr>
              <th>Name</th>
              <th>Email</th>
              <th>Account</th>
              <th>What their environments ask</th>
              {may && (
                <th>
                  <span className="unseen">Action</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {people.map((person) => (
              <tr key={person.id}>
                <td>
                  <b>{person.name}</b>
                </td>
                <td>{person.email}</td>
                <td>{person.userId === null ? <span className="muted">none</span> : 'linked'}</td>
                <td>
                  <Requirement found={meets.get(person.id)} />
                </td>
                {may && (
                  <td className="number">
                    <button type="button" className="btn slim" onClick={() => setEnding(person)}>
                      They left
                    </button>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {adding && <AddPerson organisation={organisation} close={() => setAdding(false)} />}
      {ending && <EndPerson person={ending} close={() => setEnding(undefined)} />}
    </section>
  );
}

function Requirement({ found }: { found: { asks: readonly string[]; meets: boolean } | undefined }) {
  if (found === undefined || found.asks.length === 0) return <span className="muted">nothing</span>;
  return (
    <>
      <HealthMark state={found.meets ? 'healthy' : 'degraded'} word={found.meets ? 'Met' : 'Not met'} />
      <div className="muted small">{found.asks.join(' and ')}</div>
    </>
  );
}
