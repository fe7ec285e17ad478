import type { ContentList } from '#contract/platform/content';
import { Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { distrustKey, trustKey } from '../../api/content.ts';
import { useApi, useMay, useNotices } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { Value } from '../../parts/value.tsx';
import { Exact } from '../../parts/when.tsx';

/** Whose packs are taken. */
export function Keys({ list }: { list: ContentList }) {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const may = useMay('content.trust');
  const [adding, setAdding] = useState(false);
  const drop = useMutation({
    mutationFn: (id: string) => distrustKey(api, id),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['content'] });
      notices.show({ tone: 'done', text: 'No more packs with this signature are taken.' });
    },
    onError: (error) =>
      notices.show({ tone: 'problem', text: 'The key stays trusted.', detail: error.message }),
  });
  return (
    <section className="section">
      <p className="small">
        Packs that nobody signed are <b>{list.plain}</b> (setting contentPlain). A signature by a key that is
        not listed here is always refused.
      </p>
      {may && (
        <button type="button" className="btn section" onClick={() => setAdding(true)}>
          Trust a key
        </button>
      )}
      {list.keys.length > 0 && (
        <table className="table section" aria-label="Trusted keys">
          <thead>
            <tr>
              <th>Whose</th>
              <th>Id</th>
              <th>Algorithm</th>
              <th>Since</th>
              <th>By</th>
              {may && (
                <th>
                  <span className="unseen">Action</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {list.keys.map((key) => (
              <tr key={key.id}>
                <td>
                  <b>{key.name}</b>
                </td>
                <td>
                  <Value text={key.id} />
                </td>
                <td>{key.algorithm}</td>
                <td>{key.addedAt ? <Exact at={key.addedAt} /> : <span className="muted">always</span>}</td>
                <td>{key.addedBy ?? 'the configuration'}</td>
                {may && (
                  <td>
                    {key.addedAt && (
                      <button
                        type="button"
                        className="btn slim"
                        disabled={drop.isPending}
                        onClick={() => drop.mutate(key.id)}
                      >
                        Stop trusting it
                      </button>
                    )}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {adding && <TrustKey close={() => setAdding(false)} />}
    </section>
  );
}

function TrustKey({ close }: { close: () => void }) {
  const api = useApi();
  const [name, setName] = useState('');
  const [pem, setPem] = useState('');
  return (
    <FormDialog
      title="Trust a key"
      verb="Trust it"
      ready={name.trim() !== '' && pem.trim() !== ''}
      send={() => trustKey(api, name.trim(), pem)}
      said={(key) => `Packs signed with ${key.id} are taken now.`}
      asks={[['content']]}
      close={close}
    >
      <p className="small">Compare it with its owner over another way than the one it came by.</p>
      <TextInput
        label="Whose key it is"
        required
        maxLength={120}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <Textarea
        label="Public key (PEM)"
        required
        autosize
        minRows={4}
        maxLength={4000}
        value={pem}
        onChange={(event) => setPem(event.currentTarget.value)}
        styles={{ input: { fontFamily: 'var(--mono)' } }}
      />
    </FormDialog>
  );
}
