import type { DocumentDetail, DocumentView } from '#contract/governance/policies';
import { Select, Switch, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import {
  addDocument,
  addVersion,
  documentsKey,
  documentsQuery,
  providersPeopleQuery,
  templateOf,
} from '../../api/documents.ts';
import { useApi, useSession } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { kindWord } from './words.tsx';

/** Registered with its first version, as a draft. */
export function AddDocument({
  required,
  close,
}: {
  required?: { key: string; environment: string | null };
  close: () => void;
}) {
  const api = useApi();
  const people = useQuery(providersPeopleQuery(api));
  const register = useQuery(documentsQuery(api));
  const provider = useSession().tenancies.find(({ internal }) => internal)?.organisation;
  const about = register.data?.required.find(({ key }) => key === required?.key);
  const [title, setTitle] = useState('');
  const [kind, setKind] = useState<DocumentView['kind']>('policy');
  const [owner, setOwner] = useState<string | null>(null);
  const [everybody, setEverybody] = useState(true);
  const [text, setText] = useState('');
  useEffect(() => {
    if (about === undefined) return;
    setKind(about.kind);
    setTitle(about.environment === null ? about.title : `${about.title}, ${required?.environment ?? ''}`);
    void templateOf(api, about.key).then(
      (template) => setText(template.text),
      () => undefined,
    );
  }, [about, api, required?.environment]);
  return (
    <FormDialog
      title={about ? `Begin: ${about.title}` : 'Add a document'}
      verb="Register the draft"
      ready={title.trim() !== '' && owner !== null && text.trim() !== ''}
      send={() =>
        addDocument(api, {
          kind,
          title: title.trim(),
          owner: owner ?? '',
          text,
          audience: { everybody, offices: [], people: [] },
          ...(required && {
            required: required.key,
            controls: about?.controls ?? [],
            environments: required.environment === null ? [] : [required.environment],
          }),
        })
      }
      said={(one: DocumentDetail) => `“${one.title}” is registered. It holds once it is approved.`}
      asks={[documentsKey]}
      close={close}
    >
      <TextInput
        label="Title"
        required
        maxLength={200}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        data-autofocus
      />
      <Select
        label="Kind"
        allowDeselect={false}
        data={Object.entries(kindWord).map(([value, label]) => ({ value, label }))}
        value={kind}
        onChange={(value) => setKind((value ?? 'policy') as DocumentView['kind'])}
      />
      <Select
        label="Owner"
        description="A person of the provider, who keeps it current."
        required
        searchable
        data={(people.data?.people ?? [])
          .filter((one) => one.endedAt === null && one.organisation === provider)
          .map(({ id, name }) => ({ value: id, label: name }))}
        value={owner}
        onChange={setOwner}
      />
      <Switch
        label="Everybody of the provider is to read it"
        checked={everybody}
        onChange={(event) => setEverybody(event.currentTarget.checked)}
      />
      <Text text={text} change={setText} />
    </FormDialog>
  );
}

/** A new version of what is there. */
export function AddVersion({ document, close }: { document: DocumentDetail; close: () => void }) {
  const api = useApi();
  const [text, setText] = useState(document.shown.text);
  const [summary, setSummary] = useState('');
  const [minor, setMinor] = useState(false);
  return (
    <FormDialog
      title={`A new version of “${document.title}”`}
      verb="Keep the draft"
      ready={text.trim() !== '' && summary.trim() !== '' && text !== document.shown.text}
      send={() => addVersion(api, document.id, { text, summary: summary.trim(), minor })}
      said={() => 'The draft is kept. Somebody else approves it.'}
      asks={[documentsKey]}
      close={close}
    >
      <TextInput
        label="What changed, and why"
        required
        maxLength={500}
        value={summary}
        onChange={(event) => setSummary(event.currentTarget.value)}
        data-autofocus
      />
      <Switch
        label="A minor change: nobody has to read it again"
        checked={minor}
        onChange={(event) => setMinor(event.currentTarget.checked)}
      />
      <Text text={text} change={setText} />
    </FormDialog>
  );
}

const Text = ({ text, change }: { text: string; change: (text: string) => void }) => (
  <Textarea
    label="Text (Markdown)"
    required
    autosize
    minRows={8}
    maxRows={18}
    value={text}
    onChange={(event) => change(event.currentTarget.value)}
    styles={{ input: { fontFamily: 'var(--mono)' } }}
  />
);
