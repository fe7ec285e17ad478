import type { LogSource } from '../event.ts';

/**
 * Columns that hold a native field verbatim whenever the event has it, by log source. A test is asked of the column
 * first, so that the store skips most rows without reading the map of all fields; the field has the last word.
 * INVARIANT: for these the map of the pipeline takes the native field first, and changes nothing in it.
 */
type Promoted = { readonly when: LogSource; readonly columns: Readonly<Record<string, string>> };

const processStart = {
  Image: 'process_path',
  CommandLine: 'process_cmd_line',
  ParentImage: 'parent_path',
  ParentCommandLine: 'parent_cmd_line',
  OriginalFileName: 'process_original_name',
  CurrentDirectory: 'process_cwd',
  Company: 'process_company',
  Product: 'process_product',
  Description: 'process_description',
  IntegrityLevel: 'process_integrity',
};

export const promotedColumns: readonly Promoted[] = [
  { when: { product: 'windows', category: 'process_creation' }, columns: processStart },
  {
    when: { product: 'windows', category: 'file_event' },
    columns: { Image: 'actor_process_path', TargetFilename: 'file_path' },
  },
  {
    when: { product: 'windows', category: 'image_load' },
    columns: { Image: 'actor_process_path', ImageLoaded: 'module_path' },
  },
  {
    when: { product: 'aws', service: 'cloudtrail' },
    columns: { eventName: 'api_operation', eventSource: 'api_service' },
  },
];

/** A column is empty for these values of its field, so a test that holds of one of them can't be asked of the column. */
export const unsaid: readonly string[] = ['', '-', '?'];
