import {
  autocompletion,
  closeCompletion,
  type CompletionContext,
  type CompletionResult,
  completionKeymap,
  completionStatus,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching } from '@codemirror/language';
import { Compartment, EditorState, type Range } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  keymap,
  MatchDecorator,
  placeholder,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';
import { type RefObject, useEffect, useRef } from 'react';
import { fieldNames } from '../../api/search.ts';
import { useApi } from '../../app/context.tsx';

export type QueryFault = { readonly at: number; readonly length: number };
type Props = {
  value: string;
  run: (query: string) => void;
  fault: QueryFault | undefined;
  /** Filled with what puts the cursor into the bar. */
  focus: RefObject<(() => void) | undefined>;
};

const tokens = new MatchDecorator({
  regexp: /(?<field>[\w.@-]+)(?=(?::|>=|<=|>|<))|\b(?<word>AND|OR|NOT)\b/g,
  decoration: (match) => Decoration.mark({ class: match.groups?.['field'] ? 'q-field' : 'q-word' }),
});
const colours = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = tokens.createDeco(view);
    }
    update(update: ViewUpdate) {
      this.decorations = tokens.updateDeco(update, this.decorations);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

/**
 * The query bar. It lives in a shadow root: there CodeMirror uses constructed style sheets, which a policy without inline
 * styles allows; in the document it would inject a style element.
 */
export function QueryBar({ value, run, fault, focus }: Props) {
  const api = useApi();
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const marks = useRef(new Compartment());
  const latest = useRef(run);
  latest.current = run;

  useEffect(() => {
    if (!host.current) return;
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' });
    const editor = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        doc: value,
        extensions: [
          keymap.of([
            {
              key: 'Enter',
              run: (target) => {
                if (completionStatus(target.state) === 'active') return false;
                closeCompletion(target);
                latest.current(target.state.doc.toString().trim());
                return true;
              },
            },
            {
              key: 'Escape',
              run: (target) => {
                if (completionStatus(target.state) !== null) return closeCompletion(target);
                target.contentDOM.blur();
                return true;
              },
            },
            ...completionKeymap,
            ...historyKeymap,
            ...defaultKeymap,
          ]),
          history(),
          bracketMatching(),
          colours,
          // One line: a pasted line break becomes a space.
          EditorState.transactionFilter.of((change) => (change.newDoc.lines > 1 ? [] : change)),
          EditorView.clipboardInputFilter.of((text) => text.replace(/\s*[\r\n]+\s*/g, ' ')),
          autocompletion({
            override: [(context) => complete(context, (prefix, signal) => fieldNames(api, prefix, signal))],
            activateOnTypingDelay: 120,
            icons: false,
            defaultKeymap: false,
          }),
          placeholder('word "a phrase" field:value field:pre* NOT x'),
          EditorView.contentAttributes.of({
            'aria-label': 'Query',
            spellcheck: 'false',
            autocapitalize: 'off',
          }),
          marks.current.of([]),
          look,
        ],
      }),
    });
    view.current = editor;
    focus.current = () => editor.focus();
    return () => editor.destroy();
    // The editor is made once; later values come through the effect below.
  }, [api, focus]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const length = editor.state.doc.length;
    const ranges: Range<Decoration>[] = [];
    if (fault && length > 0) {
      const from = Math.min(fault.at, length - 1);
      ranges.push(
        Decoration.mark({ class: 'q-fault', attributes: { 'aria-invalid': 'true' } }).range(
          from,
          Math.min(length, from + Math.max(1, fault.length)),
        ),
      );
    }
    editor.dispatch({
      effects: marks.current.reconfigure(EditorView.decorations.of(Decoration.set(ranges))),
    });
  }, [fault]);

  return <div ref={host} className="query-host" />;
}

async function complete(
  context: CompletionContext,
  names: (
    prefix: string,
    signal: AbortSignal,
  ) => Promise<{ fields: { name: string; type: string; native: boolean }[] }>,
): Promise<CompletionResult | null> {
  const word = context.matchBefore(/[\w.@-]+/);
  if (!word || (word.from === word.to && !context.explicit)) return null;
  const before = context.state.sliceDoc(Math.max(0, word.from - 1), word.from);
  // After `field:` comes a value, not a field.
  if (/[:<>=*"]/.test(before)) return null;
  const stop = new AbortController();
  context.addEventListener('abort', () => stop.abort());
  try {
    const { fields } = await names(word.text, stop.signal);
    return {
      from: word.from,
      options: fields.slice(0, 60).map((field) => ({
        label: field.name,
        apply: `${field.name}:`,
        detail: field.native ? 'native' : field.type.replace(/LowCardinality\((.*)\)/, '$1'),
      })),
      validFor: /^[\w.@-]*$/,
    };
  } catch {
    // Completion is a help, not a need: without it the bar works all the same.
    return null;
  }
}

const look = EditorView.theme({
  '&': { fontSize: '13px', color: 'var(--text)', background: 'var(--bg)', height: '100%' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--mono)',
    lineHeight: '20px',
    overflowX: 'auto',
    scrollbarWidth: 'none',
  },
  '.cm-content': { padding: '5px 0', caretColor: 'var(--accent)' },
  '.cm-line': { padding: '0 10px' },
  '.cm-placeholder': { color: 'var(--muted)' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)' },
  '&.cm-focused .cm-matchingBracket': { background: 'var(--hit)', color: 'var(--accent)' },
  '&.cm-focused .cm-nonmatchingBracket': { background: 'var(--hit)', color: 'var(--critical)' },
  '.q-field': { color: 'var(--link)' },
  '.q-word': { color: 'var(--accent)', fontWeight: '600' },
  '.q-fault': { textDecoration: 'underline wavy var(--critical)', background: 'var(--hit)' },
  '.cm-tooltip': { background: 'var(--panel)', border: '1px solid var(--edge)', borderRadius: '4px' },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', fontSize: '12px', maxHeight: '260px' },
  '.cm-tooltip-autocomplete > ul > li': {
    padding: '3px 8px',
    color: 'var(--text)',
    display: 'flex',
    justifyContent: 'space-between',
    gap: '16px',
  },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { background: 'var(--raised)', color: 'var(--text)' },
  '.cm-completionDetail': { color: 'var(--muted)', fontStyle: 'normal' },
  '.cm-completionMatchedText': { textDecoration: 'none', color: 'var(--accent)' },
});
