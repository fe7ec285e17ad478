import type { AgreementOverview } from '#contract/community/agreements';
import { Menu } from '@mantine/core';
import { useState } from 'react';
import { useMay, useSession } from '../../app/context.tsx';
import { Confirm, End, Resume, Suspend, Withdraw } from './step-dialogs.tsx';
import { RecordPaper } from './papers.tsx';

type Standing = AgreementOverview['standings'][number];
type State = Standing['state']['state'];
type Step = 'suspend' | 'resume' | 'end' | 'paper' | 'withdraw' | 'confirm';

const names: Readonly<Record<Step, string>> = {
  confirm: 'Confirm as successor of the signer…',
  withdraw: 'Withdraw…',
  paper: 'It was signed on paper…',
  suspend: 'Suspend…',
  resume: 'Lift the suspension…',
  end: 'End for good…',
};

const suspendable: readonly State[] = ['accepted', 'superseded-in-grace', 'lapsed'];
const withdrawable: readonly State[] = [...suspendable, 'suspended'];
const over: readonly State[] = ['none', 'terminated'];

/** What can be done about an agreement from where it is, by the provider and by the organisation's own CIO or CISO. */
function stepsOf(one: Standing, seen: AgreementOverview, manages: boolean, own: boolean): Step[] {
  const { state } = one.state;
  const steps: Step[] = [];
  if (own && seen.maySign && one.successorBy !== null) steps.push('confirm');
  if (own && seen.maySign && withdrawable.includes(state)) steps.push('withdraw');
  if (manages && seen.newest !== null && one.state.version !== seen.newest && state !== 'suspended')
    steps.push('paper');
  if (manages && suspendable.includes(state)) steps.push('suspend');
  if (manages && state === 'suspended') steps.push('resume');
  if (manages && !over.includes(state)) steps.push('end');
  return steps;
}

export function Steps({ one, seen }: { one: Standing; seen: AgreementOverview }) {
  const manages = useMay('agreement.manage');
  const signs = useMay('agreement.sign');
  const { tenancies } = useSession();
  const [doing, setDoing] = useState<Step>();
  // Who signs sees their own organisation only; the provider signs with nobody.
  const own = signs && !tenancies.some(({ internal }) => internal);
  const steps = stepsOf(one, seen, manages, own);
  if (steps.length === 0) return null;
  const close = () => setDoing(undefined);
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <button type="button" className="btn" aria-label={`More about ${one.name} in ${one.environment}`}>
            More
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {steps.map((step) => (
            <Menu.Item key={step} onClick={() => setDoing(step)}>
              {names[step]}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {doing === 'suspend' && <Suspend one={one} close={close} />}
      {doing === 'resume' && <Resume one={one} close={close} />}
      {doing === 'end' && <End one={one} close={close} />}
      {doing === 'withdraw' && <Withdraw one={one} close={close} />}
      {doing === 'confirm' && <Confirm one={one} close={close} />}
      {doing === 'paper' && seen.newest !== null && (
        <RecordPaper one={one} newest={seen.newest} close={close} />
      )}
    </>
  );
}
