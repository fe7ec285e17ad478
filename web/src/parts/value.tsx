import { useNotices } from '../app/context.tsx';
import { middle } from './words.ts';

/** A piece of data: copied by a click, whole on hover. */
export function Value({ text, most, clip = false }: { text: string; most?: number; clip?: boolean }) {
  const copy = useCopy();
  return (
    <button
      type="button"
      className={clip ? 'value clip' : 'value'}
      title={`${text}\nClick to copy`}
      onClick={() => copy(text)}
    >
      {most === undefined ? text : middle(text, most)}
    </button>
  );
}

export function CopyButton({ text, what }: { text: string; what: string }) {
  const copy = useCopy();
  return (
    <button type="button" className="btn slim" onClick={() => copy(text, what)} aria-label={`Copy ${what}`}>
      Copy
    </button>
  );
}

export function useCopy() {
  const notices = useNotices();
  return (text: string, what = 'value') => {
    navigator.clipboard.writeText(text).then(
      () => notices.show({ tone: 'done', text: `Copied the ${what}.` }),
      () =>
        notices.show({
          tone: 'problem',
          text: 'The browser did not allow copying.',
          detail: 'Mark the text and copy it by hand.',
        }),
    );
  };
}
