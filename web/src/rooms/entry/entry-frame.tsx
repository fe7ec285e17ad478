import './entry.css';
import type { ReactNode } from 'react';
import { NoticeList } from '../../app/notice-list.tsx';
import { BrandMark } from '../../parts/marks.tsx';

export const firstSteps = ['First administrator', 'Second factor', 'What this system is for'] as const;

/** The pages before the rooms: where you are on the left, what to do on the right. */
export function EntryFrame({ step, lead, children }: { step?: number; lead: string; children: ReactNode }) {
  return (
    <div className="entry">
      <header className="entry-side">
        <div className="brand">
          <BrandMark size={24} />
          Ironbark
        </div>
        <p>{lead}</p>
        {step !== undefined && (
          <ol aria-label="Steps">
            {firstSteps.map((name, at) => (
              <li key={name} aria-current={at === step ? 'step' : undefined}>
                <span className={at < step ? 'ok' : 'mono'}>{at < step ? '✓' : at + 1}</span>
                {name}
              </li>
            ))}
          </ol>
        )}
      </header>
      <main className="entry-main">{children}</main>
      <NoticeList />
    </div>
  );
}
