import { useSyncExternalStore } from 'react';
import { Kbd } from '../parts/marks.tsx';
import { useNotices } from './context.tsx';

export function NoticeList() {
  const notices = useNotices();
  const list = useSyncExternalStore(notices.subscribe, notices.list);
  const said = useSyncExternalStore(notices.subscribe, notices.said);
  return (
    <>
      <div className="unseen" role="status" aria-live="polite">
        {said}
      </div>
      <section aria-label="Notices">
        <ul className="notices">
          {list.map((notice) => (
            <li key={notice.id} className={notice.tone}>
              <span className="grow">
                {notice.text}
                {notice.detail && <span className="muted"> {notice.detail}</span>}
              </span>
              {notice.undo && (
                <button
                  type="button"
                  className="btn slim"
                  onClick={() => {
                    notices.dismiss(notice.id);
                    notice.undo?.();
                  }}
                >
                  Undo <Kbd>u</Kbd>
                </button>
              )}
              <button
                type="button"
                className="btn slim bare"
                aria-label="Dismiss"
                onClick={() => notices.dismiss(notice.id)}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
