import { useQuery } from '@tanstack/react-query';
import { Navigate, Outlet, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { sessionQuery } from '../api/session.ts';
import { SessionProvider, useApi, useKeys, useNotices } from './context.tsx';
import { Help } from './help.tsx';
import { NoticeList } from './notice-list.tsx';
import { Rail } from './rail.tsx';
import { TopBar } from './top-bar.tsx';

export function Shell() {
  const api = useApi();
  // Asked again every minute, so that the page knows of changed rights; an ended session leads to the sign-in page.
  const { data: session } = useQuery({ ...sessionQuery(api), refetchInterval: 60_000 });
  if (session === null)
    return <Navigate to="/sign-in" search={{ to: location.pathname + location.search }} />;
  if (!session) return null;
  return (
    <SessionProvider session={session}>
      <Frame demo={session.demo} />
    </SessionProvider>
  );
}

function Frame({ demo }: { demo: boolean }) {
  const [help, setHelp] = useState(false);
  const navigate = useNavigate();
  const notices = useNotices();
  useKeys(
    [
      { keys: 'g a', group: 'Go to', says: 'Alerts', run: () => void navigate({ to: '/alerts' }) },
      { keys: 'g s', group: 'Go to', says: 'Search', run: () => void navigate({ to: '/search' }) },
      { keys: 'g o', group: 'Go to', says: 'Sources', run: () => void navigate({ to: '/sources' }) },
      { keys: 'g d', group: 'Go to', says: 'Detections', run: () => void navigate({ to: '/detections' }) },
      { keys: 'g c', group: 'Go to', says: 'Community', run: () => void navigate({ to: '/community' }) },
      { keys: 'g p', group: 'Go to', says: 'People and tokens', run: () => void navigate({ to: '/people' }) },
      { keys: 'g l', group: 'Go to', says: 'Ledger', run: () => void navigate({ to: '/ledger' }) },
      { keys: 'g h', group: 'Go to', says: 'Health', run: () => void navigate({ to: '/health' }) },
      { keys: '/', group: 'Anywhere', says: 'Search', run: () => document.getElementById('find')?.focus() },
      {
        keys: 'u',
        group: 'Anywhere',
        says: 'Undo the last change',
        run: () => notices.undoLast() || notices.announce('There is nothing to undo.'),
      },
      { keys: '?', group: 'Anywhere', says: 'This help', run: () => setHelp(true) },
    ],
    'shell',
  );
  return (
    <div className="shell">
      <a className="skip" href="#room">
        Skip to the page
      </a>
      <TopBar />
      <Rail />
      <div className="room-frame">
        {demo && (
          <div className="demo-line" role="note">
            <b>Demonstration.</b> The organisations, people and events here are invented.
          </div>
        )}
        <main id="room" className="room" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <NoticeList />
      <Help opened={help} close={() => setHelp(false)} />
    </div>
  );
}
