import { FileInput, Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useNotices } from '../app/context.tsx';
import { FormProblem, Progress } from './states.tsx';

/** A file taken in two steps: first what would happen, row by row, then all of it or nothing. */
export function ImportDialog<Report>({
  title,
  size = 720,
  label,
  description,
  accept,
  read,
  verb,
  ready,
  said,
  asks,
  close,
  children,
}: {
  title: string;
  size?: number;
  label: string;
  description: string;
  accept: string;
  /** Reads the file; writes nothing on a dry run. */
  read: (file: File, dryRun: boolean) => Promise<Report>;
  /** What the button says once the file was read. */
  verb: (report: Report) => string;
  ready: (report: Report) => boolean;
  said: (report: Report) => string;
  /** Keys of what is to be asked again. */
  asks: readonly (readonly string[])[];
  close: () => void;
  /** What the file would do. */
  children: (report: Report) => ReactNode;
}) {
  const notices = useNotices();
  const queryClient = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const check = useMutation({ mutationFn: (given: File) => read(given, true) });
  const write = useMutation({
    mutationFn: (given: File) => read(given, false),
    onSuccess: (report) => {
      for (const queryKey of asks) void queryClient.invalidateQueries({ queryKey });
      notices.show({ tone: 'done', text: said(report) });
      close();
    },
  });
  const report = check.data;
  return (
    <Modal opened onClose={close} title={title} size={size}>
      <div className="stack">
        <FileInput
          label={label}
          description={description}
          placeholder="Choose a file"
          accept={accept}
          value={file}
          onChange={(chosen) => {
            setFile(chosen);
            check.reset();
            write.reset();
            if (chosen) check.mutate(chosen);
          }}
        />
        {check.isPending && <Progress what="Checking every row" />}
        <FormProblem error={check.error ?? write.error} />
        {report !== undefined && children(report)}
        <div className="dialog-foot">
          <button type="button" className="btn" onClick={close}>
            Cancel
          </button>
          <button
            type="button"
            className="btn main"
            disabled={!file || report === undefined || !ready(report) || write.isPending}
            onClick={() => file && write.mutate(file)}
          >
            {report === undefined ? 'Import' : verb(report)}
          </button>
        </div>
      </div>
    </Modal>
  );
}
