import type { PolicyBlock, PolicySection } from '#contract/community/agreements';
import { ownerWord } from './marks.tsx';

type Spans = Extract<PolicyBlock, { kind: 'paragraph' }>['spans'];
type Obligation = PolicySection['clauses'][number]['obligations'][number];

export function Blocks({ blocks }: { blocks: readonly PolicyBlock[] }) {
  return blocks.map((block, at) => {
    // The text of a version never changes, so a place in it is an identity.
    if (block.kind === 'paragraph')
      return (
        <p key={at}>
          <Spanned spans={block.spans} />
        </p>
      );
    const items = block.items.map((spans, item) => (
      <li key={item}>
        <Spanned spans={spans} />
      </li>
    ));
    return block.ordered ? <ol key={at}>{items}</ol> : <ul key={at}>{items}</ul>;
  });
}

function Spanned({ spans }: { spans: Spans }) {
  return spans.map((span, at) => {
    if (span.href !== undefined)
      return (
        <a key={at} href={span.href} rel="noreferrer noopener" target="_blank">
          {span.text}
        </a>
      );
    if (span.code) return <code key={at}>{span.text}</code>;
    if (span.bold) return <b key={at}>{span.text}</b>;
    return span.italic ? <em key={at}>{span.text}</em> : <span key={at}>{span.text}</span>;
  });
}

export function triggerWord({ trigger }: Obligation): string {
  if (trigger.kind === 'always') return 'At all times';
  if (trigger.kind === 'before-service') return 'Before service begins';
  if (trigger.kind === 'every') return `Every ${trigger.days} days`;
  const event = trigger.event.replaceAll('-', ' ');
  return trigger.withinHours === null ? `At once: ${event}` : `Within ${trigger.withinHours} h: ${event}`;
}
const systemWord = { enforce: 'Enforced here', remind: 'Reminded here', record: 'Kept here' } as const;

/** One section as it is agreed to, with who owes what in it. */
export function SectionText({ section }: { section: PolicySection }) {
  return section.clauses.map((clause) => (
    <article className="clause" key={clause.id} id={clause.id}>
      <h3>
        <span className="mono muted">{clause.number}</span> {clause.title}
        <span className="chip">{ownerWord[clause.owner]}</span>
      </h3>
      <Blocks blocks={clause.blocks} />
      {clause.obligations.length > 0 && (
        <ul className="owed small">
          {clause.obligations.map((one) => (
            <li key={one.id}>
              <b>{one.summary}</b>{' '}
              <span className="muted">
                {ownerWord[one.owner]} · {triggerWord(one)} · {systemWord[one.system]}
              </span>
            </li>
          ))}
        </ul>
      )}
    </article>
  ));
}
