import type { LogSource } from '@ironbark/sigma';
import type { FormatMap } from '#soc/normalise';

/**
 * What a source was declared to be, as a log source: `zeek`, `linux//sshd`, `kubernetes/application/audit`
 * (product, category, service), or the name of a map (`linux-sshd`).
 */
export function declaredSource(format: string | null, maps: readonly FormatMap[]): LogSource | undefined {
  if (format === null || format === '') return undefined;
  const map = maps.find((one) => one.format === format);
  const [product = '', category = '', service = ''] = format.split('/');
  const given = map?.applies[0] ?? { product, category, service };
  return {
    ...(given.product ? { product: given.product } : {}),
    ...(given.category ? { category: given.category } : {}),
    ...(given.service ? { service: given.service } : {}),
  };
}
