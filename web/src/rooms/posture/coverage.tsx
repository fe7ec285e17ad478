import type { Posture } from '#contract/governance/controls';
import { Ago } from '../../parts/when.tsx';
import { count } from '../../parts/words.ts';

/** How the controls of each framework stand: what is claimed met, what is not, what nobody can say. */
export function Coverage({ posture }: { posture: Posture }) {
  return (
    <section className="posture-box whole" aria-label="Frameworks">
      <h2>Frameworks</h2>
      {posture.frameworks.length === 0 && (
        <p className="muted">
          No framework is active here. Import a catalogue (the ISM from ASD, or your own as OSCAL) and assess
          this environment against it. Until then the Essential Eight go by evidence alone.
        </p>
      )}
      {posture.frameworks.map((one) => {
        const met = one.counts['Effective'] + one.counts['Alternate Control'];
        const bad = one.counts['Ineffective'] + one.counts['Not Implemented'];
        const parts = [
          { name: 'met', value: met },
          { name: 'bad', value: bad },
          { name: 'open', value: one.unknown },
        ];
        const words = `${count(met)} of ${count(one.controls)} met, ${count(bad)} not met, ${count(one.unknown)} unknown, ${count(one.counts['Not Applicable'])} not applicable`;
        let left = 0;
        return (
          <div key={`${one.framework} ${one.version}`} className="coverage">
            <div className="line apart">
              <span className="clip">
                {one.title} <span className="muted">{one.version}</span>
              </span>
              <span className="number">
                {count(met)} of {count(one.controls)}
              </span>
            </div>
            <svg viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label={words}>
              {parts.map((part) => {
                const x = left;
                const share = one.controls === 0 ? 0 : (part.value / one.controls) * 100;
                left += share;
                return (
                  <rect
                    key={part.name}
                    className={`coverage-${part.name}`}
                    x={x}
                    y={0}
                    width={share}
                    height={8}
                  />
                );
              })}
            </svg>
            <p className="small muted">
              {words}
              {one.reaffirm > 0 && `, ${count(one.reaffirm)} to affirm again`}
              {one.oldest !== null && (
                <>
                  ; oldest <Ago at={one.oldest} suffix />
                </>
              )}
            </p>
          </div>
        );
      })}
    </section>
  );
}
