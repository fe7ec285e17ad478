import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { malformed, TlogError } from './errors.ts';
import { cosignatureTime, parseVkey, signatureTypes, type Verifier } from './keys.ts';
import { parseNote, signaturesBy } from './note.ts';
import { sizeFromText, textOf } from './text.ts';

export type PolicyLog = { readonly verifier: Verifier; readonly url: string | undefined };
export type PolicyWitness = PolicyLog & { readonly name: string };

/** `threshold` of `members`, which are names of witnesses or of groups. */
export type PolicyGroup = {
  readonly name: string;
  readonly threshold: number;
  readonly members: readonly string[];
};

/** Whom to believe. @see c2sp.org/tlog-policy */
export type Policy = {
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  readonly groups: readonly PolicyGroup[];
  /** The name of a witness or a group; 'none' asks for no witness. */
  readonly quorum: string;
};

/** Keys of one log, and no witness asked for. @throws {TlogError} malformed */
export const policyOfKeys = (vkeys: readonly string[]): Policy => ({
  logs: vkeys.map((vkey) => ({ verifier: parseVkey(vkey), url: undefined })),
  witnesses: [],
  groups: [],
  quorum: 'none',
});

const maxPolicyBytes = 256 * 1024;
const maxItems = 256;

/** @throws {TlogError} malformed, with the number of the line */
export function parsePolicy(input: string | Uint8Array): Policy {
  const text = textOf(input, 'the policy', maxPolicyBytes);
  const control = /[^\P{Cc}\t\n\u0080-\u009f]/u.exec(text);
  if (control !== null) throw malformed(`the policy has a control character at ${control.index}`);
  const logs: PolicyLog[] = [];
  const witnesses: PolicyWitness[] = [];
  const groups: PolicyGroup[] = [];
  let quorum: string | undefined;
  const names = new Set<string>(['none']);
  const members = new Set<string>();
  const keys = { log: new Set<string>(), witness: new Set<string>() };
  const verifierFor = (vkey: string | undefined, kind: 'log' | 'witness'): Verifier => {
    const verifier = parseVkey(vkey ?? '');
    if ((verifier.type === signatureTypes.cosignature) !== (kind === 'witness'))
      throw malformed(`this type of key does not fit a ${kind}`);
    if (keys[kind].has(verifier.fingerprint)) throw malformed('the same key is there twice');
    keys[kind].add(verifier.fingerprint);
    return verifier;
  };
  const define = (name: string | undefined): string => {
    if (name === undefined || names.has(name)) throw malformed(`the name ${name} is missing or taken`);
    names.add(name);
    return name;
  };
  const defined = (name: string): string => {
    if (!names.has(name)) throw malformed(`${name} is not defined above`);
    return name;
  };
  const take = (words: readonly string[]): void => {
    const [kind, ...rest] = words;
    if (logs.length + witnesses.length + groups.length >= maxItems)
      throw malformed(`a policy has at most ${maxItems} logs, witnesses and groups`);
    if (kind === 'log' && rest.length <= 2) {
      logs.push({ verifier: verifierFor(rest[0], 'log'), url: rest[1] });
    } else if (kind === 'witness' && rest.length <= 3) {
      const name = define(rest[0]);
      witnesses.push({ name, verifier: verifierFor(rest[1], 'witness'), url: rest[2] });
    } else if (kind === 'group' && rest.length >= 3) {
      const [name, asked = '', ...listed] = rest;
      for (const member of listed) {
        if (member === 'none') throw malformed('none can not be a member');
        if (members.has(defined(member))) throw malformed(`${member} is a member twice`);
        members.add(member);
      }
      const threshold =
        asked === 'all' ? listed.length : asked === 'any' ? 1 : sizeFromText(asked, 'the threshold');
      if (threshold < 1 || threshold > listed.length)
        throw malformed(`a threshold is from 1 to the number of members, ${listed.length}`);
      groups.push({ name: define(name), threshold, members: listed });
    } else if (kind === 'quorum' && rest.length === 1) {
      if (quorum !== undefined) throw malformed('there is a second quorum');
      quorum = defined(rest[0] ?? '');
    } else throw malformed(`a line begins with log, witness, group or quorum and has what belongs to it`);
  };
  for (const [at, line] of text.split('\n').entries()) {
    const words = line.split(/[ \t]+/).filter((word) => word !== '');
    if (words.length === 0 || words[0]?.startsWith('#') === true) continue;
    try {
      take(words);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw malformed(`line ${at + 1} of the policy: ${why}`, error);
    }
  }
  if (quorum === undefined) throw malformed('the policy has no quorum line');
  return { logs, witnesses, groups, quorum };
}

/** Do these witnesses, by their names, suffice? */
export function quorumMet({ groups, quorum }: Policy, cosigned: ReadonlySet<string>): boolean {
  if (quorum === 'none') return true;
  const met = new Set(cosigned);
  // Groups stand below what they are made of.
  for (const { name, threshold, members } of groups)
    if (members.filter((member) => met.has(member)).length >= threshold) met.add(name);
  return met.has(quorum);
}

export type TrustedCheckpoint = Checkpoint & {
  /** The names that the log's signing keys go by, by type. */
  readonly signedBy: readonly Verifier[];
  /** Which witnesses of the policy saw it, and when (seconds since 1970). */
  readonly cosignedBy: readonly { readonly name: string; readonly seconds: number }[];
};

/**
 * A checkpoint that the policy lets pass.
 * @throws {TlogError} malformed, origin, signature, quorum
 */
export function trustedCheckpoint(policy: Policy, note: string | Uint8Array): TrustedCheckpoint {
  const opened = openCheckpoint(
    note,
    policy.logs.map(({ verifier }) => verifier),
  );
  const seen = signaturesBy(
    parseNote(note),
    policy.witnesses.map(({ verifier }) => verifier),
  );
  const cosignedBy = policy.witnesses.flatMap(({ name, verifier }) => {
    const signed = seen.find((one) => one.verifier === verifier);
    return signed === undefined ? [] : [{ name, seconds: cosignatureTime(signed.signature) }];
  });
  if (!quorumMet(policy, new Set(cosignedBy.map(({ name }) => name))))
    throw new TlogError(
      'quorum',
      cosignedBy.length === 0
        ? `no witness of the policy saw this checkpoint; ${policy.quorum} is asked for`
        : `only ${cosignedBy.map(({ name }) => name).join(', ')} saw this checkpoint; ${policy.quorum} is asked for`,
    );
  const { origin, size, root, signed } = opened;
  return { origin, size, root, signedBy: signed.map(({ verifier }) => verifier), cosignedBy };
}
