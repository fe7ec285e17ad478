import type { AssetDetail } from '#contract/assets';
import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { softwareQuery } from '../../api/assets.ts';
import { useApi } from '../../app/context.tsx';
import { Ago } from '../../parts/when.tsx';
import { count } from '../../parts/words.ts';

/** What is installed, as each source lists it. */
export function Software({ asset }: { asset: AssetDetail }) {
  const [text, setText] = useState('');
  const { data } = useQuery(softwareQuery(useApi(), asset.id, useDeferredValue(text)));
  return (
    <section className="section">
      <div className="line wide">
        <h2>Software</h2>
        <TextInput
          aria-label="Filter the software"
          placeholder="Filter"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {data && (
          <span className="muted small">
            {data.software.length < data.total ? `${count(data.software.length)} of ` : ''}
            {count(data.total)}
          </span>
        )}
      </div>
      <div className="scroll import-rows" tabIndex={0} role="region" aria-label="Software">
        <table className="table">
          <thead>
            <tr>
              <th>Package</th>
              <th>Version</th>
              <th>Type</th>
              <th>Built from</th>
              <th>Source</th>
              <th className="number">Age</th>
            </tr>
          </thead>
          <tbody>
            {data?.software.map((one) => (
              <tr
                key={`${one.type} ${one.name} ${one.version} ${one.architecture} ${one.source} ${one.purl} ${one.origin}`}
              >
                <td>{one.name}</td>
                <td className="mono">{one.version}</td>
                <td>{one.type}</td>
                <td>{one.origin}</td>
                <td>{one.source}</td>
                <td className="number muted">
                  <Ago at={one.seenAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
