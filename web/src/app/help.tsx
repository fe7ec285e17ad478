import { Modal } from '@mantine/core';
import { Kbd } from '../parts/marks.tsx';
import { useServices } from './context.tsx';

/** Made from the bindings that are live on this very page, so it can't be out of date. */
export function Help({ opened, close }: { opened: boolean; close: () => void }) {
  const { keys } = useServices();
  const groups = Map.groupBy(opened ? keys.all() : [], (binding) => binding.group);
  return (
    <Modal opened={opened} onClose={close} title="Keyboard" size={720}>
      <div className="help">
        {[...groups].map(([group, bindings]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {bindings.map((binding) => (
                <div key={binding.keys}>
                  <dt>
                    {binding.keys.split(' ').map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                    <span className="unseen">{binding.keys}</span>
                  </dt>
                  <dd>{binding.says}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="muted small">Single-key shortcuts can be turned off in the menu under your initials.</p>
    </Modal>
  );
}
