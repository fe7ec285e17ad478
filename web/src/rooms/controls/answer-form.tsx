import { customerResponsibility, type ImplementationStatus, responsibleEntity } from '#contract/governance';
import type { ControlDetail } from '#contract/governance/controls';
import { Checkbox, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { controlsKey, putAnswer } from '../../api/controls.ts';
import { useApi } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { statuses } from './marks.tsx';
import { useOwners } from './owners.ts';

/** The whole answer; what was before stays in the history. */
export function AnswerForm({
  system,
  detail,
  close,
}: {
  system: string;
  detail: ControlDetail;
  close: () => void;
}) {
  const api = useApi();
  const present = useOwners(system);
  const { control, answer } = detail;
  const [status, setStatus] = useState<ImplementationStatus>(answer?.status ?? 'Not Assessed');
  const [narrative, setNarrative] = useState(answer?.narrative ?? '');
  const [evidence, setEvidence] = useState(answer?.rests === 'evidence');
  const [review, setReview] = useState(answer?.reviewBy?.slice(0, 10) ?? '');
  const [party, setParty] = useState(answer?.reliedUpon?.party ?? '');
  const [theirs, setTheirs] = useState<ImplementationStatus>(answer?.reliedUpon?.status ?? 'Not Assessed');
  const [owner, setOwner] = useState<string | null>(answer?.owner?.id ?? null);
  const [responsible, setResponsible] = useState<string | null>(answer?.responsible ?? null);
  const [customer, setCustomer] = useState<string | null>(answer?.customer ?? null);
  const byEvidence = evidence && status === 'Effective';
  const kept = answer?.owner && { value: answer.owner.id, label: answer.owner.name };
  const owners = kept && !present.some(({ value }) => value === kept.value) ? [...present, kept] : present;
  // What is unchanged goes back as it came, to the second.
  const reviewBy =
    review === '' ? null : answer?.reviewBy?.startsWith(review) ? answer.reviewBy : `${review}T23:59:59.000Z`;
  return (
    <FormDialog
      title={`Answer ${control.label}`}
      verb="Record the answer"
      ready
      send={() =>
        putAnswer(api, system, control.id, {
          status,
          narrative: narrative.trim(),
          rests: byEvidence ? 'evidence' : 'attested',
          evaluators: byEvidence ? (answer?.evaluators ?? []) : [],
          reviewBy: byEvidence ? null : reviewBy,
          reliedUpon: party.trim() === '' ? null : { party: party.trim(), status: theirs },
          owner,
          responsible: responsibleEntity.options.find((one) => one === responsible) ?? null,
          customer: customerResponsibility.options.find((one) => one === customer) ?? null,
          after: control.version,
        })
      }
      said={(after) => `${after.control.label} stands as “${after.control.status}”.`}
      asks={[controlsKey]}
      close={close}
    >
      <p className="muted small">{control.statement}</p>
      <Select
        label="Status"
        allowDeselect={false}
        data={[...statuses]}
        value={status}
        onChange={(value) => setStatus(statuses.find((one) => one === value) ?? status)}
        data-autofocus
      />
      <Textarea
        label="How it is met, or why not"
        autosize
        minRows={3}
        maxRows={12}
        maxLength={10_000}
        value={narrative}
        onChange={(event) => setNarrative(event.currentTarget.value)}
      />
      {status === 'Effective' && (
        <Checkbox
          label="It rests on evidence"
          description="Without evidence in force it counts as not visible."
          checked={evidence}
          onChange={(event) => setEvidence(event.currentTarget.checked)}
        />
      )}
      {!byEvidence && (status === 'Effective' || status === 'Alternate Control') && (
        <TextInput
          label="To be looked at again by"
          description="Left empty: in a year."
          type="date"
          value={review}
          onChange={(event) => setReview(event.currentTarget.value)}
        />
      )}
      <Select
        label="Owner"
        placeholder="Nobody"
        clearable
        searchable
        data={owners}
        value={owner}
        onChange={setOwner}
      />
      <Select
        label="Who answers for it"
        placeholder="As the service’s matrix says"
        clearable
        data={responsibleEntity.options}
        value={responsible}
        onChange={setResponsible}
      />
      <Select
        label="What is left to customers"
        placeholder="As the service’s matrix says"
        clearable
        data={customerResponsibility.options}
        value={customer}
        onChange={setCustomer}
      />
      <TextInput
        label="Relies on another provider"
        description="Their side has to be effective too."
        placeholder="Nobody"
        maxLength={120}
        value={party}
        onChange={(event) => setParty(event.currentTarget.value)}
      />
      {party.trim() !== '' && (
        <Select
          label="Their side"
          allowDeselect={false}
          data={[...statuses]}
          value={theirs}
          onChange={(value) => setTheirs(statuses.find((one) => one === value) ?? theirs)}
        />
      )}
    </FormDialog>
  );
}
