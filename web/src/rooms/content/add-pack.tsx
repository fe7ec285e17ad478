import type { AddedPack, ContentList } from '#contract/platform/content';
import { FileInput, Select, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { addPack, downloadPack } from '../../api/content.ts';
import { useApi } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { plural } from '../../parts/words.ts';

/** From a file; or from a mirror, where the configuration names one. */
export function AddPack({ list, close }: { list: ContentList; close: () => void }) {
  const api = useApi();
  const [file, setFile] = useState<File | null>(null);
  const [url, setUrl] = useState('');
  const [kind, setKind] = useState<string | null>(null);
  const [name, setName] = useState('');
  const [version, setVersion] = useState('');
  const [activate, setActivate] = useState(false);
  const pack = {
    kind: kind ?? undefined,
    name: name.trim() || undefined,
    version: version.trim() || undefined,
    activate,
  };
  return (
    <FormDialog
      title="Import content"
      verb="Import"
      ready={file !== null || url.trim() !== ''}
      send={() => (file === null ? downloadPack(api, url.trim(), pack) : addPack(api, file, pack))}
      said={(added: AddedPack) =>
        `${added.name} ${added.version} ${added.there ? 'was here already' : 'is imported'}${added.active ? ' and active' : ''}; ${plural(added.faults.length, 'part')} not used.`
      }
      asks={[['content'], ['rules']]}
      close={close}
    >
      <p className="small muted">
        A zip, tar.gz or single file. A signed pack says itself what it is; packs that nobody signed are{' '}
        {list.plain} here.
      </p>
      <FileInput label="File" placeholder="Choose a file" value={file} onChange={setFile} clearable />
      {list.mirrors.length > 0 && (
        <TextInput
          label="Or its address on a mirror"
          description={list.mirrors.join(', ')}
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
      )}
      <Select
        label="Kind"
        description="Left out: told from the content."
        clearable
        data={list.kinds.map((one) => ({ value: one.kind, label: one.title }))}
        value={kind}
        onChange={setKind}
      />
      <TextInput
        label="Name"
        description="Its versions are kept under it."
        value={name}
        maxLength={63}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="Version"
        value={version}
        maxLength={60}
        onChange={(event) => setVersion(event.currentTarget.value)}
      />
      <Switch
        label="Make it the active version"
        checked={activate}
        onChange={(event) => setActivate(event.currentTarget.checked)}
      />
    </FormDialog>
  );
}
