import type { NetworkListView } from '#contract/community/places';
import { FileInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { networksQuery, placesKey } from '../../api/places.ts';
import { useApi } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { Empty, Failure, Progress } from '../../parts/states.tsx';
import { Ago } from '../../parts/when.tsx';
import { count, plural } from '../../parts/words.ts';

/** Which addresses are in which country: lists that the provider imports, as there is nobody to ask offline. */
export function Networks() {
  const query = useQuery(networksQuery(useApi()));
  const [importing, setImporting] = useState(false);
  const add = (
    <button type="button" className="btn main" onClick={() => setImporting(true)}>
      Import a list
    </button>
  );
  if (query.isError)
    return (
      <Failure what="The lists could not be loaded" error={query.error} retry={() => void query.refetch()} />
    );
  if (!query.data) return <Progress what="Loading the lists" />;
  const { lists } = query.data;
  return (
    <>
      {lists.length === 0 ? (
        <Empty title="No list of networks" action={add}>
          An address that no list knows is nowhere, and the gate denies what asks for a place. Import the
          ranges of Australia first.
        </Empty>
      ) : (
        <>
          <p className="line section">{add}</p>
          <table className="table section">
            <thead>
              <tr>
                <th>List</th>
                <th>Country</th>
                <th className="number">Ranges</th>
                <th>From</th>
                <th>Imported</th>
                <th>SHA-256</th>
              </tr>
            </thead>
            <tbody>
              {lists.map((one) => (
                <tr key={one.list}>
                  <td>
                    <b>{one.list}</b>
                  </td>
                  <td className="mono">{one.country}</td>
                  <td className="number">{count(one.ranges)}</td>
                  <td>{one.origin}</td>
                  <td>
                    {one.importedBy}
                    <div className="muted small">
                      <Ago at={one.importedAt} suffix />
                    </div>
                  </td>
                  <td className="mono" title={one.sha256}>
                    {one.sha256.slice(0, 12)}…
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {importing && <ImportNetworks close={() => setImporting(false)} />}
    </>
  );
}

function ImportNetworks({ close }: { close: () => void }) {
  const api = useApi();
  const [list, setList] = useState('');
  const [country, setCountry] = useState('AU');
  const [origin, setOrigin] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const about = new URLSearchParams({ list: list.trim(), country: country.trim(), origin: origin.trim() });
  return (
    <FormDialog
      title="Import a list of networks"
      verb="Import it"
      ready={list.trim() !== '' && country.trim() !== '' && origin.trim() !== '' && file !== null}
      send={async () =>
        api.send<NetworkListView>('POST', `/places/networks?${about}`, (await file?.text()) ?? '')
      }
      said={(made) => `${plural(made.ranges, 'range')} of ${made.country} are in the list ${made.list}.`}
      asks={[placesKey]}
      close={close}
    >
      <p className="small">
        It takes the place of the list of this name, whole; one with a fault changes nothing.
      </p>
      <TextInput
        label="Name of the list"
        description="a-z, 0-9 and “-”."
        required
        maxLength={40}
        value={list}
        onChange={(event) => setList(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput
        label="Country"
        description="Two capital letters."
        required
        maxLength={2}
        value={country}
        onChange={(event) => setCountry(event.currentTarget.value.toUpperCase())}
      />
      <TextInput
        label="Where it was got from"
        required
        maxLength={200}
        value={origin}
        onChange={(event) => setOrigin(event.currentTarget.value)}
      />
      <FileInput
        label="File"
        description="Text, one range a line, like 203.0.113.0/24; # begins a remark."
        placeholder="Choose a file"
        required
        value={file}
        onChange={setFile}
      />
    </FormDialog>
  );
}
