import type { ContentPack, TrustedKey } from './contract.ts';
import type { Pack } from './pack.ts';

/**
 * Whether a signed pack was made before one of its name that was taken and signed too: an old pack that is sent again has a
 * good signature. A plain pack says nothing that could be believed about its age.
 */
export const isOlder = (pack: Pack, versions: readonly Pack[]): boolean =>
  versions.some(
    (other) =>
      other.name === pack.name &&
      other.kind === pack.kind &&
      pack.signedAt !== null &&
      other.signedAt !== null &&
      other.signedAt > pack.signedAt,
  );

export function packView(
  pack: Pack,
  versions: readonly Pack[],
  keys: readonly Pick<TrustedKey, 'id' | 'name'>[],
): ContentPack {
  const { signedBy, signedAt, shipped, facts, importedAt, ...rest } = pack;
  const key = keys.find(({ id }) => id === signedBy);
  return {
    ...rest,
    importedAt: importedAt.toISOString(),
    signature: {
      state:
        signedBy !== null ? (key === undefined ? 'unknown-key' : 'signed') : shipped ? 'shipped' : 'plain',
      key: signedBy,
      keyName: key?.name ?? null,
      signedAt: signedAt?.toISOString() ?? null,
    },
    older: isOlder(pack, versions),
    facts: { ...facts },
  };
}
