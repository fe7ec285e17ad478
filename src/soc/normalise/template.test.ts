import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchTemplate, parseTemplate } from './template.ts';

const match = (template: string, line: string) => matchTemplate(parseTemplate(template), line);

test('text must be there, places take what stands between', () => {
  expect(match('from {ip} port {port}', 'from 10.0.0.1 port 22')).toEqual({ ip: '10.0.0.1', port: '22' });
  expect(match('from {ip} port {port}', 'To 10.0.0.1 port 22')).toBeUndefined();
  expect(match('from {ip} port {port} end', 'from 10.0.0.1 port 22')).toBeUndefined();
  expect(match('closed', 'closed')).toEqual({});
  expect(match('closed', 'closed again')).toBeUndefined();
});

test('a greedy place gives what others chose, not what they pretended', () => {
  const line = 'for root from 1.1.1.1 port 1 from 2.2.2.2 port 2';
  expect(match('for {+user} from {ip} port {port}', line)).toEqual({
    user: 'root from 1.1.1.1 port 1',
    ip: '2.2.2.2',
    port: '2',
  });
});

test('a place that is not kept is not there', () => {
  expect(match('a {_} b {x}', 'a 1 b 2')).toEqual({ x: '2' });
});

test.each(['{a}{b}', '{1}', 'x {} y'])('%s is no template', (text) => {
  expect(() => parseTemplate(text)).toThrow();
});

test('what was put in comes out', () => {
  const word = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !text.includes('|'));
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(match('<{a}|{b}', `<${a}|${b}`)).toEqual({ a, b });
    }),
  );
});
