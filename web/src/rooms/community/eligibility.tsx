import type { OrganisationDetail } from '#contract/community/organisations';
import { Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { organisationsKey } from '../../api/organisations.ts';
import { useApi } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';

export const basisWord = {
  government: 'Government',
  'critical-industry': 'Critical industry',
  supplier: 'Supplier of one of these',
} as const;
const bases = Object.entries(basisWord).map(([value, label]) => ({ value, label }));

/** Recording the basis counts as its yearly review. */
export function RecordEligibility({
  organisation,
  close,
}: {
  organisation: OrganisationDetail;
  close: () => void;
}) {
  const api = useApi();
  const [abn, setAbn] = useState(organisation.abn ?? '');
  const [basis, setBasis] = useState<string | null>(organisation.eligibility.basis);
  const [evidence, setEvidence] = useState(organisation.eligibility.evidence ?? '');
  return (
    <FormDialog
      title={`Eligibility of ${organisation.name}`}
      verb="Reviewed today"
      ready={basis !== null && evidence.trim() !== ''}
      send={() =>
        api.send('PATCH', `/organisations/${encodeURIComponent(organisation.id)}`, {
          abn: abn.trim() === '' ? null : abn.trim(),
          eligibility: { basis, evidence: evidence.trim() },
        })
      }
      said={() => 'The eligibility counts for a year from today.'}
      asks={[organisationsKey]}
      close={close}
    >
      <TextInput
        label="ABN"
        description="Eleven digits; they are checked."
        maxLength={20}
        value={abn}
        onChange={(event) => setAbn(event.currentTarget.value)}
        data-autofocus
      />
      <Select label="It is eligible as" required data={bases} value={basis} onChange={setBasis} />
      <Textarea
        label="Because of"
        description="An order, a licence, a contract."
        required
        autosize
        minRows={2}
        maxLength={500}
        value={evidence}
        onChange={(event) => setEvidence(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
