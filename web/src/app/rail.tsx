import type { Permission } from '#contract/identity';
import { useQuery } from '@tanstack/react-query';
import { Link, type LinkProps } from '@tanstack/react-router';
import { countsQuery } from '../api/alerts.ts';
import { sourcesQuery } from '../api/sources.ts';
import { BrandMark } from '../parts/marks.tsx';
import { count } from '../parts/words.ts';
import { useApi, useSession } from './context.tsx';
import { useScope } from './scope.ts';

type Room = {
  to: NonNullable<LinkProps['to']>;
  name: string;
  needs: Permission;
  /** For the provider's own people only: those who cover one of its internal tenancies. */
  ours?: true;
};
const groups: readonly { name: string; rooms: readonly Room[] }[] = [
  {
    name: 'Watch',
    rooms: [
      { to: '/alerts', name: 'Alerts', needs: 'alert.read' },
      { to: '/search', name: 'Search', needs: 'event.read' },
      { to: '/sources', name: 'Sources', needs: 'source.read' },
      { to: '/detections', name: 'Detections', needs: 'rule.read' },
    ],
  },
  {
    name: 'Gate',
    rooms: [
      { to: '/community', name: 'Community', needs: 'community.read' },
      { to: '/agreements', name: 'Agreements', needs: 'agreement.read' },
      { to: '/appointments', name: 'People and appointments', needs: 'person.read' },
      { to: '/clearances', name: 'Clearances', needs: 'clearance.read' },
      { to: '/places', name: 'Places and devices', needs: 'person.read' },
      { to: '/changes', name: 'Changes', needs: 'change.read' },
      { to: '/support', name: 'Support', needs: 'support.read' },
      { to: '/can-i', name: 'Can I?', needs: 'gate.ask' },
      { to: '/decisions', name: 'Decisions', needs: 'decision.read' },
    ],
  },
  {
    name: 'Prove',
    rooms: [
      { to: '/posture', name: 'Posture', needs: 'governance.read', ours: true },
      { to: '/evidence', name: 'Evidence', needs: 'governance.read', ours: true },
      { to: '/controls', name: 'Controls', needs: 'governance.read', ours: true },
      { to: '/risk', name: 'Risk', needs: 'governance.read', ours: true },
      // Everybody of the provider has something to read.
      { to: '/policies', name: 'Policies', needs: 'agreement.read', ours: true },
      { to: '/certificates', name: 'Certificates', needs: 'governance.read', ours: true },
      { to: '/assets', name: 'Assets', needs: 'asset.read' },
      { to: '/reports', name: 'Reports', needs: 'governance.read', ours: true },
    ],
  },
  {
    name: 'System',
    rooms: [
      { to: '/content', name: 'Content', needs: 'content.read' },
      { to: '/people', name: 'People and tokens', needs: 'user.read' },
      { to: '/ledger', name: 'Ledger', needs: 'ledger.read' },
      { to: '/health', name: 'Health', needs: 'health.read' },
    ],
  },
];

/** Only rooms that exist and that this person may enter. */
export function Rail() {
  const { permissions, tenancies } = useSession();
  const ours = tenancies.some(({ internal }) => internal);
  return (
    <nav className="rail" aria-label="Rooms">
      {groups.map((group) => {
        const rooms = group.rooms.filter(
          (room) => permissions.includes(room.needs) && (room.ours === undefined || ours),
        );
        if (rooms.length === 0) return null;
        return (
          <div key={group.name}>
            <h2>{group.name}</h2>
            <ul>
              {rooms.map((room) => (
                <li key={room.name}>
                  <Link to={room.to} activeProps={{ 'aria-current': 'page' }}>
                    {room.name}
                    {room.to === '/alerts' && <OpenAlerts />}
                    {room.to === '/sources' && <SilentSources />}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
      <div className="rail-foot muted small">
        <BrandMark size={12} /> Ironbark
      </div>
    </nav>
  );
}

function OpenAlerts() {
  const { tenancies } = useScope();
  const { data } = useQuery(countsQuery(useApi(), tenancies));
  if (!data) return null;
  const urgent = data.bySeverity.critical + data.bySeverity.high > 0;
  return (
    <b className={urgent ? 'critical' : 'muted'}>
      {count(data.open)}
      <span className="unseen"> open</span>
    </b>
  );
}

function SilentSources() {
  const { data } = useQuery(sourcesQuery(useApi()));
  const silent = data?.sources.filter((source) => source.balance.silent).length ?? 0;
  return silent > 0 ? <b className="high">{silent} silent</b> : null;
}
