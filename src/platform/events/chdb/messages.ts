import type { EngineFault } from '../engine-errors.ts';
import type { Read } from './readers.ts';

/** From the main process to the one that owns chDB. */
export type Request =
  | {
      readonly id: number;
      readonly kind: 'insert';
      readonly file: string;
      readonly columns: readonly string[];
      readonly rows: number;
    }
  | ({ readonly id: number; readonly kind: 'read' } & Read)
  /** Nobody waits for the answer of `read` any more. Answered when that one has ended. */
  | { readonly id: number; readonly kind: 'cancel'; readonly read: string };

/** And back. */
export type Response =
  | { readonly kind: 'ready' }
  /** It can not start, and starting again would not help. */
  | { readonly kind: 'newer'; readonly found: string }
  | { readonly kind: 'done'; readonly id: number; readonly answer: string }
  | { readonly kind: 'failed'; readonly id: number; readonly fault: EngineFault };
