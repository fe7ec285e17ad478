import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { imported } from '../testing.ts';

type Setting = readonly [key: string, name: string, type: number, data: Buffer];

const dword = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const text = (value: string): Buffer => Buffer.from(`${value}\0`, 'utf16le');
const wide = (value: string): Buffer => Buffer.from(value, 'utf16le');

const record = ([key, name, type, data]: Setting): Buffer =>
  Buffer.concat([
    wide(`[${key}\0;${name}\0;`),
    dword(type),
    wide(';'),
    dword(data.length),
    wide(';'),
    data,
    wide(']'),
  ]);
const policy = (...settings: readonly Setting[]): Buffer =>
  Buffer.concat([Buffer.from('PReg\u0001\0\0\0', 'latin1'), ...settings.map(record)]);

const word = 'Software\\Policies\\Microsoft\\Office\\16.0\\Word\\Security';
const macros: Setting = [word, 'VBAWarnings', 4, dword(4)];

describe('a group policy as Windows keeps it', () => {
  test('says what it sets, for the half the name tells, and reaches nobody by itself', async () => {
    const edge = 'Software\\Policies\\Microsoft\\Edge';
    const read = await imported(
      'Baseline.user.pol',
      policy(
        macros,
        [word, 'Größe; ] [', 1, text('Ä;]')],
        [edge, 'Expand', 2, text('%TEMP%')],
        [edge, 'Long', 11, Buffer.from([7, 0, 0, 0, 0, 0, 0, 0])],
        [edge, 'Bytes', 3, Buffer.from([1, 2, 3])],
        [word, '**del.Old', 1, text(' ')],
        [word, '**soft.New', 4, dword(1)],
      ),
    );
    expect(read).toMatchObject({
      kind: 'windows.settings',
      importer: 'Group policy (registry.pol)',
      refused: [],
      skipped: 3,
      end: { source: 'group policy Baseline.user' },
    });
    expect(read?.facts).toEqual([
      {
        subject: 'Baseline.user',
        values: {
          from: 'policy',
          assigned: 'unstated',
          excludes: false,
          covers: [],
          settings: {
            'hkcu\\software\\policies\\microsoft\\office\\16.0\\word\\security\\vbawarnings': 4,
            'hkcu\\software\\policies\\microsoft\\office\\16.0\\word\\security\\größe; ] [': 'Ä;]',
            'hkcu\\software\\policies\\microsoft\\edge\\expand': '%TEMP%',
            'hkcu\\software\\policies\\microsoft\\edge\\long': 7,
          },
        },
      },
    ]);
  });

  test.each([
    ['Machine.registry.pol', 'hklm'],
    ['DomainSysvol/GPO/Machine/registry.pol', 'hklm'],
    ['gpo-computer.pol', 'hklm'],
    ['User/registry.pol', 'hkcu'],
  ])('%s is of %s', async (name, hive) => {
    const [fact] = (await imported(name, policy(macros)))?.facts ?? [];
    expect(Object.keys(fact?.values['settings'] ?? {})[0]).toMatch(new RegExp(`^${hive}`));
  });

  test('whose half nobody tells is refused, with what to do', async () => {
    const read = await imported('registry.pol', policy(macros));
    expect(read?.facts).toEqual([]);
    expect(read?.refused).toEqual([expect.stringContaining('GPO.machine.pol')]);
  });

  test.each([
    ['cut in a record', policy(macros, macros).subarray(0, -7), /stops in the middle/],
    ['cut in its size', policy(macros).subarray(0, -11), /stops in the middle/],
    ['of a size past its end', replaced(policy(macros), 4, 0xffffffff), /stops in the middle/],
    ['without a bracket', policy(macros).fill(0x20, 8, 9), /no "\["/],
    ['with a name without end', policy([word, 'x'.repeat(5000), 4, dword(1)]), /longer than 2000/],
    [
      'of too many settings',
      policy(...Array.from({ length: 5001 }, (_, at): Setting => [word, `v${at}`, 4, dword(at)])),
      /more than 5000/,
    ],
    ['of garbage after its head', Buffer.concat([policy(), Buffer.from('<?xml?>')]), /no "\["/],
  ])('one %s is refused whole', async (_what, bytes, why) => {
    const read = await imported('a.machine.pol', bytes);
    expect(read?.refused).toEqual([expect.stringMatching(why)]);
  });

  test('an empty one sets nothing', async () => {
    expect(await imported('a.machine.pol', policy())).toMatchObject({ facts: [], refused: [] });
  });

  test('bytes of any kind end in settings or in a refusal, never in an error', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.array(fc.tuple(fc.string({ maxLength: 9 }), fc.string({ maxLength: 9 }), fc.nat(12)), {
          maxLength: 4,
        }),
        fc.nat(400),
        async (junk, some, cut) => {
          const whole = policy(
            ...some.map(([key, name, type]): Setting => [key, name, type, Buffer.from(junk)]),
          );
          for (const bytes of [Buffer.concat([policy(), junk]), whole.subarray(0, Math.max(8, cut))]) {
            const read = await imported('a.machine.pol', bytes);
            expect(read?.refused.length).toBeLessThanOrEqual(1);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

/** The size of the one record, another number. */
function replaced(bytes: Buffer, size: number, by: number): Buffer {
  const copy = Buffer.from(bytes);
  // Before the data and its bracket: size, a semicolon.
  copy.writeUInt32LE(by, copy.length - 2 - size - 2 - 4);
  return copy;
}
