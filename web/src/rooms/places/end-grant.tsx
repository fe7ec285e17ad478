import { placesKey } from '../../api/places.ts';
import { useApi } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';

/** From now on the gate says no again. */
export function EndGrant({
  kind,
  id,
  what,
  close,
}: {
  kind: 'exceptions' | 'remote-work';
  id: string;
  what: string;
  close: () => void;
}) {
  const api = useApi();
  return (
    <FormDialog
      title={`End ${what}`}
      verb="End it now"
      ready
      send={() => api.send('DELETE', `/places/${kind}/${encodeURIComponent(id)}`)}
      said={() => 'It has ended. The gate counts it from this moment.'}
      asks={[placesKey]}
      close={close}
    >
      <p className="small">It is over at once, and stays in the register as it was.</p>
    </FormDialog>
  );
}
