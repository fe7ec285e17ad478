import { canAnswer } from '#contract/community/gate';
import { exitCodes, type Command } from './command.ts';
import { UsageError } from './errors.ts';

export const command: Command = {
  name: 'gate check',
  summary: 'Ask whether you may do something; lists everything that is missing. Nothing is permitted by it.',
  args: 'ACTION RESOURCE',
  notes: ['RESOURCE is a type and an id, as tenancy/acme-odce. "ironbark gate rules" lists the actions.'],
  examples: ['ironbark gate check portal.use tenancy/acme-odce'],
  async run({ args, server, show }) {
    const [action, resource] = args;
    const [, type, id] = /^([^/]+)\/(.+)$/.exec(resource ?? '') ?? [];
    if (action === undefined || type === undefined || id === undefined)
      throw new UsageError('Name an action and a resource, as "portal.use tenancy/acme-odce".');
    const answer = await server().send(
      'POST',
      '/api/gate/can',
      { json: { action, resource: { type, id } } },
      canAnswer,
    );
    show(answer, () => [
      answer.permitted ? 'Yes.' : 'No.',
      ...answer.reasons.map((reason) => {
        const first = answer.toMend.includes(reason.rule) ? '*' : ' ';
        return `${first} ${reason.rule} (${reason.clause}): ${reason.message} ${reason.who_can_fix}: ${reason.remedy}`;
      }),
      ...(answer.reasons.length > 0
        ? ['', 'Begin with what is marked *; the rest follows from it or stands beside it.']
        : []),
      `Taken for granted: ${answer.assumed.join('; ')}.`,
    ]);
    return answer.permitted ? exitCodes.done : exitCodes.refused;
  },
};
