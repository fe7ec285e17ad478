import type { AppointmentView, OrganisationSummary, TenancyLife } from '#contract/community/organisations';
import type { Office } from '#contract/community/organisations';
import { type Health, HealthMark } from '../../parts/marks.tsx';

export const lifeWord: Readonly<Record<TenancyLife, string>> = {
  invited: 'Invited',
  commencing: 'Commencing',
  active: 'Active',
  suspended: 'Suspended',
  leaving: 'Leaving',
  left: 'Left',
};
const lifeHealth: Readonly<Record<TenancyLife, Health>> = {
  invited: 'unknown',
  commencing: 'unknown',
  active: 'healthy',
  suspended: 'failing',
  leaving: 'degraded',
  left: 'unknown',
};
export const LifeMark = ({ state }: { state: TenancyLife }) => (
  <HealthMark state={lifeHealth[state]} word={lifeWord[state]} />
);

type Agreement = OrganisationSummary['tenancies'][number]['agreement'];
const agreementWord: Readonly<Record<string, readonly [Health, string]>> = {
  none: ['unknown', 'No agreement'],
  invited: ['unknown', 'Invited to agree'],
  reviewing: ['unknown', 'Reading the agreement'],
  accepted: ['healthy', 'Agreed'],
  'superseded-in-grace': ['degraded', 'Agreed, in grace'],
  lapsed: ['failing', 'Agreement lapsed'],
  withdrawn: ['failing', 'Agreement withdrawn'],
  suspended: ['failing', 'Agreement suspended'],
};
export function AgreementMark({ agreement }: { agreement: Agreement }) {
  if (agreement === null) return <HealthMark state="unknown" word="Agreement unknown" />;
  const [state, word] = agreementWord[agreement.state] ?? ['unknown', agreement.state];
  return (
    <HealthMark state={state} word={agreement.version === null ? word : `${word} (${agreement.version})`} />
  );
}

export const standingWord: Readonly<Record<OrganisationSummary['contacts'], readonly [Health, string]>> = {
  fresh: ['healthy', 'Confirmed'],
  warning: ['degraded', 'To be confirmed'],
  blocking: ['failing', 'Too old'],
  missing: ['failing', 'Incomplete'],
};
export function ContactsMark({ standing }: { standing: OrganisationSummary['contacts'] }) {
  const [state, word] = standingWord[standing];
  return <HealthMark state={state} word={word} />;
}

export const officeWord: Readonly<Record<Office, string>> = {
  cio: 'CIO',
  ciso: 'CISO',
  coo: 'COO',
  'security-officer': 'Security officer',
  approver: 'Approver of support',
  'risk-owner': 'Risk owner',
};
export const offices = Object.entries(officeWord).map(([value, label]) => ({ value, label }));

export function AppointmentMark({ one }: { one: AppointmentView }) {
  if (one.state === 'in-force') return <HealthMark state="healthy" word="In force" />;
  if (one.state === 'proposed') return <HealthMark state="unknown" word={`${one.wanting} to verify`} />;
  return <HealthMark state="failing" word={one.state === 'expired' ? 'Expired' : 'Ended'} />;
}
