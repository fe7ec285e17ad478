import type { PatternPart, Test } from './ast.ts';

/** A test as a rule's author would say it: `endswith '\rundll32.exe'`. */
export function describeTest(test: Test): string {
  const cased = 'cased' in test && test.cased ? ' (cased)' : '';
  switch (test.kind) {
    case 'equals':
      return `is '${test.text}'${cased}`;
    case 'startsWith':
      return `startswith '${test.text}'${cased}`;
    case 'endsWith':
      return `endswith '${test.text}'${cased}`;
    case 'contains':
      return `contains '${test.text}'${cased}`;
    case 'wildcard':
      return `like '${test.parts.map(written).join('')}'${cased}`;
    case 'regex': {
      const { ignoreCase, multiLine, dotAll } = test.flags;
      return `re /${test.source}/${ignoreCase ? 'i' : ''}${multiLine ? 'm' : ''}${dotAll ? 's' : ''}`;
    }
    case 'number':
      return `is ${test.text}`;
    case 'compare':
      return `${{ lt: '<', lte: '<=', gt: '>', gte: '>=' }[test.order]} ${test.value}`;
    case 'cidr':
      return `in network ${test.text}`;
    case 'exists':
      return test.expected ? 'exists' : 'does not exist';
    case 'null':
      return 'is null or absent';
    case 'fieldref':
      return `${test.match === 'equals' ? 'is the value of' : test.match.toLowerCase()} field ${test.field}${cased}`;
    case 'timePart':
      return `${test.part} ${{ eq: '=', lt: '<', lte: '<=', gt: '>', gte: '>=' }[test.order]} ${test.value}`;
  }
}

function written(part: PatternPart): string {
  if (part.kind === 'text') return part.text.replace(/[*?]/g, '\\$&');
  return part.kind === 'one' ? '?' : '*';
}
