import { Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useNotices } from '../app/context.tsx';
import { FormProblem } from './states.tsx';

/** A form in a dialog: one thing to do, what stands in its way under it, and what became of it as a notice. */
export function FormDialog<Answer>({
  title,
  verb,
  ready,
  send,
  said,
  undo,
  asks,
  close,
  children,
}: {
  title: string;
  verb: string;
  ready: boolean;
  send: () => Promise<Answer>;
  said: (answer: Answer) => string;
  /** Takes it back; offered with the notice. */
  undo?: (() => void) | undefined;
  /** Keys of what is to be asked again. */
  asks: readonly (readonly string[])[];
  close: () => void;
  children: ReactNode;
}) {
  const queryClient = useQueryClient();
  const notices = useNotices();
  const run = useMutation({
    mutationFn: send,
    onSuccess: (answer) => {
      for (const queryKey of asks) void queryClient.invalidateQueries({ queryKey });
      notices.show({ tone: 'done', text: said(answer), ...(undo && { undo }) });
      close();
    },
  });
  return (
    <Modal opened onClose={close} title={title} size={480}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !run.isPending) run.mutate();
        }}
      >
        {children}
        <FormProblem error={run.error} />
        <div className="dialog-foot">
          <button type="button" className="btn" onClick={close}>
            Cancel
          </button>
          <button type="submit" className="btn main" disabled={!ready || run.isPending}>
            {verb}
          </button>
        </div>
      </form>
    </Modal>
  );
}
