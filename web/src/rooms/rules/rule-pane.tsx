import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { exceptionsQuery, ruleQuery, setRuleEnabled } from '../../api/rules.ts';
import { useApi, useMay, useNotices } from '../../app/context.tsx';
import { HealthMark, SeverityMark } from '../../parts/marks.tsx';
import { Failure, Progress } from '../../parts/states.tsx';
import { CopyButton, Value } from '../../parts/value.tsx';
import { Ago } from '../../parts/when.tsx';
import { count } from '../../parts/words.ts';
import { AddException, ExceptionTable } from './exceptions.tsx';
import { undecidedWhy } from './undecided.ts';

export function RulePane({ id, close }: { id: string; close: () => void }) {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const may = useMay('rule.manage');
  const query = useQuery(ruleQuery(api, id));
  const exceptions = useQuery(exceptionsQuery(api, id));
  const [adding, setAdding] = useState(false);
  const rule = query.data;
  const enable = useMutation({
    mutationFn: (enabled: boolean) => setRuleEnabled(api, id, enabled),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['rules'] }),
    onError: (error) =>
      notices.show({ tone: 'problem', text: 'The rule was not changed.', detail: error.message }),
  });
  const toggle = (enabled: boolean) =>
    enable.mutate(enabled, {
      onSuccess: () =>
        notices.show({
          tone: 'done',
          text: enabled ? 'The rule is enabled.' : 'The rule is disabled: it matches nothing from now on.',
          undo: () => enable.mutate(!enabled),
        }),
    });
  return (
    <aside className="pane" aria-label="Rule">
      {query.isError && (
        <Failure
          what="This rule could not be loaded"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Loading the rule" />}
      {rule && (
        <>
          <div className="line apart">
            <SeverityMark severity={rule.level} />
            <span className="line">
              <HealthMark
                state={rule.enabled ? 'healthy' : 'unknown'}
                word={rule.enabled ? 'Enabled' : 'Disabled'}
              />
              <button type="button" className="btn slim bare" onClick={close} aria-label="Close the rule">
                ×
              </button>
            </span>
          </div>
          <h2 className="pane-title">{rule.title}</h2>
          <p className="small">{rule.description}</p>
          <div className="line wrap" style={{ margin: '12px 0' }}>
            {may && (
              <button
                type="button"
                className="btn"
                disabled={enable.isPending}
                onClick={() => toggle(!rule.enabled)}
              >
                {rule.enabled ? 'Disable' : 'Enable'}
              </button>
            )}
            {may && (
              <button type="button" className="btn" onClick={() => setAdding(true)}>
                Add an exception
              </button>
            )}
            <Link to="/alerts" search={{ show: 'all', rule: rule.id }} className="btn">
              Its alerts
            </Link>
          </div>
          <dl className="facts">
            <dt>Id</dt>
            <dd>
              <Value text={rule.id} />
            </dd>
            <dt>Author</dt>
            <dd>{rule.author || <span className="unknown">not stated</span>}</dd>
            <dt>Status</dt>
            <dd>{rule.status}</dd>
            <dt>For</dt>
            <dd>{Object.values(rule.logsource).filter(Boolean).join(' / ')}</dd>
            <dt>Pack</dt>
            <dd>{rule.pack}</dd>
            <dt>Hits</dt>
            <dd>
              {count(rule.hits)}
              {rule.lastHitAt && (
                <span className="muted">
                  , the last <Ago at={rule.lastHitAt} suffix />
                </span>
              )}
            </dd>
            <dt>Cost of a look</dt>
            <dd>
              {rule.meanMicroseconds === null ? (
                <span className="unknown">not measured yet</span>
              ) : (
                `${rule.meanMicroseconds.toFixed(1)} µs`
              )}
            </dd>
            <dt>Undecided</dt>
            <dd>{rule.undecided === 0 ? 'none' : undecidedWhy(rule.undecided)}</dd>
            {rule.attack.length > 0 && (
              <>
                <dt>ATT&amp;CK</dt>
                <dd className="line wrap">
                  {rule.attack.map((tag) => (
                    <span key={tag} className="tag">
                      {tag.replace(/^attack\./, '')}
                    </span>
                  ))}
                </dd>
              </>
            )}
            {rule.falsePositives.length > 0 && (
              <>
                <dt>Known harmless</dt>
                <dd>{rule.falsePositives.join('; ')}</dd>
              </>
            )}
            {rule.references.length > 0 && (
              <>
                <dt>References</dt>
                <dd>
                  {rule.references.map((reference) => (
                    <div key={reference}>
                      <Value text={reference} />
                    </div>
                  ))}
                </dd>
              </>
            )}
          </dl>
          {exceptions.data && exceptions.data.exceptions.length > 0 && (
            <section className="section">
              <h3>Exceptions</h3>
              <ExceptionTable exceptions={exceptions.data.exceptions} />
            </section>
          )}
          <section className="section">
            <div className="line apart" style={{ marginBottom: 6 }}>
              <h3>Text, as it was imported</h3>
              <CopyButton text={rule.text} what="rule" />
            </div>
            <pre className="box nowrap" tabIndex={0}>
              {rule.text}
            </pre>
          </section>
          {adding && <AddException rule={rule} close={() => setAdding(false)} />}
        </>
      )}
    </aside>
  );
}
